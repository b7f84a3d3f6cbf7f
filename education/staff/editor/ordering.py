"""The order of rows: staff give positions from 1, and the other rows move."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

# After every other row, until the rows are renumbered.
LAST_POSITION = 1_000_000


class PositionField(forms.IntegerField):
    """A position, shown from 1 and stored from 0; the last one if left empty."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Place"),
            help_text=_("1 comes first. Leave it empty to put this last."),
            required=False,
            min_value=1,
            widget=forms.NumberInput(attrs={"class": "position", "min": 1}),
        )

    def prepare_value(self, value: Any) -> Any:
        """Convert a stored position; leave submitted text unchanged."""
        return value + 1 if isinstance(value, int) else value

    def clean(self, value: Any) -> int:
        """Return the position as stored."""
        position = super().clean(value)
        return LAST_POSITION if position is None else min(int(position) - 1, LAST_POSITION)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)


def renumber(rows: Iterable[Any], previous: Mapping[int, int | None]) -> None:
    """Number `rows` from 0 without gaps; of two rows with one position, the moved one gets it.

    `previous` has the earlier positions of moved rows by primary key; None for new rows.
    """

    def sort_key(row: Any) -> tuple[int, int, int]:
        before = previous.get(row.pk, row.order)
        # A row that moved down leaves a gap above, which the row at its new position fills.
        step = 0 if before == row.order else 1 if before is not None and before < row.order else -1
        return row.order, step, row.pk

    for position, row in enumerate(sorted(rows, key=sort_key)):
        if row.order != position:
            row.order = position
            row.save(update_fields=["order"])
