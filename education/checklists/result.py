"""What the ticks on a checklist mean."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from education.checklists.content import ChecklistContent, ChecklistRow, Combination, WarningSign
from education.urgency import Urgency


@dataclass(frozen=True)
class ChecklistResult:
    """The signs that a person ticked, what they are together, and whether the list has changed
    meanwhile.

    `is_crisis`: a ticked sign says that the person may want to die.
    """

    ticked: tuple[WarningSign, ...]
    combinations: tuple[Combination, ...]
    list_changed: bool
    is_crisis: bool

    @classmethod
    def from_ticked(cls, checklist: ChecklistContent, keys: Iterable[str]) -> Self:
        """The answer to ticked keys; a key that the list does not have says that the
        list changed.
        """
        known = {sign.key: sign for sign in checklist.signs}
        given = {key for key in keys if key}
        return cls(
            ticked=tuple(sign for sign in checklist.signs if sign.key in given),
            combinations=checklist.combinations_of(given),
            list_changed=bool(given - set(known)),
            is_crisis=checklist.is_crisis(given),
        )

    @property
    def ticked_keys(self) -> frozenset[str]:
        """The keys of what was ticked."""
        return frozenset(sign.key for sign in self.ticked)

    @property
    def urgency(self) -> Urgency | None:
        """The highest level ticked, alone or together, or None when nothing was.

        Where the list has changed, what is gone may have been worse than what is left: only an
        emergency, which nothing can outdo, is an answer then.
        """
        rows: tuple[ChecklistRow, ...] = (*self.ticked, *self.combinations)
        highest = max((row.level for row in rows), default=None)
        return None if self.list_changed and highest != Urgency.EMERGENCY else highest

    @property
    def deciding_combinations(self) -> tuple[Combination, ...]:
        """The combinations of the highest level, all of whose signs were ticked."""
        return tuple(row for row in self.combinations if row.level == self.urgency)

    @property
    def deciding_signs(self) -> tuple[WarningSign, ...]:
        """The ticked signs of the highest level."""
        return tuple(sign for sign in self.ticked if sign.level == self.urgency)
