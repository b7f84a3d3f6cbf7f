"""Queries that the ORM composes once, and that run many times with other values.

For pages that readers wait for: composing such a query takes longer than the database needs.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Expression, QuerySet

Row = tuple[Any, ...]
Composed = tuple[str, tuple[Any, ...], tuple[Any, ...]]
Build = Callable[..., QuerySet[Any, Any]]


class Parameter(Expression):
    """Stands in a query for a value that is filled in each time; for one of many, at a position."""

    def __init__(self, name: str, position: int | None = None):
        super().__init__()
        self.name = name
        self.position = position

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        return "%s", [self]

    def value_in(self, values: dict[str, Any]) -> Any:
        value = values[self.name]
        return value if self.position is None else value[self.position]


class PreparedQuery:
    """The rows of a query. `build` makes it of one Parameter for each value, and of a tuple of them
    for each tuple of values; it ends with `values_list`. Querysets take a Parameter for a value of
    any type.
    """

    def __init__(self, build: Build, around: str = "%(query)s"):
        """`around`: more SQL, with `%(query)s` where the query stands in it."""

        @lru_cache(maxsize=64)
        def composed(_vendor: str, shape: tuple[tuple[str, int | None], ...]) -> Composed:
            sql, params, converters = _compose(build, dict(shape))
            return around.replace("%(query)s", sql), params, converters

        self._composed = composed

    def rows(self, **values: Any) -> list[Row]:
        """Run it: one query. A tuple must not be empty, and another length is composed anew."""
        shape = tuple(
            (name, len(value) if isinstance(value, tuple) else None)
            for name, value in values.items()
        )
        sql, params, converters = self._composed(connection.vendor, shape)
        with connection.cursor() as cursor:
            cursor.execute(sql, [_filled_in(one, values) for one in params])
            rows: list[Row] = cursor.fetchall()
        return [_converted(row, converters) for row in rows] if converters else rows


def _compose(build: Build, shape: dict[str, int | None]) -> Composed:
    queryset = build(
        **{
            name: Parameter(name)
            if size is None
            else tuple(Parameter(name, position) for position in range(size))
            for name, size in shape.items()
        }
    )
    compiler = queryset.query.get_compiler(connection=connection)
    sql, params = compiler.as_sql()
    converters = compiler.get_converters([column for column, _sql, _alias in compiler.select])
    found = (
        (position, tuple(convert), expression)
        for position, (convert, expression) in converters.items()
    )
    return sql, tuple(params), tuple(found)


def _filled_in(param: Any, values: dict[str, Any]) -> Any:
    if not isinstance(param, Parameter):
        return param
    value = param.value_in(values)
    return connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value


def _converted(row: Row, converters: tuple[Any, ...]) -> Row:
    changed = list(row)
    for position, convert, expression in converters:
        for step in convert:
            changed[position] = step(changed[position], expression, connection)
    return tuple(changed)
