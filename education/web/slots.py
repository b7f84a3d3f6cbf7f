"""Limits of how many do slow work at once, in all processes of the site together."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.conf import settings


class NoFreeSlot(Exception):
    """As many as may do so are at it."""


@dataclass(frozen=True)
class Slots:
    """So many may be at it as there are `names`. Kinds of work that share a name share that slot.

    Each is a file that is locked while the work is done. The system unlocks it when the process
    ends, however that happens.
    """

    names: tuple[str, ...]

    @contextmanager
    def take(self) -> Iterator[None]:
        """Take a slot until the block ends; raises NoFreeSlot at once when there is none."""
        settings.LIMITS_DIR.mkdir(parents=True, exist_ok=True)
        for name in self.names:
            with (settings.LIMITS_DIR / f"{name}.lock").open("w") as file:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    continue
                yield
                return
        raise NoFreeSlot


# Three threads of all that answer readers, at most: prints and sign-ins have one each, and one more
# that either may take, or the reading of a leaflet.
PRINTS = Slots(("print", "print-or-sign-in"))
SIGN_INS = Slots(("sign-in", "print-or-sign-in"))
LEAFLETS = Slots(("print-or-sign-in",))
