"""A self-check as boxes of questions on paper."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from education import markdown
from education.handouts.paper.parts import Data, PartWriter, heading, paragraph, title
from education.handouts.paper.wording import step_runs
from education.selfcheck.printable.presenters import (
    PrintedBox,
    PrintedChoice,
    PrintedEnd,
    PrintedLine,
)
from education.urgency import Urgency


class SelfCheckWriter(PartWriter):
    """The boxes with their choices, then the ends; as `selfcheck/_printable_flow.html`."""

    def write(self) -> Data:
        name = self.part.self_check.title
        emergency = [(_("In an emergency, call {number} now."), self.clinic.emergency)]
        printable = self.part.printable_self_check
        front = [
            title(name),
            paragraph({"strong": step_runs(emergency)}),
            paragraph(
                _(
                    "Begin at box 1. Tick what is true for you now. Then read the lines of the box from the top, and "
                    "go where the first line that fits sends you. A letter is where it ends: do what it says there."
                )
            ),
            paragraph(
                _("It is not a diagnosis. It cannot tell you what you have."),
                " ",
                _(
                    "If you feel very ill, or things get worse fast, get help now. Do not finish the questions first."
                ),
            ),
            *(self._box(box) for box in printable.boxes),
            *(self._end(end) for end in printable.ends),
        ]
        return {"form": "pages", "title": name, "front": front, "back": []}

    def _box(self, box: PrintedBox) -> Data:
        how = _("Tick all that are true for you now.") if box.several else _("Tick one.")
        blocks = [heading(2, f"{box.number} ", *self.bare_line(box.text)), paragraph(how)]
        if box.choice_list:
            blocks.append(self._choices(box.choice_list))
        for line in box.lines:
            if not box.choice_list:
                blocks.append(self._choices(line.choices))
            blocks.append(
                {"kind": "go", "text": [_rule(line, bool(box.choice_list)), " ", _target(line)]}
            )
        return {"kind": "panel", "blocks": blocks}

    def _choices(self, choices: Iterable[PrintedChoice]) -> Data:
        items = []
        for choice in choices:
            note = self.bare_line(choice.on_darker_skin)
            text = [*self.bare_line(choice.text), *([" ", *note] if note else [])]
            items.append({"letter": choice.letter, "text": text})
        return {"kind": "choices", "items": items}

    def _end(self, end: PrintedEnd) -> Data:
        outcome = end.outcome
        steps = (
            self.clinic.uncertain_emergency_steps
            if end.is_unsure_about_emergency
            else self.clinic.urgency_steps(end.urgency)
        )
        blocks = [
            heading(3, *self.bare_line(outcome.title)),
            paragraph({"strong": step_runs(steps)}),
            paragraph({"strong": [_("When:")]}, " ", *self.bare_line(outcome.when)),
            *self._outcome_text(outcome.do_now, end.urgency, 4),
            heading(4, _("If something changes")),
        ]
        if end.same_safety_net_as:
            words = _("Read this under %(letter)s.") % {"letter": end.same_safety_net_as}
            blocks.append(paragraph(words))
        else:
            blocks += self._outcome_text(outcome.safety_net, end.urgency, 5)
        return {
            "kind": "urgency",
            "key": end.urgency.key,
            "word": f"{end.letter} {end.urgency.labels.label}",
            "action": None,
            "blocks": blocks,
        }

    def _outcome_text(self, text: str, urgency: Urgency, level: int) -> list[Data]:
        """As `selfcheck/_text.html`: in an emergency, nothing but words."""
        if urgency is not Urgency.EMERGENCY:
            return self.bare_text(text, level)
        lines = markdown.fill_placeholders(markdown.plain_text(text)).splitlines()
        return [paragraph(line) for line in lines]


def _rule(line: PrintedLine, names_letters: bool) -> str:
    if names_letters:
        return line.rule
    if len(line.choices) == 1:
        return _("If you ticked this:")
    return _("If you ticked any of these:")


def _target(line: PrintedLine) -> Any:
    if line.leads_to_box:
        return _("go to %(number)s") % {"number": line.target}
    return _("go to %(letter)s") % {"letter": line.target}
