"""Slow work that a transaction turns out to need, such as a print on trial, done outside of it.

Nobody else can save while a transaction is open. So one that needs slow work is undone, the work is
done and its result kept, and the transaction begins again, with what is there by then.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from typing import TypeVar

Work = Callable[[], object]
T = TypeVar("T")

# After so many tries, work is done where it is needed: something changes all the time.
MAX_TRIES = 4

_deferred: ContextVar[list[Work] | None] = ContextVar("deferred", default=None)


class SlowWorkNeeded(Exception):
    """Undoes the transaction, for `run_outside_work`."""


def defer(work: Work) -> bool:
    """Leave `work` to `run_outside_work`; False if that does not run, so that it is done here."""
    deferred = _deferred.get()
    if deferred is None:
        return False
    deferred.append(work)
    return True


def raise_if_deferred() -> None:
    """Raise SlowWorkNeeded if work was left."""
    if _deferred.get():
        raise SlowWorkNeeded


def run_outside_work(transaction: Callable[[], T], reset: Callable[[], None] = lambda: None) -> T:
    """Run `transaction`; when it needs slow work, do that, `reset`, and run it again."""
    for _try in range(MAX_TRIES - 1):
        deferred: list[Work] = []
        token = _deferred.set(deferred)
        try:
            return transaction()
        except SlowWorkNeeded:
            pass
        finally:
            _deferred.reset(token)
        for work in deferred:
            work()
        reset()
    return transaction()
