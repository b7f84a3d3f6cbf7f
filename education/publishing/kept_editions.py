"""Editions kept in the memory of a process: they never change, so each is read and parsed once."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator

from education.publishing.models import Edition, EditionIdentity, EditionQuerySet


class KeptEditions:
    """At most `most` editions as `read` reads them; those not used for longest go first.

    All threads share them: nothing of them may be changed.
    """

    def __init__(self, read: Callable[[EditionQuerySet], Iterable[Edition]], most: int):
        self._read = read
        self._most = most
        self._kept: OrderedDict[EditionIdentity, Edition] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, identities: Iterable[EditionIdentity]) -> list[Edition]:
        """The editions in this order; one query if any is not kept yet."""
        wanted = list(identities)
        found = {one: kept for one in wanted if (kept := self._kept.get(one))}
        missing = [one.pk for one in wanted if one not in found]
        if missing:
            editions = self._read(Edition.objects.filter(pk__in=missing).order_by())
            found |= {one.kept_key: one for one in editions}
        with self._lock:
            for one in wanted:
                self._kept[one] = found[one]
                self._kept.move_to_end(one)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return [found[one] for one in wanted]


def _with_content(editions: EditionQuerySet) -> Iterator[Edition]:
    for edition in editions.select_related("document").defer("search_text"):
        _parsed = edition.content
        # Half of the memory: it would be read again if anything asked for it.
        del vars(edition)["data"]
        yield edition


WHOLE = KeptEditions(_with_content, most=256)
"""With their content."""
LISTED = KeptEditions(lambda editions: editions.for_listing(), most=4096)
"""For lists of their names: see `EditionQuerySet.for_listing`."""
