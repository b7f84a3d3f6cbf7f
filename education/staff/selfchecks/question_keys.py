"""Keys of questions: readers see them in an address, so they carry no meaning."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from string import ascii_lowercase, digits


def unused_key(taken: set[str]) -> str:
    """A key that no question has, such as "5e" after four questions. It carries no meaning."""
    used = {key.casefold() for key in taken}
    return next(key for key in _candidate_keys(len(taken)) if key not in used)


def _candidate_keys(number: int) -> Iterator[str]:
    """More keys than there can be questions, starting after `number`."""
    for ahead in range(number, number + 130):
        yield f"{(ahead + 1) % 10}{ascii_lowercase[ahead % 26]}"
    yield from map("".join, product(digits, ascii_lowercase, digits + ascii_lowercase))
