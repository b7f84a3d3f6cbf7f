"""The self-check: one question a page, and what to do. Answers live in one cookie of the reader's browser."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from education.checklists.content import ChecklistContent
from education.clinic.context_processors import get_clinic
from education.publishing.composition import Composition, compose, get_live_edition_or_404
from education.publishing.content import DocumentKey
from education.publishing.models import Edition
from education.selfcheck import answers
from education.selfcheck.content import SelfCheckContent
from education.selfcheck.flow import NO, Question, Walk, ends_in_doubt, walk
from education.selfcheck.pages import Answered, QuestionPage, ResultPage
from education.selfcheck.replay import Asked, editions_of, replayed
from education.selfcheck.sheet import Sheet
from education.urgency import Urgency
from education.web.origin_check import same_origin_post
from education.web.page_caching import cacheable_page

NOTES = ("lost", "changed", "kept", "open", "cleared", "again", "other")
# What to say on a result when the answer that led to it was not recorded.
UNRECORDED = {"changed": "unrecorded", "other": "unrecorded-other"}


@dataclass(repr=False)
class Run:
    """A reader on the way through a self-check: what is asked, what was answered, and where that leads."""

    slug: str
    composition: Composition
    asked: Asked
    given: answers.Given

    @classmethod
    def of(cls, request: HttpRequest, slug: str) -> Self:
        """The run that a request is part of; raises Http404 when self-checks are switched off."""
        composition = _live(request, slug)
        content = composition.content_as(SelfCheckContent)
        checklist = composition.part("checklist", content.checklist, ChecklistContent)
        asked = Asked.of(content, checklist)
        given = answers.Given.of(request, slug, editions_of(composition), asked.flow)
        return cls(slug, composition, asked, replayed(given, asked, composition))

    @property
    def walk(self) -> Walk:
        """Where the answers lead, replayed from the start."""
        return walk(self.asked.flow, self.given.answers)

    @property
    def path(self) -> str:
        """The address that the answers belong to."""
        return reverse("self-check", args=[self.slug])

    def step(self, key: str) -> str:
        """The address of a question."""
        return reverse("self-check-step", args=[self.slug, key])

    def on_the_way(self, key: str) -> Question | None:
        """The question called `key` when the answers so far lead to it; no other can be seen or answered."""
        walked = self.walk
        asked = (*(taken.question for taken in walked.steps), walked.question)
        return next((question for question in asked if question and question.key == key), None)

    def onward(self, note: str = "") -> HttpResponseRedirect:
        """To where the answers lead: the question that is open, with a note there, or the result."""
        open_question = self.walk.question
        if open_question is None:
            return HttpResponseRedirect(reverse("self-check-result", args=[self.slug]))
        address = self.step(open_question.key)
        return HttpResponseRedirect(f"{address}?note={note}" if note else address)

    def back_on_the_way(self) -> HttpResponseRedirect:
        """To where the answers lead, with a note that says why."""
        return self.onward(self.given.note or ("open" if self.given.answers else "lost"))

    def again(self, key: str, note: str) -> HttpResponseRedirect:
        """To the question called `key`, whose answer was not recorded; the note says why.

        When it is not asked, to where the answers lead. The note goes along even to a result, which the lost
        answer might have changed.
        """
        to = self.on_the_way(key)
        address = self.step(to.key) if to else self.onward().url
        return HttpResponseRedirect(f"{address}?note={note}")

    def to_what_was_said(self) -> HttpResponseRedirect:
        """To where an answer that was just recorded leads; to a result, with the mark of the answers.

        Only there: whoever comes to a result by another way may have given other answers.
        """
        to = self.onward()
        return to if self.walk.question else HttpResponseRedirect(f"{to.url}?of={self.given.mark}")

    def seen(self, key: str) -> str:
        """What the form of the question `key` carries of the answers that it is made from."""
        return self.given.seen(self.slug, self.asked.flow, key)

    def may_record(self, question: Question, chosen: frozenset[str], seen: str) -> bool:
        """Whether an answer from a form that was made from `seen` may be recorded beside what is there.

        It was made from just these; or it says no less than what was answered here meanwhile, and all else is
        the same; or it is about an emergency, which no other answer can make milder.
        """
        now = self.seen(question.key)
        before = self.given.answers.get(question.key, frozenset())
        content = {key for key in before if question.by_key[key].answer != NO}
        return (
            seen == now
            or (seen.partition("-")[0] == now.partition("-")[0] and content <= chosen)
            or question.affirmed(chosen) >= self.asked.flow.emergency
        )

    def keep(self, response: HttpResponseRedirect) -> HttpResponseRedirect:
        """`response`, with the answers put into the browser."""
        walked = self.walk
        if walked.outcome is not None:
            doubted = 1 if ends_in_doubt(self.asked.flow, walked) else 0
            self.given.gravest = max(self.given.gravest, 2 * walked.outcome.urgency + doubted)
        editions = editions_of(self.composition)
        self.given.keep(response, self.slug, editions, self.asked.flow, self.path)
        return response


def _refuse_when_off(request: HttpRequest) -> None:
    if not get_clinic(request).self_checks_enabled:
        raise Http404("Self-checks are switched off.")


def _live(request: HttpRequest, slug: str) -> Composition:
    """The self-check that readers see; raises Http404 when self-checks are switched off."""
    _refuse_when_off(request)
    return compose(get_live_edition_or_404(DocumentKey("self-check", slug), get_language()))


def _note(request: HttpRequest) -> str:
    note = request.GET.get("note", "")
    return note if note in NOTES else ""


@never_cache
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """All self-checks."""
    _refuse_when_off(request)
    editions = Edition.objects.live().of_kind("self-check", get_language()).for_listing().order_by("heading")
    return render(request, "selfcheck/index.html", {"editions": editions})


@never_cache
@require_safe
def start(request: HttpRequest, slug: str) -> HttpResponse:
    """What a self-check is and is not; and whether answers are there already."""
    return start_page(request, _live(request, slug), mark=answers.mark_of(request, slug))


def start_page(request: HttpRequest, composition: Composition, *, mark: str = "") -> HttpResponse:
    """The first page of a self-check edition; `mark`: that of answers which are there already."""
    content = composition.content_as(SelfCheckContent)
    first = content.questions[0].key if content.questions else ""
    context = {
        "composition": composition,
        "self_check": content,
        "first": first,
        "minutes": answers.MINUTES,
        "note": _note(request),
        "mark": mark,
    }
    return render(request, "selfcheck/start.html", context)


@never_cache
@require_POST
@same_origin_post
def begin(request: HttpRequest, slug: str) -> HttpResponse:
    """To the first question, with no answers: whoever starts has given none."""
    content = _live(request, slug).content_as(SelfCheckContent)
    response = HttpResponseRedirect(reverse("self-check-step", args=[slug, content.questions[0].key]))
    if answers.COOKIE in request.COOKIES:
        answers.forget(response, reverse("self-check", args=[slug]))
    return response


@cacheable_page
@require_safe
def paper(request: HttpRequest, slug: str) -> HttpResponse:
    """The same edition as boxes to follow on paper. It knows no answers, so it may be kept like any page."""
    composition = _live(request, slug)
    content = composition.content_as(SelfCheckContent)
    sheet = Sheet.of(content, composition.part("checklist", content.checklist, ChecklistContent))
    context = {"composition": composition, "self_check": content, "sheet": sheet}
    return render(request, "selfcheck/paper.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@same_origin_post
def step(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """One question. An answer that fits is kept in the browser, and leads on."""
    run = Run.of(request, slug)
    if request.method == "POST":
        return _record(request, run, key)
    question = run.on_the_way(key)
    return _ask(request, run, question) if question else run.back_on_the_way()


def _record(request: HttpRequest, run: Run, key: str) -> HttpResponse:
    """Keep an answer and lead on; or ask again, with what was ticked and the reason.

    Every way ends in a redirect, so that going back never sends an answer again.
    """
    if request.POST.get("editions") != editions_of(run.composition):
        return run.again(key, "changed")
    seen, question = request.POST.get("seen", ""), run.on_the_way(key)
    if question is None:
        # Answers that lead elsewhere now were changed since the form was made.
        return (
            run.again(key, "other") if run.given.answers and seen != run.seen(key) else run.back_on_the_way()
        )
    chosen = question.understood(frozenset(request.POST.getlist("choice")))
    if not question.accepts(chosen):
        run.given.record(key, None)
        run.given.draft = {key: chosen & question.by_key.keys()}
        return run.keep(run.again(key, "again"))
    if not run.may_record(question, chosen, seen):
        run.given.draft = {key: chosen}
        return run.keep(run.again(key, "other" if run.given.answers else "lost"))
    run.given.record(key, chosen)
    run.given.draft = {}
    return run.keep(run.to_what_was_said())


def _ask(request: HttpRequest, run: Run, question: Question) -> HttpResponse:
    key, note = question.key, _note(request)
    chosen = run.given.answers.get(key, frozenset())
    if note in {"again", "other", "lost"}:
        chosen = run.given.draft.get(key, chosen)
    refused = note == "again" and (key in run.given.draft or not chosen)
    walked = run.walk
    steps = [taken.question.key for taken in walked.steps]
    number = steps.index(key) if key in steps else len(steps)
    # What was answered here before is shown too, when something else was just ticked.
    answered = [
        Answered.of(taken, run.step(taken.question.key))
        for taken in walked.steps
        if taken.question.key != key or note == "other"
    ]
    context = {
        "composition": run.composition,
        "self_check": run.asked.content,
        "page": QuestionPage.of(run.asked.content, run.asked.checklist, key, chosen, refused),
        "editions": editions_of(run.composition),
        "seen": run.seen(key),
        "back": run.step(steps[number - 1]) if number else run.path,
        "number": number + 1,
        "most": number + run.asked.content.most_from(key),
        "answered": answered,
        "note": note or run.given.note,
        "minutes": answers.MINUTES,
    }
    return render(request, "selfcheck/question.html", context)


@never_cache
@require_safe
def result(request: HttpRequest, slug: str) -> HttpResponse:
    """What to do, once every question on the way was answered; before that, the question that is open."""
    run = Run.of(request, slug)
    walked = run.walk
    if walked.outcome is None:
        return run.back_on_the_way()
    context = {
        "composition": run.composition,
        "self_check": run.asked.content,
        "result": ResultPage.of(
            run.asked.content,
            run.asked.checklist,
            run.composition,
            walked,
            ends_in_doubt(run.asked.flow, walked),
            run.step,
        ),
        # Nothing is open here, so of all notes only these can be true.
        "note": UNRECORDED.get(_note(request), run.given.note or _note_of_others(request, run)),
        "was_graver": _graver_than(run, walked.outcome.urgency),
        "minutes": answers.MINUTES,
    }
    return render(request, "selfcheck/result.html", context)


def _note_of_others(request: HttpRequest, run: Run) -> str:
    """What to say where the answers may be those of another tab, unless no answer could be more urgent."""
    walked = run.walk
    is_emergency = walked.outcome is not None and walked.outcome.urgency >= run.asked.flow.emergency
    return "" if is_emergency or request.GET.get("of", "") == run.given.mark else "others"


def _graver_than(run: Run, urgency: int) -> Urgency | None:
    """The urgency of a result that the answers led to before, where it was graver than the one now."""
    now = 2 * urgency + (1 if ends_in_doubt(run.asked.flow, run.walk) else 0)
    return Urgency(run.given.gravest // 2) if run.given.gravest > now else None


@never_cache
@require_POST
@same_origin_post
def clear(request: HttpRequest, slug: str) -> HttpResponse:
    """Forget the answers, and begin again."""
    _refuse_when_off(request)
    path = reverse("self-check", args=[slug])
    response = HttpResponseRedirect(f"{path}?note=cleared")
    answers.forget(response, path)
    return response


@never_cache
@require_POST
@same_origin_post
def finish(request: HttpRequest, slug: str) -> HttpResponse:
    """Forget the answers, and leave."""
    _refuse_when_off(request)
    response = HttpResponseRedirect(f"{reverse('home')}?note=cleared")
    answers.forget(response, reverse("self-check", args=[slug]))
    return response
