"""A parsed content file: its values, the lines of each value, and its errors."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from education.publishing.content import Path

_QUOTED = re.compile(r"“([^”]+)”|\"([^\"]+)\"")


class UnreadableFile(Exception):
    """A file, or its front matter, cannot be parsed; `line` counts from 1."""

    def __init__(self, line: int, message: object):
        super().__init__(message)
        self.line = line
        self.message = str(message)


@dataclass
class ParsedFile:
    """Raw values of a file with their first and last lines, and (line, message) of each error.

    Paths in `reported` have an error of syntax; errors of the content type about them are dropped.
    """

    lines: Sequence[str] = ()
    values: dict[str, Any] = field(default_factory=dict)
    errors: list[tuple[int, str]] = field(default_factory=list)
    reported: set[Path] = field(default_factory=set)
    comments: list[int] = field(default_factory=list)
    _spans: dict[Path, tuple[int, int]] = field(default_factory=dict)
    _headings: dict[Path, str] = field(default_factory=dict)

    def add_span(self, path: Path, first: int, last: int = 0, heading: str = "") -> None:
        """Record the lines of the value at `path`, and the heading that it is written under."""
        self._spans[path] = (first, max(first, last))
        if heading:
            self._headings[path] = heading

    def add_problem(self, path: Path, message: str) -> None:
        """Add an error of the content type about the value at `path`."""
        if not any(path[:length] in self.reported for length in range(len(path) + 1)):
            self.errors.append(self.locate(path, message))

    def locate(self, path: Path, message: str) -> tuple[int, str]:
        """The line of a message about `path`, and the message with the name of the field."""
        name = self._name(path)
        return self.line(path, message), f"{name}: {message}" if name else message

    def line(self, path: Path, message: str = "") -> int:
        """The line of the words in the value at `path` that `message` quotes, or its first line.

        The line of the closest value around it when `path` has none.
        """
        known = path
        while known and known not in self._spans:
            known = known[:-1]
        first, last = self._spans.get(known, (1, 1))
        if known == path and path:
            for text in (found[1] or found[2] for found in _QUOTED.finditer(message)):
                whole = rf"(?<![\w-]){re.escape(text)}(?![\w-])"
                for needle in (re.escape(f"[@{text}]"), whole, re.escape(text)):
                    for line in range(first, last + 1):
                        if re.search(needle, self.lines[line - 1]):
                            return line
        return first

    def _name(self, path: Path) -> str:
        """Headings and fields, list entries counted from 1: `signs › 2 › key`."""
        steps: list[str] = []
        for length, step in enumerate(path, start=1):
            heading = self._headings.get(path[:length])
            if heading and isinstance(step, int):
                steps.clear()
            word = heading or str(step + 1 if isinstance(step, int) else step)
            if steps[-1:] != [word]:
                steps.append(word)
        return " › ".join(steps)
