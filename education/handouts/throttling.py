"""The limit of prints for each address: 30 documents a minute, in each process.

It is counted in memory, because a page that is only read writes nothing into the database.
"""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from education.handouts.paper.typesetting import Busy
from education.web.client_ip import client_ip
from education.web.throttling import MemoryStore, Throttle, current_window

MAX_PRINTS = 30
WINDOW_SECONDS = 60
print_counters = MemoryStore()
_THROTTLE = Throttle("prints", buckets=65_536, store=print_counters)


def count_prints(request: HttpRequest, documents: int = 1) -> None:
    """Count that `documents` are to be printed; raises Busy when that is too many."""
    window = current_window(WINDOW_SECONDS)
    if not _THROTTLE.try_acquire(client_ip(request), window, MAX_PRINTS, documents):
        raise Busy(_("Many prints were asked for in a short time. Wait a minute, then try again."))
