"""The blocks of a Markdown text as offsets: paragraphs, headings, cells and lists."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

Span = tuple[int, int]

_ITEM = re.compile(r"(?:[-*+]|\d{1,9}[.)])[ \t]")
_HEADING_OR_RULE = re.compile(r"#{1,6}[ \t]|(?:[*_-][ \t]*+){3,}$")


class BlockKind(StrEnum):
    """The kind of a block; list items and definitions count as paragraphs."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    CELL = "cell"


@dataclass(frozen=True)
class Block:
    """A block of text; `lines` are the spans of its part of each line, at least one."""

    kind: BlockKind
    lines: tuple[Span, ...]

    @property
    def span(self) -> Span:
        """The span of the whole block, with the marks that begin its later lines."""
        return self.lines[0][0], self.lines[-1][1]


@dataclass(frozen=True)
class ListBlock:
    """A list: its number of items and its span."""

    items: int
    span: Span


@dataclass(frozen=True)
class BlockMap:
    """The blocks and lists of a text, in text order."""

    blocks: tuple[Block, ...]
    lists: tuple[ListBlock, ...] = ()


def find_paragraphs(text: str) -> BlockMap:
    """Split `text` into paragraphs, items and headings by its lines, all as paragraphs.

    For texts that cannot be parsed, or whose reader must not depend on the parser.
    """
    blocks: list[Block] = []
    lines: list[Span] = []
    start = 0
    is_complete = False
    for line in [*text.split("\n"), ""]:
        content = line.strip().lstrip("> \t")
        is_single = _HEADING_OR_RULE.match(content) is not None
        is_new = is_single or is_complete or not line.strip() or _ITEM.match(content)
        if is_new and lines:
            blocks.append(Block(BlockKind.PARAGRAPH, tuple(lines)))
            lines = []
        if content:
            begin = start + line.rindex(content)
            lines.append((begin, begin + len(content)))
        is_complete = is_single
        start += len(line) + 1
    return BlockMap(tuple(blocks))
