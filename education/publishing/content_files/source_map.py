"""Where in a file each value stands, so that whatever is said about a value names its line."""

from __future__ import annotations

import re
from collections.abc import Sequence

from education.publishing.content import Path

_QUOTED = re.compile(r"“([^”]+)”|\"([^\"]+)\"")


class SourceMap:
    """The first and last line of each value, by its path in the content, and what a writer calls
    it.
    """

    def __init__(self, lines: Sequence[str]):
        self.lines = lines
        self._spans: dict[Path, tuple[int, int]] = {(): (1, max(1, len(lines)))}
        self._names: dict[Path, str] = {}

    def add(self, path: Path, first: int, last: int | None = None, name: str = "") -> None:
        """Note that `path` stands on the lines from `first` to `last`, under a heading called
        `name`.
        """
        self._spans[path] = (first, max(first, last or first))
        if name:
            self._names[path] = name

    def line(self, path: Path, message: str = "") -> int:
        """The line of `path`, or of what it would be part of.

        Within a text it is the line of the words that `message` quotes.
        """
        known = path
        while known not in self._spans:
            known = known[:-1]
        first, last = self._spans[known]
        if known == path and path:
            for text in (found[1] or found[2] for found in _QUOTED.finditer(message)):
                whole = rf"(?<![\w-]){re.escape(text)}(?![\w-])"
                for needle in (re.escape(f"[@{text}]"), whole, re.escape(text)):
                    for line in range(first, last + 1):
                        if re.search(needle, self.lines[line - 1]):
                            return line
        return first

    def name(self, path: Path) -> str:
        """How a writer calls `path`: headings and fields, entries counted from 1."""
        steps: list[str] = []
        for length in range(1, len(path) + 1):
            step = path[length - 1]
            if path[:length] in self._names:
                name = self._names[path[:length]]
                over = [] if isinstance(step, int) else [known for known in steps if known != name]
                steps = [*over, name]
            else:
                steps.append(str(step + 1 if isinstance(step, int) else step))
        return " › ".join(steps)
