"""The paper twin as its template wants it: boxes with their choices, ends with what to do."""

from __future__ import annotations

from dataclasses import dataclass
from string import ascii_lowercase
from typing import Self

from education.checklists.content import ChecklistContent
from education.selfcheck.assembly import flow_of
from education.selfcheck.content import Outcome, SelfCheckContent
from education.selfcheck.paper import Box, Paper
from education.urgency import Urgency


@dataclass(frozen=True)
class PrintedChoice:
    """Something to tick, with the letter that lines call it by."""

    letter: str
    text: str
    on_darker_skin: str


@dataclass(frozen=True)
class PrintedLine:
    """Choices, and where to go for whoever ticked one of them and, unless it is empty, one of `and_any`."""

    choices: tuple[PrintedChoice, ...]
    and_any: tuple[PrintedChoice, ...]
    to: str
    to_box: bool


@dataclass(frozen=True)
class PrintedBox:
    """A question, and its lines in the order in which they are tried."""

    number: str
    text: str
    several: bool
    lines: tuple[PrintedLine, ...]


@dataclass(frozen=True)
class PrintedEnd:
    """An outcome; `like` is the letter of the one before it that has the same safety net, printed there.

    `in_doubt`: an emergency sign may be there, which changes what to do first.
    """

    letter: str
    outcome: Outcome
    urgency: Urgency
    like: str
    in_doubt: bool


@dataclass(frozen=True)
class Sheet:
    """A whole self-check on paper."""

    boxes: tuple[PrintedBox, ...]
    ends: tuple[PrintedEnd, ...]

    @classmethod
    def of(cls, said: SelfCheckContent, checklist: ChecklistContent) -> Self:
        """The paper of a self-check that was published with this checklist."""
        flow = flow_of(said, checklist)
        paper = Paper.of(flow)
        skin = {sign.key: sign.on_darker_skin for sign in checklist.signs}
        first: dict[str, str] = {}
        ends = []
        for end in paper.ends:
            outcome = said.get_outcome(end.outcome.key)
            like = first.setdefault(outcome.safety_net, end.letter)
            urgency = Urgency.from_key(outcome.urgency)
            ends.append(
                PrintedEnd(
                    end.letter,
                    outcome,
                    urgency,
                    like="" if like == end.letter else like,
                    in_doubt=end.outcome.key in flow.in_doubt,
                )
            )
        return cls(tuple(_printed(box, paper, skin) for box in paper.boxes), tuple(ends))


def _printed(box: Box, paper: Paper, skin: dict[str, str]) -> PrintedBox:
    choices = {
        choice.key: PrintedChoice(letter, choice.text, skin.get(choice.sign, ""))
        for letter, choice in zip(ascii_lowercase, box.question.choices, strict=False)
    }
    lines = tuple(
        PrintedLine(
            tuple(choices[key] for key in line.ticked),
            tuple(choices[key] for key in line.and_any),
            line.to,
            line.to in paper.box,
        )
        for line in box.lines
    )
    return PrintedBox(box.number, box.question.text, box.question.several, lines)
