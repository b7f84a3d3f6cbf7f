"""The paper twin as its template wants it: boxes with their choices, ends with what to do."""

from __future__ import annotations

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
    """Something to tick, with the letter that lines call it by."""

    letter: str
    text: str
    on_darker_skin: str


@dataclass(frozen=True)
class PrintedLine:
    """Groups of choices, and where to go for whoever ticked one of each group."""

    groups: tuple[tuple[PrintedChoice, ...], ...]
    target: str
    leads_to_box: bool

    @property
    def choices(self) -> tuple[PrintedChoice, ...]:
        """The choices, one of which is enough; none when it takes several."""
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
    """Their letters in order; three and more that follow each other by the first and the last."""
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

    `listed`: the choices, where they stand before all lines because some lines name several
    together.
    """

    number: str
    text: str
    several: bool
    lines: tuple[PrintedLine, ...]
    choice_list: tuple[PrintedChoice, ...]


@dataclass(frozen=True)
class PrintedEnd:
    """An outcome; `same_safety_net_as` is the letter of the one before it that has the same safety
    net, printed there.

    `in_doubt`: an emergency sign may be there, which changes what to do first.
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
        """The paper of a self-check that was published with this checklist."""
        flow = build_flow(content, checklist)
        printable = PrintableFlow.from_flow(flow)
        skin = {sign.key: sign.on_darker_skin for sign in checklist.signs}
        first: dict[str, str] = {}
        ends = []
        for end in printable.ends:
            outcome = content.get_outcome(end.outcome.key)
            same_safety_net_as = first.setdefault(outcome.safety_net, end.letter)
            urgency = Urgency.from_key(outcome.urgency)
            ends.append(
                PrintedEnd(
                    end.letter,
                    outcome,
                    urgency,
                    same_safety_net_as=""
                    if same_safety_net_as == end.letter
                    else same_safety_net_as,
                    is_unsure_about_emergency=end.is_unsure_about_emergency,
                )
            )
        return cls(
            tuple(_present_box(box, printable, skin) for box in printable.boxes), tuple(ends)
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
    listed = tuple(choices.values()) if any(len(line.groups) > 1 for line in lines) else ()
    return PrintedBox(box.number, box.question.text, box.question.several, lines, listed)
