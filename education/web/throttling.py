"""Limits of events per client and window of time, storing nothing that identifies a client.

What identifies a client (an address, a name) is hashed with the site's secret key, the scope of the
limit and the number of the window into one of a few thousand buckets; only the bucket is counted.
A bucket cannot be turned back into a client, and other windows have other buckets. Two clients may
share a bucket by chance, so a limit must leave room for that. Windows have fixed bounds: around the
end of one, a client may reach the limit twice.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from dataclasses import dataclass
from typing import Protocol

from django.utils.crypto import salted_hmac


class CounterStore(Protocol):
    """Counters by scope, window and bucket: in memory, or `models.ThrottleCounter.objects`."""

    def try_add(self, scope: str, window: int, bucket: int, number: int, limit: int) -> bool:
        """Add `number` in one step, unless the counter would exceed `limit`; whether it did."""

    def reset(self, scope: str, window: int, bucket: int) -> None: ...

    def delete_expired(self, scope: str, window: int) -> None:
        """Delete the counters of windows before `window`."""


class MemoryStore:
    """Counters of one scope, in this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._window = 0
        self._counts: Counter[int] = Counter()

    def try_add(self, scope: str, window: int, bucket: int, number: int, limit: int) -> bool:
        self.delete_expired(scope, window)
        with self._lock:
            if self._counts[bucket] + number > limit:
                return False
            self._counts[bucket] += number
            return True

    def reset(self, scope: str, window: int, bucket: int) -> None:
        with self._lock:
            del self._counts[bucket]

    def delete_expired(self, scope: str, window: int) -> None:
        with self._lock:
            if window != self._window:
                self._window = window
                self._counts.clear()

    def clear(self) -> None:
        with self._lock:
            self._counts.clear()


@dataclass(frozen=True)
class Throttle:
    """One limit. `scope` keeps its counters and buckets apart from those of other limits."""

    scope: str
    buckets: int
    store: CounterStore

    def bucket(self, key: str, window: int) -> int:
        """The bucket of the client that `key` identifies, from 0 to `buckets` - 1."""
        digest = salted_hmac(
            f"education.web.throttling.{self.scope}", f"{window} {key}", algorithm="sha256"
        ).digest()
        return int.from_bytes(digest[:4]) % self.buckets

    def try_acquire(self, key: str, window: int, limit: int, number: int = 1) -> bool:
        """Count `number` events for a client; False, and nothing counted, if that is too many."""
        return self.store.try_add(self.scope, window, self.bucket(key, window), number, limit)

    def reset(self, key: str, window: int) -> None:
        """Forget the events of a client, and of any other in its bucket."""
        self.store.reset(self.scope, window, self.bucket(key, window))

    def delete_expired(self, window: int) -> None:
        """Delete the counters of windows before `window`."""
        self.store.delete_expired(self.scope, window)


def current_window(seconds: int) -> int:
    """The number of the present window, where each is `seconds` long."""
    return int(time.time()) // seconds
