"""Requests that are refused before a view sees them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

from education.operations.health import database_file, probes
from education.web.origin_check import is_post_only

_METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})
_HEALTH_PATHS = ("/healthz", "/readyz")


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


class DatabaseFileMiddleware:
    """Refuses everything but the health checks when the file of the database has gone.

    Who has it open could go on in it, and lose what is saved.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: Any) -> None:
        """Raise OperationalError, which is answered with 503."""
        if not database_file.is_in_place() and request.path_info not in _HEALTH_PATHS:
            raise OperationalError(probes.FILE_GONE)


class MethodMiddleware:
    """Answers 405 to methods that no page knows, before they are taken for a forged POST."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], *arguments: Any
    ) -> HttpResponse | None:
        """A response for such a method, with those that the view knows; None for all others."""
        if request.method in _METHODS:
            return None
        if is_post_only(view):
            return HttpResponseNotAllowed(["POST"])
        takes_forms = getattr(view, "same_origin_post", False) or request.path_info.startswith(
            settings.SESSION_COOKIE_PATH
        )
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"] if takes_forms else ["GET", "HEAD"])
