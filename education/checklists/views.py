"""When to see a doctor: tick what applies, and read what to do. The site keeps nothing that is ticked."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from education.checklists import ticks
from education.checklists.answer import Answer
from education.checklists.content import ChecklistContent
from education.publishing.composition import Composition, compose, live_edition
from education.publishing.content import DocumentKey
from education.publishing.models import Edition
from education.references.citations import Citations
from education.web.origin_check import same_origin_post
from education.web.page_caching import cacheable_page


@cacheable_page
@require_safe
def checklist_index(request: HttpRequest) -> HttpResponse:
    """All checklists."""
    editions = Edition.objects.live().of_kind("checklist", get_language()).for_lists().order_by("heading")
    return render(request, "checklists/index.html", {"editions": editions})


@cacheable_page
@require_http_methods(["GET", "HEAD", "POST"])
@same_origin_post
def checklist(request: HttpRequest, slug: str) -> HttpResponse:
    """A checklist. What is ticked leads on to its answer."""
    composition = compose(live_edition(DocumentKey("checklist", slug), get_language()))
    if request.method == "POST":
        return never_cache(_lead_to_the_answer)(request, composition)
    return checklist_page(request, composition)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@same_origin_post
def result(request: HttpRequest, slug: str) -> HttpResponse:
    """The answer to what was ticked; or the list once more, when the browser does not bring those ticks.

    To a browser that takes no cookies, the form of this page answers at once.
    """
    composition = compose(live_edition(DocumentKey("checklist", slug), get_language()))
    content = composition.content(ChecklistContent)
    if request.method == "POST":
        if ticks.COOKIE.name in request.COOKIES:
            return _lead_to_the_answer(request, composition)
        return checklist_page(request, composition, Answer.to(content, request.POST.getlist("sign")))
    kept, mark = ticks.read(request, slug), request.GET.get("of", "")
    if kept and mark in {"", kept.mark}:
        return checklist_page(request, composition, Answer.to(content, kept.keys))
    response = checklist_page(request, composition, missing="other" if kept else "lost")
    if not kept:
        ticks.probe(response, _result_address(slug))
    return response


@never_cache
@require_POST
@same_origin_post
def clear(request: HttpRequest, slug: str) -> HttpResponse:
    """Forget what was ticked, and go back to the list."""
    response = HttpResponseRedirect(reverse("checklist", args=[slug]))
    ticks.forget(response, _result_address(slug))
    return response


def _result_address(slug: str) -> str:
    return reverse("checklist-result", args=[slug])


def _lead_to_the_answer(request: HttpRequest, composition: Composition) -> HttpResponse:
    slug, content = composition.edition.document.slug, composition.content(ChecklistContent)
    drawn = ticks.draw(content, request.POST.getlist("sign"))
    response = HttpResponseRedirect(f"{_result_address(slug)}?of={drawn.mark}#result")
    ticks.keep(response, slug, drawn, _result_address(slug))
    return response


def checklist_page(
    request: HttpRequest,
    composition: Composition,
    answer: Answer | None = None,
    *,
    missing: str = "",
) -> HttpResponse:
    """The page of a checklist edition, with the answer to what was ticked, if there is one.

    `missing`: why there is none where there should be: ticks are lost, or another tab has put others there.
    """
    slug = composition.edition.document.slug
    context = {
        "composition": composition,
        "checklist": composition.content(ChecklistContent),
        "citations": Citations.of(composition),
        "answer": answer,
        "missing": missing,
        "form_address": _result_address(slug) if slug and (answer or missing) else request.path,
        "slug": slug,
        "minutes": ticks.MINUTES,
    }
    return render(request, "checklists/checklist.html", context)
