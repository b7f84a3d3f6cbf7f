"""Gives the texts of a page the clinic's emergency number."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from education import markdown
from education.clinic.context_processors import get_clinic


class EmergencyNumberMiddleware:
    """Makes the number known to everything that renders a text while a request is answered.

    The clinic is loaded only for a text that names the number, and once with the rest of the page.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        with markdown.emergency_number_from(lambda: get_clinic(request).emergency_number):
            return self.get_response(request)
