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
from education.clinic.context import clinic_of
from education.kept_whole import kept_whole
from education.publishing.composition import Composition, compose, live_edition
from education.publishing.content import DocumentKey
from education.publishing.models import Edition
from education.same_origin import same_origin_post
from education.selfcheck import answers
from education.selfcheck.content import SelfCheckContent
from education.selfcheck.flow import Question, Walk, ends_in_doubt, walk
from education.selfcheck.pages import QuestionPage, ResultPage
from education.selfcheck.replay import Asked, editions_of, replayed
from education.selfcheck.sheet import Sheet

NOTES = ("lost", "changed", "kept", "open", "cleared")


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
        said = composition.said(SelfCheckContent)
        checklist = composition.part("checklist", said.checklist, ChecklistContent)
        asked = Asked.of(said, checklist)
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

    def again(self, key: str) -> HttpResponseRedirect:
        """To the question called `key`, whose answer was not recorded because the questions changed.

        When it is asked no more, to where the answers lead. The note goes along even to a result, which
        the lost answer might have changed.
        """
        to = self.on_the_way(key)
        address = self.step(to.key) if to else self.onward().url
        return HttpResponseRedirect(f"{address}?note=changed")


def _refuse_when_off(request: HttpRequest) -> None:
    if not clinic_of(request).self_check_on:
        raise Http404("Self-checks are switched off.")


def _live(request: HttpRequest, slug: str) -> Composition:
    """The self-check that readers see; raises Http404 when self-checks are switched off."""
    _refuse_when_off(request)
    return compose(live_edition(DocumentKey("self-check", slug), get_language()))


def _note(request: HttpRequest) -> str:
    note = request.GET.get("note", "")
    return note if note in NOTES else ""


@never_cache
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """All self-checks."""
    _refuse_when_off(request)
    editions = Edition.objects.live().of_kind("self-check", get_language()).for_lists().order_by("heading")
    return render(request, "selfcheck/index.html", {"editions": editions})


@never_cache
@require_safe
def start(request: HttpRequest, slug: str) -> HttpResponse:
    """What a self-check is and is not."""
    return start_page(request, _live(request, slug))


def start_page(request: HttpRequest, composition: Composition) -> HttpResponse:
    """The first page of a self-check edition."""
    said = composition.said(SelfCheckContent)
    first = said.questions[0].key if said.questions else ""
    context = {
        "composition": composition,
        "self_check": said,
        "first": first,
        "minutes": answers.MINUTES,
        "note": _note(request),
    }
    return render(request, "selfcheck/start.html", context)


@kept_whole
@require_safe
def paper(request: HttpRequest, slug: str) -> HttpResponse:
    """The same edition as boxes to follow on paper. It knows no answers, so it may be kept like any page."""
    composition = _live(request, slug)
    said = composition.said(SelfCheckContent)
    sheet = Sheet.of(said, composition.part("checklist", said.checklist, ChecklistContent))
    context = {"composition": composition, "self_check": said, "sheet": sheet}
    return render(request, "selfcheck/paper.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@same_origin_post
def step(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """One question. An answer that fits is kept in the browser, and leads on."""
    run = Run.of(request, slug)
    if request.method == "POST" and request.POST.get("editions") != editions_of(run.composition):
        return run.again(key)
    question = run.on_the_way(key)
    if question is None:
        return run.back_on_the_way()
    if request.method != "POST":
        return _ask(request, run, key, chosen=run.given.answers.get(key, frozenset()))
    chosen = question.understood(frozenset(request.POST.getlist("choice")))
    if not question.accepts(chosen):
        return _ask(request, run, key, chosen=chosen & question.by_key.keys(), refused=True)
    run.given.answers[key] = chosen
    response = run.onward()
    run.given.keep(response, slug, editions_of(run.composition), run.asked.flow, run.path)
    return response


def _ask(
    request: HttpRequest, run: Run, key: str, *, chosen: frozenset[str], refused: bool = False
) -> HttpResponse:
    page = QuestionPage.of(run.asked.said, run.asked.checklist, key, chosen, refused)
    steps = [taken.question.key for taken in run.walk.steps]
    before = steps[steps.index(key) - 1 :][:1] if key in steps[1:] else steps[-1:] if key not in steps else []
    context = {
        "composition": run.composition,
        "self_check": run.asked.said,
        "page": page,
        "editions": editions_of(run.composition),
        "back": run.step(before[0]) if before else run.path,
        "note": _note(request) or run.given.note,
        "minutes": answers.MINUTES,
    }
    return render(request, "selfcheck/question.html", context, status=422 if refused else 200)


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
        "self_check": run.asked.said,
        "result": ResultPage.of(
            run.asked.said,
            run.composition,
            walked,
            ends_in_doubt(run.asked.flow, walked),
            run.step,
        ),
        # Nothing is open here, so of all notes only these two can be true.
        "note": "unrecorded" if _note(request) == "changed" else run.given.note,
        "minutes": answers.MINUTES,
    }
    return render(request, "selfcheck/result.html", context)


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
