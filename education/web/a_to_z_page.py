"""What `includes/a_to_z.html` shows: entries under their letters, and links to the letters."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

# The letter of names that begin with a digit or a sign.
OTHER = "other"


@dataclass(frozen=True)
class Letter:
    """A letter as URLs write it, with its entries or the URL of the page that shows them."""

    letter: str
    entries: tuple[Any, ...] = ()
    url: str = ""

    @property
    def is_other(self) -> bool:
        return self.letter == OTHER

    @property
    def name(self) -> str:
        return _("Other") if self.is_other else self.letter.upper()


@dataclass(frozen=True)
class AZPage:
    """A whole list, the letters of a long list (no sections), or one part of one letter.

    `links`: the letters of the list; `sections`: the letters whose entries are on this page;
    `part_urls`: all parts of `current`, the letter that the page is about, if it has several.
    """

    links: tuple[Letter, ...]
    sections: tuple[Letter, ...] = ()
    current: Letter | None = None
    number: int = 1
    part_urls: tuple[str, ...] = ()

    @classmethod
    def whole_list(cls, rows: Iterable[tuple[str, Any]]) -> AZPage:
        """Every entry under its letter. `rows`: letter and entry, in the order to show."""
        entries = defaultdict(list)
        for letter, entry in rows:
            entries[letter].append(entry)
        letters = tuple(Letter(letter, tuple(entries[letter])) for letter in sort_letters(entries))
        return cls(links=letters, sections=letters)


def sort_letters(letters: Iterable[str]) -> list[str]:
    """Sort in alphabetical order, `OTHER` last."""
    return sorted(letters, key=lambda letter: (letter == OTHER, letter))
