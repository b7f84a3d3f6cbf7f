"""Errors of the rows of a checklist among each other: the path, and a sentence for the writer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from education.publishing.content import Path, duplicate_positions
from education.urgency import BY_KEY

if TYPE_CHECKING:
    from education.checklists.content import Combination, WarningSign


def topic_errors(signs: Sequence[WarningSign]) -> Iterator[tuple[Path, str]]:
    """Signs of a level that do not stand together with those of their topic."""
    seen: set[tuple[str, str]] = set()
    runs = groupby(enumerate(signs), lambda row: (row[1].urgency, row[1].topic))
    for (urgency, topic), run in runs:
        is_first = all(urgency != level for level, _topic in seen)
        if (urgency, topic) in seen or not (topic or is_first):
            yield (
                ("signs", next(run)[0], "topic"),
                _("Put signs of one topic next to each other. Those without a topic come first."),
            )
        seen.add((urgency, topic))


def lead_errors(lead: str, combinations: Sequence[Combination]) -> Iterator[tuple[Path, str]]:
    """Combinations that say half of what is meant on a card."""
    if lead and len({row.counts_as for row in combinations}) > 1:
        yield (
            ("combinations_lead",),
            _("These combinations are not equally urgent. Leave this empty."),
        )
    if lead:
        for index, row in enumerate(combinations):
            if not row.in_short:
                message = _("Say in a few words what comes after “{lead}”.").format(lead=lead)
                yield ("combinations", index, "in_short"), message
    elif any(row.in_short for row in combinations):
        yield (
            ("combinations_lead",),
            _("Say what all combinations begin with, or take out the few words of each."),
        )


def combination_errors(
    row: Combination, signs: Sequence[WarningSign]
) -> Iterator[tuple[Path, str]]:
    """The paths are those within `row`."""
    levels = {sign.key: BY_KEY.get(sign.urgency) for sign in signs}
    for at in duplicate_positions(row.together):
        yield ("together", at), _("This sign stands here twice. Take one out.")
    for at, key in enumerate(row.together):
        level, together = levels.get(key), BY_KEY.get(row.counts_as)
        if key not in levels:
            yield (
                ("together", at),
                _("This list has no sign “{key}”. Correct it.").format(key=key),
            )
        elif level is not None and together is not None and level >= together:
            message = _("The sign “{key}” is as urgent by itself. Let them count as more together.")
            yield ("counts_as",), message.format(key=key)
