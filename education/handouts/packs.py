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
from education.handouts.limiting import LIMIT
from education.handouts.on_paper import causes_of
from education.handouts.options import Options, OptionsError
from education.handouts.printed import KINDS, Handout
from education.handouts.printing import pdf_of
from education.handouts.rendering import TO_INSTALL, is_possible
from education.handouts.views import CHOICES, answering_refusals, pdf_response
from education.markdown.text_cleanup import replace_invalid_characters
from education.publishing.models import Edition
from education.search.search import MAX_QUERY, run_search
from education.web.origin_check import same_origin_post

MAX_DOCUMENTS = 10
MAX_NOTE = 1_000
LISTED = 40
FOUND = 10


@dataclass(frozen=True)
class Offer:
    """A document that can be put into the pack."""

    edition: Edition
    ticked: bool
    place: int = 0

    @property
    def key(self) -> str:
        """How forms name it."""
        return f"{self.edition.document.kind}/{self.edition.document.slug}"


@dataclass(frozen=True)
class Wish:
    """What somebody wants in a pack. `note` is about one person: it goes onto the paper and nowhere else."""

    documents: tuple[Edition, ...]
    options: Options
    causes: tuple[str, ...]
    query: str
    note: str

    @classmethod
    def read(cls, data: QueryDict, clinic: Clinic) -> Self:
        """What a query or a form asks for; raises OptionsError for what there is not."""
        keys = _in_order(data, list(dict.fromkeys(data.getlist("document"))))
        if len(keys) > MAX_DOCUMENTS:
            raise OptionsError(_("A pack holds at most {count} documents.").format(count=MAX_DOCUMENTS))
        note = replace_invalid_characters(data.get("note", "").replace("\r\n", "\n")).strip()
        documents = _live(keys, clinic)
        causes = _causes(documents)
        query = data.get("q", "").replace("\x00", "").strip()[:MAX_QUERY]
        return cls(documents, Options.read(data, causes), causes, query, note)

    @property
    def too_long(self) -> str:
        """What to say when the note is longer than what is printed of one; empty when it is not."""
        if len(self.note) <= MAX_NOTE:
            return ""
        words = _("The note is too long: it has {count} characters. Use at most {most}.")
        return words.format(count=_grouped(len(self.note)), most=_grouped(MAX_NOTE))

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The choices as names and values, without the note."""
        documents = [("document", Offer(edition, True).key) for edition in self.documents]
        return documents + self.options.pairs(self.causes)

    @property
    def address(self) -> str:
        """The end of an address that leads to the same choices, without the note."""
        return urlencode(self.pairs, safe="/")


def _grouped(number: int) -> str:
    return number_format(number, force_grouping=True)


def _in_order(data: QueryDict, keys: Sequence[str]) -> list[str]:
    """The documents by the numbers typed beside them; what has none comes last.

    One that was moved to another's place takes it, and the other makes room.
    """

    def place(key: str) -> float:
        typed = data.get(f"place-{key}", "").strip()
        if not typed.isdecimal() or len(typed) > 3:
            return 1_000
        was, now = keys.index(key) + 1, int(typed)
        return now - 0.25 if now < was else now + 0.25 if now > was else now

    return sorted(keys, key=place)


def _causes(documents: Sequence[Edition]) -> tuple[str, ...]:
    """The causes among which one may choose: those of a pack of one article."""
    return causes_of(documents[0]) if len(documents) == 1 else ()


def _live(keys: Sequence[str], clinic: Clinic) -> tuple[Edition, ...]:
    """The live editions with these keys, in this order; raises OptionsError for one that there is not."""
    wanted = Q(pk__in=())
    for key in keys:
        kind, _slash, slug = key.partition("/")
        if kind in _kinds(clinic):
            wanted |= Q(document__kind=kind, document__slug=slug)
    found = Edition.objects.live().filter(wanted, document__language=get_language())
    editions = {Offer(edition, True).key: edition for edition in found.select_related("document")}
    if missing := [key for key in keys if key not in editions]:
        words = _("“{key}” is not here, or no longer. Search for it again.")
        raise OptionsError(words.format(key=missing[0][:100]))
    return tuple(editions[key] for key in keys)


def _kinds(clinic: Clinic) -> tuple[str, ...]:
    return KINDS if clinic.self_checks_enabled else KINDS[:2]


def offers(wish: Wish, found: Sequence[Edition], clinic: Clinic) -> list[Offer]:
    """What can be ticked: what was chosen, what was found or else every article, and what goes with it.

    When nothing was chosen yet, the best find is ticked, so that Enter prints it.
    """
    chosen = [Offer(edition, True, place) for place, edition in enumerate(wish.documents, start=1)]
    taken = {edition.pk for edition in wish.documents}
    more = [edition for edition in found or _listed("article") if edition.pk not in taken]
    ticks_first = bool(found) and not chosen
    beside = [edition for kind in _kinds(clinic)[1:] for edition in _listed(kind) if edition.pk not in taken]
    return [
        *chosen,
        *(Offer(edition, ticks_first and place == 0) for place, edition in enumerate(more)),
        *(Offer(edition, False) for edition in beside),
    ]


def _listed(kind: str) -> list[Edition]:
    live = Edition.objects.live().of_kind(kind, get_language()).for_listing()
    return list(live.order_by("heading")[:LISTED])


def _found(query: str) -> list[Edition]:
    """The articles that the search finds, best first."""
    slugs = []
    for group in run_search(query, get_language()).groups:
        for hit in group.hits if group.kind == "article" else ():
            try:
                slugs.append(resolve(hit.url).kwargs["slug"])
            except (Resolver404, KeyError):
                continue
    live = Edition.objects.live().of_kind("article", get_language()).for_listing()
    editions = {e.document.slug: e for e in live.filter(document__slug__in=slugs[:FOUND])}
    return [editions[slug] for slug in slugs if slug in editions]


@sensitive_post_parameters("note")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@same_origin_post
def pack(request: HttpRequest) -> HttpResponse:
    """Choose what goes into a pack, and print it."""
    clinic = get_clinic(request)
    if clinic.packs_for_staff:
        return render(request, "handouts/staff_only.html", status=200 if request.method != "POST" else 403)
    return _answered(request, clinic, for_staff=False)


@sensitive_post_parameters("note")
@require_http_methods(["GET", "HEAD", "POST"])
def staff_pack(request: HttpRequest) -> HttpResponse:
    """The same under the addresses of staff, where the session is known."""
    return _answered(request, get_clinic(request), for_staff=True)


@answering_refusals
def _answered(request: HttpRequest, clinic: Clinic, *, for_staff: bool) -> HttpResponse:
    wish = Wish.read(request.POST if request.method == "POST" else request.GET, clinic)
    if request.method == "POST" and "print-now" in request.POST and wish.documents and not wish.too_long:
        handout = Handout.of(wish.documents, wish.options, clinic)
        pdf = pdf_of(handout, clinic, wish.note, before=partial(LIMIT.count, request, len(wish.documents)))
        return pdf_response(pdf, "handout")
    return _builder(request, clinic, wish, for_staff=for_staff)


def _builder(request: HttpRequest, clinic: Clinic, wish: Wish, *, for_staff: bool) -> HttpResponse:
    found = _found(wish.query) if wish.query else []
    listed = offers(wish, found, clinic)
    is_missing = request.method == "POST" and "print-now" in request.POST and not wish.documents
    context = {
        "wish": wish,
        "offers": listed,
        "ready": any(offer.ticked for offer in listed),
        "missing": is_missing,
        "found_nothing": bool(wish.query) and not found,
        "clinic": clinic,
        "choices": CHOICES,
        "here": request.path,
        "preset": f"{request.path}?{wish.address}" if wish.documents else "",
        "mistaken": is_missing or wish.too_long,
        "most": _grouped(MAX_NOTE),
        "pdf_possible": is_possible(),
        "to_install": TO_INSTALL,
    }
    page = "admin/handouts.html" if for_staff else "handouts/pack.html"
    return render(request, page, context, status=422 if wish.too_long else 200)
