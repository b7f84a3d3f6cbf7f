"""What the self-checks contribute to publishing: their kind, and the proof that each is safe."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from education import prose
from education.checklists.content import ChecklistContent
from education.publishing import kinds
from education.publishing.content import DocumentKey, Path, Problem
from education.publishing.files.layout import YamlLayout
from education.publishing.kinds import Kind
from education.publishing.models import Edition
from education.publishing.rules import rule
from education.publishing.site import SiteAt
from education.selfcheck.assembly import flow_of
from education.selfcheck.content import SelfCheckContent
from education.selfcheck.flow import Flow, FlowProblem, problems
from education.selfcheck.models import SelfCheck
from education.selfcheck.views import start_page

kinds.register(
    Kind(
        name="self-check",
        label=_("self-check"),
        label_plural=_("self-checks"),
        model=SelfCheck,
        content=SelfCheckContent,
        layout=YamlLayout(folder="self-checks"),
        address=lambda slug: reverse("self-check", args=[slug]),
        show=start_page,
        beside="checklist",
    )
)

SENTENCES = {
    "no-questions": _("There is no question yet. Write the first one."),
    "key-twice": _("Two questions or outcomes have the key “{where}”. Give each its own."),
    "choice-twice": _("Two choices of question {where} have the same key. Give each its own."),
    "no-choices": _("Question {where} has no choices. Add some."),
    "too-many-choices": _(
        "Question {where} has more than {detail} choices. Ask some of them on another page."
    ),
    "dangling-target": _("A route of question {where} leads to “{detail}”, which does not exist."),
    "dangling-choice": _(
        "A route of question {where} waits for the choice “{detail}”, which does not exist."
    ),
    "missing-target": _("An answer to question {where} leads nowhere. Add a route that takes every answer."),
    "unreachable-question": _("Nobody is ever asked question {where}. Lead to it, or delete it."),
    "unreachable-outcome": _("Nobody ever gets the outcome “{where}”. Lead to it, or delete it."),
    "cycle": _("Question {where} can lead back to itself. Every path must end."),
    "skips-signs": _(
        "The outcome “{where}” can be reached without question {detail}, which asks more urgent signs."
    ),
    "emergency-not-first": _("The first question, {where}, does not ask emergency signs. Ask them first."),
    "milder": _("The outcome “{where}” is milder than a warning sign that was affirmed before it."),
    "outcome-without": _("The outcome “{where}” lacks its {detail}. Write it."),
    "sign-never-asked": _("The warning sign “{where}” of the checklist is never asked. Add a choice for it."),
    "unknown-sign": _(
        "Question {where} asks the warning sign “{detail}”, which the checklist does not have."
    ),
    "understated-sign": _("The choice “{detail}” of question {where} counts as less than its warning sign."),
    "no-not-sure": _("Question {where} has no choice “I'm not sure”. Add one."),
    "no-none-of-these": _("Question {where} asks warning signs and has no choice “None of these”. Add one."),
    "doubt-counts-for-too-little": _(
        "In question {where}, not being sure of a warning sign counts for too little. "
        "Let the choice “{detail}” count as at most one step less urgent than the signs."
    ),
    "one-sign-hides-another": _(
        "Question {where} asks several warning signs, but lets people choose only one. Let several be chosen."
    ),
}


@rule
def self_check_is_safe(edition: Edition, site: SiteAt) -> Iterator[Problem]:
    """The flow has no problems with the checklist that is live with it."""
    said = edition.said
    if not isinstance(said, SelfCheckContent):
        return
    checklist = site.content(DocumentKey("checklist", said.checklist), edition.document.language)
    if isinstance(checklist, ChecklistContent):
        flow = flow_of(said, checklist)
        for problem in problems(flow):
            yield Problem(edition.key, _path(said, problem), sentence(flow, problem))


def sentence(flow: Flow, problem: FlowProblem) -> str:
    """A problem as a person would say it, with a path there when there is one."""
    words = str(SENTENCES[problem.rule]).format(where=problem.where, detail=problem.detail)
    if not problem.path:
        return words
    steps = (_step(flow, question, chosen) for question, chosen in problem.path)
    return f"{words} {_('For example:')} {' → '.join(steps)}."


def _step(flow: Flow, key: str, chosen: frozenset[str]) -> str:
    choices = (choice for choice in flow.question[key].choices if choice.key in chosen)
    return f"{key} “{' + '.join(prose.plain_text(choice.text, inline=True) for choice in choices)}”"


def _path(said: SelfCheckContent, problem: FlowProblem) -> Path:
    keys = {
        "questions": [question.key for question in said.questions],
        "outcomes": [outcome.key for outcome in said.outcomes],
    }
    for field, known in keys.items():
        if problem.where in known:
            return (field, known.index(problem.where))
    return ()
