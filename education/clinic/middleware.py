"""No page for readers says "your local emergency number" once the clinic has set it."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from education.clinic.context_processors import get_clinic
from education.clinic.emergency_number import fill_in_number, has_placeholder


class EmergencyNumberMiddleware:
    """Puts the number into whatever texts a page is made of; forms of staff keep what was written.

    On the whole page, because texts come into it by many ways: as prose, plain, cut for the search,
    as a description for machines. A page that says that something broke stays as it is: it asks no
    database.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on, and mend what comes back."""
        response = self.get_response(request)
        if _is_for_readers(request, response):
            page = response.content.decode()
            if has_placeholder(page):
                response.content = fill_in_number(
                    page, get_clinic(request).emergency_number
                ).encode()
        return response


def _is_for_readers(request: HttpRequest, response: HttpResponse) -> bool:
    if response.streaming or response.status_code >= 500:
        return False
    content_type = response.headers.get("Content-Type", "")
    if (
        not content_type.startswith(("text/", "application/atom+xml"))
        or response.charset.lower() != "utf-8"
    ):
        return False
    match = request.resolver_match
    return (
        match is None or "admin" not in match.namespaces or bool(getattr(request, "preview_of", ""))
    )
