"""What a page was made from: the questions that it asked the database, and the answers
that it got.
"""

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
    """Stands in a question for what is different each time it is asked."""

    NOW = "now"


@dataclass(frozen=True)
class Asked:
    """Questions, and a digest of all that was answered, on one day of the clinic.

    A page is made of nothing else: the next question follows from the answers before it. So a page
    whose questions are answered as they were would be made again to the letter.
    """

    questions: tuple[Question, ...]
    on: date
    answers: bytes

    def is_answered_so_now(self) -> bool:
        """Whether the database says the same at this moment; raises the Error of a database that
        fails.
        """
        now = timezone.now()
        return timezone.localdate(now) == self.on and _answers(self.questions, now) == self.answers


@dataclass
class Listener:
    """Hears every question, and whether each can be asked again."""

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
        """Note a question on its way to the database."""
        at = connection.ops.adapt_datetimefield_value(self.at)
        noted = tuple(StandIn.NOW if value == at else value for value in params or ())
        # Another time than the moment itself was reckoned from it, and would be another the next
        # time.
        if many or not sql.startswith(QUESTIONS) or any(map(_is_a_time, noted)):
            self.understands = False
        self.questions.append((sql, noted))
        return execute(sql, params, many, context)

    def heard(self) -> Asked | None:
        """All that was asked, with what is answered now; None for what cannot be asked again."""
        if not self.understands:
            return None
        questions, now = tuple(self.questions), timezone.now()
        return Asked(questions, timezone.localdate(self.at), _answers(questions, now))


@contextmanager
def listening() -> Iterator[Listener]:
    """Hear what is asked in this thread; for it, the moment stands still."""
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
