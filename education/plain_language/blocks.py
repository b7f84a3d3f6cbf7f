"""Where the paragraphs, items, headings and cells of a Markdown text begin and end, by its lines.

The dialect is that of `education.markdown`. The parser there does not say where in the text its words stood,
so the lines are read here, and a test holds both to the same words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

Span = tuple[int, int]


class Kind(StrEnum):
    """What a piece of text is to its reader."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    CELL = "cell"


@dataclass(frozen=True)
class Block:
    """A piece of text that is read by itself; offsets into the text, marks of Markdown included."""

    kind: Kind
    start: int
    end: int


@dataclass
class List:
    """A list: how far in it stands, the sign of its items, how many there are, and from where to where."""

    indent: int
    sign: str
    items: int
    start: int
    end: int


@dataclass
class Layout:
    """The blocks of a text, the marks between its words that belong to lines, and its lists."""

    blocks: list[Block] = field(default_factory=list)
    marks: list[Span] = field(default_factory=list)
    lists: list[List] = field(default_factory=list)


_HEADING = re.compile(r"#{1,6} +")
_PREFIX = re.compile(r"[ \t]*+(?:>[ \t]*+)*+")
_ITEM = re.compile(r"(?:([-*+])|(\d{1,9})([.)]))(?:[ \t]++|$)")
_DEFINITION = re.compile(r"[:~][ \t]++")
_PIPE = re.compile(r"(?<!\\)\|")


def laid_out(text: str, *, inline: bool = False) -> Layout:
    """How `text` is laid out. A text of one line (`inline`) is one paragraph, whatever it begins with."""
    if inline:
        return Layout(blocks=[Block(Kind.PARAGRAPH, 0, len(text))] if text.strip() else [])
    reader = _Reader(text)
    for start, end in _lines(text):
        reader.read(start, end)
    reader.close()
    return reader.layout


def _lines(text: str) -> Iterator[Span]:
    start = 0
    for line in text.split("\n"):
        yield start, start + len(line)
        start += len(line) + 1


def _is_rule(line: str) -> bool:
    """Whether a line is a rule across the page, such as `---`."""
    signs = line.replace(" ", "").replace("\t", "")
    return len(signs) >= 3 and signs[0] in "-*_" and set(signs) == {signs[0]}


def _is_below_table_head(line: str) -> bool:
    return "|" in line and "-" in line and set(line) <= set(" \t|:-")


class _Reader:
    """Reads line after line. What is open goes on with the next line, unless that begins something new."""

    def __init__(self, text: str):
        self.text = text
        self.layout = Layout()
        self._open: tuple[Kind, int, int] | None = None
        self._last_line: Span | None = None
        self._lists: list[List] = []
        self._in_table = False

    def read(self, start: int, end: int) -> None:
        """Take in the line from `start` to `end`."""
        line = self.text[start:end]
        if not line.strip():
            self.close()
        elif heading := _HEADING.match(line):
            self.close()
            self._lists = []
            self.layout.marks.append((start, start + heading.end()))
            self.layout.blocks.append(Block(Kind.HEADING, start + heading.end(), end))
        elif _is_rule(line):
            self.close()
            self._lists = []
            self.layout.marks.append((start, end))
        elif _is_below_table_head(line) and self._last_line:
            self._begin_table(start, end)
        elif self._in_table:
            self._row(start, end)
        else:
            self._words(start, end)
        self._last_line = (start, end) if self._open else None

    def close(self) -> None:
        """End what is open."""
        if self._open:
            self.layout.blocks.append(Block(*self._open))
        self._open = None
        self._in_table = False

    def _words(self, start: int, end: int) -> None:
        prefix = _PREFIX.match(self.text, start, end)
        at = prefix.end() if prefix else start
        self.layout.marks.append((start, at))
        kind = Kind.PARAGRAPH
        first = start
        while (item := _ITEM.match(self.text, at, end)) and self._begins_item(item, kind):
            self.close()
            kind = Kind.ITEM
            self._count(at - start, item[1] or item[3], at, end)
            self.layout.marks.append((at, item.end()))
            first = at = item.end()
        if kind is Kind.PARAGRAPH and (definition := _DEFINITION.match(self.text, at, end)):
            self.close()
            self.layout.marks.append((at, definition.end()))
            first = definition.end()
        if self._open and kind is Kind.PARAGRAPH:
            self._open = (self._open[0], self._open[1], end)
        else:
            self._open = (kind, first, end)
            if kind is Kind.PARAGRAPH and at == start:
                self._lists = []
        if self._lists:
            self._lists[-1].end = end

    def _begins_item(self, item: re.Match[str], kind: Kind) -> bool:
        """Only a 1 may begin a numbered list in the middle of a paragraph: "in\\n2020. Then" goes on."""
        in_paragraph = kind is Kind.PARAGRAPH and self._open is not None and self._open[0] is Kind.PARAGRAPH
        return not (in_paragraph and item[2] and item[2] != "1")

    def _count(self, indent: int, sign: str, start: int, end: int) -> None:
        while self._lists and self._lists[-1].indent > indent + 1:
            self._lists.pop()
        top = self._lists[-1] if self._lists else None
        if top and top.sign == sign and abs(indent - top.indent) <= 1:
            top.items += 1
            top.end = end
            return
        if top and abs(indent - top.indent) <= 1:
            self._lists.pop()
        self._lists.append(List(indent, sign, 1, start, end))
        self.layout.lists.append(self._lists[-1])

    def _begin_table(self, start: int, end: int) -> None:
        head_start, head_end = self._last_line or (start, start)
        if self._open and self._open[1] < head_start:
            self._open = (self._open[0], self._open[1], max(self._open[1], head_start - 1))
        else:
            self._open = None
        self.close()
        self._lists = []
        self._in_table = True
        self._row(head_start, head_end)
        self.layout.marks.append((start, end))

    def _row(self, start: int, end: int) -> None:
        at = start
        for pipe in _PIPE.finditer(self.text, start, end):
            self.layout.marks.append(pipe.span())
            self._cell(at, pipe.start())
            at = pipe.end()
        self._cell(at, end)

    def _cell(self, start: int, end: int) -> None:
        if self.text[start:end].strip():
            self.layout.blocks.append(Block(Kind.CELL, start, end))
