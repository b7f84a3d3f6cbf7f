"""Was this page useful? One press of "Yes" or "No" is stored; then a comment may be added."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from education.feedback.actions import DailyLimitReached, add_comment, record_vote
from education.feedback.form_tokens import COMMENT_MAX_AGE, VOTE_MAX_AGE, FeedbackToken, is_too_fast
from education.feedback.forms import CommentForm
from education.feedback.models import MAX_COMMENT_LENGTH
from education.publishing.composition import get_live_edition_or_404
from education.publishing.content import DocumentKey
from education.publishing.models import Edition
from education.web.origin_check import has_origin_headers, same_origin_post


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@same_origin_post
def feedback(request: HttpRequest, slug: str) -> HttpResponse:
    """The question, an answer to it, and the comment that may follow."""
    if "answer" in request.POST:
        return _record_comment(request, slug, request.POST["answer"])
    if "useful" not in request.POST:
        return _render_prompt(request, FeedbackToken(_get_voted_edition(request, slug)))
    return _record_vote(request, slug)


def _record_vote(request: HttpRequest, slug: str) -> HttpResponse:
    """Store an answer. Without the headers of a browser, it needs a token that is old enough."""
    signed, useful = request.POST.get("token"), request.POST["useful"]
    token = (
        FeedbackToken.from_signed(signed, slug, get_language(), VOTE_MAX_AGE)
        if signed
        else FeedbackToken(_get_voted_edition(request, slug))
    )
    if token is None:
        error = _("This page was open for too long. Please answer once more.")
        return _render_prompt(request, FeedbackToken(_get_live_edition(slug)), error, status=422)
    if useful not in {"yes", "no"}:
        return _render_prompt(request, token, _("Choose “Yes” or “No”."), status=422)
    if signed and is_too_fast(signed):
        return _render_prompt(
            request, token, _("That was very fast. Please answer once more."), status=422
        )
    if not signed and not has_origin_headers(request):
        return _render_prompt(request, token)
    try:
        record_vote(request, token, useful=useful == "yes")
    except DailyLimitReached:
        error = _("Many people have answered today. Please try again tomorrow.")
        return _render_prompt(request, token, error, status=429)
    return _render_thanks(request, token.edition, CommentForm(), token.signed)


def _record_comment(request: HttpRequest, slug: str, signed: str) -> HttpResponse:
    """Add a comment, once, within an hour of the answer."""
    form, token = (
        CommentForm(request.POST),
        FeedbackToken.from_signed(signed, slug, get_language(), COMMENT_MAX_AGE),
    )
    if form.is_valid() and is_too_fast(signed):
        form.add_error(None, _("That was very fast. Please press “Send these words” once more."))
    if form.is_valid():
        if token and add_comment(token, form.cleaned_data["comment"]):
            return HttpResponseRedirect(reverse("feedback-thanks", args=[slug]))
        form.add_error(
            None, _("These words can no longer be added. That can be done once, within an hour.")
        )
    return _render_thanks(
        request, token.edition if token else _get_live_edition(slug), form, signed, status=422
    )


def _render_prompt(
    request: HttpRequest, token: FeedbackToken, error: str = "", status: int = 200
) -> HttpResponse:
    context = {"edition": token.edition, "signed_token": token.signed, "error": error}
    return render(request, "feedback/prompt_page.html", context, status=status)


def _render_thanks(
    request: HttpRequest, edition: Edition, form: CommentForm, signed: str, status: int = 200
) -> HttpResponse:
    context = {
        "edition": edition,
        "form": form,
        "signed_token": signed,
        "max_length": MAX_COMMENT_LENGTH,
    }
    return render(request, "feedback/thanks.html", context, status=status)


def _get_live_edition(slug: str) -> Edition:
    return get_live_edition_or_404(DocumentKey("article", slug), get_language())


def _get_voted_edition(request: HttpRequest, slug: str) -> Edition:
    """The edition in the form, which may be an earlier one; else the live edition."""
    number = request.POST.get("edition", "")
    if request.method != "POST" or not number:
        return _get_live_edition(slug)
    found = (
        Edition.objects.ever_live().of_kind("article", get_language()).select_related("document")
    )
    is_number = number.isascii() and number.isdecimal() and len(number) < 7
    edition = found.filter(document__slug=slug, number=int(number)).first() if is_number else None
    if edition is None:
        raise Http404("Readers never saw such an edition of this page.")
    return edition


@require_safe
def thanks(request: HttpRequest, slug: str) -> HttpResponse:
    return render(
        request, "feedback/thanks.html", {"edition": _get_live_edition(slug), "form": None}
    )
