"""What the code on a paper leads to: whether the paper is still right. Nothing is kept of who asks."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from education.clinic.context_processors import get_clinic
from education.handouts.codes import Mistake, NotACode, read, without_address
from education.handouts.freshness import Paper, UnknownPaper
from education.publishing.content import clean_line

UNKNOWN, MISSING = "unknown", "missing"
LONGEST_SHOWN = 200
STATUS = {Mistake.MALFORMED.value: 400, Mistake.MISTYPED.value: 404, UNKNOWN: 404, MISSING: 400}


@require_safe
def find_paper(request: HttpRequest) -> HttpResponse:
    """Where a code is typed by hand."""
    typed = request.GET.get("code")
    if typed is None:
        return render(request, "handouts/find_paper.html", {"typed": "", "mistake": ""})
    if not typed.strip():
        return _refused(request, typed, MISSING)
    try:
        code = str(read(without_address(typed)))
    except NotACode as refusal:
        return _refused(request, typed, refusal.mistake.value)
    return HttpResponseRedirect(reverse("handout-freshness", args=[code]))


@require_safe
def freshness(request: HttpRequest, code: str) -> HttpResponse:
    """Whether the paper with this code still says what readers see."""
    try:
        parsed = read(without_address(code))
    except NotACode as refusal:
        return _refused(request, code, refusal.mistake.value)
    if str(parsed) != code:
        return HttpResponsePermanentRedirect(reverse("handout-freshness", args=[str(parsed)]))
    clinic = get_clinic(request)
    try:
        paper = Paper.of(parsed, self_checks=clinic.self_checks_enabled)
    except UnknownPaper:
        return _refused(request, code, UNKNOWN)
    context = {"paper": paper, "code": code, "clinic": clinic}
    return render(request, "handouts/freshness.html", context)


def _refused(request: HttpRequest, typed: str, mistake: str) -> HttpResponse:
    context = {"typed": str(clean_line(typed))[:LONGEST_SHOWN], "mistake": mistake}
    return render(request, "handouts/find_paper.html", context, status=STATUS[mistake])
