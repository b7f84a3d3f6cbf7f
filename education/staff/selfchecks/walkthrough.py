"""Staff try the working copy of a self-check. What they answer travels with the form and is kept
nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from education.selfcheck.flow import Flow, Question, Step, Walk, walk
from education.selfcheck.presenters import QuestionPage
from education.staff.selfchecks.draft_flow import DraftFlow
from education.staff.workflow.base import View, get_document_or_403, workflow_context
from education.urgency import Urgency

if TYPE_CHECKING:
    from education.staff.admin.base import DocumentAdmin

SALT = "education.staff.selfchecks.walkthrough"

Answers = dict[str, frozenset[str]]


@dataclass(frozen=True, repr=False)
class WalkPosition:
    """Where answers lead in a flow that may be unfinished. Shown in a log, it tells nothing.

    `dead_end_reason`: why an allowed answer leads no further; the question is then the one it
    answers.
    """

    walked: Walk
    chosen: frozenset[str] = frozenset()
    dead_end_reason: str = ""

    @property
    def is_refused(self) -> bool:
        """Whether the question was answered in a way that it does not allow."""
        return self.walked.is_refused and not self.dead_end_reason


def walk_position(flow: Flow, answers: Mapping[str, frozenset[str]]) -> WalkPosition | None:
    """Where `answers` lead; None while there is no question."""
    if not flow.questions:
        return None
    walked = walk(flow, answers)
    question = walked.question
    if question is None or not walked.is_refused:
        return WalkPosition(walked)
    chosen = answers[question.key]
    dead_end_reason = (
        _dead_end_reason(flow, walked, question, chosen) if question.is_valid_answer(chosen) else ""
    )
    return WalkPosition(walked, chosen & question.choices_by_key.keys(), dead_end_reason)


def _dead_end_reason(flow: Flow, walked: Walk, question: Question, chosen: frozenset[str]) -> str:
    to = question.next_key(chosen, walked.highest)
    if to in flow.outcomes_by_key:
        text = _(
            "This answer leads to the outcome “{key}”, which is milder than what was answered."
        )
        return text.format(key=to)
    if to in flow.questions_by_key:
        return _("This answer leads back to question {key}, which was asked already.").format(
            key=to
        )
    return _("This answer leads nowhere yet.")


def walkthrough(admin: DocumentAdmin) -> View:
    """One question after another of the working copy, and where the answers lead."""

    @require_http_methods(["GET", "HEAD", "POST"])
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        document = get_document_or_403(admin, request, pk)
        draft_flow = DraftFlow.from_working_copy(document)
        answers = _normalize_answers(draft_flow.flow, _answers_from_post(request))
        request.preview_of = admin.admin_url("change", pk)  # type: ignore[attr-defined]
        context = workflow_context(
            admin,
            request,
            document,
            _("Try it"),
            flowchart_url=admin.workflow_urls(pk)["flowchart"],
        )
        context |= _walk_context(draft_flow, walk_position(draft_flow.flow, answers))
        asked = {step.question.key for step in context["steps"]}
        context["signed_answers"] = _sign_answers(
            {key: chosen for key, chosen in answers.items() if key in asked}
        )
        return render(request, "admin/selfcheck/walkthrough.html", context)

    return view


def _answers_from_post(request: HttpRequest) -> Answers:
    """The answers that came with the form, and the one just given, or without one to be changed."""
    try:
        pairs = signing.loads(request.POST.get("given", ""), salt=SALT)
    except signing.BadSignature:
        return {}
    answers = {key: frozenset(chosen) for key, chosen in pairs}
    if "change" in request.POST:
        answers.pop(request.POST["change"], None)
    elif "question" in request.POST:
        answers[request.POST["question"]] = frozenset(request.POST.getlist("choice"))
    return answers


def _normalize_answers(flow: Flow, answers: Answers) -> Answers:
    """The answers as readers' answers are understood."""
    known = flow.questions_by_key
    return {
        key: known[key].resolve_not_sure(chosen) if key in known else chosen
        for key, chosen in answers.items()
    }


def _sign_answers(answers: Answers) -> str:
    return signing.dumps([(key, sorted(chosen)) for key, chosen in answers.items()], salt=SALT)


def _walk_context(draft_flow: DraftFlow, position: WalkPosition | None) -> dict[str, Any]:
    """What the page shows: the question that is open or the outcome, and what was
    answered before.
    """
    if position is None:
        return {"position": None, "steps": ()}
    walked = position.walked
    shown: dict[str, Any] = {
        "position": position,
        "steps": walked.steps,
        "answered": [_question_summary(one) for one in walked.steps],
    }
    if walked.question is not None:
        shown["page"] = QuestionPage.from_question(
            walked.question, draft_flow.checklist, position.chosen, position.is_refused
        )
    if walked.outcome is not None:
        outcome = draft_flow.content.get_outcome(walked.outcome.key)
        parts = draft_flow.composition.parts
        shown["outcome"] = outcome
        shown["urgency"] = Urgency.from_key(outcome.urgency) if outcome.urgency else None
        shown["read"] = [parts[key].heading for key in outcome.pages() if key in parts]
    return shown


def _question_summary(step: Step) -> tuple[Question, list[str]]:
    """A question, and the words of what was chosen, and of what that is together."""
    chosen = [choice.text for choice in step.question.chosen_choices(step.chosen)]
    together = [one.text for one in step.question.met_combinations(step.chosen)]
    return step.question, [*chosen, *(_("Together: {text}").format(text=text) for text in together)]
