"""The home page and the page about the site."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from education.kept_whole import kept_whole
from education.publishing.models import Edition


@kept_whole
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What the site is, what it holds, and when to see a doctor."""
    editions = (
        Edition.objects.live()
        .for_lists()
        .filter(document__kind__in=("article", "checklist", "self-check"), document__language=get_language())
    )
    by_kind: dict[str, list[Edition]] = {"article": [], "checklist": [], "self-check": []}
    for edition in editions.order_by("heading"):
        by_kind[edition.document.kind].append(edition)
    context = {
        "articles": by_kind["article"],
        "checklists": by_kind["checklist"],
        "self_checks": by_kind["self-check"],
    }
    return render(request, "pages/home.html", context)


@kept_whole
@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """Who wrote this and how, what is stored, and all sources."""
    edition = Edition.objects.live().of_kind("sources", get_language()).select_related("document").first()
    return render(request, "pages/about.html", {"sources": edition.said if edition else None})
