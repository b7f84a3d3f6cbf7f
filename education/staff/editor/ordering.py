"""Rows in order: staff give each a place, 1 for the first, and the others make room."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

# Behind every other row, until the rows are numbered anew.
LAST_POSITION = 1_000_000


class PositionField(forms.IntegerField):
    """A place in a list: shown from 1 on, kept from 0 on, and the last one when
    nothing is typed.
    """

    def __init__(self) -> None:
        super().__init__(
            label=_("Place"),
            help_text=_("1 comes first. Leave it empty to put this last."),
            required=False,
            min_value=1,
            widget=forms.NumberInput(attrs={"class": "position", "min": 1}),
        )

    def prepare_value(self, value: Any) -> Any:
        """A stored place as staff count it; what was typed as it was typed."""
        return value + 1 if isinstance(value, int) else value

    def clean(self, value: Any) -> int:
        """The place as it is stored."""
        position = super().clean(value)
        return LAST_POSITION if position is None else min(int(position) - 1, LAST_POSITION)

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether another place was typed than the one that was shown."""
        return super().has_changed(self.prepare_value(initial), data)


def renumber(rows: Iterable[Any], previous: Mapping[int, int | None]) -> None:
    """Number `rows` without gaps. Where two claim a place, the one that was just put there has it.

    `previous`: the former places of the rows (by id) that were moved; None for new ones.
    """

    def rank(row: Any) -> tuple[int, int, int]:
        before = previous.get(row.pk, row.order)
        # A row that moved down leaves a gap above, into which the one that stood here moves.
        step = 0 if before == row.order else 1 if before is not None and before < row.order else -1
        return row.order, step, row.pk

    for position, row in enumerate(sorted(rows, key=rank)):
        if row.order != position:
            row.order = position
            row.save(update_fields=["order"])
