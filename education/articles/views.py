"""Condition pages, their history, and the pages of causes."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from education.articles.content import CauseContent
from education.articles.listing import letters
from education.articles.page import ConditionPage
from education.kept_whole import kept_whole
from education.publishing.composition import Composition, compose, live_edition
from education.publishing.content import DocumentKey
from education.publishing.history import changes_of_page
from education.publishing.models import Edition
from education.references.citations import Citations


@kept_whole
@require_safe
def condition_index(request: HttpRequest) -> HttpResponse:
    """All conditions, A to Z, with their synonyms."""
    editions = Edition.objects.live().of_kind("article", get_language()).for_lists()
    return render(request, "articles/condition_index.html", {"letters": letters(editions)})


@kept_whole
@require_safe
def condition(request: HttpRequest, slug: str) -> HttpResponse:
    """A condition page."""
    return condition_page(request, compose(live_edition(DocumentKey("article", slug), get_language())))


def condition_page(request: HttpRequest, composition: Composition) -> HttpResponse:
    """The page of an article edition."""
    context = {"composition": composition, "page": ConditionPage.of(composition)}
    return render(request, "articles/condition.html", context)


@kept_whole
@require_safe
def condition_history(request: HttpRequest, slug: str) -> HttpResponse:
    """Every change that readers of a condition page should know."""
    edition = live_edition(DocumentKey("article", slug), get_language())
    return render(request, "articles/history.html", {"edition": edition, "changes": changes_of_page(edition)})


@kept_whole
@require_safe
def cause_index(request: HttpRequest) -> HttpResponse:
    """All causes, A to Z, with their synonyms."""
    editions = Edition.objects.live().of_kind("cause", get_language()).for_lists()
    return render(request, "articles/cause_index.html", {"letters": letters(editions)})


@kept_whole
@require_safe
def cause(request: HttpRequest, slug: str) -> HttpResponse:
    """The page of a cause."""
    return cause_page(request, compose(live_edition(DocumentKey("cause", slug), get_language())))


def cause_page(request: HttpRequest, composition: Composition) -> HttpResponse:
    """The page of a cause edition, with every live article that is tagged with it."""
    articles = (
        Edition.objects.live(composition.at)
        .of_kind("article", composition.language)
        .filter(uses=composition.edition.document_id)
        .for_lists()
        .order_by("heading")
    )
    context = {
        "composition": composition,
        "cause": composition.said(CauseContent),
        "articles": articles,
        "citations": Citations.of(composition),
    }
    return render(request, "articles/cause.html", context)
