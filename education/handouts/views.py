"""The article as a handout, for the browser's own print."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from education.articles.page import ConditionPage
from education.kept_whole import kept_whole
from education.publishing.composition import compose, live_edition
from education.publishing.content import DocumentKey


@kept_whole
@require_safe
def handout(request: HttpRequest, slug: str) -> HttpResponse:
    """A condition page laid out for paper, with the clinic's name and numbers."""
    composition = compose(live_edition(DocumentKey("article", slug), get_language()))
    context = {"composition": composition, "page": ConditionPage.of(composition)}
    return render(request, "handouts/handout.html", context)
