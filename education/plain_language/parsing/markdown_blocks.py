"""Offsets of the blocks and lists of a Markdown text, from the parser's tokens.

A token has the lines of its block and their text without the marks of lists, quotes and headings.
That text is searched in the lines, because tokens have no offsets.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import accumulate

from markdown_it.tree import SyntaxTreeNode

from education.markdown import MarkdownLimitError
from education.markdown.parser import parse
from education.markdown.text_cleanup import replace_invalid_characters
from education.plain_language.parsing.blocks import (
    Block,
    BlockKind,
    BlockMap,
    ListBlock,
    Span,
    find_paragraphs,
)

_MARKER = re.compile(r"[-*+]|\d{1,9}[.)]")
_KINDS = {"heading": BlockKind.HEADING, "td": BlockKind.CELL, "th": BlockKind.CELL}


def find_blocks(text: str, *, inline: bool = False) -> BlockMap:
    """Return the blocks of `text`; `inline` reads it as one paragraph.

    A text beyond a limit of the parser is split into paragraphs without it.
    """
    if inline:
        return BlockMap((Block(BlockKind.PARAGRAPH, ((0, len(text)),)),))
    # Replaced character for character, so that offsets stay valid.
    parsed = replace_invalid_characters(text.replace("\r", " "))
    try:
        tree = SyntaxTreeNode(parse(parsed))
    except MarkdownLimitError:
        return find_paragraphs(text)
    locator = _Locator(parsed)
    nodes = list(tree.walk())
    return BlockMap(
        tuple(locator.locate_blocks(nodes)),
        tuple(locator.locate_list(node) for node in nodes if node.type.endswith("_list")),
    )


class _Locator:
    """Finds the text of syntax nodes in the lines they were parsed from."""

    def __init__(self, text: str):
        self._lines = text.split("\n")
        self._starts = [0, *accumulate(len(line) + 1 for line in self._lines)]

    def locate_blocks(self, nodes: list[SyntaxTreeNode]) -> Iterator[Block]:
        cell_end = 0
        for node in nodes:
            if node.type == "tr":
                cell_end = 0
            elif node.type == "inline" and node.content:
                kind = _KINDS.get(node.parent.type if node.parent else "", BlockKind.PARAGRAPH)
                if kind is BlockKind.CELL:
                    content = node.content.replace("|", r"\|")
                    start = self._lines[_first_line(node)].index(content, cell_end)
                    cell_end = start + len(content)
                    yield Block(kind, (self._span(_first_line(node), start, content),))
                else:
                    yield Block(kind, tuple(self._locate_lines(node)))

    def _locate_lines(self, node: SyntaxTreeNode) -> Iterator[Span]:
        number = _first_line(node)
        for content in map(str.strip, node.content.split("\n")):
            # The parser strips lines of Unicode spaces at either end of a paragraph.
            while content not in self._lines[number]:
                number += 1
            # Marks come before the content of a line; only a heading may have some after it.
            yield self._span(number, self._lines[number].rindex(content), content)
            number += 1

    def locate_list(self, node: SyntaxTreeNode) -> ListBlock:
        """Return a list with its offsets, from the first marker to the end of the last line."""
        first, end = node.map or (0, 1)
        last = max(
            number
            for number in range(first, end)
            if number == first or self._lines[number].strip("> \t")
        )
        marker = _MARKER.search(self._lines[first])
        start = self._starts[first] + (marker.start() if marker else 0)
        return ListBlock(len(node.children), (start, self._starts[last] + len(self._lines[last])))

    def _span(self, line: int, start: int, content: str) -> Span:
        start += self._starts[line]
        return start, start + len(content)


def _first_line(node: SyntaxTreeNode) -> int:
    return node.map[0] if node.map else 0
