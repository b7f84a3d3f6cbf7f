"""Staff try the working copy of a self-check. Answers travel in the form and are never stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from education.selfcheck.flow import Flow, Question, Step, Walk, walk
from education.selfcheck.flow_names import outcome_name, question_number
from education.selfcheck.presenters import QuestionPage
from education.staff.admin_urls import admin_url
from education.staff.selfchecks.draft_flow import DraftFlow, publication_problems
from education.staff.workflow.base import WorkflowView
from education.staff.workflow.previews import preview_context
from education.staff.workflow.problem_links import link_problem
from education.urgency import Urgency

SALT = "education.staff.selfchecks.walkthrough"

Answers = dict[str, frozenset[str]]


@dataclass(frozen=True, repr=False)
class WalkPosition:
    """Where answers lead in a flow that may be unfinished. Its repr hides the answers from logs.

    `dead_end_reason`: why a valid answer leads no further; the current question is then the one
    that was answered.
    """

    walked: Walk
    chosen: frozenset[str] = frozenset()
    dead_end_reason: str = ""

    @property
    def is_refused(self) -> bool:
        """Whether the last answer is not allowed by its question."""
        return self.walked.is_refused and not self.dead_end_reason


def walk_position(flow: Flow, answers: Mapping[str, frozenset[str]]) -> WalkPosition | None:
    """Where `answers` lead; None if the flow has no questions."""
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
            "This answer leads to the result “{name}”, which is milder than what was answered."
        )
        return text.format(name=outcome_name(flow, to))
    if to in flow.questions_by_key:
        text = _("This answer leads back to question {number}, which was asked already.")
        return text.format(number=question_number(flow, to))
    return _("This answer leads nowhere yet.")


class WalkthroughView(WorkflowView):
    """Answer the questions of the working copy one by one, and see where the answers lead."""

    title = gettext_lazy("Try it")
    template_name = "admin/selfcheck/walkthrough.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        draft_flow = DraftFlow.from_working_copy(self.document)
        answers = _normalize_answers(draft_flow.flow, _answers_from_post(request))
        context = _walk_context(draft_flow, walk_position(draft_flow.flow, answers))
        answered = {step.question.key for step in context["steps"]}
        context["signed_answers"] = _sign_answers(
            {key: chosen for key, chosen in answers.items() if key in answered}
        )
        return self.render(
            preview=preview_context(self.document),
            flowchart_url=admin_url(self.document, "flowchart"),
            problems=[
                link_problem(problem, self.document)
                for problem in publication_problems(self.document)
            ],
            **context,
        )

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.get(request, pk)


def _answers_from_post(request: HttpRequest) -> Answers:
    """The answers in the form, with the new one added or the one to change removed."""
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
    """The answers, normalized like a reader's."""
    known = flow.questions_by_key
    return {
        key: known[key].resolve_not_sure(chosen) if key in known else chosen
        for key, chosen in answers.items()
    }


def _sign_answers(answers: Answers) -> str:
    return signing.dumps([(key, sorted(chosen)) for key, chosen in answers.items()], salt=SALT)


def _walk_context(draft_flow: DraftFlow, position: WalkPosition | None) -> dict[str, Any]:
    """Template context: the open question or the outcome, and the answers before it."""
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
    """A question with the texts of its answer and of the combinations met."""
    chosen = [choice.text for choice in step.question.chosen_choices(step.chosen)]
    together = [one.text for one in step.question.met_combinations(step.chosen)]
    return step.question, [*chosen, *(_("Together: {text}").format(text=text) for text in together)]
