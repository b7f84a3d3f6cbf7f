"""The sections of a leaflet: its blocks below their headings, and lines that lead to a list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from education.articles.leaflets.blocks import Block, Heading, Items, Paragraph, plain
from education.articles.leaflets.headings import find_part, find_urgency, says_more

_MAX_PART_HEADING = 80


@dataclass
class Section:
    """A heading, the blocks below it, and the sections one level down."""

    heading: str
    level: int
    blocks: list[Block] = field(default_factory=list)
    inner: list[Section] = field(default_factory=list)

    def all_blocks(self, *, level: int = 0) -> list[Block]:
        """Everything in it, its own heading aside; headings begin at `level` + 1."""
        found = list(self.blocks)
        for section in self.inner:
            found += [Heading(level + 1, section.heading), *section.all_blocks(level=level + 1)]
        return found


def read_sections(blocks: Sequence[Block]) -> Section:
    """The blocks below their headings; a heading belongs to the last one above it in level."""
    whole = Section("", 0)
    line = [whole]
    for block in blocks:
        if isinstance(block, Heading):
            while line[-1].level >= block.level:
                line.pop()
            section = Section(block.line, block.level)
            line[-1].inner.append(section)
            line.append(section)
        else:
            line[-1].blocks.append(block)
    return whole


def with_plain_headings(blocks: Sequence[Block]) -> list[Block]:
    """`blocks` with lines that name a part, and say nothing else, as headings.

    One that leads to a list, such as “Call 911 now if:”, is a heading below the one before it.
    """
    levels = sorted(block.level for block in blocks if isinstance(block, Heading))
    # The title is mostly the only heading of its level.
    level = levels[0] if levels[1:2] == levels[:1] and levels else (levels or [1])[0] + 1
    current = level
    found: list[Block] = []
    for block, following in zip_longest(blocks, blocks[1:]):
        if isinstance(block, Heading):
            current = block.level
        elif isinstance(block, Paragraph) and following is not None and _names_part(block):
            if not plain(block.line).endswith(":"):
                current = level
                block = Heading(level, block.line)
            elif isinstance(following, Items):
                block = Heading(current + 1, block.line)
        found.append(block)
    return found


def _names_part(block: Paragraph) -> bool:
    words = plain(block.line)
    return (
        len(words) <= _MAX_PART_HEADING
        and not words.endswith((".", ",", ";", "!"))
        and (find_part(words) is not None or find_urgency(words) is not None)
        and not says_more(words, "")
    )


def units(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    """Blocks one by one; a line that leads to a list, which may say for whom it is, with it."""
    at = 0
    while at < len(blocks):
        size = 2 if lead_words(blocks[at]) and isinstance((*blocks, None)[at + 1], Items) else 1
        yield list(blocks[at : at + size])
        at += size


def lead_words(block: Block) -> str:
    """The words of a paragraph that a list may go on from, such as “If it hurts:”; else empty."""
    words = plain(block.line) if isinstance(block, Paragraph) else ""
    return "" if words.endswith((".", "!", "?")) else words
