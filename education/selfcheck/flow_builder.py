"""A self-check and its checklist, put together into a flow that can be walked and proved safe."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Self

from education.checklists.content import ChecklistContent, WarningSign
from education.publishing.composition import Composition
from education.selfcheck import content
from education.selfcheck.content import SelfCheckContent
from education.selfcheck.flow import (
    Choice,
    Combination,
    Flow,
    Outcome,
    Question,
    Route,
    not_sure_level,
)
from education.urgency import Urgency


def build_flow(
    self_check: SelfCheckContent,
    checklist: ChecklistContent,
    diagnoses: Collection[str] = (),
) -> Flow:
    """The flow of `self_check`; a choice for a warning sign has that sign's own text and urgency.

    `diagnoses` are the names of causes, for the proof that the flow names none.
    """
    signs = {sign.key: sign for sign in checklist.signs}
    return Flow(
        questions=tuple(
            Question(
                key=question.key,
                text=question.text,
                why=question.why,
                several=question.several,
                choices=tuple(
                    _choice(choice, signs.get(choice.sign)) for choice in question.choices
                ),
                routes=tuple(_route(route) for route in question.routes),
                combinations=_combinations(question, checklist),
            )
            for question in self_check.questions
        ),
        outcomes=tuple(
            Outcome(
                key=outcome.key,
                urgency=_urgency_number(outcome.urgency),
                title=outcome.title,
                do_now=outcome.do_now,
                when=outcome.when,
                safety_net=outcome.safety_net,
            )
            for outcome in self_check.outcomes
        ),
        signs={sign.key: int(sign.level) for sign in checklist.signs},
        emergency=int(Urgency.EMERGENCY),
        diagnoses=diagnoses,
    )


@dataclass(frozen=True)
class AskedFlow:
    """A self-check with the checklist that it is asked with, and the flow of both."""

    content: SelfCheckContent
    checklist: ChecklistContent
    flow: Flow

    @classmethod
    def from_content(cls, content: SelfCheckContent, checklist: ChecklistContent) -> Self:
        return cls(content, checklist, build_flow(content, checklist))

    @classmethod
    def from_composition(cls, composition: Composition) -> Self:
        self_check = composition.content_as(SelfCheckContent)
        checklist = composition.part("checklist", self_check.checklist, ChecklistContent)
        return cls.from_content(self_check, checklist)


def _route(route: content.Route) -> Route:
    doubt = not_sure_level(Urgency.EMERGENCY) if route.in_doubt else 0
    return Route(
        route.question or route.outcome, route.choice, max(_urgency_number(route.at_least), doubt)
    )


def _combinations(
    question: content.Question, checklist: ChecklistContent
) -> tuple[Combination, ...]:
    """The combinations of the checklist that have a sign among the choices of `question`.

    In part, what may be an emergency together counts for one step less, like doubt about an
    emergency sign; what may be less than an emergency counts in full. See decision 31.
    """
    asked = {choice.sign for choice in question.choices}
    return tuple(
        Combination(
            key=row.key,
            text=row.text,
            signs=frozenset(row.together),
            affirms=int(row.level),
            affirms_in_part=min(int(row.level), Urgency.EMERGENCY - 1),
        )
        for row in checklist.combinations
        if asked & set(row.together)
    )


def _choice(choice: content.Choice, sign: WarningSign | None) -> Choice:
    return Choice(
        key=choice.key,
        text=sign.text if sign else choice.text,
        affirms=max(int(sign.level) if sign else 0, _urgency_number(choice.counts_as)),
        sign=choice.sign,
        answer=choice.answer,
    )


def _urgency_number(key: str) -> int:
    return int(Urgency.from_key(key)) if key else 0
