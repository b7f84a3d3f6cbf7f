"""Registers self-checks with publishing, and refuses those that are not proved safe."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from education import markdown
from education.articles.content import CauseContent
from education.checklists.content import ChecklistContent
from education.publishing import document_types
from education.publishing.checks.publication_checks import publication_check
from education.publishing.checks.site_snapshot import SiteSnapshot
from education.publishing.content import DocumentKey, Path, Problem
from education.publishing.document_types import DocumentType
from education.publishing.file_layout import YamlLayout
from education.publishing.models import Edition
from education.selfcheck.content import Outcome, SelfCheckContent
from education.selfcheck.flow import Flow, walk
from education.selfcheck.flow_builder import build_flow
from education.selfcheck.flow_names import choice_name, outcome_name, question_number
from education.selfcheck.safety.rules import SafetyViolation, check_flow, names_a_diagnosis
from education.selfcheck.safety.state_graph import StateGraph, Steps
from education.selfcheck.views import start_page

document_types.register(
    DocumentType(
        name="self-check",
        label=_("self-check"),
        label_plural=_("self-checks"),
        model="selfcheck.SelfCheck",
        content=SelfCheckContent,
        file_layout=YamlLayout(folder="self-checks"),
        get_url=lambda slug: reverse("self-check", args=[slug]),
        render_page=start_page,
        offered_with="checklist",
    )
)

_UNSET_TARGET = _("A line of question {where} leads nowhere yet. Choose where it leads.")
VIOLATION_MESSAGES = {
    "no-questions": _("There is no question yet. Write the first one."),
    "key-twice": _("Two questions or results have the key “{where}”. Give each its own."),
    "choice-twice": _("Two choices of question {where} have the same key. Give each its own."),
    "no-choices": _("Question {where} has no choices. Add some."),
    "too-many-choices": _(
        "Question {where} has more than {detail} choices. Ask some of them on another page."
    ),
    "dangling-target": _("A line of question {where} leads to “{detail}”, which does not exist."),
    "dangling-choice": _(
        "A line of question {where} waits for the choice “{detail}”, which does not exist."
    ),
    "missing-target": _(
        "An answer to question {where} leads nowhere. Add a line for “Any answer”."
    ),
    "unreachable-question": _("Nobody is ever asked question {where}. Lead to it, or delete it."),
    "unreachable-outcome": _("Nobody ever gets the result “{where}”. Lead to it, or delete it."),
    "cycle": _("Question {where} can lead back to itself. Every path must end."),
    "skips-signs": _(
        "The result “{where}” can be reached without question {detail}, which asks more urgent signs."
    ),
    "emergency-not-first": _(
        "The first question, {where}, does not ask emergency signs. Ask them first."
    ),
    "emergency-takes-longer": _(
        "No answer to the first question, {where}, ends at an emergency result. Let one lead there at once."
    ),
    "too-many-questions": _(
        "Some people are asked more than {detail} questions. Ask {where} and what follows on fewer pages."
    ),
    "saying-more-ends-milder": _(
        "At question {where}, saying more about a warning sign can end milder, with all other answers equal."
    ),
    "milder": _(
        "The result “{where}” is milder than a warning sign that was affirmed before it, or than doubt "
        "about an emergency."
    ),
    "outcome-without": _("The result “{where}” lacks its {detail}. Write it."),
    "names-a-diagnosis": _(
        "{where} says “{detail}”, which is the name of a cause. Answers cannot tell what someone has. "
        "Say it without a name."
    ),
    "sign-never-asked": _(
        "The warning sign “{where}” of the checklist is never asked. Add a choice for it."
    ),
    "unknown-sign": _(
        "Question {where} asks a warning sign that the checklist does not have. Take it out, or choose another."
    ),
    "understated-sign": _(
        "The choice “{detail}” of question {where} counts as less than its warning sign."
    ),
    "no-not-sure": _("Question {where} has no choice “I'm not sure”. Add one."),
    "no-none-of-these": _(
        "Question {where} asks warning signs and has no choice “None of these”. Add one."
    ),
    "doubt-counts-for-too-little": _(
        "In question {where}, not being sure of a warning sign counts for too little. "
        "Let the choice “{detail}” count as at most one step less urgent than the signs."
    ),
    "one-sign-hides-another": _(
        "Question {where} asks several warning signs, but lets people choose only one. Let several be chosen."
    ),
    "signs-asked-apart": _(
        "The signs of the combination “{where}” of the checklist are asked by several questions: {detail}. "
        "Ask them all in one question, where several can be chosen."
    ),
}


@publication_check()
def self_check_is_safe(edition: Edition, site: SiteSnapshot) -> Iterator[Problem]:
    """The flow is safe with the checklist that is live with it, see `safety.rules`."""
    content = edition.content
    if not isinstance(content, SelfCheckContent):
        return
    if checklist := _get_checklist(content, edition, site):
        flow = build_flow(content, checklist, _cause_names(edition, site))
        for problem in check_flow(flow):
            yield Problem(
                edition.key,
                _field_path(content, problem),
                violation_message(flow, problem, checklist),
            )


@publication_check()
def asks_signs_of_every_linked_checklist(edition: Edition, site: SiteSnapshot) -> Iterator[Problem]:
    """A self-check leads to no checklist but its own.

    The pages of a checklist offer each self-check that depends on it, and so must ask all its
    signs.
    """
    content = edition.content
    if not isinstance(content, SelfCheckContent):
        return
    for index, outcome in enumerate(content.outcomes):
        for key in outcome.pages():
            if key.kind == "checklist" and key.slug != content.checklist:
                message = gettext(
                    "This self-check does not ask the signs of “checklist/{slug}”, but the pages of that "
                    "checklist would offer it. Take it out."
                )
                yield Problem(
                    edition.key, ("outcomes", index, "read"), message.format(slug=key.slug)
                )


@publication_check(only_going_live=True)
def no_self_check_names_the_cause(edition: Edition, site: SiteSnapshot) -> Iterator[Problem]:
    """A cause, with or without a page, has no name that a live self-check uses in a text.

    Checked here, too, for otherwise the next change of that self-check would be refused.
    """
    content = edition.content
    names = [name for _path, name in content.row_names()]
    if isinstance(content, CauseContent):
        names += [content.name, *content.also_called]
    if not names:
        return
    live = Edition.objects.live(site.at).of_kind("self-check", edition.document.language)
    for other in live.select_related("document"):
        self_check = other.content
        if not isinstance(self_check, SelfCheckContent):
            continue
        if checklist := _get_checklist(self_check, other, site):
            flow = build_flow(self_check, checklist, names)
            for problem in names_a_diagnosis(flow, StateGraph(flow)):
                message = gettext(
                    "The self-check “{slug}” says “{name}” ({where}). Change it there first."
                )
                message = message.format(
                    slug=other.key.slug, name=problem.detail, where=_place(flow, problem.key)
                )
                yield Problem(edition.key, (), message)


def _get_checklist(
    content: SelfCheckContent, edition: Edition, site: SiteSnapshot
) -> ChecklistContent | None:
    checklist = site.content(DocumentKey("checklist", content.checklist), edition.document.language)
    return checklist if isinstance(checklist, ChecklistContent) else None


def _cause_names(edition: Edition, site: SiteSnapshot) -> list[str]:
    live, language = Edition.objects.live(site.at), edition.document.language
    pages = live.of_kind("cause", language).values_list("heading", "synonyms")
    of_articles = live.of_kind("article", language).values_list("data__causes", flat=True)
    return [
        *(name for heading, synonyms in pages for name in (heading, *synonyms)),
        *(cause["name"] for causes in of_articles for cause in causes if "name" in cause),
    ]


def violation_message(
    flow: Flow, problem: SafetyViolation, checklist: ChecklistContent | None = None
) -> str:
    """The message for staff, with an example path if there is one, or with two."""
    is_unset = problem.rule == "dangling-target" and not problem.detail
    sentence = _UNSET_TARGET if is_unset else VIOLATION_MESSAGES[problem.rule]
    where, detail = _names(flow, problem, checklist)
    message = str(sentence).format(where=where, detail=detail)
    if problem.path:
        message += f" {_('For example:')} {_path_text(flow, problem.path)}."
    if problem.other_path:
        message += f" {_('But:')} {_path_text(flow, problem.other_path)}."
    return message


def _names(
    flow: Flow, problem: SafetyViolation, checklist: ChecklistContent | None
) -> tuple[str, str]:
    """What the words of staff call the place of a problem, and its detail."""
    where, detail, rule = problem.key, problem.detail, problem.rule
    questions, outcomes = flow.questions_by_key, flow.outcomes_by_key
    if rule == "key-twice":
        return where, detail
    if rule == "outcome-without":
        return outcome_name(flow, where), Outcome.get_label(detail)
    if rule == "skips-signs":
        return outcome_name(flow, where), question_number(flow, detail)
    if rule == "names-a-diagnosis":
        return _place(flow, where), detail
    if rule in {"sign-never-asked", "signs-asked-apart"}:
        rows: list[Any] = [*checklist.signs, *checklist.combinations] if checklist else []
        texts = {row.key: markdown.plain_text(row.text, inline=True) for row in rows}
        numbers = ", ".join(question_number(flow, key) for key in filter(None, detail.split(", ")))
        return texts.get(where) or where, numbers
    if rule in {"understated-sign", "doubt-counts-for-too-little"}:
        question = questions[where]
        detail = choice_name(question, question.choices_by_key[detail])
    name = question_number(flow, where) if where in questions else where
    return (outcome_name(flow, where) if where in outcomes else name), detail


def _place(flow: Flow, key: str) -> str:
    if key in flow.questions_by_key:
        return gettext("Question {number}").format(number=question_number(flow, key))
    return gettext("The result “{name}”").format(name=outcome_name(flow, key))


def _path_text(flow: Flow, path: Steps) -> str:
    steps = [_step_text(flow, question, chosen) for question, chosen in path]
    outcome = walk(flow, dict(path)).outcome
    return " → ".join([*steps, f"“{outcome_name(flow, outcome.key)}”"] if outcome else steps)


def _step_text(flow: Flow, key: str, chosen: frozenset[str]) -> str:
    question = flow.questions_by_key[key]
    texts = [choice_name(question, choice) for choice in question.chosen_choices(chosen)]
    name = gettext("question {number}").format(number=question_number(flow, key))
    return f"{name} “{' + '.join(texts)}”"


def _field_path(content: SelfCheckContent, problem: SafetyViolation) -> Path:
    keys = {
        "questions": [question.key for question in content.questions],
        "outcomes": [outcome.key for outcome in content.outcomes],
    }
    for field, known in keys.items():
        if problem.key in known:
            return (field, known.index(problem.key))
    return ()
