"""Answers that were given under earlier editions: those that still mean the same are kept, and no
others.

Editions never change, so the one that a reader saw can be read again. An answer counts under the
live edition only where its question reads to the letter as it did, and every choice means what it
meant.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

from django.db.models import Q

from education.checklists.content import ChecklistContent
from education.publishing.composition import Composition
from education.publishing.content import DocumentKey
from education.publishing.models import Edition
from education.selfcheck.answer_cookie import AnswerSet
from education.selfcheck.content import SelfCheckContent
from education.selfcheck.flow import Choice, Combination, Flow, walk
from education.selfcheck.flow_builder import build_flow

EDITION_PAIR = re.compile(r"^([1-9][0-9]{0,8})-([1-9][0-9]{0,8})$", re.ASCII)


def edition_pair(composition: Composition) -> str:
    """The numbers of the editions of a self-check and its checklist, such as `3-1`."""
    return f"{composition.edition.number}-{_get_checklist_edition(composition).number}"


def _get_checklist_edition(composition: Composition) -> Edition:
    return composition.parts[
        DocumentKey("checklist", composition.content_as(SelfCheckContent).checklist)
    ]


@dataclass(frozen=True)
class QuestionMeaning:
    """All that a reader sees of a question, and all that its choices affirm; not where it leads."""

    text: str
    why: str
    several: bool
    choices: tuple[Choice, ...]
    on_darker_skin: tuple[str, ...]
    combinations: tuple[Combination, ...]


@dataclass(frozen=True)
class AskedFlow:
    """A self-check with its checklist, as they were or are asked together."""

    content: SelfCheckContent
    checklist: ChecklistContent
    flow: Flow

    @classmethod
    def from_content(cls, content: SelfCheckContent, checklist: ChecklistContent) -> Self:
        """The two put together."""
        return cls(content, checklist, build_flow(content, checklist))

    def question_meanings(self) -> dict[str, QuestionMeaning]:
        """What each question means, by its key."""
        skin = {sign.key: sign.on_darker_skin for sign in self.checklist.signs}
        return {
            question.key: QuestionMeaning(
                question.text,
                question.why,
                question.several,
                question.choices,
                tuple(skin.get(choice.sign, "") for choice in question.choices),
                question.combinations,
            )
            for question in self.flow.questions
        }


def replay_answers(answer_set: AnswerSet, live: AskedFlow, composition: Composition) -> AnswerSet:
    """The answers that count under the live editions; a note says whether some must be given again.

    One query, and only when the answers were given under other editions than the live ones.
    """
    if not answer_set.outdated:
        return answer_set
    before = _flow_of_editions(answer_set.outdated.editions, composition)
    if before is None:
        return AnswerSet(
            notice="changed",
            highest_urgency_code=answer_set.highest_urgency_code,
            version=answer_set.version,
        )
    answers = answer_set.outdated.deserialize(before.flow)
    meant, mean = before.question_meanings(), live.question_meanings()
    kept = {key: chosen for key, chosen in answers.items() if meant[key] == mean.get(key)}
    asks_again = kept.keys() != answers.keys() and walk(live.flow, kept).question is not None
    notice = "changed" if asks_again else "kept"
    return AnswerSet(
        kept,
        notice=notice,
        highest_urgency_code=answer_set.highest_urgency_code,
        version=answer_set.version,
    )


def _flow_of_editions(editions: str, composition: Composition) -> AskedFlow | None:
    """What was asked under these editions of the same two documents; None when there are no such
    editions.
    """
    numbers = EDITION_PAIR.match(editions)
    if numbers is None:
        return None
    checklist = _get_checklist_edition(composition).document_id
    wanted = Q(document=composition.edition.document_id, number=int(numbers[1]))
    wanted |= Q(document=checklist, number=int(numbers[2]))
    found = Edition.objects.filter(wanted).select_related("document").defer("search_text")
    content = {edition.document_id: edition.content for edition in found}
    match content.get(composition.edition.document_id), content.get(checklist):
        case SelfCheckContent() as questions, ChecklistContent() as signs if (
            questions.checklist == composition.content_as(SelfCheckContent).checklist
        ):
            return AskedFlow.from_content(questions, signs)
    return None
