"""Rows inside a row of a form: the choices of a question, and where its answers lead.

To the form they are one field, whose value is the list of rows as JSON text. So drafts, the merge
of two writers and the audit log treat them as they treat any other field.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _

from education.staff.editor.three_way_merge import parse_small_int

MAX_ROWS = 60

Row = dict[str, str]


def dump_rows(rows: Sequence[Mapping[str, Any]]) -> str:
    return json.dumps([dict(row) for row in rows], ensure_ascii=False, sort_keys=True)


def load_rows(text: Any) -> list[Row]:
    """The rows in the value of a field; none for anything that is not such a value."""
    try:
        found = json.loads(text or "[]")
    except (TypeError, ValueError, RecursionError):
        return []
    if not isinstance(found, list):
        return []
    return [
        {str(name): str(value) for name, value in row.items()}
        for row in found[:MAX_ROWS]
        if isinstance(row, dict)
    ]


class RowsWidget(forms.Widget):
    """Reads the fields `<name>-<number>-<column>`; a template of the form shows them.

    `columns` are written; `ref` names a row to other rows: its key, or "#3" until it has one.
    `preset` is the value of `preset_column` that nobody chose.
    """

    def __init__(self, columns: Sequence[str], preset_column: str = ""):
        super().__init__()
        self.columns = columns
        self.preset_column = preset_column

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str:
        total = parse_small_int(data.get(f"{name}-TOTAL_FORMS", "") or "")
        if total is None:
            return str(data.get(name, "[]"))
        placed = []
        for index in range(min(total, MAX_ROWS)):
            prefix = f"{name}-{index}-"
            if not any(prefix + column in data for column in self.columns):
                continue
            row = {
                column: str(data.get(prefix + column, "")).replace("\r\n", "\n")
                for column in (*self.columns, "ref")
            }
            if data.get(prefix + "DELETE") or self._is_empty(row, data.get(prefix + "preset", "")):
                continue
            if not row["ref"] and "text" in self.columns:
                row["ref"] = f"#new-{index}"
            place = parse_small_int(str(data.get(prefix + "place", "")))
            placed.append((place or MAX_ROWS + index, index, row))
        return dump_rows([row for _place, _index, row in sorted(placed, key=lambda one: one[:2])])

    def _is_empty(self, row: Row, preset: str) -> bool:
        if row["ref"] and not row["ref"].startswith("#"):
            return False
        return not any(
            row[column]
            for column in self.columns
            if not (column == self.preset_column and row[column] == preset)
        )


class RowsField(forms.CharField):
    """The rows as JSON text."""

    widget: RowsWidget

    def __init__(self, columns: Sequence[str], preset_column: str = "", **options: Any):
        super().__init__(
            required=False, strip=False, widget=RowsWidget(columns, preset_column), **options
        )

    def has_changed(self, initial: Any, data: Any) -> bool:
        return load_rows(initial) != load_rows(data)

    def display_value(self, value: Any) -> str:
        """The rows for a writer, one a line, without what names them."""
        rows = (
            " · ".join(text for name, text in row.items() if text and name in self.shown_columns)
            for row in load_rows(value)
        )
        return "\n".join(filter(None, rows)) or _("(nothing)")

    shown_columns: ClassVar[tuple[str, ...]] = ("text",)
