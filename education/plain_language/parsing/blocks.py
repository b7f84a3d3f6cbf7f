"""The blocks of a Markdown text: its paragraphs, headings, cells and lists, as offsets."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

Span = tuple[int, int]

_ITEM = re.compile(r"(?:[-*+]|\d{1,9}[.)])[ \t]")


class BlockKind(StrEnum):
    """What a block is to its reader; items and definitions are paragraphs."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    CELL = "cell"


@dataclass(frozen=True)
class Block:
    """A piece of text that is read by itself; `lines` are the offsets of its part of each line."""

    kind: BlockKind
    lines: tuple[Span, ...]

    @property
    def span(self) -> Span:
        """The offsets of the whole block, with the marks at the beginning of its later lines."""
        return self.lines[0][0], self.lines[-1][1]


@dataclass(frozen=True)
class ListBlock:
    """A list: its number of items and its offsets."""

    items: int
    span: Span


@dataclass(frozen=True)
class BlockMap:
    """The blocks of a text in reading order, and its lists."""

    blocks: tuple[Block, ...]
    lists: tuple[ListBlock, ...] = ()


def find_paragraphs(text: str) -> BlockMap:
    """Return paragraphs and items by their lines, without the marks of quotes; needs no parser."""
    blocks: list[Block] = []
    lines: list[Span] = []
    start = 0
    for line in [*text.split("\n"), ""]:
        content = line.strip().lstrip("> \t")
        if lines and (not line.strip() or _ITEM.match(content)):
            blocks.append(Block(BlockKind.PARAGRAPH, tuple(lines)))
            lines = []
        if content:
            begin = start + line.rindex(content)
            lines.append((begin, begin + len(content)))
        start += len(line) + 1
    return BlockMap(tuple(blocks))
