"""The answer to ticks on a checklist."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from education.checklists.content import ChecklistContent, ChecklistRow, Combination, WarningSign
from education.urgency import Urgency


@dataclass(frozen=True)
class ChecklistResult:
    """The signs that a person ticked, the combinations they meet, and what follows.

    `list_changed`: some ticks are not of this list, so it has changed since the form was made.
    `is_crisis`: a ticked sign says that the person may want to die.
    """

    ticked: tuple[WarningSign, ...]
    combinations: tuple[Combination, ...]
    list_changed: bool
    is_crisis: bool

    @classmethod
    def from_ticked(cls, checklist: ChecklistContent, keys: Iterable[str]) -> Self:
        """The result of ticking `keys`; empty ones are ignored."""
        ticked_keys = {key for key in keys if key}
        return cls(
            ticked=tuple(sign for sign in checklist.signs if sign.key in ticked_keys),
            combinations=checklist.combinations_of(ticked_keys),
            list_changed=bool(ticked_keys - {sign.key for sign in checklist.signs}),
            is_crisis=checklist.is_crisis(ticked_keys),
        )

    @property
    def ticked_keys(self) -> frozenset[str]:
        return frozenset(sign.key for sign in self.ticked)

    @property
    def urgency(self) -> Urgency | None:
        """The highest level ticked, alone or together; None if nothing was.

        None, too, if the list has changed and this is no emergency: a sign that is no longer there
        may have been more urgent.
        """
        rows: tuple[ChecklistRow, ...] = (*self.ticked, *self.combinations)
        highest = max((row.level for row in rows), default=None)
        return None if self.list_changed and highest != Urgency.EMERGENCY else highest

    @property
    def deciding_combinations(self) -> tuple[Combination, ...]:
        """The combinations of the highest level."""
        return tuple(row for row in self.combinations if row.level == self.urgency)

    @property
    def deciding_signs(self) -> tuple[WarningSign, ...]:
        """The ticked signs of the highest level."""
        return tuple(sign for sign in self.ticked if sign.level == self.urgency)
