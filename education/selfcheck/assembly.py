"""A self-check and its checklist, put together into a flow that can be walked and proved."""

from __future__ import annotations

from collections.abc import Collection

from education.checklists.content import ChecklistContent, WarningSign
from education.selfcheck import content
from education.selfcheck.flow import Choice, Flow, Outcome, Question, Route
from education.urgency import Urgency


def flow_of(
    said: content.SelfCheckContent, checklist: ChecklistContent, diagnoses: Collection[str] = ()
) -> Flow:
    """The flow of `said`: a choice that stands for a warning sign has that sign's own words and urgency.

    `diagnoses`: the names of causes, for the proof that it names none.
    """
    signs = {sign.key: sign for sign in checklist.signs}
    return Flow(
        questions=tuple(
            Question(
                key=question.key,
                text=question.text,
                why=question.why,
                several=question.several,
                choices=tuple(_choice(choice, signs.get(choice.sign)) for choice in question.choices),
                routes=tuple(
                    Route(route.question or route.outcome, route.choice, _level(route.at_least))
                    for route in question.routes
                ),
            )
            for question in said.questions
        ),
        outcomes=tuple(
            Outcome(
                key=outcome.key,
                urgency=_level(outcome.urgency),
                title=outcome.title,
                do_now=outcome.do_now,
                when=outcome.when,
                safety_net=outcome.safety_net,
            )
            for outcome in said.outcomes
        ),
        signs={sign.key: int(sign.level) for sign in checklist.signs},
        emergency=int(Urgency.EMERGENCY),
        diagnoses=diagnoses,
    )


def _choice(choice: content.Choice, sign: WarningSign | None) -> Choice:
    return Choice(
        key=choice.key,
        text=sign.text if sign else choice.text,
        affirms=max(int(sign.level) if sign else 0, _level(choice.counts_as)),
        sign=choice.sign,
        answer=choice.answer,
    )


def _level(key: str) -> int:
    return int(Urgency.from_key(key)) if key else 0
