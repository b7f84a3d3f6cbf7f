"""The self-check: one question a page, and what to do. Answers live in one cookie of the reader's
browser.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from education.checklists.content import ChecklistContent
from education.clinic.context_processors import get_clinic
from education.publishing.composition import Composition, compose, get_live_edition_or_404
from education.publishing.content import DocumentKey
from education.publishing.models import Edition
from education.selfcheck import answer_cookie
from education.selfcheck.answer_replay import AskedFlow, edition_pair, replay_answers
from education.selfcheck.content import SelfCheckContent
from education.selfcheck.flow import NO, Question, Walk, is_unsure_about_emergency, walk
from education.selfcheck.presenters import AnsweredQuestion, QuestionPage, ResultPage
from education.selfcheck.printable.presenters import PrintableSelfCheck
from education.urgency import Urgency
from education.web.origin_check import same_origin_post, same_origin_post_only
from education.web.page_caching import cacheable_page

NOTICES = ("expired", "changed", "kept", "incomplete", "cleared", "again", "other")
# What to say on a result when the answer that led to it was not recorded.
UNRECORDED_NOTICES = {"changed": "unrecorded", "other": "unrecorded-other"}


@dataclass(repr=False)
class SelfCheckSession:
    """A reader on the way through a self-check: what is asked, what was answered, and where that
    leads.
    """

    slug: str
    composition: Composition
    asked: AskedFlow
    answer_set: answer_cookie.AnswerSet

    @classmethod
    def from_request(cls, request: HttpRequest, slug: str) -> Self:
        """The run that a request is part of; raises Http404 when self-checks are switched off."""
        composition = _get_live_composition(request, slug)
        content = composition.content_as(SelfCheckContent)
        checklist = composition.part("checklist", content.checklist, ChecklistContent)
        asked = AskedFlow.from_content(content, checklist)
        given = answer_cookie.AnswerSet.from_request(
            request, slug, edition_pair(composition), asked.flow
        )
        return cls(slug, composition, asked, replay_answers(given, asked, composition))

    @property
    def walk(self) -> Walk:
        """Where the answers lead, replayed from the start."""
        return walk(self.asked.flow, self.answer_set.answers)

    @property
    def url(self) -> str:
        """The address that the answers belong to."""
        return reverse("self-check", args=[self.slug])

    def step_url(self, key: str) -> str:
        """The address of a question."""
        return reverse("self-check-step", args=[self.slug, key])

    def reachable_question(self, key: str) -> Question | None:
        """The question called `key` when the answers so far lead to it; no other can be seen or
        answered.
        """
        walked = self.walk
        asked = (*(taken.question for taken in walked.steps), walked.question)
        return next((question for question in asked if question and question.key == key), None)

    def redirect_to_next(self, notice: str = "") -> HttpResponseRedirect:
        """To where the answers lead: the question that is open, with a note there, or
        the result.
        """
        open_question = self.walk.question
        if open_question is None:
            return HttpResponseRedirect(reverse("self-check-result", args=[self.slug]))
        url = self.step_url(open_question.key)
        return HttpResponseRedirect(f"{url}?notice={notice}" if notice else url)

    def redirect_to_open_question(self) -> HttpResponseRedirect:
        """To where the answers lead, with a note that says why."""
        return self.redirect_to_next(
            self.answer_set.notice or ("incomplete" if self.answer_set.answers else "expired")
        )

    def redirect_unrecorded(self, key: str, notice: str) -> HttpResponseRedirect:
        """To the question called `key`, whose answer was not recorded; the note says why.

        When it is not asked, to where the answers lead. The note goes along even to a result, which
        the lost answer might have changed.
        """
        to = self.reachable_question(key)
        url = self.step_url(to.key) if to else self.redirect_to_next().url
        return HttpResponseRedirect(f"{url}?notice={notice}")

    def redirect_after_answer(self) -> HttpResponseRedirect:
        """To where an answer that was just recorded leads; to a result, with the version of the
        answers.

        Only there: whoever comes to a result by another way may have given other answers.
        """
        to = self.redirect_to_next()
        return (
            to
            if self.walk.question
            else HttpResponseRedirect(f"{to.url}?of={self.answer_set.version}")
        )

    def form_fingerprint(self, key: str) -> str:
        """What the form of the question `key` carries of the answers that it is made from."""
        return self.answer_set.form_fingerprint(self.slug, self.asked.flow, key)

    def can_record(self, question: Question, chosen: frozenset[str], fingerprint: str) -> bool:
        """Whether an answer from a form with this `fingerprint` may be recorded beside what is
        there.

        It was made from just these; or it says no less than what was answered here meanwhile, and
        all else is the same; or it is about an emergency, which no other answer can make milder.
        """
        now = self.form_fingerprint(question.key)
        before = self.answer_set.answers.get(question.key, frozenset())
        confirmed = {key for key in before if question.choices_by_key[key].answer != NO}
        return (
            fingerprint == now
            or (fingerprint.partition("-")[0] == now.partition("-")[0] and confirmed <= chosen)
            or question.urgency_of(chosen) >= self.asked.flow.emergency
        )

    def set_cookie(self, response: HttpResponseRedirect) -> HttpResponseRedirect:
        """`response`, with the answers put into the browser."""
        walked = self.walk
        if walked.outcome is not None:
            doubted = 1 if is_unsure_about_emergency(self.asked.flow, walked) else 0
            self.answer_set.highest_urgency_code = max(
                self.answer_set.highest_urgency_code, 2 * walked.outcome.urgency + doubted
            )
        editions = edition_pair(self.composition)
        self.answer_set.set_cookie(response, self.slug, editions, self.asked.flow, self.url)
        return response


def _require_enabled(request: HttpRequest) -> None:
    if not get_clinic(request).self_checks_enabled:
        raise Http404("Self-checks are switched off.")


def _get_live_composition(request: HttpRequest, slug: str) -> Composition:
    """The self-check that readers see; raises Http404 when self-checks are switched off."""
    _require_enabled(request)
    return compose(get_live_edition_or_404(DocumentKey("self-check", slug), get_language()))


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
    """What a self-check is and is not; and whether answers are there already."""
    return start_page(
        request,
        _get_live_composition(request, slug),
        version=answer_cookie.get_version(request, slug),
    )


def start_page(
    request: HttpRequest, composition: Composition, *, version: str = ""
) -> HttpResponse:
    """The first page of a self-check edition; `version`: that of answers which are
    there already.
    """
    content = composition.content_as(SelfCheckContent)
    first = content.questions[0].key if content.questions else ""
    context = {
        "composition": composition,
        "self_check": content,
        "first": first,
        "minutes": answer_cookie.MAX_AGE_MINUTES,
        "notice": _get_notice(request),
        "version": version,
    }
    return render(request, "selfcheck/start.html", context)


@never_cache
@same_origin_post_only
def begin(request: HttpRequest, slug: str) -> HttpResponse:
    """To the first question, with no answers: whoever starts has given none."""
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
    """The same edition as boxes to follow on paper. It knows no answers, so it may be kept like any
    page.
    """
    composition = _get_live_composition(request, slug)
    content = composition.content_as(SelfCheckContent)
    printable_self_check = PrintableSelfCheck.from_content(
        content, composition.part("checklist", content.checklist, ChecklistContent)
    )
    context = {
        "composition": composition,
        "self_check": content,
        "printable_self_check": printable_self_check,
    }
    return render(request, "selfcheck/printable.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@same_origin_post
def step(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """One question. An answer that fits is kept in the browser, and leads on."""
    session = SelfCheckSession.from_request(request, slug)
    if request.method == "POST":
        return _record(request, session, key)
    question = session.reachable_question(key)
    return (
        _render_question(request, session, question)
        if question
        else session.redirect_to_open_question()
    )


def _record(request: HttpRequest, session: SelfCheckSession, key: str) -> HttpResponse:
    """Keep an answer and lead on; or ask again, with what was ticked and the reason.

    Every way ends in a redirect, so that going back never sends an answer again.
    """
    if request.POST.get("editions") != edition_pair(session.composition):
        return session.redirect_unrecorded(key, "changed")
    fingerprint, question = request.POST.get("seen", ""), session.reachable_question(key)
    if question is None:
        # Answers that lead elsewhere now were changed since the form was made.
        return (
            session.redirect_unrecorded(key, "other")
            if session.answer_set.answers and fingerprint != session.form_fingerprint(key)
            else session.redirect_to_open_question()
        )
    chosen = question.resolve_not_sure(frozenset(request.POST.getlist("choice")))
    if not question.is_valid_answer(chosen):
        session.answer_set.record(key, None)
        session.answer_set.draft = {key: chosen & question.choices_by_key.keys()}
        return session.set_cookie(session.redirect_unrecorded(key, "again"))
    if not session.can_record(question, chosen, fingerprint):
        session.answer_set.draft = {key: chosen}
        return session.set_cookie(
            session.redirect_unrecorded(key, "other" if session.answer_set.answers else "expired")
        )
    session.answer_set.record(key, chosen)
    session.answer_set.draft = {}
    return session.set_cookie(session.redirect_after_answer())


def _render_question(
    request: HttpRequest, session: SelfCheckSession, question: Question
) -> HttpResponse:
    key, notice = question.key, _get_notice(request)
    chosen = session.answer_set.answers.get(key, frozenset())
    if notice in {"again", "other", "expired"}:
        chosen = session.answer_set.draft.get(key, chosen)
    refused = notice == "again" and (key in session.answer_set.draft or not chosen)
    walked = session.walk
    steps = [taken.question.key for taken in walked.steps]
    number = steps.index(key) if key in steps else len(steps)
    # What was answered here before is shown too, when something else was just ticked.
    answered = [
        AnsweredQuestion.from_step(taken, session.step_url(taken.question.key))
        for taken in walked.steps
        if taken.question.key != key or notice == "other"
    ]
    context = {
        "composition": session.composition,
        "self_check": session.asked.content,
        "page": QuestionPage.from_content(
            session.asked.content, session.asked.checklist, key, chosen, refused
        ),
        "editions": edition_pair(session.composition),
        "seen": session.form_fingerprint(key),
        "back_url": session.step_url(steps[number - 1]) if number else session.url,
        "number": number + 1,
        "max_number": number + session.asked.content.max_questions_from(key),
        "answered": answered,
        "notice": notice or session.answer_set.notice,
        "minutes": answer_cookie.MAX_AGE_MINUTES,
    }
    return render(request, "selfcheck/question.html", context)


@never_cache
@require_safe
def result(request: HttpRequest, slug: str) -> HttpResponse:
    """What to do, once every question on the way was answered; before that, the question that is
    open.
    """
    session = SelfCheckSession.from_request(request, slug)
    walked = session.walk
    if walked.outcome is None:
        return session.redirect_to_open_question()
    context = {
        "composition": session.composition,
        "self_check": session.asked.content,
        "result": ResultPage.from_walk(
            session.asked.content,
            session.asked.checklist,
            session.composition,
            walked,
            is_unsure_about_emergency(session.asked.flow, walked),
            session.step_url,
        ),
        # Nothing is open here, so of all notes only these can be true.
        "notice": UNRECORDED_NOTICES.get(
            _get_notice(request), session.answer_set.notice or _other_tab_notice(request, session)
        ),
        "more_urgent_before": _more_urgent_before(session, walked.outcome.urgency),
        "minutes": answer_cookie.MAX_AGE_MINUTES,
    }
    return render(request, "selfcheck/result.html", context)


def _other_tab_notice(request: HttpRequest, session: SelfCheckSession) -> str:
    """What to say where the answers may be those of another tab, unless no answer could be more
    urgent.
    """
    walked = session.walk
    is_emergency = (
        walked.outcome is not None and walked.outcome.urgency >= session.asked.flow.emergency
    )
    return (
        "" if is_emergency or request.GET.get("of", "") == session.answer_set.version else "others"
    )


def _more_urgent_before(session: SelfCheckSession, urgency: int) -> Urgency | None:
    """The urgency of a result that the answers led to before, where it was graver than
    the one now.
    """
    now = 2 * urgency + (1 if is_unsure_about_emergency(session.asked.flow, session.walk) else 0)
    return (
        Urgency(session.answer_set.highest_urgency_code // 2)
        if session.answer_set.highest_urgency_code > now
        else None
    )


@never_cache
@same_origin_post_only
def clear(request: HttpRequest, slug: str) -> HttpResponse:
    """Forget the answers, and begin again."""
    _require_enabled(request)
    path = reverse("self-check", args=[slug])
    response = HttpResponseRedirect(f"{path}?notice=cleared")
    answer_cookie.delete_cookie(response, path)
    return response


@never_cache
@same_origin_post_only
def finish(request: HttpRequest, slug: str) -> HttpResponse:
    """Forget the answers, and leave."""
    _require_enabled(request)
    response = HttpResponseRedirect(f"{reverse('home')}?notice=cleared")
    answer_cookie.delete_cookie(response, reverse("self-check", args=[slug]))
    return response
