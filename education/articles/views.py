"""The pages of conditions and causes, their A to Z, and browsing by facet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from education.articles import schema_org
from education.articles.a_to_z import AZIndex
from education.articles.card_list import CardPage, newest_of_facet
from education.articles.content import SnippetContent
from education.articles.facet_counts import facet_groups
from education.articles.facets import Facet
from education.articles.markdown_export import condition_as_markdown
from education.articles.presenters import CausePage, ConditionPage
from education.clinic.context_processors import get_clinic
from education.publishing.composition import (
    Composition,
    compose,
    compose_live,
    get_live_edition_or_404,
)
from education.publishing.content import DocumentKey
from education.publishing.history import page_changes
from education.publishing.kept_editions import LISTED, WHOLE
from education.publishing.models import Edition, EditionDependency, EditionIdentity
from education.publishing.preview import PreviewContext
from education.references.citations import Citations
from education.web.json_ld import JsonLd
from education.web.page_caching import cacheable_page
from education.web.prepared_query import PreparedQuery

# Related pages of a condition, and related causes of a cause.
MAX_RELATED = 4
# The page of a cause that very many articles explain shows so many explanations.
MAX_EXPLAINED = 4


@cacheable_page
@require_safe
def condition_index(request: HttpRequest, letter: str = "", number: int = 1) -> HttpResponse:
    """All conditions, A to Z, with their synonyms; or those of one letter of a long list."""
    return _render_index(request, AZIndex("article", get_language()), letter, number)


@cacheable_page
@require_safe
def condition(request: HttpRequest, slug: str) -> HttpResponse:
    composition = compose_live(
        DocumentKey("article", slug), get_language(), site_wide=True, max_related=MAX_RELATED
    )
    return condition_page(request, composition)


def condition_page(
    request: HttpRequest, composition: Composition, *, preview: PreviewContext | None = None
) -> HttpResponse:
    page = ConditionPage.from_composition(composition)
    context = {
        "layout": "base.html",
        "saved_on": None,
        "composition": composition,
        "preview": preview,
        "page": page,
        "json_ld": JsonLd(schema_org.condition_json_ld, page),
    }
    return render(request, "articles/condition.html", context)


@cacheable_page
@require_safe
def condition_markdown(request: HttpRequest, slug: str) -> HttpResponse:
    """A condition page as Markdown, for reading in other programs."""
    composition = compose_live(DocumentKey("article", slug), get_language())
    text = condition_as_markdown(ConditionPage.from_composition(composition), get_clinic(request))
    return HttpResponse(text, content_type="text/markdown; charset=utf-8")


@cacheable_page
@require_safe
def condition_history(request: HttpRequest, slug: str) -> HttpResponse:
    """The history of a condition page."""
    edition = get_live_edition_or_404(DocumentKey("article", slug), get_language())
    return render(
        request, "articles/history.html", {"edition": edition, "changes": page_changes(edition)}
    )


@cacheable_page
@require_safe
def cause_index(request: HttpRequest, letter: str = "", number: int = 1) -> HttpResponse:
    """All causes, A to Z, with their synonyms; or those of one letter of a long list."""
    return _render_index(request, AZIndex("cause", get_language()), letter, number)


@cacheable_page
@require_safe
def cause(request: HttpRequest, slug: str) -> HttpResponse:
    """The page of a cause."""
    now = timezone.now()
    edition = get_live_edition_or_404(DocumentKey("cause", slug), get_language(), now)
    articles = _explaining_articles(slug, now)
    composition = compose(edition, now, included=articles, site_wide=True, max_related=MAX_RELATED)
    return cause_page(request, composition, articles)


def cause_page(
    request: HttpRequest,
    composition: Composition,
    articles: Sequence[Edition] = (),
    *,
    preview: PreviewContext | None = None,
) -> HttpResponse:
    """The page of a cause edition, with the newest live articles that are tagged with it.

    `articles`: those that the page shows in part, of which `composition` is made, too.
    """
    page = CausePage.from_composition(composition, articles)
    # With fewer than the page can explain, these are all there are.
    cards = (
        CardPage(tuple(articles), 1, "", "")
        if 0 < len(articles) < MAX_EXPLAINED
        else _cause_cards(composition.edition.document.slug, 1, composition.at)
    )
    context = {
        "composition": composition,
        "preview": preview,
        "page": page,
        "cards": cards,
        "others": _related_causes(composition, cards.editions),
        "json_ld": JsonLd(schema_org.cause_json_ld, page, cards.editions),
    }
    return render(request, "articles/cause.html", context)


@cacheable_page
@require_safe
def cause_articles(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The live articles with a cause that do not fit on its own page."""
    now = timezone.now()
    edition = get_live_edition_or_404(DocumentKey("cause", slug), get_language(), now)
    cards = _cause_cards(slug, number, now)
    return render(request, "articles/cause_article_list.html", {"edition": edition, "cards": cards})


def _explaining_articles(slug: str, at: datetime) -> list[Edition]:
    """The newest live articles that explain a cause, whole: the page of the cause shows them."""
    return WHOLE.get(newest_of_facet(f"cause/{slug}", get_language(), at, 0, MAX_EXPLAINED))


def _cause_cards(slug: str, number: int, at: datetime) -> CardPage:
    def url_for_page(page: int) -> str:
        if page == 1:
            return reverse("cause", args=[slug])
        return reverse("cause-articles", args=[slug, page])

    return CardPage.for_facet(f"cause/{slug}", get_language(), number, url_for_page, at)


def snippet_preview(
    request: HttpRequest, composition: Composition, *, preview: PreviewContext | None = None
) -> HttpResponse:
    """A snippet as it looks on the pages that include it: for staff, as it has no own page."""
    context = {
        "composition": composition,
        "preview": preview,
        "snippet": composition.content_as(SnippetContent),
        "citations": Citations.from_composition(composition),
    }
    return render(request, "articles/snippet.html", context)


def _render_index(request: HttpRequest, index: AZIndex, letter: str, number: int) -> HttpResponse:
    page = index.page(letter, number) if letter else index.first_page()
    context = {"index": index, "page": page, "title": index.page_title(page)}
    return render(request, "articles/a_to_z.html", context)


def _related_causes(composition: Composition, articles: Sequence[Edition]) -> list[Edition]:
    """Other live causes of the same `articles`, those with most of the articles first."""
    if not articles:
        return []
    rows = _RELATED_CAUSES.rows(
        at=composition.at,
        language=composition.language,
        document=composition.edition.document_id,
        articles=tuple(article.pk for article in articles),
    )
    return LISTED.get(EditionIdentity(*row) for row in rows)


def _build_related_causes(
    at: Any, language: Any, document: Any, articles: tuple[Any, ...]
) -> QuerySet[Any, Any]:
    used = EditionDependency.objects.filter(edition__pk__in=articles, document__kind="cause")
    together = (
        used.filter(document=OuterRef("document")).values("document").annotate(number=Count("pk"))
    )
    return (
        Edition.objects.live(at)
        .of_kind("cause", language)
        .filter(document__in=used.values("document"))
        .exclude(document=document)
        .order_by(Subquery(together.values("number")).desc(), "heading")
        .identities()[:MAX_RELATED]
    )


_RELATED_CAUSES = PreparedQuery(_build_related_causes)


@cacheable_page
@require_safe
def browse(request: HttpRequest) -> HttpResponse:
    """The lists of facets."""
    return render(request, "articles/facet_index.html", {"groups": facet_groups(get_language())})


@cacheable_page
@require_safe
def browse_facet(request: HttpRequest, facet: Facet, number: int = 1) -> HttpResponse:
    """The live articles of one body area or look."""

    def url_for_page(page: int) -> str:
        return reverse("browse-facet", args=[facet, page] if page > 1 else [facet])

    cards = CardPage.for_facet(str(facet), get_language(), number, url_for_page)
    context = {
        "facet": facet,
        "cards": cards,
        "json_ld": schema_org.list_json_ld(facet, url_for_page(number)),
    }
    return render(request, "articles/facet_detail.html", context)
