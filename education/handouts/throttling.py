"""The limits of prints: 30 documents a minute for each address, and few at once.

They are counted in files, because a page that is only read writes nothing into the database.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from education.handouts.paper.typesetting import Busy
from education.web import slots
from education.web.client_ip import client_ip
from education.web.throttling import FileStore, Throttle, current_window

MAX_PRINTS = 30
WINDOW_SECONDS = 60
print_counters = FileStore("prints")
_THROTTLE = Throttle("prints", buckets=65_536, store=print_counters)


def count_prints(request: HttpRequest, documents: int = 1) -> None:
    """Count that `documents` are to be printed; raises Busy when that is too many."""
    window = current_window(WINDOW_SECONDS)
    if not _THROTTLE.try_acquire(client_ip(request), window, MAX_PRINTS, documents):
        message = _("Many prints were asked for in a short time. Wait a minute, then try again.")
        raise Busy(message, seconds=WINDOW_SECONDS)


@contextmanager
def printing() -> Iterator[None]:
    """Around the making of a PDF; raises Busy at once when others are at it."""
    try:
        with slots.PRINTS.take():
            yield
    except slots.NoFreeSlot:
        message = _("Others are printing just now. Wait a few seconds, then try again.")
        raise Busy(message) from None
