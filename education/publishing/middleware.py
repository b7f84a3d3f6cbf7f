"""Answers requests for withdrawn pages."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from education.publishing.composition import PageWithdrawn


class WithdrawnMiddleware:
    """Answers 410 Gone, with the reason and perhaps another page, for PageWithdrawn."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The page for a withdrawn document, or None for any other exception."""
        if not isinstance(exception, PageWithdrawn):
            return None
        context = {
            "publication": exception.publication,
            "heading": exception.heading,
            "redirect_to": exception.redirect_to,
        }
        return render(request, "publishing/410.html", context, status=410)
