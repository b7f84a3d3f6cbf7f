"""Was this page useful? First yes or no, at the end of an article; then a form with room for a line."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from education.feedback.forms import AnswerForm
from education.feedback.models import MAX_LINE
from education.feedback.sheets import Sheet, is_hasty
from education.feedback.taking import Full, take
from education.publishing.composition import live_edition
from education.publishing.content import DocumentKey
from education.publishing.models import Edition
from education.same_origin import same_origin_post


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@same_origin_post
def feedback(request: HttpRequest, slug: str) -> HttpResponse:
    """The form; and what came back in it. Only a form that this site gave out today is kept."""
    sealed = request.POST.get("sheet")
    if sealed is None:
        return _ask(request, Sheet(_shown(request, slug)), AnswerForm(initial=_pressed(request)))
    form, sheet = AnswerForm(request.POST), Sheet.opened(sealed, slug, get_language())
    if sheet is None:
        form.add_error(None, _("This form was open for too long. Please press “Send” once more."))
        return _ask(request, Sheet(_live(slug)), form, status=422)
    if form.is_valid() and is_hasty(sealed):
        form.add_error(None, _("That was very fast. Please press “Send” once more."))
    if not form.is_valid():
        return _ask(request, sheet, form, status=422)
    try:
        said = form.cleaned_data
        take(request, sheet, useful=said["useful"] == "yes", line=said["line"])
    except Full:
        form.add_error(None, _("Many people have answered today. Please try again tomorrow."))
        return _ask(request, sheet, form, status=429)
    return HttpResponseRedirect(reverse("feedback-thanks", args=[slug]))


def _ask(request: HttpRequest, sheet: Sheet, form: AnswerForm, status: int = 200) -> HttpResponse:
    context = {"edition": sheet.edition, "sealed": sheet.sealed, "form": form, "most": MAX_LINE}
    return render(request, "feedback/form.html", context, status=status)


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


def _pressed(request: HttpRequest) -> dict[str, str]:
    useful = request.POST.get("useful", "")
    return {"useful": useful} if useful in {"yes", "no"} else {}


@require_safe
def thanks(request: HttpRequest, slug: str) -> HttpResponse:
    """Thank you, and the way back."""
    return render(request, "feedback/thanks.html", {"edition": _live(slug)})
