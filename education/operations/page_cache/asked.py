"""What a page was built from: the database queries, and a digest of their results."""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from education import clock

Question = tuple[str, tuple[Any, ...]]
QUESTIONS = ("SELECT ", "WITH RECURSIVE ")
"""How what is only asked begins, as Django and this site write it."""


class StandIn(Enum):
    """Replaces a query parameter that is different on every run."""

    NOW = "now"


@dataclass(frozen=True)
class Asked:
    """Queries, and a digest of all their results, on one day in the clinic's time zone.

    A page depends on nothing else: each query follows from the results before it. So a page whose
    queries have the same results would be rebuilt byte for byte.
    """

    questions: tuple[Question, ...]
    on: date
    answers: bytes

    def is_answered_so_now(self) -> bool:
        """Whether the results are the same now; raises the Error of a failing database."""
        now = timezone.now()
        return timezone.localdate(now) == self.on and _answers(self.questions, now) == self.answers


@dataclass
class Listener:
    """Records every query, and whether each can be repeated."""

    at: datetime
    questions: list[Question] = field(default_factory=list)
    understands: bool = True

    def __call__(
        self,
        execute: Callable[..., Any],
        sql: str,
        params: Any,
        many: bool,
        context: dict[str, Any],
    ) -> Any:
        """Record a query on its way to the database."""
        at = connection.ops.adapt_datetimefield_value(self.at)
        noted = tuple(StandIn.NOW if value == at else value for value in params or ())
        # A time that is not the stopped clock's was computed from it, and would be another one next
        # time.
        if many or not sql.startswith(QUESTIONS) or any(map(_is_a_time, noted)):
            self.understands = False
        self.questions.append((sql, noted))
        return execute(sql, params, many, context)

    def heard(self) -> Asked | None:
        """All queries with their present results; None if one of them cannot be repeated."""
        if not self.understands:
            return None
        questions, now = tuple(self.questions), timezone.now()
        return Asked(questions, timezone.localdate(self.at), _answers(questions, now))


@contextmanager
def listening() -> Iterator[Listener]:
    """Record the queries of this thread, with its clock stopped."""
    with clock.frozen_time() as at:
        listener = Listener(at)
        with connection.execute_wrapper(listener):
            yield listener


def _is_a_time(value: object) -> bool:
    if isinstance(value, str):
        try:
            return parse_datetime(value) is not None
        except ValueError:
            return False
    return isinstance(value, datetime)


def _answers(questions: tuple[Question, ...], now: datetime) -> bytes:
    at = connection.ops.adapt_datetimefield_value(now)
    digest = hashlib.sha256()
    with connection.cursor() as cursor:
        for sql, noted in questions:
            cursor.execute(sql, [at if value is StandIn.NOW else value for value in noted])
            digest.update(pickle.dumps(cursor.fetchall()))
    return digest.digest()
