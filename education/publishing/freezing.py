"""What is done with every edition once it is frozen. Each package registers its own in `publication`."""

from __future__ import annotations

from collections.abc import Callable

from education.publishing.models import Edition

Task = Callable[[Edition], None]

_TASKS: list[Task] = []


def on_freeze(task: Task) -> Task:
    """Register `task`: it is done within the transaction that freezes, and what it raises undoes that."""
    _TASKS.append(task)
    return task


def frozen(edition: Edition) -> None:
    """Do what is registered with a new edition."""
    for task in _TASKS:
        task(edition)
