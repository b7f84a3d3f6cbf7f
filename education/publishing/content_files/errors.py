"""Errors in content files, worded so that an author can find and correct them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from django.utils.translation import gettext as _

NO_LINE = 0
"""The line of an error about a folder or a missing file."""


@dataclass(frozen=True, order=True)
class FileError:
    """One error: its file, its line (from 1) and what to write instead."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line != NO_LINE else self.file
        return f"{where}: {self.message}"


class ContentFileErrors(Exception):
    """The files of a run were refused and nothing was changed; all errors, by file and line."""

    def __init__(self, errors: Iterable[FileError]):
        self.errors = sorted(set(errors))
        super().__init__("\n".join(str(error) for error in self.errors))


def closest_match(word: str, known: Iterable[str]) -> str | None:
    """The known word that `word` is most likely a misspelling of."""
    spelled = {name.casefold(): name for name in known}
    found = get_close_matches(word.casefold(), spelled, n=1, cutoff=0.6)
    return spelled[found[0]] if found else None


def quote_list(text: Iterable[str]) -> str:
    """Words as a list in a sentence, each in quotation marks."""
    return _(", ").join(f"“{word}”" for word in text)


def suggest(word: str, known: Iterable[str], otherwise: str) -> str:
    """A sentence with the word that was likely meant, or else `otherwise`, with all as {known}."""
    known = sorted(known)
    closest = closest_match(word, known)
    if closest:
        return _("Did you mean “{near}”?").format(near=closest)
    return otherwise.format(known=quote_list(known))
