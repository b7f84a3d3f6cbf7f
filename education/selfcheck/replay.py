"""Answers that were given under earlier editions: those that still mean the same are kept, and no others.

Editions never change, so the one that a reader saw can be read again. An answer counts under the live
edition only where its question reads to the letter as it did, and every choice means what it meant.
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
from education.selfcheck.answers import Given
from education.selfcheck.assembly import flow_of
from education.selfcheck.content import SelfCheckContent
from education.selfcheck.flow import Choice, Combination, Flow, walk

NUMBERS = re.compile(r"^([1-9][0-9]{0,8})-([1-9][0-9]{0,8})$", re.ASCII)


def editions_of(composition: Composition) -> str:
    """The numbers of the editions of a self-check and its checklist, such as `3-1`."""
    return f"{composition.edition.number}-{_checklist_edition(composition).number}"


def _checklist_edition(composition: Composition) -> Edition:
    return composition.parts[DocumentKey("checklist", composition.content_as(SelfCheckContent).checklist)]


@dataclass(frozen=True)
class Meaning:
    """All that a reader sees of a question, and all that its choices affirm; not where it leads."""

    text: str
    why: str
    several: bool
    choices: tuple[Choice, ...]
    on_darker_skin: tuple[str, ...]
    combinations: tuple[Combination, ...]


@dataclass(frozen=True)
class Asked:
    """A self-check with its checklist, as they were or are asked together."""

    content: SelfCheckContent
    checklist: ChecklistContent
    flow: Flow

    @classmethod
    def of(cls, content: SelfCheckContent, checklist: ChecklistContent) -> Self:
        """The two put together."""
        return cls(content, checklist, flow_of(content, checklist))

    def meanings(self) -> dict[str, Meaning]:
        """What each question means, by its key."""
        skin = {sign.key: sign.on_darker_skin for sign in self.checklist.signs}
        return {
            question.key: Meaning(
                question.text,
                question.why,
                question.several,
                question.choices,
                tuple(skin.get(choice.sign, "") for choice in question.choices),
                question.combinations,
            )
            for question in self.flow.questions
        }


def replayed(given: Given, live: Asked, composition: Composition) -> Given:
    """The answers that count under the live editions; a note says whether some must be given again.

    One query, and only when the answers were given under other editions than the live ones.
    """
    if not given.earlier:
        return given
    before = _asked_under(given.earlier.editions, composition)
    if before is None:
        return Given(note="changed", gravest=given.gravest, mark=given.mark)
    answers = given.earlier.read(before.flow)
    meant, mean = before.meanings(), live.meanings()
    kept = {key: chosen for key, chosen in answers.items() if meant[key] == mean.get(key)}
    asks_again = kept.keys() != answers.keys() and walk(live.flow, kept).question is not None
    note = "changed" if asks_again else "kept"
    return Given(kept, note=note, gravest=given.gravest, mark=given.mark)


def _asked_under(editions: str, composition: Composition) -> Asked | None:
    """What was asked under these editions of the same two documents; None when there are no such editions."""
    numbers = NUMBERS.match(editions)
    if numbers is None:
        return None
    checklist = _checklist_edition(composition).document_id
    wanted = Q(document=composition.edition.document_id, number=int(numbers[1]))
    wanted |= Q(document=checklist, number=int(numbers[2]))
    found = Edition.objects.filter(wanted).select_related("document").defer("search_text")
    content = {edition.document_id: edition.content for edition in found}
    match content.get(composition.edition.document_id), content.get(checklist):
        case SelfCheckContent() as questions, ChecklistContent() as signs if (
            questions.checklist == composition.content_as(SelfCheckContent).checklist
        ):
            return Asked.of(questions, signs)
    return None
