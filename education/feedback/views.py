"""Was this page useful? One press of yes or no is kept; then a line may be added to it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from education.feedback.forms import LineForm
from education.feedback.models import MAX_LINE
from education.feedback.sheets import LINE_AGE, SHEET_AGE, Sheet, is_hasty
from education.feedback.taking import Full, add_line, take
from education.publishing.composition import live_edition
from education.publishing.content import DocumentKey
from education.publishing.models import Edition
from education.web.origin_check import has_origin_headers, same_origin_post


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@same_origin_post
def feedback(request: HttpRequest, slug: str) -> HttpResponse:
    """The question, a press of one of its buttons, and the line that may follow."""
    if "answer" in request.POST:
        return _line(request, slug, request.POST["answer"])
    if "useful" not in request.POST:
        return _ask(request, Sheet(_shown(request, slug)))
    return _press(request, slug)


def _press(request: HttpRequest, slug: str) -> HttpResponse:
    """Keep yes or no. What comes from no browser is kept only with a sheet that somebody had time to read."""
    sealed, useful = request.POST.get("sheet"), request.POST["useful"]
    sheet = Sheet.opened(sealed, slug, get_language(), SHEET_AGE) if sealed else Sheet(_shown(request, slug))
    if sheet is None:
        why = _("This page was open for too long. Please answer once more.")
        return _ask(request, Sheet(_live(slug)), why, status=422)
    if useful not in {"yes", "no"}:
        return _ask(request, sheet, _("Choose “Yes” or “No”."), status=422)
    if sealed and is_hasty(sealed):
        return _ask(request, sheet, _("That was very fast. Please answer once more."), status=422)
    if not sealed and not has_origin_headers(request):
        return _ask(request, sheet)
    try:
        take(request, sheet, useful=useful == "yes")
    except Full:
        why = _("Many people have answered today. Please try again tomorrow.")
        return _ask(request, sheet, why, status=429)
    return _thank(request, sheet.edition, LineForm(), sheet.sealed)


def _line(request: HttpRequest, slug: str, sealed: str) -> HttpResponse:
    """Add a line to an answer that was kept within the hour, once."""
    form, sheet = LineForm(request.POST), Sheet.opened(sealed, slug, get_language(), LINE_AGE)
    if form.is_valid() and is_hasty(sealed):
        form.add_error(None, _("That was very fast. Please press “Send these words” once more."))
    if form.is_valid():
        if sheet and add_line(sheet, form.cleaned_data["comment"]):
            return HttpResponseRedirect(reverse("feedback-thanks", args=[slug]))
        form.add_error(None, _("These words can no longer be added. That can be done once, within an hour."))
    return _thank(request, sheet.edition if sheet else _live(slug), form, sealed, status=422)


def _ask(request: HttpRequest, sheet: Sheet, why: str = "", status: int = 200) -> HttpResponse:
    context = {"edition": sheet.edition, "sealed": sheet.sealed, "why": why}
    return render(request, "feedback/form.html", context, status=status)


def _thank(
    request: HttpRequest, edition: Edition, form: LineForm, sealed: str, status: int = 200
) -> HttpResponse:
    context = {"edition": edition, "form": form, "sealed": sealed, "most": MAX_LINE}
    return render(request, "feedback/thanks.html", context, status=status)


def _live(slug: str) -> Edition:
    return live_edition(DocumentKey("article", slug), get_language())


def _shown(request: HttpRequest, slug: str) -> Edition:
    """The edition that the reader saw, which may be an earlier one; without one, the live edition."""
    number = request.POST.get("edition", "")
    if request.method != "POST" or not number:
        return _live(slug)
    found = Edition.objects.ever_live().of_kind("article", get_language()).select_related("document")
    is_number = number.isascii() and number.isdecimal() and len(number) < 7
    edition = found.filter(document__slug=slug, number=int(number)).first() if is_number else None
    if edition is None:
        raise Http404("Readers never saw such an edition of this page.")
    return edition


@require_safe
def thanks(request: HttpRequest, slug: str) -> HttpResponse:
    """Thank you, and the way back."""
    return render(request, "feedback/thanks.html", {"edition": _live(slug), "form": None})
