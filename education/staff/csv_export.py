"""Lists as CSV files for a spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any

from django.http import StreamingHttpResponse
from django.utils import timezone


def csv_response(
    name: str, header: Sequence[Any], rows: Iterable[Sequence[Any]]
) -> StreamingHttpResponse:
    """A file of `rows` under `header`, called by `name` and today's date; no cell is a formula."""
    response = StreamingHttpResponse(
        _csv_lines(chain((header,), rows)),
        content_type="text/csv; charset=utf-8",
    )
    response["Content-Disposition"] = f'attachment; filename="{name}-{timezone.localdate()}.csv"'
    response["Cache-Control"] = "no-store"
    return response


class _Echo:
    """A file-like object whose write() returns the line."""

    def write(self, line: str) -> str:
        return line


def _csv_lines(rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    # Spreadsheets take the file for UTF-8 only with this mark.
    yield "\ufeff"
    for row in rows:
        yield writer.writerow([_escape_formula(str(cell)) for cell in row])


def _escape_formula(cell: str) -> str:
    """Prefix text that a spreadsheet would run as a formula."""
    return f"'{cell}" if cell.lstrip()[:1] in {"=", "+", "-", "@"} else cell
