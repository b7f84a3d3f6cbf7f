"""The clock of what readers see: while a page is made it can be stopped, so that all is of one moment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from django.utils import timezone

_stopped: ContextVar[datetime | None] = ContextVar("stopped", default=None)


def now() -> datetime:
    """The moment at which the clock was stopped, or else the present one."""
    return _stopped.get() or timezone.now()


@contextmanager
def stopped() -> Iterator[datetime]:
    """Stop the clock, for this thread, until the end."""
    moment = timezone.now()
    token = _stopped.set(moment)
    try:
        yield moment
    finally:
        _stopped.reset(token)
