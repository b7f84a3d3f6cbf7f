"""Limits of events per client and window of time, storing nothing that identifies a client.

What identifies a client (an address, a name) is hashed with the site's secret key, the scope of the
limit and the number of the window into one of a few thousand buckets; only the bucket is counted.
A bucket cannot be turned back into a client, and other windows have other buckets. Two clients may
share a bucket by chance, so a limit must leave room for that. Windows have fixed bounds: around the
end of one, a client may reach the limit twice.
"""

from __future__ import annotations

import fcntl
import os
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from django.conf import settings
from django.utils.crypto import salted_hmac


class CounterStore(Protocol):
    """Counters by scope, window and bucket: a `FileStore`, or `models.ThrottleCounter.objects`."""

    def try_add(self, scope: str, window: int, bucket: int, number: int, limit: int) -> bool:
        """Add `number` in one step, unless the counter would exceed `limit`; whether it did."""

    def reset(self, scope: str, window: int, bucket: int) -> None: ...

    def delete_expired(self, scope: str, window: int) -> None:
        """Delete the counters of windows before `window`."""


class FileStore:
    """Counters of one scope in a file of the data folder, where nothing is kept for long."""

    _WINDOW, _COUNT = struct.Struct("<Q"), struct.Struct("<H")

    def __init__(self, name: str) -> None:
        self._name = name

    def try_add(self, scope: str, window: int, bucket: int, number: int, limit: int) -> bool:
        with self._open(window) as file:
            count = self._read(file, bucket) + number
            if count > limit:
                return False
            self._write(file, bucket, count)
            return True

    def reset(self, scope: str, window: int, bucket: int) -> None:
        with self._open(window) as file:
            self._write(file, bucket, 0)

    def delete_expired(self, scope: str, window: int) -> None:
        with self._open(window):
            pass

    def clear(self) -> None:
        with self._open(0):
            pass

    @contextmanager
    def _open(self, window: int) -> Iterator[BinaryIO]:
        """The file, for nobody else; that of another window begins anew."""
        settings.LIMITS_DIR.mkdir(parents=True, exist_ok=True)
        path = settings.LIMITS_DIR / f"{self._name}.counts"
        with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b", 0) as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            if file.read(self._WINDOW.size) != self._WINDOW.pack(window):
                file.truncate(0)
                file.seek(0)
                file.write(self._WINDOW.pack(window))
            yield file

    def _read(self, file: BinaryIO, bucket: int) -> int:
        file.seek(self._place(bucket))
        found = file.read(self._COUNT.size)
        return self._COUNT.unpack(found)[0] if len(found) == self._COUNT.size else 0

    def _write(self, file: BinaryIO, bucket: int, count: int) -> None:
        file.seek(self._place(bucket))
        file.write(self._COUNT.pack(count))

    def _place(self, bucket: int) -> int:
        return self._WINDOW.size + bucket * self._COUNT.size


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
