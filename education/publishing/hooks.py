"""What is done with every edition once it is frozen. Each package registers its own in
`publishing_hooks`.
"""

from __future__ import annotations

from collections.abc import Callable

from education.publishing.models import Edition

FreezeHook = Callable[[Edition], None]

_AFTER_FREEZE: list[FreezeHook] = []


def register_after_freeze(hook: FreezeHook) -> FreezeHook:
    """Register `hook`: it is done within the transaction that freezes, and what it raises undoes
    that.
    """
    _AFTER_FREEZE.append(hook)
    return hook


def run_after_freeze(edition: Edition) -> None:
    """Do what is registered with a new edition."""
    for hook in _AFTER_FREEZE:
        hook(edition)
