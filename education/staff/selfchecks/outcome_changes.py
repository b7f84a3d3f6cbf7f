"""Whose outcome differs between two versions of a self-check, in sentences."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from education.publishing.models import Document
from education.selfcheck.content import SelfCheckContent
from education.selfcheck.flow import Flow
from education.selfcheck.flow_names import choice_name, question_number
from education.selfcheck.outcome_diff import ChangedOutcome, Statement, diff_outcomes
from education.staff.selfchecks.draft_flow import DraftFlow
from education.urgency import Urgency


@dataclass(frozen=True)
class OutcomeChanges:
    """Changed outcomes in sentences, how many more there are, and how many were tried."""

    messages: tuple[str, ...]
    more: int
    tried_count: int
    is_everybody: bool


def outcome_changes(
    document: Document, before: SelfCheckContent, after: SelfCheckContent
) -> OutcomeChanges | None:
    """Compare two versions with the current warning signs; None if only the wording differs."""
    if before.clinical_meaning() == after.clinical_meaning():
        return None
    old, new = (DraftFlow.from_content(document, version).flow for version in (before, after))
    found = diff_outcomes(old, new)
    messages = tuple(_describe_change(changed, new, old) for changed in found.changed)
    return OutcomeChanges(messages, found.unshown_count, found.tried_count, found.is_exhaustive)


def _describe_change(changed: ChangedOutcome, new: Flow, old: Flow) -> str:
    text = _("{who}: before {before}, now {after}")
    return text.format(
        who=_describe_patient(changed, new, old),
        before=_urgency_label(changed.before),
        after=_urgency_label(changed.after),
    )


def _describe_patient(changed: ChangedOutcome, new: Flow, old: Flow) -> str:
    if not changed.statements:
        return _("Somebody who says yes to nothing")
    described = _(" and ").join(
        _describe_answer(statement, new, old) for statement in changed.statements
    )
    return _("Somebody who says {told}, and nothing else").format(told=described)


def _describe_answer(statement: Statement, new: Flow, old: Flow) -> str:
    """One answer, in the text of the newer flow that has it."""
    for flow in (new, old):
        for question in flow.questions:
            if statement.sign:
                found = [choice for choice in question.choices if choice.sign == statement.sign]
            else:
                found = [
                    c
                    for c in question.choices
                    if question.key == statement.question and c.key in statement.chosen
                ]
            if not found:
                continue
            texts = "” + “".join(choice_name(question, choice) for choice in found)
            if statement.sign:
                return _("yes to “{texts}”").format(texts=texts)
            number = question_number(flow, question.key)
            return _("“{texts}” at question {number}").format(texts=texts, number=number)
    return statement.sign or statement.question


def _urgency_label(urgency: int | None) -> str:
    if urgency is None:
        return _("no result")
    known = urgency in set(Urgency)
    return str(Urgency(urgency).labels.label) if known else _("no urgency")
