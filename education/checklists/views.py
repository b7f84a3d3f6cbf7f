"""When to see a doctor: tick what applies, and read what to do. The site does not store ticks."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from education.checklists import ticks_cookie
from education.checklists.content import ChecklistContent
from education.checklists.live_answer import tick_classes
from education.checklists.result import ChecklistResult
from education.publishing.composition import Composition, compose_live
from education.publishing.content import DocumentKey
from education.publishing.models import Edition
from education.publishing.preview import PreviewContext
from education.references.citations import Citations
from education.web.origin_check import same_origin_post, same_origin_post_only
from education.web.page_caching import cacheable_page


@cacheable_page
@require_safe
def checklist_index(request: HttpRequest) -> HttpResponse:
    """All checklists."""
    editions = (
        Edition.objects.live()
        .of_kind("checklist", get_language())
        .for_listing()
        .order_by("heading")
    )
    return render(request, "checklists/index.html", {"editions": editions})


@cacheable_page
@require_http_methods(["GET", "HEAD", "POST"])
@same_origin_post
def checklist(request: HttpRequest, slug: str) -> HttpResponse:
    """A checklist; a POST of what is ticked redirects to the result."""
    composition = compose_live(DocumentKey("checklist", slug), get_language())
    if request.method == "POST":
        return never_cache(_redirect_to_result)(request, composition)
    return checklist_page(request, composition)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@same_origin_post
def result(request: HttpRequest, slug: str) -> HttpResponse:
    """What to do about what was ticked; the list again if the browser does not send those ticks.

    A browser that accepts no cookies gets the result in answer to the form of this page.
    """
    composition = compose_live(DocumentKey("checklist", slug), get_language())
    content = composition.content_as(ChecklistContent)
    if request.method == "POST":
        if ticks_cookie.COOKIE.name in request.COOKIES:
            return _redirect_to_result(request, composition)
        return checklist_page(
            request, composition, ChecklistResult.from_ticked(content, request.POST.getlist("sign"))
        )
    saved, version = ticks_cookie.read_cookie(request, slug), request.GET.get("of", "")
    if saved and version in {"", saved.version}:
        return checklist_page(
            request, composition, ChecklistResult.from_ticked(content, saved.keys)
        )
    response = checklist_page(request, composition, missing_ticks="changed" if saved else "expired")
    if not saved:
        ticks_cookie.set_test_cookie(response, _result_url(slug))
    return response


@never_cache
@same_origin_post_only
def clear(request: HttpRequest, slug: str) -> HttpResponse:
    """Delete the ticks, and go back to the list."""
    response = HttpResponseRedirect(reverse("checklist", args=[slug]))
    ticks_cookie.delete_cookie(response, _result_url(slug))
    return response


def _result_url(slug: str) -> str:
    return reverse("checklist-result", args=[slug])


def _redirect_to_result(request: HttpRequest, composition: Composition) -> HttpResponse:
    slug, content = composition.edition.document.slug, composition.content_as(ChecklistContent)
    ticked = ticks_cookie.new_ticks(content, request.POST.getlist("sign"))
    response = HttpResponseRedirect(f"{_result_url(slug)}?of={ticked.version}#result")
    ticks_cookie.set_cookie(response, slug, ticked, _result_url(slug))
    return response


def checklist_page(
    request: HttpRequest,
    composition: Composition,
    checklist_result: ChecklistResult | None = None,
    *,
    missing_ticks: str = "",
    preview: PreviewContext | None = None,
) -> HttpResponse:
    """The page of a checklist edition, with the result of what was ticked, if there is one.

    `missing_ticks` says why a result is missing: "expired" ticks, or "changed" by another tab.
    """
    slug, content = composition.edition.document.slug, composition.content_as(ChecklistContent)
    is_result_page = bool(checklist_result or missing_ticks)
    context = {
        "composition": composition,
        "preview": preview,
        "checklist": content,
        "citations": Citations.from_composition(composition),
        "result": checklist_result,
        "live": tick_classes(content) if not checklist_result else None,
        "missing_ticks": missing_ticks,
        "form_url": _result_url(slug) if slug and is_result_page else request.path,
        "slug": slug,
        "minutes": ticks_cookie.MAX_AGE_MINUTES,
    }
    return render(request, "checklists/checklist.html", context)
