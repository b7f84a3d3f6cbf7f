"""One line in the log for a database that is away, instead of a traceback for each request."""

from __future__ import annotations

import logging
import time

from django.db import DatabaseError, InterfaceError, OperationalError

REPEAT_AFTER = 60.0
"""Seconds after which the same is logged again."""


def is_database_away(error: BaseException | None) -> bool:
    """Whether it means that the database cannot be reached or read, not that a query is bad."""
    return isinstance(error, (OperationalError, InterfaceError)) or type(error) is DatabaseError


class DatabaseAwayFilter(logging.Filter):
    """Shortens the first record to a line, and drops those that follow within a minute."""

    def __init__(self) -> None:
        super().__init__()
        self._logged_at = float("-inf")

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record is logged."""
        error = record.exc_info[1] if record.exc_info else None
        if error is None or not is_database_away(error):
            return True
        now = time.monotonic()
        if now - self._logged_at < REPEAT_AFTER:
            return False
        self._logged_at = now
        reason = str(error).strip().partition("\n")[0]
        record.msg, record.args = "The database cannot be used (%s).", (reason,)
        record.exc_info = record.exc_text = None
        return True
