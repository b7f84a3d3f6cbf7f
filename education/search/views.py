"""The search page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from education.search.finding import MAX_QUERY, find


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """What was found for `?q=`. The words are not logged and not kept."""
    query = request.GET.get("q", "").replace("\x00", "").strip()[:MAX_QUERY]
    return render(request, "search/search.html", {"query": query, "hits": find(query, get_language())})
