"""The self-check for readers: one question a page, and what to do.

Answers live in one cookie of the reader's browser, see `answer_cookie`.
"""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from education.clinic.context_processors import get_clinic
from education.publishing.composition import Composition, compose_live
from education.publishing.content import DocumentKey
from education.publishing.models import Edition
from education.publishing.preview import PreviewContext
from education.selfcheck import answer_cookie
from education.selfcheck.content import SelfCheckContent
from education.selfcheck.flow import Question
from education.selfcheck.flow_builder import AskedFlow
from education.selfcheck.presenters import QuestionPage, ResultPage, answered_questions
from education.selfcheck.printable.presenters import PrintableSelfCheck
from education.selfcheck.session import SelfCheckSession
from education.web.origin_check import same_origin_post, same_origin_post_only
from education.web.page_caching import cacheable_page

NOTICES = ("expired", "changed", "kept", "incomplete", "cleared", "again", "other")


def _require_enabled(request: HttpRequest) -> None:
    if not get_clinic(request).self_checks_enabled:
        raise Http404("Self-checks are switched off.")


def _get_live_composition(request: HttpRequest, slug: str) -> Composition:
    """The self-check that readers see; raises Http404 when self-checks are switched off."""
    _require_enabled(request)
    return compose_live(DocumentKey("self-check", slug), get_language())


def _get_session(request: HttpRequest, slug: str) -> SelfCheckSession:
    return SelfCheckSession.from_request(request, slug, _get_live_composition(request, slug))


def _get_notice(request: HttpRequest) -> str:
    notice = request.GET.get("notice", "")
    return notice if notice in NOTICES else ""


@never_cache
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """All self-checks."""
    _require_enabled(request)
    editions = (
        Edition.objects.live()
        .of_kind("self-check", get_language())
        .for_listing()
        .order_by("heading")
    )
    return render(request, "selfcheck/index.html", {"editions": editions})


@never_cache
@require_safe
def start(request: HttpRequest, slug: str) -> HttpResponse:
    """What a self-check is and is not, and whether this browser has answers already."""
    return start_page(
        request,
        _get_live_composition(request, slug),
        version=answer_cookie.get_version(request, slug),
    )


def start_page(
    request: HttpRequest,
    composition: Composition,
    *,
    version: str = "",
    preview: PreviewContext | None = None,
) -> HttpResponse:
    """The first page of a self-check edition; `version` is that of answers in the browser."""
    content = composition.content_as(SelfCheckContent)
    context = {
        "composition": composition,
        "preview": preview,
        "self_check": content,
        "first": content.questions[0].key if content.questions else "",
        "minutes": answer_cookie.MAX_AGE_MINUTES,
        "notice": _get_notice(request),
        "version": version,
    }
    return render(request, "selfcheck/start.html", context)


@never_cache
@same_origin_post_only
def begin(request: HttpRequest, slug: str) -> HttpResponse:
    """Delete all answers, and go to the first question."""
    content = _get_live_composition(request, slug).content_as(SelfCheckContent)
    response = HttpResponseRedirect(
        reverse("self-check-step", args=[slug, content.questions[0].key])
    )
    if answer_cookie.COOKIE_NAME in request.COOKIES:
        answer_cookie.delete_cookie(response, reverse("self-check", args=[slug]))
    return response


@cacheable_page
@require_safe
def printable(request: HttpRequest, slug: str) -> HttpResponse:
    """The same edition as boxes to follow on paper. It depends on no answers, so it is cached."""
    composition = _get_live_composition(request, slug)
    asked = AskedFlow.from_composition(composition)
    context = {
        "composition": composition,
        "self_check": asked.content,
        "printable_self_check": PrintableSelfCheck.from_content(asked.content, asked.checklist),
    }
    return render(request, "selfcheck/printable.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@same_origin_post
def step(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """One question; a POST records the answer to it."""
    session = _get_session(request, slug)
    if request.method == "POST":
        return _record(request, session, key)
    if question := session.reachable_question(key):
        return _render_question(request, session, question)
    return session.redirect_to_open_question()


def _record(request: HttpRequest, session: SelfCheckSession, key: str) -> HttpResponse:
    """Record an answer and lead on; or ask again, with what was ticked and the reason.

    Every case ends in a redirect, so that going back never sends an answer again.
    """
    if request.POST.get("editions") != session.editions:
        return session.redirect_unrecorded(key, "changed")
    fingerprint = request.POST.get("seen", "")
    question, answer_set = session.reachable_question(key), session.answer_set
    if question is None:
        # Other answers were recorded since the form was made, or the form is made up.
        if answer_set.answers and fingerprint != session.form_fingerprint(key):
            return session.redirect_unrecorded(key, "other")
        return session.redirect_to_open_question()
    chosen = question.resolve_not_sure(frozenset(request.POST.getlist("choice")))
    if not question.is_valid_answer(chosen):
        answer_set.record(key, None)
        answer_set.draft = {key: chosen & question.choices_by_key.keys()}
        return session.set_cookie(session.redirect_unrecorded(key, "again"))
    if not session.can_record(question, chosen, fingerprint):
        answer_set.draft = {key: chosen}
        notice = "other" if answer_set.answers else "expired"
        return session.set_cookie(session.redirect_unrecorded(key, notice))
    answer_set.record(key, chosen)
    answer_set.draft = {}
    return session.set_cookie(session.redirect_after_answer())


def _render_question(
    request: HttpRequest, session: SelfCheckSession, question: Question
) -> HttpResponse:
    key, notice = question.key, _get_notice(request)
    position = session.question_position(key)
    # The answer to this question is listed only beside an answer that was not recorded.
    answered = [one for one in answered_questions(session) if one.key != key or notice == "other"]
    context = {
        "composition": session.composition,
        "self_check": session.asked.content,
        "page": QuestionPage.from_question(
            question,
            session.asked.checklist,
            session.ticked_choices(key, notice),
            session.is_refused(key, notice),
        ),
        "editions": session.editions,
        "seen": session.form_fingerprint(key),
        "back_url": session.back_url(key),
        "number": position + 1,
        "max_number": position + session.asked.content.max_questions_from(key),
        "answered": answered,
        "notice": notice or session.answer_set.notice,
        "minutes": answer_cookie.MAX_AGE_MINUTES,
    }
    return render(request, "selfcheck/question.html", context)


@never_cache
@require_safe
def result(request: HttpRequest, slug: str) -> HttpResponse:
    """What to do; while a question is open, a redirect to it."""
    session = _get_session(request, slug)
    if session.walk.outcome is None:
        return session.redirect_to_open_question()
    context = {
        "composition": session.composition,
        "self_check": session.asked.content,
        "result": ResultPage.from_session(session),
        "notice": session.result_notice(_get_notice(request), request.GET.get("of", "")),
        "more_urgent_before": session.more_urgent_before(),
        "minutes": answer_cookie.MAX_AGE_MINUTES,
    }
    return render(request, "selfcheck/result.html", context)


@never_cache
@same_origin_post_only
def clear(request: HttpRequest, slug: str) -> HttpResponse:
    """Delete the answers, and begin again."""
    _require_enabled(request)
    path = reverse("self-check", args=[slug])
    response = HttpResponseRedirect(f"{path}?notice=cleared")
    answer_cookie.delete_cookie(response, path)
    return response


@never_cache
@same_origin_post_only
def finish(request: HttpRequest, slug: str) -> HttpResponse:
    """Delete the answers, and leave."""
    _require_enabled(request)
    response = HttpResponseRedirect(f"{reverse('home')}?notice=cleared")
    answer_cookie.delete_cookie(response, reverse("self-check", args=[slug]))
    return response
