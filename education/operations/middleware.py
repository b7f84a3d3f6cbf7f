"""Requests that are refused before anything in them is read."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse


class CharsetMiddleware:
    """Refuses a body in a charset other than UTF-8, which all our pages send."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Raise SuspiciousOperation (answered with 400) for another charset."""
        charset = (request.content_params or {}).get("charset", "utf-8")
        if charset.lower() != "utf-8":
            raise SuspiciousOperation("A form that no page of ours sends.")
        return self.get_response(request)
