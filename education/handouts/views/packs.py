"""Several handouts as one PDF, with a note for one patient that is printed and kept nowhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
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
from education.handouts.handout import PRINTABLE_KINDS, Handout
from education.handouts.pdf import render_pdf
from education.handouts.print_options import InvalidOptions, PrintOptions
from education.handouts.printed_sections import cause_slugs
from education.handouts.rendering import TO_INSTALL, is_possible
from education.handouts.throttling import count_prints
from education.handouts.views.handouts import OPTION_CHOICES, handle_pdf_errors, pdf_response
from education.markdown.text_cleanup import replace_invalid_characters
from education.publishing.models import Edition
from education.search.search import MAX_QUERY, run_search
from education.web.origin_check import same_origin_post

MAX_DOCUMENTS = 10
MAX_NOTE = 1_000
MAX_LISTED = 40
MAX_FOUND = 10


@dataclass(frozen=True)
class PackChoice:
    """A document that can be put into the pack."""

    edition: Edition
    is_selected: bool
    position: int = 0

    @property
    def key(self) -> str:
        """How forms name it."""
        return f"{self.edition.document.kind}/{self.edition.document.slug}"


@dataclass(frozen=True)
class PackRequest:
    """What somebody wants in a pack. `note` is about one person: it goes onto the paper and nowhere
    else.
    """

    documents: tuple[Edition, ...]
    options: PrintOptions
    causes: tuple[str, ...]
    query: str
    note: str

    @classmethod
    def from_query(cls, data: QueryDict, clinic: Clinic) -> Self:
        """What a query or a form asks for; raises InvalidOptions for what there is not."""
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
        """What to say when the note is longer than what is printed of one; empty when it is not."""
        if len(self.note) <= MAX_NOTE:
            return ""
        message = _("The note is too long: it has {count} characters. Use at most {most}.")
        return message.format(count=_group_digits(len(self.note)), most=_group_digits(MAX_NOTE))

    @property
    def query_pairs(self) -> list[tuple[str, str]]:
        """The choices as names and values, without the note."""
        documents = [("document", PackChoice(edition, True).key) for edition in self.documents]
        return documents + self.options.query_pairs(self.causes)

    @property
    def query_string(self) -> str:
        """The end of an address that leads to the same choices, without the note."""
        return urlencode(self.query_pairs, safe="/")


def _group_digits(number: int) -> str:
    return number_format(number, force_grouping=True)


def _in_order(data: QueryDict, keys: Sequence[str]) -> list[str]:
    """The documents by the numbers typed beside them; what has none comes last.

    One that was moved to another's place takes it, and the other makes room.
    """

    def position(key: str) -> float:
        typed = data.get(f"place-{key}", "").strip()
        if not typed.isdecimal() or len(typed) > 3:
            return 1_000
        was, now = keys.index(key) + 1, int(typed)
        return now - 0.25 if now < was else now + 0.25 if now > was else now

    return sorted(keys, key=position)


def _causes(documents: Sequence[Edition]) -> tuple[str, ...]:
    """The causes among which one may choose: those of a pack of one article."""
    return cause_slugs(documents[0]) if len(documents) == 1 else ()


def _get_editions(keys: Sequence[str], clinic: Clinic) -> tuple[Edition, ...]:
    """The live editions with these keys, in this order; raises InvalidOptions for one that there is
    not.
    """
    wanted = Q(pk__in=())
    for key in keys:
        kind, _slash, slug = key.partition("/")
        if kind in _offered_kinds(clinic):
            wanted |= Q(document__kind=kind, document__slug=slug)
    found = Edition.objects.live().filter(wanted, document__language=get_language())
    editions = {
        PackChoice(edition, True).key: edition for edition in found.select_related("document")
    }
    if missing := [key for key in keys if key not in editions]:
        message = _("“{key}” is not here, or no longer. Search for it again.")
        raise InvalidOptions(message.format(key=missing[0][:100]))
    return tuple(editions[key] for key in keys)


def _offered_kinds(clinic: Clinic) -> tuple[str, ...]:
    return PRINTABLE_KINDS if clinic.self_checks_enabled else PRINTABLE_KINDS[:2]


def pack_choices(
    pack_request: PackRequest, found: Sequence[Edition], clinic: Clinic
) -> list[PackChoice]:
    """What can be ticked: what was chosen, what was found or else every article, and what goes with
    it.

    When nothing was chosen yet, the best find is ticked, so that Enter prints it.
    """
    chosen = [
        PackChoice(edition, True, position)
        for position, edition in enumerate(pack_request.documents, start=1)
    ]
    taken = {edition.pk for edition in pack_request.documents}
    more = [edition for edition in found or _list_editions("article") if edition.pk not in taken]
    ticks_first = bool(found) and not chosen
    beside = [
        edition
        for kind in _offered_kinds(clinic)[1:]
        for edition in _list_editions(kind)
        if edition.pk not in taken
    ]
    return [
        *chosen,
        *(
            PackChoice(edition, ticks_first and position == 0)
            for position, edition in enumerate(more)
        ),
        *(PackChoice(edition, False) for edition in beside),
    ]


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
    editions = {e.document.slug: e for e in live.filter(document__slug__in=slugs[:MAX_FOUND])}
    return [editions[slug] for slug in slugs if slug in editions]


@sensitive_post_parameters("note")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@same_origin_post
def pack(request: HttpRequest) -> HttpResponse:
    """Choose what goes into a pack, and print it."""
    clinic = get_clinic(request)
    if clinic.packs_for_staff:
        return render(
            request, "handouts/staff_only.html", status=200 if request.method != "POST" else 403
        )
    return _respond(request, clinic, for_staff=False)


@sensitive_post_parameters("note")
@require_http_methods(["GET", "HEAD", "POST"])
def staff_pack(request: HttpRequest) -> HttpResponse:
    """The same under the addresses of staff, where the session is known."""
    return _respond(request, get_clinic(request), for_staff=True)


@handle_pdf_errors
def _respond(request: HttpRequest, clinic: Clinic, *, for_staff: bool) -> HttpResponse:
    pack_request = PackRequest.from_query(
        request.POST if request.method == "POST" else request.GET, clinic
    )
    if (
        request.method == "POST"
        and "print-now" in request.POST
        and pack_request.documents
        and not pack_request.note_error
    ):
        handout = Handout.from_editions(pack_request.documents, pack_request.options, clinic)
        pdf = render_pdf(
            handout,
            clinic,
            pack_request.note,
            on_cache_miss=partial(count_prints, request, len(pack_request.documents)),
        )
        return pdf_response(pdf, "handout")
    return _render_builder(request, clinic, pack_request, for_staff=for_staff)


def _render_builder(
    request: HttpRequest, clinic: Clinic, pack_request: PackRequest, *, for_staff: bool
) -> HttpResponse:
    found = _search_articles(pack_request.query) if pack_request.query else []
    listed = pack_choices(pack_request, found, clinic)
    is_missing = (
        request.method == "POST" and "print-now" in request.POST and not pack_request.documents
    )
    context = {
        "pack_request": pack_request,
        "pack_choices": listed,
        "ready": any(choice.is_selected for choice in listed),
        "missing": is_missing,
        "found_nothing": bool(pack_request.query) and not found,
        "clinic": clinic,
        "choices": OPTION_CHOICES,
        "here": request.path,
        "preset": f"{request.path}?{pack_request.query_string}" if pack_request.documents else "",
        "mistaken": is_missing or pack_request.note_error,
        "most": _group_digits(MAX_NOTE),
        "pdf_possible": is_possible(),
        "to_install": TO_INSTALL,
    }
    page = "admin/handouts.html" if for_staff else "handouts/pack_builder.html"
    return render(request, page, context, status=422 if pack_request.note_error else 200)
