"""Beside the changed words of a self-check: whose result is another now, in sentences."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from education import markdown
from education.publishing.models import Document
from education.selfcheck.content import SelfCheckContent
from education.selfcheck.flow import Flow
from education.selfcheck.outcome_diff import ChangedOutcome, Statement, diff_outcomes
from education.staff.rehearsing import Rehearsal
from education.urgency import Urgency


@dataclass(frozen=True)
class OtherResults:
    """Whose result changes, in sentences; how many more there are; and who was tried."""

    sentences: tuple[str, ...]
    more: int
    tried: int
    is_everybody: bool


def other_results(
    document: Document, before: SelfCheckContent, after: SelfCheckContent
) -> OtherResults | None:
    """Compare two versions, both with the warning signs of now; None if only the wording differs."""
    if before.clinical_meaning() == after.clinical_meaning():
        return None
    old, new = (Rehearsal.saying(document, statement).flow for statement in (before, after))
    found = diff_outcomes(old, new)
    sentences = tuple(_sentence(moved, new, old) for moved in found.changed)
    return OtherResults(sentences, found.unshown_count, found.tried_count, found.is_exhaustive)


def _sentence(moved: ChangedOutcome, new: Flow, old: Flow) -> str:
    words = _("{who}: before {before}, now {after}")
    return words.format(who=_who(moved, new, old), before=_level(moved.before), after=_level(moved.after))


def _who(moved: ChangedOutcome, new: Flow, old: Flow) -> str:
    if not moved.statement:
        return _("Somebody who says yes to nothing")
    told = _(" and ").join(_told(statement, new, old) for statement in moved.statement)
    return _("Somebody who says {told}, and nothing else").format(told=told)


def _told(statement: Statement, new: Flow, old: Flow) -> str:
    """What somebody says, in the words of the newer flow that has them."""
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
            texts = "” + “".join(_plain(choice.text) or choice.sign or choice.key for choice in found)
            if statement.sign:
                return _("yes to “{texts}”").format(texts=texts)
            return _("“{texts}” at question {key}").format(texts=texts, key=question.key)
    return statement.sign or statement.question


def _plain(text: str) -> str:
    return markdown.plain_text(text, inline=True)


def _level(urgency: int | None) -> str:
    if urgency is None:
        return _("no result")
    known = urgency in set(Urgency)
    return str(Urgency(urgency).labels.label) if known else _("no urgency")
