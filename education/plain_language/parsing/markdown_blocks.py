"""Where the paragraphs, items, headings and cells of a Markdown text begin and end, by its lines.

The dialect is that of `education.markdown`. The parser there does not say where in the text its
words stood, so the lines are read here, and a test holds both to the same words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

Span = tuple[int, int]


class BlockKind(StrEnum):
    """What a piece of text is to its reader."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    CELL = "cell"


@dataclass(frozen=True)
class Block:
    """A piece of text that is read by itself; offsets into the text, marks of Markdown included."""

    kind: BlockKind
    start: int
    end: int


@dataclass
class ListBlock:
    """A list: how far in it stands, the sign of its items, how many there are, and from where to
    where.
    """

    indent: int
    marker: str
    items: int
    start: int
    end: int


@dataclass
class BlockMap:
    """The blocks of a text, the marks between its words that belong to lines, and its lists."""

    blocks: list[Block] = field(default_factory=list)
    marks: list[Span] = field(default_factory=list)
    lists: list[ListBlock] = field(default_factory=list)


_HEADING = re.compile(r"#{1,6} +")
_PREFIX = re.compile(r"[ \t]*+(?:>[ \t]*+)*+")
_ITEM = re.compile(r"(?:([-*+])|(\d{1,9})([.)]))(?:[ \t]++|$)")
_DEFINITION = re.compile(r"[:~][ \t]++")
_PIPE = re.compile(r"(?<!\\)\|")


def find_blocks(text: str, *, inline: bool = False) -> BlockMap:
    """How `text` is laid out. A text of one line (`inline`) is one paragraph, whatever it begins
    with.
    """
    if inline:
        return BlockMap(blocks=[Block(BlockKind.PARAGRAPH, 0, len(text))] if text.strip() else [])
    scanner = _LineScanner(text)
    for start, end in _lines(text):
        scanner.read_line(start, end)
    scanner.close()
    return scanner.block_map


def _lines(text: str) -> Iterator[Span]:
    start = 0
    for line in text.split("\n"):
        yield start, start + len(line)
        start += len(line) + 1


def _is_horizontal_rule(line: str) -> bool:
    """Whether a line is a rule across the page, such as `---`."""
    signs = line.replace(" ", "").replace("\t", "")
    return len(signs) >= 3 and signs[0] in "-*_" and set(signs) == {signs[0]}


def _is_table_delimiter(line: str) -> bool:
    return "|" in line and "-" in line and set(line) <= set(" \t|:-")


class _LineScanner:
    """Reads line after line. What is open goes on with the next line, unless that begins something
    new.
    """

    def __init__(self, text: str):
        self.text = text
        self.block_map = BlockMap()
        self._open: tuple[BlockKind, int, int] | None = None
        self._last_line: Span | None = None
        self._lists: list[ListBlock] = []
        self._in_table = False

    def read_line(self, start: int, end: int) -> None:
        """Take in the line from `start` to `end`."""
        line = self.text[start:end]
        if not line.strip():
            self.close()
        elif heading := _HEADING.match(line):
            self.close()
            self._lists = []
            self.block_map.marks.append((start, start + heading.end()))
            self.block_map.blocks.append(Block(BlockKind.HEADING, start + heading.end(), end))
        elif _is_horizontal_rule(line):
            self.close()
            self._lists = []
            self.block_map.marks.append((start, end))
        elif _is_table_delimiter(line) and self._last_line:
            self._begin_table(start, end)
        elif self._in_table:
            self._read_row(start, end)
        else:
            self._read_text(start, end)
        self._last_line = (start, end) if self._open else None

    def close(self) -> None:
        """End what is open."""
        if self._open:
            self.block_map.blocks.append(Block(*self._open))
        self._open = None
        self._in_table = False

    def _read_text(self, start: int, end: int) -> None:
        prefix = _PREFIX.match(self.text, start, end)
        at = prefix.end() if prefix else start
        self.block_map.marks.append((start, at))
        kind = BlockKind.PARAGRAPH
        first = start
        while (item := _ITEM.match(self.text, at, end)) and self._begins_item(item, kind):
            self.close()
            kind = BlockKind.ITEM
            self._count_item(at - start, item[1] or item[3], at, end)
            self.block_map.marks.append((at, item.end()))
            first = at = item.end()
        if kind is BlockKind.PARAGRAPH and (definition := _DEFINITION.match(self.text, at, end)):
            self.close()
            self.block_map.marks.append((at, definition.end()))
            first = definition.end()
        if self._open and kind is BlockKind.PARAGRAPH:
            self._open = (self._open[0], self._open[1], end)
        else:
            self._open = (kind, first, end)
            if kind is BlockKind.PARAGRAPH and at == start:
                self._lists = []
        if self._lists:
            self._lists[-1].end = end

    def _begins_item(self, item: re.Match[str], kind: BlockKind) -> bool:
        """Only a 1 may begin a numbered list in the middle of a paragraph: "in\\n2020. Then" goes
        on.
        """
        in_paragraph = (
            kind is BlockKind.PARAGRAPH
            and self._open is not None
            and self._open[0] is BlockKind.PARAGRAPH
        )
        return not (in_paragraph and item[2] and item[2] != "1")

    def _count_item(self, indent: int, sign: str, start: int, end: int) -> None:
        while self._lists and self._lists[-1].indent > indent + 1:
            self._lists.pop()
        top = self._lists[-1] if self._lists else None
        if top and top.marker == sign and abs(indent - top.indent) <= 1:
            top.items += 1
            top.end = end
            return
        if top and abs(indent - top.indent) <= 1:
            self._lists.pop()
        self._lists.append(ListBlock(indent, sign, 1, start, end))
        self.block_map.lists.append(self._lists[-1])

    def _begin_table(self, start: int, end: int) -> None:
        head_start, head_end = self._last_line or (start, start)
        if self._open and self._open[1] < head_start:
            self._open = (self._open[0], self._open[1], max(self._open[1], head_start - 1))
        else:
            self._open = None
        self.close()
        self._lists = []
        self._in_table = True
        self._read_row(head_start, head_end)
        self.block_map.marks.append((start, end))

    def _read_row(self, start: int, end: int) -> None:
        at = start
        for pipe in _PIPE.finditer(self.text, start, end):
            self.block_map.marks.append(pipe.span())
            self._read_cell(at, pipe.start())
            at = pipe.end()
        self._read_cell(at, end)

    def _read_cell(self, start: int, end: int) -> None:
        if self.text[start:end].strip():
            self.block_map.blocks.append(Block(BlockKind.CELL, start, end))
