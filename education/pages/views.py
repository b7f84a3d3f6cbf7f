"""The home page and the page about the site."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from education.pages.design import examples
from education.publishing.models import Edition


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


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """Who wrote this and how, what is stored, and all sources."""
    edition = Edition.objects.live().of_kind("sources", get_language()).select_related("document").first()
    return render(request, "pages/about.html", {"sources": edition.said if edition else None})


@require_safe
def design(request: HttpRequest) -> HttpResponse:
    """Every component with an example, for maintainers: only `make dev` has this page."""
    if not settings.DEBUG:
        raise Http404("design")
    return render(request, "pages/design.html", examples())
