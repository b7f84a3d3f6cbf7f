"""The clock of what readers see: while a page is made it can be stopped, so that all is of one
moment.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from django.utils import timezone

_frozen_at: ContextVar[datetime | None] = ContextVar("frozen_at", default=None)


def now() -> datetime:
    """The moment at which the clock was stopped, or else the present one."""
    return _frozen_at.get() or timezone.now()


@contextmanager
def frozen_time() -> Iterator[datetime]:
    """Stop the clock, for this thread, until the end."""
    moment = timezone.now()
    token = _frozen_at.set(moment)
    try:
        yield moment
    finally:
        _frozen_at.reset(token)
