"""The check of a handout's code. Nothing about the reader is stored."""

from __future__ import annotations

from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponsePermanentRedirect,
    HttpResponseRedirect,
)
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from education.clinic.context_processors import get_clinic
from education.handouts.codes import CodeErrorReason, InvalidCode, decode, strip_url
from education.handouts.freshness import PrintedHandout, UnknownHandout
from education.publishing.content import clean_line

# Errors of the form besides those of `CodeErrorReason`: no such handout, and no code.
UNKNOWN = "unknown"
MISSING = "missing"
# Of a wrong code that is shown again.
MAX_SHOWN_CHARS = 200
STATUS = {
    CodeErrorReason.MALFORMED.value: 400,
    CodeErrorReason.MISTYPED.value: 404,
    UNKNOWN: 404,
    MISSING: 400,
}


@require_safe
def check_code(request: HttpRequest) -> HttpResponse:
    """The form for a typed code; redirects to the result."""
    typed = request.GET.get("code")
    if typed is None:
        return render(request, "handouts/check_code.html", {"typed": "", "error": ""})
    if not typed.strip():
        return _render_code_error(request, typed, MISSING)
    try:
        code = str(decode(strip_url(typed)))
    except InvalidCode as error:
        return _render_code_error(request, typed, error.reason.value)
    return HttpResponseRedirect(reverse("check-handout-result", args=[code]))


@require_safe
def freshness(request: HttpRequest, code: str) -> HttpResponse:
    """Whether the handout with this code is still current."""
    try:
        parsed = decode(strip_url(code))
    except InvalidCode as error:
        return _render_code_error(request, code, error.reason.value)
    if str(parsed) != code:
        return HttpResponsePermanentRedirect(reverse("check-handout-result", args=[str(parsed)]))
    clinic = get_clinic(request)
    try:
        handout = PrintedHandout.from_code(parsed, self_checks=clinic.self_checks_enabled)
    except UnknownHandout:
        return _render_code_error(request, code, UNKNOWN)
    context = {"handout": handout, "code": code, "clinic": clinic}
    return render(request, "handouts/freshness.html", context)


def _render_code_error(request: HttpRequest, typed: str, error: str) -> HttpResponse:
    context = {"typed": str(clean_line(typed))[:MAX_SHOWN_CHARS], "error": error}
    return render(request, "handouts/check_code.html", context, status=STATUS[error])
