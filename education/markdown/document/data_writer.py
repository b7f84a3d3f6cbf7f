"""Blocks as plain data for Typst: strings, lists and dictionaries, and no markup.

A block is {"kind": …}: "heading" (level, text), "paragraph" (text), "list" (start or None, items),
"quote" (blocks), "definitions" (entries), "table" (head, rows, align) or "rule". A text is a list
of runs: a string, or a dictionary with one of "strong", "em", "code", "link" (with "to"), "raised",
"missing", "break" and "picture" (with "alt").
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from education.markdown.document.blocks import (
    Block,
    Blocks,
    Citation,
    Definitions,
    Heading,
    Image,
    Link,
    ListBlock,
    Paragraph,
    Quote,
    Rule,
    Run,
    Runs,
    Styled,
    Table,
    Text,
)

Data = dict[str, Any]


@dataclass(frozen=True)
class DataWriter:
    """Writes blocks as data.

    `site`: put before links to pages of the site. `find_picture`: the name of the file of an
    uploaded picture, or "" to write its words in its place.
    """

    site: str = ""
    find_picture: Callable[[str], str] = lambda source: ""

    def blocks(self, blocks: Blocks) -> list[Data]:
        """The data of blocks."""
        return [self._block(block) for block in blocks]

    def runs(self, runs: Runs) -> list[Any]:
        """The data of runs; neighboring strings are one."""
        return list(_joined(item for run in runs for item in self._run(run)))

    def _block(self, block: Block) -> Data:
        match block:
            case Heading(level, _id, runs):
                return {"kind": "heading", "level": level, "text": self.runs(runs)}
            case Paragraph(runs):
                return {"kind": "paragraph", "text": self.runs(runs)}
            case ListBlock(start, items):
                written = [self.blocks(item) for item in items]
                return {"kind": "list", "start": start, "items": written}
            case Quote(blocks):
                return {"kind": "quote", "blocks": self.blocks(blocks)}
            case Definitions(entries):
                explained = [
                    {"word": self.runs(word), "meanings": [self.blocks(one) for one in meanings]}
                    for word, meanings in entries
                ]
                return {"kind": "definitions", "entries": explained}
            case Table(head, rows, alignments):
                return {
                    "kind": "table",
                    "head": [self.runs(cell) for cell in head],
                    "rows": [[self.runs(cell) for cell in row] for row in rows],
                    "align": list(alignments),
                }
            case Rule():
                return {"kind": "rule"}

    def _run(self, run: Run) -> list[Any]:
        match run:
            case Text(words, breaks):
                return [{"break": True}] if breaks else [words]
            case Styled(style, runs):
                return [{style: self.runs(runs)}]
            case Link(target, runs):
                return self._link(target, runs)
            case Citation(key, mark):
                if mark is None:
                    return [{"missing": f"[{_('source not found: %(key)s') % {'key': key}}]"}]
                return [{"raised": f"[{mark.number}]"}]
            case Image(source, alt):
                name = self.find_picture(source)
                return [{"picture": name, "alt": alt}] if name else [alt]

    def _link(self, target: str, runs: Runs) -> list[Any]:
        inner = self.runs(runs)
        if target.startswith("#"):
            # The part of the page that it leads to may not be on the paper.
            return inner
        return [{"link": inner, "to": self.site + target if target.startswith("/") else target}]


def _joined(items: Iterable[Any]) -> Iterator[Any]:
    words = ""
    for item in items:
        if isinstance(item, str):
            words += item
            continue
        if words:
            yield words
        words = ""
        yield item
    if words:
        yield words
