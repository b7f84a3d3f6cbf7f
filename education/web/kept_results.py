"""Results of functions, kept in the memory of a process by the values that they were made from.

A kept result is never wrong, however much changes elsewhere, because its key *is* what it was made
from: there is nothing to invalidate, and what is not asked for any more is dropped in time.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from functools import cache
from typing import Any

from django.utils.functional import Promise
from pydantic import BaseModel

_PLAIN = (int, float, date, Enum, bytes, type(None))


class NotKept(Exception):
    """Raised for a value that is not compared by what it holds, or is of nobody's concern later."""


def key_of(value: Any) -> Hashable:
    """A key that is equal for two values only if they show the same; raises NotKept.

    An object that is none of the plain ones says it itself: `kept_key`. Models of Django do not
    count: two of them are equal when only their numbers are.
    """
    if isinstance(value, str):
        # Of two equal texts one may be safe as HTML, and the other not.
        return value if type(value) is str else (type(value), str(value))
    if isinstance(value, Promise):
        return str(value)
    if isinstance(value, _PLAIN):
        return type(value), value
    if isinstance(value, (tuple, list)):
        return tuple(map(key_of, value))
    own: Hashable = getattr(value, "kept_key", None)
    if own is not None:
        return own
    if is_dataclass(value) and not isinstance(value, type):
        kind = type(value)
        return kind, tuple([key_of(getattr(value, name)) for name in _field_names(kind)])
    if isinstance(value, BaseModel) and value.model_config.get("frozen"):
        return value
    raise NotKept(type(value).__name__)


@cache
def _field_names(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


class KeptResults:
    """Results by key, at most `max_bytes` of them; those not used for longest go first."""

    def __init__(self, max_bytes: int):
        self._max_bytes = max_bytes
        self._bytes = 0
        self._results: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], tuple[Any, int]]) -> Any:
        """The result of a key; `make` returns it with its size, if there is none."""
        found = self._results.get(key)
        if found is not None:
            with self._lock:
                if key in self._results:
                    self._results.move_to_end(key)
            return found[0]
        made = make()
        with self._lock:
            self._bytes += made[1] - self._results.pop(key, (None, 0))[1]
            self._results[key] = made
            while self._bytes > self._max_bytes:
                self._bytes -= self._results.popitem(last=False)[1][1]
        return made[0]

    def clear(self) -> None:
        with self._lock:
            self._results.clear()
            self._bytes = 0
