"""The A to Z: every name a reader may know a page by, under its letter."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from education.publishing.models import Edition


@dataclass(frozen=True)
class Entry:
    """A name, the address it leads to, and for a synonym the name of the page."""

    name: str
    address: str
    page: str = ""


@dataclass(frozen=True)
class Letter:
    """A letter and the names under it, in order."""

    letter: str
    entries: tuple[Entry, ...]


def sort_key(name: str) -> str:
    """How a name sorts: without accents or case, letters before signs."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return bare.casefold()


def letters(editions: Iterable[Edition]) -> list[Letter]:
    """Titles and synonyms of `editions`, grouped by first letter; anything but a letter comes under #."""
    entries = []
    for edition in editions:
        address = edition.get_absolute_url()
        entries.append(Entry(edition.heading, address))
        entries.extend(Entry(name, address, edition.heading) for name in edition.synonyms)
    entries.sort(key=lambda entry: (sort_key(entry.name), entry.page))
    return [Letter(letter, tuple(group)) for letter, group in groupby(entries, key=_letter)]


def _letter(entry: Entry) -> str:
    first = sort_key(entry.name)[:1].upper()
    return first if first.isalpha() else "#"
