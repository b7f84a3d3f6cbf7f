"""A self-check on paper as its template needs it: boxes with choices, ends with what to do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from string import ascii_lowercase
from typing import Self

from django.utils.translation import gettext as _

from education.checklists.content import ChecklistContent
from education.selfcheck.content import Outcome, SelfCheckContent
from education.selfcheck.flow_builder import build_flow
from education.selfcheck.printable.flow import FlowBox, PrintableFlow
from education.urgency import Urgency


@dataclass(frozen=True)
class PrintedChoice:
    """Something to tick, with the letter that lines name it by."""

    letter: str
    text: str
    on_darker_skin: str


@dataclass(frozen=True)
class PrintedLine:
    """Groups of choices, and where to go after ticking one of each group."""

    groups: tuple[tuple[PrintedChoice, ...], ...]
    target: str
    leads_to_box: bool

    @property
    def choices(self) -> tuple[PrintedChoice, ...]:
        """The choices of which one is enough; empty if it takes several."""
        return self.groups[0] if len(self.groups) == 1 else ()

    @property
    def rule(self) -> str:
        """When it is followed, as a sentence that names choices by their letters."""
        groups = sorted(self.groups, key=len)
        letters = [_letter_ranges(group) for group in groups]
        if len(letters) == 1 and len(self.choices) == 1:
            return _("If you ticked {letter}:").format(letter=letters[0])
        if len(letters) == 1:
            return _("If you ticked any of these: {letters}:").format(letters=letters[0])
        if len(groups[-1]) == 1:
            return _("If you ticked all of these: {letters}:").format(letters=", ".join(letters))
        also = _(" and also any of these: ").join(letters)
        if len(groups[0]) == 1:
            return _("If you ticked {letters}:").format(letters=also)
        return _("If you ticked any of these: {letters}:").format(letters=also)


def _letter_ranges(group: tuple[PrintedChoice, ...]) -> str:
    """Their letters in order, with runs of three and more as "a to c"."""
    runs: list[str] = []
    for letter in sorted(choice.letter for choice in group):
        if runs and ord(letter) == ord(runs[-1][-1]) + 1:
            runs[-1] += letter
        else:
            runs.append(letter)
    named = (
        [_("{first} to {last}").format(first=run[0], last=run[-1])] if len(run) > 2 else list(run)
        for run in runs
    )
    return ", ".join(name for names in named for name in names)


@dataclass(frozen=True)
class PrintedBox:
    """A question, and its lines in the order in which they are tried.

    `choice_list` has all choices if some line needs several: they are then printed before the
    lines, which name them by letters. Otherwise it is empty.
    """

    number: str
    text: str
    several: bool
    lines: tuple[PrintedLine, ...]
    choice_list: tuple[PrintedChoice, ...]


@dataclass(frozen=True)
class PrintedEnd:
    """An outcome; `same_safety_net_as` is the letter of an earlier end with the same safety net.

    `is_unsure_about_emergency`: an emergency sign may be there, which changes what to do first.
    """

    letter: str
    outcome: Outcome
    urgency: Urgency
    same_safety_net_as: str
    is_unsure_about_emergency: bool


@dataclass(frozen=True)
class PrintableSelfCheck:
    """A whole self-check on paper."""

    boxes: tuple[PrintedBox, ...]
    ends: tuple[PrintedEnd, ...]

    @classmethod
    def from_content(cls, content: SelfCheckContent, checklist: ChecklistContent) -> Self:
        """The flow must have been proved safe, as that of every published self-check."""
        printable = PrintableFlow.from_flow(build_flow(content, checklist))
        skin = checklist.on_darker_skin_by_sign
        boxes = tuple(_present_box(box, printable, skin) for box in printable.boxes)
        return cls(boxes, tuple(_present_ends(content, printable)))


def _present_ends(content: SelfCheckContent, printable: PrintableFlow) -> Iterator[PrintedEnd]:
    letter_by_safety_net: dict[str, str] = {}
    for end in printable.ends:
        outcome = content.get_outcome(end.outcome.key)
        printed_at = letter_by_safety_net.setdefault(outcome.safety_net, end.letter)
        yield PrintedEnd(
            end.letter,
            outcome,
            Urgency.from_key(outcome.urgency),
            same_safety_net_as=printed_at if printed_at != end.letter else "",
            is_unsure_about_emergency=end.is_unsure_about_emergency,
        )


def _present_box(box: FlowBox, printable: PrintableFlow, skin: dict[str, str]) -> PrintedBox:
    choices = {
        choice.key: PrintedChoice(letter, choice.text, skin.get(choice.sign, ""))
        for letter, choice in zip(ascii_lowercase, box.question.choices, strict=False)
    }
    lines = tuple(
        PrintedLine(
            tuple(tuple(choices[key] for key in group) for group in line.groups),
            line.target,
            line.target in printable.boxes_by_number,
        )
        for line in box.lines
    )
    choice_list = tuple(choices.values()) if any(len(line.groups) > 1 for line in lines) else ()
    return PrintedBox(box.number, box.question.text, box.question.several, lines, choice_list)
