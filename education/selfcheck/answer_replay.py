"""Answers that were given under earlier editions: those that still mean the same count.

Editions never change, so the ones that a reader saw can be read again. An answer counts under the
live editions only if all that the reader saw of its question is the same to the letter, and every
choice affirms what it affirmed. See decision 11.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.db.models import Q

from education.checklists.content import ChecklistContent
from education.publishing.composition import Composition
from education.publishing.content import DocumentKey
from education.publishing.models import Edition
from education.selfcheck.answer_cookie import AnswerSet
from education.selfcheck.content import SelfCheckContent
from education.selfcheck.flow import Choice, Combination, walk
from education.selfcheck.flow_builder import AskedFlow

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
    """All that a reader sees of a question and all that its choices affirm, without its routes."""

    text: str
    why: str
    several: bool
    choices: tuple[Choice, ...]
    on_darker_skin: tuple[str, ...]
    combinations: tuple[Combination, ...]


def question_meanings(asked: AskedFlow) -> dict[str, QuestionMeaning]:
    """What each question means, by its key."""
    skin = asked.checklist.on_darker_skin_by_sign
    return {
        question.key: QuestionMeaning(
            question.text,
            question.why,
            question.several,
            question.choices,
            tuple(skin.get(choice.sign, "") for choice in question.choices),
            question.combinations,
        )
        for question in asked.flow.questions
    }


def replay_answers(answer_set: AnswerSet, live: AskedFlow, composition: Composition) -> AnswerSet:
    """The answers that count under the live editions; a notice says if some are to be given again.

    One query, only if the answers were given under other editions than the live ones.
    """
    if not answer_set.outdated:
        return answer_set
    replayed = AnswerSet(
        notice="changed",
        highest_urgency_code=answer_set.highest_urgency_code,
        version=answer_set.version,
    )
    answered = _asked_under(answer_set.outdated.editions, composition)
    if answered is None:
        return replayed
    answers = answer_set.outdated.deserialize(answered.flow)
    meant, means = question_meanings(answered), question_meanings(live)
    replayed.answers = {
        key: chosen for key, chosen in answers.items() if meant[key] == means.get(key)
    }
    all_count = replayed.answers.keys() == answers.keys()
    if all_count or walk(live.flow, replayed.answers).question is None:
        replayed.notice = "kept"
    return replayed


def _asked_under(editions: str, composition: Composition) -> AskedFlow | None:
    """What these `editions` of the same two documents asked; None if there are none such."""
    numbers = EDITION_PAIR.match(editions)
    if numbers is None:
        return None
    checklist = _get_checklist_edition(composition).document_id
    wanted = Q(document=composition.edition.document_id, number=int(numbers[1]))
    wanted |= Q(document=checklist, number=int(numbers[2]))
    found = Edition.objects.filter(wanted).select_related("document").defer("search_text")
    content = {edition.document_id: edition.content for edition in found}
    match content.get(composition.edition.document_id), content.get(checklist):
        case SelfCheckContent() as self_check, ChecklistContent() as signs if (
            self_check.checklist == composition.content_as(SelfCheckContent).checklist
        ):
            return AskedFlow.from_content(self_check, signs)
    return None
