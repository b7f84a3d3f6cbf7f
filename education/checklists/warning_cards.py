"""The warning signs of a checklist as the cards of a page: one card for each urgency, most urgent
first.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from education.checklists.content import ChecklistContent, ChecklistRow, Combination, WarningSign
from education.urgency import Urgency

# How many signs of a level a page shows that has chosen none of them.
SHOWN_BY_DEFAULT = 3
# More signs in one piece stand under their topics.
LONGEST_LIST = 7


@dataclass(frozen=True)
class CardSign:
    """A line of a card: inline Markdown, and its own note on darker skin."""

    text: str
    on_darker_skin: str


@dataclass(frozen=True)
class CardList:
    """Lines of a card under one heading, which may be empty.

    `is_lead`: the lines go on from the heading, and say half of what is meant without it.
    """

    heading: str
    signs: tuple[CardSign, ...]
    is_lead: bool


@dataclass(frozen=True)
class WarningCard:
    """The signs of one urgency.

    `folded`: those that a page shows only on request; an emergency card has none. `on_darker_skin`:
    one note for the whole card, in place of a note for each sign. `fold_labels`: for whom
    folded signs are, or about what, if these say so.
    """

    level: Urgency
    shown: tuple[CardList, ...]
    folded: tuple[CardList, ...]
    on_darker_skin: str
    fold_labels: tuple[str, ...]

    @property
    def folded_count(self) -> int:
        return sum(len(part.signs) for part in self.folded)

    @property
    def lines(self) -> tuple[CardSign, ...]:
        """All signs, none of which needs a heading: what goes on from one is a line with it."""
        return tuple(
            line
            for part in (*self.shown, *self.folded)
            for line in ((_run_on(part),) if part.is_lead else part.signs)
        )


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
    signs = [row for row in rows if isinstance(row, WarningSign)]
    chosen = {row.key for row in signs if row.key in key_signs}
    first = chosen or {row.key for row in signs[:SHOWN_BY_DEFAULT]}
    if level is Urgency.EMERGENCY:
        first = {row.key for row in rows}
    return WarningCard(
        level=level,
        shown=_lists(checklist, [row for row in rows if row.key in first], level),
        folded=_lists(checklist, [row for row in rows if row.key not in first], level),
        on_darker_skin=checklist.card_note(level),
        fold_labels=tuple(
            dict.fromkeys(
                row.fold_label for row in signs if row.fold_label and row.key not in first
            )
        ),
    )


def _lists(
    checklist: ChecklistContent, rows: list[ChecklistRow], level: Urgency
) -> tuple[CardList, ...]:
    """The lines of some rows under their headings; each line once.

    What has no heading comes first, so that nothing seems to belong to the heading above it; then
    the combinations, because they are what most who call in time have noticed.
    """
    signs = [row for row in rows if isinstance(row, WarningSign)]
    combinations = [row for row in rows if isinstance(row, Combination)]
    lead, note = checklist.combinations_lead, checklist.card_note(level)
    lines: dict[str, dict[CardSign, None]] = {"": {}}

    def add(heading: str, text: str, row: ChecklistRow) -> None:
        line = CardSign(text, "" if note else row.on_darker_skin)
        lines.setdefault(heading, {})[line] = None

    for pair in combinations:
        goes_on = bool(lead and pair.in_short)
        add(lead if goes_on else "", pair.in_short if goes_on else pair.text, pair)
    for sign in signs:
        add(sign.topic if len(signs) > LONGEST_LIST else "", sign.in_short or sign.text, sign)
    return tuple(
        CardList(heading, tuple(found), is_lead=bool(heading) and heading == lead)
        for heading, found in lines.items()
        if found
    )


def _run_on(part: CardList) -> CardSign:
    return CardSign(
        text=f"{part.heading} {'; '.join(sign.text for sign in part.signs)}",
        on_darker_skin=" ".join(sign.on_darker_skin for sign in part.signs if sign.on_darker_skin),
    )
