"""Pages as a process makes them that has just been started, beside those of one that runs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from unittest import mock

from education.publishing.kept_editions import KeptEditions
from education.web.kept_results import KeptResults


@contextmanager
def nothing_kept() -> Iterator[None]:
    """Read every edition, and make every part of a page, as if there were none in memory."""
    read = KeptEditions.get

    def read_anew(kept: KeptEditions, identities):
        return read(KeptEditions(kept._read, 10_000), identities)

    with ExitStack() as stack:
        stack.enter_context(mock.patch.object(KeptEditions, "get", read_anew))
        stack.enter_context(
            mock.patch.object(KeptResults, "get", lambda _kept, _key, make: make()[0])
        )
        yield
