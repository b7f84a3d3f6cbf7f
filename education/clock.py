"""The clock for what readers see: it can be stopped while a page is built."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from django.utils import timezone

_frozen_at: ContextVar[datetime | None] = ContextVar("frozen_at", default=None)


def now() -> datetime:
    """The time at which the clock was stopped, else the present."""
    return _frozen_at.get() or timezone.now()


@contextmanager
def frozen_time() -> Iterator[datetime]:
    """Stop the clock in this thread for the duration of the block."""
    moment = timezone.now()
    token = _frozen_at.set(moment)
    try:
        yield moment
    finally:
        _frozen_at.reset(token)
