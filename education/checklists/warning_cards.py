"""The warning signs of a checklist as the cards of a page: one card for each urgency, most urgent
first.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from education.checklists.content import ChecklistContent, ChecklistRow, Combination
from education.urgency import Urgency

# How many signs of a level a page shows that has chosen none of them.
SHOWN_BY_DEFAULT = 3


@dataclass(frozen=True)
class CardSign:
    """A line of a card: inline Markdown, and its own note on darker skin."""

    text: str
    on_darker_skin: str


@dataclass(frozen=True)
class WarningCard:
    """The signs of one urgency.

    `folded`: those that a page shows only on request; an emergency card has none. `on_darker_skin`:
    one note for the whole card, in place of a note for each sign. `fold_labels`: for whom
    folded signs are, or about what, if these say so.
    """

    level: Urgency
    shown: tuple[CardSign, ...]
    folded: tuple[CardSign, ...]
    on_darker_skin: str
    fold_labels: tuple[str, ...]


def warning_cards(
    checklist: ChecklistContent, key_signs: Collection[str] = ()
) -> tuple[WarningCard, ...]:
    """The cards of a page that shows `key_signs` (keys of signs) first.

    Every sign and combination of the checklist is on exactly one card. Nothing that is an emergency
    is ever folded.
    """
    return tuple(_card(checklist, level, rows, key_signs) for level, rows in checklist.by_urgency())


def _card(
    checklist: ChecklistContent,
    level: Urgency,
    rows: list[ChecklistRow],
    key_signs: Collection[str],
) -> WarningCard:
    note = checklist.card_note(level)
    signs = [row for row in rows if not isinstance(row, Combination)]
    combinations = [row for row in rows if isinstance(row, Combination)]
    chosen = {row.key for row in signs if row.key in key_signs}
    first = chosen or {row.key for row in signs[:SHOWN_BY_DEFAULT]}
    if level is Urgency.EMERGENCY:
        first = {row.key for row in rows}
    lines = [(row.key in first, _line(row, note)) for row in signs]
    if combinations and checklist.combinations_in_short:
        together = CardSign(checklist.combinations_in_short, "")
        # First, because it is what most who call in time have noticed.
        lines.insert(0, (level is Urgency.EMERGENCY, together))
    else:
        lines.extend((row.key in first, _line(row, note)) for row in combinations)
    return WarningCard(
        level=level,
        shown=tuple(line for is_first, line in lines if is_first),
        folded=tuple(line for is_first, line in lines if not is_first),
        on_darker_skin=note,
        fold_labels=tuple(
            dict.fromkeys(
                row.fold_label for row in signs if row.fold_label and row.key not in first
            )
        ),
    )


def _line(row: ChecklistRow, note: str) -> CardSign:
    in_short = "" if isinstance(row, Combination) else row.in_short
    return CardSign(in_short or row.text, "" if note else row.on_darker_skin)
