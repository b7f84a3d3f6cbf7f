"""What is refused before anything of a request is read."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse


class CharsetMiddleware:
    """Refuses a body in another character set: our pages send UTF-8, and some sets cannot be read
    at all.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; raises SuspiciousOperation, which is answered with 400."""
        charset = (request.content_params or {}).get("charset", "utf-8")
        if charset.lower() != "utf-8":
            raise SuspiciousOperation("A form that no page of ours sends.")
        return self.get_response(request)
