"""The search page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from education.clinic.context_processors import get_clinic
from education.search import misses
from education.search.finding import MAX_QUERY, find


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """What was found for `?q=`. The words are not logged; those found nowhere are counted as /about/ says.

    Words of a search that speaks of danger are never counted.
    """
    query = request.GET.get("q", "").replace("\x00", "").strip()[:MAX_QUERY]
    clinic = get_clinic(request)
    off = () if clinic.self_checks_enabled else ("self-check",)
    found = find(query, get_language(), without=off)
    if request.method == "GET" and not found.count and not found.red_flags:
        misses.count(found.unknown, get_language())
    return render(request, "search/search.html", {"query": query, "found": found, "clinic": clinic})
