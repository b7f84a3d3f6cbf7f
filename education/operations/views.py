"""The health checks, and the page for an error on our side."""

from __future__ import annotations

import sys

from django.http import HttpRequest, HttpResponse
from django.views import defaults
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from education.operations.health import probes
from education.operations.health.database_logging import is_database_away


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """Whether all is well: a real table is read and written, and the disk has room."""
    return _answer(probes.reading_problem() or probes.writing_problem())


@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """Whether readers can be answered, be it that nothing can be saved."""
    return _answer(probes.reading_problem())


def server_error(request: HttpRequest) -> HttpResponse:
    """The page for an exception: 503 when the database is away, otherwise 500."""
    if not is_database_away(sys.exc_info()[1]):
        return defaults.server_error(request)
    response = defaults.server_error(request, template_name="503.html")
    response.status_code = 503
    response["Retry-After"] = "60"
    return response


def _answer(problem: str) -> HttpResponse:
    """One line of text: 200 and ok, or 503 and what is wrong."""
    return HttpResponse(
        f"{problem or 'ok'}\n", status=503 if problem else 200, content_type="text/plain"
    )
