"""The limit of PDFs for one client IP, counted in memory under a keyed hash."""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from collections import deque

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from education.handouts.rendering import Busy
from education.web.client_ip import client_ip

MAX_PRINTS = 30
WINDOW_SECONDS = 60
# With more clients, the one that was seen longest ago is forgotten.
MAX_CLIENTS = 5_000


class RateLimiter:
    """A limit of documents in a time window for each client IP, in this process."""

    def __init__(self, times: int = MAX_PRINTS, seconds: float = WINDOW_SECONDS):
        self._times, self._seconds = times, seconds
        self._salt = secrets.token_bytes(16)
        self._lock = threading.Lock()
        self._seen: dict[bytes, deque[float]] = {}

    def hit(self, request: HttpRequest, documents: int = 1) -> None:
        """Count documents for the client of `request`; raises Busy above the limit."""
        client = hashlib.blake2b(
            client_ip(request).encode(), key=self._salt, digest_size=16
        ).digest()
        now = time.monotonic()
        with self._lock:
            times = self._seen.pop(client, deque())
            while times and times[0] <= now - self._seconds:
                times.popleft()
            self._seen[client] = times
            while len(self._seen) > MAX_CLIENTS:
                del self._seen[next(iter(self._seen))]
            if len(times) + documents > self._times:
                raise Busy(
                    _("Many prints were asked for in a short time. Wait a minute, then try again.")
                )
            times.extend([now] * documents)

    def clear(self) -> None:
        with self._lock:
            self._seen.clear()


print_limiter = RateLimiter()
