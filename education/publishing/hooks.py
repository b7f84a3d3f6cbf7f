"""Hooks that run after an edition is frozen; packages register them in `publishing_hooks`."""

from __future__ import annotations

from collections.abc import Callable

from education.publishing.models import Edition

FreezeHook = Callable[[Edition], None]

_AFTER_FREEZE: list[FreezeHook] = []


def register_after_freeze(hook: FreezeHook) -> FreezeHook:
    """Register `hook`: it runs in the transaction of freezing; an exception rolls it back."""
    _AFTER_FREEZE.append(hook)
    return hook


def run_after_freeze(edition: Edition) -> None:
    for hook in _AFTER_FREEZE:
        hook(edition)
