"""The rows of the database as lines of JSON, the same for SQLite and PostgreSQL.

The tables are those of the migrations that were run, not of the code: so a database of an earlier
version is written and read as it is, and migrated afterwards.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from decimal import Decimal
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.models import Field, JSONField, Model

Applied = list[tuple[str, str]]

BATCH_SIZE = 500
# The search makes its own anew. Whoever was signed in signs in again: a session that was ended
# since must not come back.
LEFT_OUT = frozenset(
    {"django_session", "staff_staffsession", "search_indexentry", "search_vocabularyword"}
)


class Table:
    """A table of the database, and its columns as the migrations describe them."""

    def __init__(self, model: type[Model]):
        self._model = model
        self._fields: list[Field[Any, Any]] = list(model._meta.local_concrete_fields)
        self.name = model._meta.db_table
        self.columns = [str(field.column) for field in self._fields]

    def read_lines(self) -> Iterator[str]:
        """Each row as a JSON list of its values, in the order of the key."""
        rows = self._model._base_manager.order_by("pk").values_list(
            *(field.attname for field in self._fields)
        )
        for row in rows.iterator(chunk_size=BATCH_SIZE):
            yield json.dumps(row, default=_to_json) + "\n"

    def write_lines(self, lines: Iterable[str]) -> int:
        """Insert rows as `read_lines` wrote them; their number.

        Raises DatabaseError, ValidationError, or ValueError for what is no such row.
        """
        # Names of tables cannot be parameters. They come from the models, and are quoted; so below.
        quote = connection.ops.quote_name
        columns = ", ".join(map(quote, self.columns))
        marks = ", ".join(["%s"] * len(self.columns))
        statement = f"INSERT INTO {quote(self.name)} ({columns}) VALUES ({marks})"  # noqa: S608
        rows, number = iter(lines), 0
        with connection.cursor() as cursor:
            while batch := [self._to_database(line) for line in islice(rows, BATCH_SIZE)]:
                cursor.executemany(statement, batch)
                number += len(batch)
        return number

    def clear(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(self.name)}")  # noqa: S608

    def last_number(self) -> int | None:
        """The highest number that was given to a row; None for a table that gives none."""
        if self._model._meta.auto_field is None:
            return None
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [self.name])
                row = cursor.fetchone()
                return row[0] if row else 0
            cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [*self._sequence_of])
            sequence = cursor.fetchone()[0]
            cursor.execute(f"SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {sequence}")  # noqa: S608
            return int(cursor.fetchone()[0])

    def set_last_number(self, number: int) -> None:
        """Give only higher numbers from now on: those that were in use are not used again."""
        if number < 1:
            return
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [self.name])
                cursor.execute("INSERT INTO sqlite_sequence VALUES (%s, %s)", [self.name, number])
                return
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence(%s, %s), %s)", [*self._sequence_of, number]
            )

    @property
    def _sequence_of(self) -> tuple[str, str]:
        return connection.ops.quote_name(self.name), str(self._model._meta.pk.column)

    def _to_database(self, line: str) -> list[Any]:
        values = json.loads(line)
        if not isinstance(values, list) or len(values) != len(self._fields):
            raise ValueError(f"a row of {self.name} has not {len(self._fields)} values")
        return [
            _column_value(field, value) for field, value in zip(self._fields, values, strict=True)
        ]


def applied_migrations() -> Applied:
    """The migrations that were run on this database and that this version knows."""
    loader = MigrationLoader(connection)
    return sorted(loader.applied_migrations.keys() & loader.disk_migrations.keys())


def unknown_migrations(applied: Applied) -> Applied:
    """Those that this version does not know: they are of a later one."""
    return sorted(set(applied) - MigrationLoader(None).disk_migrations.keys())


def last_of(applied: Applied) -> Applied:
    """Those that no other of them needs. Run in turn, an earlier one would undo later ones."""
    graph = MigrationLoader(None).graph
    needed = {parent.key for key in applied for parent in graph.node_map[key].parents}
    return [key for key in applied if key not in needed]


def tables_after(applied: Applied) -> list[Table]:
    """The tables that a backup holds, after these migrations."""
    state = MigrationLoader(None).project_state(list(applied))
    models = state.apps.get_models(include_auto_created=True)
    return sorted(
        (
            Table(model)
            for model in models
            if model._meta.managed
            and not model._meta.proxy
            and model._meta.db_table not in LEFT_OUT
        ),
        key=lambda table: table.name,
    )


def _column_value(field: Any, value: Any) -> Any:
    """A value of JSON as this database stores it in the column of a field."""
    if isinstance(field, JSONField):
        # Django takes None for no value at all, which this column may not have.
        if value is None and not field.null:
            return connection.ops.adapt_json_value(None, field.encoder)
        return field.get_db_prep_save(value, connection)
    target = field.target_field if field.remote_field else field
    return field.get_db_prep_save(target.to_python(value), connection)


def _to_json(value: object) -> str:
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    if isinstance(value, (UUID, Decimal)):
        return str(value)
    raise TypeError(f"no column of ours holds {type(value).__name__}")
