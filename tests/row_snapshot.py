"""Sites that take long to publish: recorded as the rows that they add, and inserted again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

# What lies below the index of the search is written with it, and publications only after their
# editions.
_TABLES = """SELECT name, CASE type WHEN 'virtual' THEN 'rowid, ' ELSE '' END FROM pragma_table_list
    WHERE schema = 'main' AND type IN ('table', 'virtual') AND name NOT LIKE 'sqlite%'
    ORDER BY name = 'publishing_publication', name"""

Rows = list[tuple[Any, ...]]


class RowSnapshot:
    """The rows that `fill` adds. Wherever a copy might differ from what it does, `fill` itself is
    called.
    """

    def __init__(self, fill: Callable[[], object]):
        self._fill = fill
        self._rows: dict[tuple[str, str], Rows] = {}
        self._began = self._ended = datetime.min

    def restore(self) -> None:
        """Do what `fill` does; from the second time on, where that is safe, by
        inserting its rows.
        """
        if (
            connection.vendor != "sqlite"
            or not connection.in_atomic_block
            or settings.HANDOUT_TRIAL_RENDER
        ):
            self._fill()
        elif self._rows and self._is_empty():
            self._insert_rows()
        elif self._rows:
            self._fill()
        else:
            self._record()

    def _record(self) -> None:
        before, began = _all_rows(), _now()
        self._fill()
        added = {table: rows for table, rows in _all_rows().items() if rows != before[table]}
        if not any(before[table] for table in added):
            self._rows, self._began, self._ended = added, began, _now()

    def _is_empty(self) -> bool:
        with connection.cursor() as cursor:
            return not any(
                cursor.execute(f'SELECT EXISTS (SELECT 1 FROM "{table}")').fetchone()[0]
                for table, _columns in self._rows
            )

    def _insert_rows(self) -> None:
        later = _now() - self._ended
        with connection.cursor() as cursor:
            # Tables lead to one another in circles; all is there before the transaction ends.
            cursor.execute("PRAGMA defer_foreign_keys = ON")
            for (table, columns), rows in self._rows.items():
                places = ", ".join(["%s"] * len(rows[0]))
                moved = [tuple(self._moved(value, later) for value in row) for row in rows]
                cursor.executemany(f'INSERT INTO "{table}" ({columns}) VALUES ({places})', moved)

    def _moved(self, value: Any, later: timedelta) -> Any:
        """A moment of the filling becomes one of the putting; everything else is as it was."""
        is_of_the_filling = isinstance(value, datetime) and self._began <= value <= self._ended
        return value + later if is_of_the_filling else value


def _now() -> datetime:
    return timezone.now().replace(tzinfo=None)


def _all_rows() -> dict[tuple[str, str], Rows]:
    found = {}
    with connection.cursor() as cursor:
        for table, key in cursor.execute(_TABLES).fetchall():
            rows = cursor.execute(f'SELECT {key}* FROM "{table}"').fetchall()
            found[table, ", ".join(f'"{column[0]}"' for column in cursor.description)] = rows
    return found
