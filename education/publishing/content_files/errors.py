"""What is wrong in content files, said so that its writer can find and mend it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from django.utils.translation import gettext as _

NO_LINE = 0
"""The line of a mistake that is about a folder, or about a file that is not there."""


@dataclass(frozen=True, order=True)
class FileError:
    """One thing that is wrong: in which file, on which line (from 1), and what to write instead."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line != NO_LINE else self.file
        return f"{where}: {self.message}"


class ContentFileErrors(Exception):
    """Content files that were not taken; nothing was changed. All mistakes of the run, by file and
    line.
    """

    def __init__(self, errors: Iterable[FileError]):
        self.errors = sorted(set(errors))
        super().__init__("\n".join(str(error) for error in self.errors))


def closest_match(word: str, known: Iterable[str]) -> str | None:
    """The known word that `word` was most likely meant to be."""
    spelled = {name.casefold(): name for name in known}
    found = get_close_matches(word.casefold(), spelled, n=1, cutoff=0.6)
    return spelled[found[0]] if found else None


def quote_list(text: Iterable[str]) -> str:
    """Words as a list in a sentence, each in quotation marks."""
    return _(", ").join(f"“{word}”" for word in text)
