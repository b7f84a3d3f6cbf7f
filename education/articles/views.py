"""Condition pages, their history, and the pages of causes."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from education.articles import structured
from education.articles.browsing import groups
from education.articles.content import CauseContent, SnippetContent
from education.articles.facets import Facet
from education.articles.listing import Cards, Listing
from education.articles.markdown import written
from education.articles.page import ConditionPage
from education.clinic.context import clinic_of
from education.publishing.composition import Composition, compose, live_edition
from education.publishing.content import DocumentKey
from education.publishing.history import changes_of_page
from education.publishing.models import Edition, EditionDependency
from education.references.citations import Citations
from education.web.page_caching import cacheable_page


@cacheable_page
@require_safe
def condition_index(request: HttpRequest) -> HttpResponse:
    """All conditions, A to Z, with their synonyms."""
    return _index(request, Listing("article", get_language()))


@cacheable_page
@require_safe
def condition_letter(request: HttpRequest, letter: str, number: int = 1) -> HttpResponse:
    """The conditions under one letter of a long A to Z."""
    return _letter(request, Listing("article", get_language()), letter, number)


@cacheable_page
@require_safe
def condition(request: HttpRequest, slug: str) -> HttpResponse:
    """A condition page."""
    return condition_page(request, _composed(DocumentKey("article", slug)))


def condition_page(request: HttpRequest, composition: Composition) -> HttpResponse:
    """The page of an article edition."""
    page = ConditionPage.of(composition)
    context = {"composition": composition, "page": page, "structured": structured.of_condition(page)}
    return render(request, "articles/condition.html", context)


@cacheable_page
@require_safe
def condition_markdown(request: HttpRequest, slug: str) -> HttpResponse:
    """A condition page as Markdown that can be read alone, for those who read with other programs."""
    composition = compose(live_edition(DocumentKey("article", slug), get_language()))
    text = written(ConditionPage.of(composition), clinic_of(request))
    return HttpResponse(text, content_type="text/markdown; charset=utf-8")


@cacheable_page
@require_safe
def condition_history(request: HttpRequest, slug: str) -> HttpResponse:
    """Every change that readers of a condition page should know."""
    edition = live_edition(DocumentKey("article", slug), get_language())
    return render(request, "articles/history.html", {"edition": edition, "changes": changes_of_page(edition)})


@cacheable_page
@require_safe
def cause_index(request: HttpRequest) -> HttpResponse:
    """All causes, A to Z, with their synonyms."""
    return _index(request, Listing("cause", get_language()))


@cacheable_page
@require_safe
def cause_letter(request: HttpRequest, letter: str, number: int = 1) -> HttpResponse:
    """The causes under one letter of a long A to Z."""
    return _letter(request, Listing("cause", get_language()), letter, number)


@cacheable_page
@require_safe
def cause(request: HttpRequest, slug: str) -> HttpResponse:
    """The page of a cause."""
    return cause_page(request, _composed(DocumentKey("cause", slug)))


def cause_page(request: HttpRequest, composition: Composition) -> HttpResponse:
    """The page of a cause edition, with the newest live articles that are tagged with it."""
    content, citations = composition.content(CauseContent), Citations.of(composition)
    cards = _cards_of_cause(composition.edition.document.slug, 1)
    context = {
        "composition": composition,
        "cause": content,
        "cards": cards,
        "others": _causes_beside(composition, cards.editions),
        "citations": citations,
        "structured": structured.of_cause(composition, content, cards.editions, citations.cited_in(content)),
    }
    return render(request, "articles/cause.html", context)


@cacheable_page
@require_safe
def cause_articles(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Those of the live articles tagged with a cause for which its own page has no room."""
    edition = live_edition(DocumentKey("cause", slug), get_language())
    cards = _cards_of_cause(slug, number)
    return render(request, "articles/cause_articles.html", {"edition": edition, "cards": cards})


def _cards_of_cause(slug: str, number: int) -> Cards:
    def address(part: int) -> str:
        return reverse("cause-articles", args=[slug, part]) if part > 1 else reverse("cause", args=[slug])

    return Cards.of_facet(f"cause/{slug}", get_language(), number, address)


def snippet_preview(request: HttpRequest, composition: Composition) -> HttpResponse:
    """A snippet as it will look on the pages that include it: for staff, as readers find it only there."""
    context = {
        "composition": composition,
        "snippet": composition.content(SnippetContent),
        "citations": Citations.of(composition),
    }
    return render(request, "articles/snippet.html", context)


_INDEXES = {"article": "condition", "cause": "cause"}


def _index(request: HttpRequest, listing: Listing) -> HttpResponse:
    whole = listing.whole()
    context = {"letters": whole, "links": listing.letters() if whole is None else ()}
    return render(request, f"articles/{_INDEXES[listing.kind]}_index.html", context)


def _letter(request: HttpRequest, listing: Listing, letter: str, number: int) -> HttpResponse:
    page = listing.page(letter, number)
    context = {"page": page, "links": listing.letters(), "kind": listing.kind}
    return render(request, "articles/letter.html", context)


_MOST_NEAR = 4


def _composed(key: DocumentKey) -> Composition:
    """The live page with what stands beside it: words to explain, and pages that are near."""
    return compose(live_edition(key, get_language()), everywhere=True, most_near=_MOST_NEAR)


def _causes_beside(composition: Composition, articles: Sequence[Edition]) -> QuerySet[Edition]:
    """Other live causes that the same live `articles` name, those that share most articles first."""
    used = EditionDependency.objects.filter(edition__in=articles, document__kind="cause")
    together = used.filter(document=OuterRef("document")).values("document").annotate(number=Count("pk"))
    return (
        Edition.objects.live(composition.at)
        .of_kind("cause", composition.language)
        .filter(document__in=used.values("document"))
        .exclude(document=composition.edition.document_id)
        .annotate(together=Subquery(together.values("number")))
        .for_lists()
        .order_by("-together", "heading")[:_MOST_NEAR]
    )


@cacheable_page
@require_safe
def browse(request: HttpRequest) -> HttpResponse:
    """Ways to find a page: where it is on the body, how it looks, by cause."""
    return render(request, "articles/browse.html", {"groups": groups(get_language())})


@cacheable_page
@require_safe
def browse_facet(request: HttpRequest, facet: Facet, number: int = 1) -> HttpResponse:
    """The live articles that one body area, or one look, belongs to."""

    def address(part: int) -> str:
        return reverse("browse-facet", args=[facet, part] if part > 1 else [facet])

    cards = Cards.of_facet(str(facet), get_language(), number, address)
    context = {"facet": facet, "cards": cards, "structured": structured.of_list(facet, address(number))}
    return render(request, "articles/browse_facet.html", context)
