"""When to see a doctor: tick what applies, and read what to do. Nothing that is ticked is kept."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from education.checklists.answer import Answer
from education.checklists.content import ChecklistContent
from education.kept_whole import kept_whole
from education.publishing.composition import Composition, compose, live_edition
from education.publishing.content import DocumentKey
from education.publishing.models import Edition
from education.references.citations import Citations
from education.same_origin import same_origin_post


@kept_whole
@require_safe
def checklist_index(request: HttpRequest) -> HttpResponse:
    """All checklists."""
    editions = Edition.objects.live().of_kind("checklist", get_language()).for_lists().order_by("heading")
    return render(request, "checklists/index.html", {"editions": editions})


@kept_whole
@require_http_methods(["GET", "HEAD", "POST"])
@same_origin_post
def checklist(request: HttpRequest, slug: str) -> HttpResponse:
    """A checklist, and the answer to what was ticked."""
    composition = compose(live_edition(DocumentKey("checklist", slug), get_language()))
    if request.method == "POST":
        return never_cache(checklist_page)(request, composition)
    return checklist_page(request, composition)


def checklist_page(request: HttpRequest, composition: Composition) -> HttpResponse:
    """The page of a checklist edition."""
    said = composition.said(ChecklistContent)
    answer = Answer.to(said, request.POST.getlist("sign")) if request.method == "POST" else None
    context = {
        "composition": composition,
        "checklist": said,
        "citations": Citations.of(composition),
        "answer": answer,
    }
    return render(request, "checklists/checklist.html", context)
