"""A pack: several documents as one PDF, with a note for one patient that is never stored."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from functools import partial
from typing import Self
from urllib.parse import urlencode

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils.formats import number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from education.clinic.context_processors import get_clinic
from education.clinic.models import Clinic
from education.handouts.handout import Handout, printable_kinds
from education.handouts.paper.typesetting import MissingLetter
from education.handouts.pdf import render_pdf
from education.handouts.print_options import InvalidOptions, PrintOptions
from education.handouts.printed_sections import cause_slugs
from education.handouts.throttling import count_prints, printing
from education.handouts.views.handouts import OPTION_CHOICES, handle_pdf_errors, pdf_response
from education.markdown.text_cleanup import replace_invalid_characters
from education.publishing.models import Edition
from education.search.search import MAX_QUERY, run_search
from education.web.origin_check import same_origin_post

MAX_DOCUMENTS = 10
# In characters.
MAX_NOTE = 1_000
# Documents of one kind in the form, and articles that a search in it finds.
MAX_LISTED = 40
MAX_FOUND = 10
# The position of a document without a number, after all others.
LAST = 1_000


def document_key(edition: Edition) -> str:
    """The name of a document in forms and queries."""
    return f"{edition.document.kind}/{edition.document.slug}"


@dataclass(frozen=True)
class PackChoice:
    """A document that can be chosen for the pack. `position`: 0 for one that is not in it."""

    edition: Edition
    is_selected: bool
    position: int = 0

    @property
    def key(self) -> str:
        return document_key(self.edition)


@dataclass(frozen=True)
class PackRequest:
    """The chosen documents and options. `note` is about one person: it is only printed."""

    documents: tuple[Edition, ...]
    options: PrintOptions
    causes: tuple[str, ...]
    query: str
    note: str
    letter_error: str = ""

    @classmethod
    def from_query(cls, data: QueryDict, clinic: Clinic) -> Self:
        """Read a query string or a form; raises InvalidOptions for unknown values."""
        keys = _in_order(data, list(dict.fromkeys(data.getlist("document"))))
        if len(keys) > MAX_DOCUMENTS:
            raise InvalidOptions(
                _("A pack holds at most {count} documents.").format(count=MAX_DOCUMENTS)
            )
        note = replace_invalid_characters(data.get("note", "").replace("\r\n", "\n")).strip()
        documents = _get_editions(keys, clinic)
        causes = _causes(documents)
        query = data.get("q", "").replace("\x00", "").strip()[:MAX_QUERY]
        return cls(documents, PrintOptions.from_query(data, causes), causes, query, note)

    @property
    def note_error(self) -> str:
        """The message for a note that is too long or has no letters here; empty for any other."""
        if len(self.note) <= MAX_NOTE:
            return self.letter_error
        message = _("The note is too long: it has {count} characters. Use at most {most}.")
        return message.format(count=_group_digits(len(self.note)), most=_group_digits(MAX_NOTE))

    @property
    def query_pairs(self) -> list[tuple[str, str]]:
        """The choices as names and values, without the note."""
        documents = [("document", document_key(edition)) for edition in self.documents]
        return documents + self.options.query_pairs(self.causes)

    @property
    def query_string(self) -> str:
        """The same as a query string, without the question mark."""
        return urlencode(self.query_pairs, safe="/")


def _group_digits(number: int) -> str:
    return number_format(number, force_grouping=True)


def _in_order(data: QueryDict, keys: Sequence[str]) -> list[str]:
    """The documents by the numbers typed beside them; those without a number come last.

    A document that is moved to the number of another takes its position; the other moves on.
    """

    def position(key: str) -> float:
        typed = data.get(f"place-{key}", "").strip()
        if not typed.isdecimal() or len(typed) > 3:
            return LAST
        old, new = keys.index(key) + 1, int(typed)
        if new == old:
            return new
        return new - 0.25 if new < old else new + 0.25

    return sorted(keys, key=position)


def _causes(documents: Sequence[Edition]) -> tuple[str, ...]:
    """The causes to choose from: those of a pack of one article."""
    return cause_slugs(documents[0]) if len(documents) == 1 else ()


def _get_editions(keys: Sequence[str], clinic: Clinic) -> tuple[Edition, ...]:
    """The live editions with these keys, in order; raises InvalidOptions for an unknown key."""
    named = Q(pk__in=())
    for key in keys:
        kind, _slash, slug = key.partition("/")
        if kind in printable_kinds(clinic):
            named |= Q(document__kind=kind, document__slug=slug)
    live = Edition.objects.live().filter(named, document__language=get_language())
    editions = {document_key(edition): edition for edition in live.select_related("document")}
    if missing := [key for key in keys if key not in editions]:
        message = _("“{key}” is not here, or no longer. Search for it again.")
        raise InvalidOptions(message.format(key=missing[0][:100]))
    return tuple(editions[key] for key in keys)


def pack_choices(
    pack_request: PackRequest, found: Sequence[Edition], clinic: Clinic
) -> list[PackChoice]:
    """The choices of the form: the chosen documents, then articles, then other kinds.

    The articles are those that were found, or else all. If nothing is chosen yet, the best one that
    was found is selected, so that Enter prints it.
    """
    choices = [
        PackChoice(edition, True, position)
        for position, edition in enumerate(pack_request.documents, start=1)
    ]
    chosen = {edition.pk for edition in pack_request.documents}
    selects_first = bool(found) and not chosen
    others = [*(found or _list_editions("article"))]
    for kind in printable_kinds(clinic):
        if kind != "article":
            others += _list_editions(kind)
    for edition in others:
        if edition.pk not in chosen:
            choices.append(PackChoice(edition, selects_first))
            selects_first = False
    return choices


def _list_editions(kind: str) -> list[Edition]:
    live = Edition.objects.live().of_kind(kind, get_language()).for_listing()
    return list(live.order_by("heading")[:MAX_LISTED])


def _search_articles(query: str) -> list[Edition]:
    """The articles that the search finds, best first."""
    slugs = []
    for group in run_search(query, get_language()).groups:
        for hit in group.hits if group.kind == "article" else ():
            try:
                slugs.append(resolve(hit.url).kwargs["slug"])
            except (Resolver404, KeyError):
                continue
    live = Edition.objects.live().of_kind("article", get_language()).for_listing()
    found = live.filter(document__slug__in=slugs[:MAX_FOUND])
    editions = {edition.document.slug: edition for edition in found}
    return [editions[slug] for slug in slugs if slug in editions]


@sensitive_post_parameters("note")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@same_origin_post
def pack(request: HttpRequest) -> HttpResponse:
    """The form of a pack, and its PDF."""
    clinic = get_clinic(request)
    if clinic.packs_for_staff:
        status = 403 if request.method == "POST" else 200
        return render(request, "handouts/staff_only.html", status=status)
    return _respond(request, clinic, for_staff=False)


@sensitive_post_parameters("note")
@require_http_methods(["GET", "HEAD", "POST"])
def staff_pack(request: HttpRequest) -> HttpResponse:
    """The same under the URLs of staff, where the session is known."""
    return _respond(request, get_clinic(request), for_staff=True)


@handle_pdf_errors
def _respond(request: HttpRequest, clinic: Clinic, *, for_staff: bool) -> HttpResponse:
    with printing() if _wants_pdf(request) else nullcontext():
        return _answer(request, clinic, for_staff=for_staff)


def _answer(request: HttpRequest, clinic: Clinic, *, for_staff: bool) -> HttpResponse:
    data = request.POST if request.method == "POST" else request.GET
    pack_request = PackRequest.from_query(data, clinic)
    if _wants_pdf(request) and pack_request.documents and not pack_request.note_error:
        try:
            pdf = render_pdf(
                Handout.from_editions(pack_request.documents, pack_request.options, clinic),
                clinic,
                pack_request.note,
                on_cache_miss=partial(count_prints, request, len(pack_request.documents)),
            )
        except MissingLetter as error:
            if error.letter not in pack_request.note:
                raise
            pack_request = replace(pack_request, letter_error=str(error))
        else:
            return pdf_response(pdf, "handout")
    return _render_builder(request, clinic, pack_request, for_staff=for_staff)


def _wants_pdf(request: HttpRequest) -> bool:
    return request.method == "POST" and "print-now" in request.POST


def _render_builder(
    request: HttpRequest, clinic: Clinic, pack_request: PackRequest, *, for_staff: bool
) -> HttpResponse:
    found = _search_articles(pack_request.query) if pack_request.query else []
    choices = pack_choices(pack_request, found, clinic)
    is_missing = _wants_pdf(request) and not pack_request.documents
    context = {
        "pack_request": pack_request,
        "pack_choices": choices,
        "ready": any(choice.is_selected for choice in choices),
        "missing": is_missing,
        "found_nothing": bool(pack_request.query) and not found,
        "clinic": clinic,
        "choices": OPTION_CHOICES,
        "here": request.path,
        "preset": f"{request.path}?{pack_request.query_string}" if pack_request.documents else "",
        "mistaken": is_missing or pack_request.note_error,
        "most": _group_digits(MAX_NOTE),
    }
    template = "admin/handouts.html" if for_staff else "handouts/pack_builder.html"
    return render(request, template, context, status=422 if pack_request.note_error else 200)
