"""The search page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from education.clinic.context_processors import get_clinic
from education.search import failed_searches
from education.search.search import MAX_QUERY, run_search


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """The results for `?q=`.

    Queries are not logged. Words that nothing has are counted, as /about/ says, but none of a
    search with a red flag.
    """
    query = request.GET.get("q", "").replace("\x00", "").strip()[:MAX_QUERY]
    clinic = get_clinic(request)
    excluded = () if clinic.self_checks_enabled else ("self-check",)
    results = run_search(query, get_language(), excluded_kinds=excluded)
    if request.method == "GET" and not results.count and not results.red_flags:
        failed_searches.record_failed_search(results.unknown_words, get_language())
    return render(
        request, "search/search.html", {"query": query, "results": results, "clinic": clinic}
    )
