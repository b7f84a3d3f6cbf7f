"""HTML and the blocks that other formats are written from say the same, for any text."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from education import markdown
from education.markdown import CitationMark, MarkdownLimitError
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
from tests.markdown.hostile_texts import HOSTILE_TEXTS
from tests.markdown.test_properties import TEXTS

ROOT = Path(__file__).resolve().parents[2]
# Said between blocks, so that words of two never become one.
GAP = " "


def cite(key: str) -> CitationMark | None:
    """A source without a page to lead to; others are not found."""
    return CitationMark(1, "", "A source") if key == "a" else None


@dataclass
class Said:
    """What a format says: all words in their order, and what is built of them."""

    words: str = ""
    parts: list[Any] = field(default_factory=list)

    def result(self) -> tuple[list[str], list[Any]]:
        return self.words.split(), self.parts


class HtmlReading(HTMLParser):
    """Reads the HTML of a text."""

    LISTS = ("ul", "ol")
    NAMED = ("h1", "h2", "h3", "h4", "h5", "h6", "a", "th", "td", "dt", "strong", "em", "code")

    def __init__(self, html: str):
        super().__init__()
        self.said = Said()
        self.open: list[tuple[str, Any, int]] = []
        self.hidden = False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in ("br", "hr", "img"):
            if tag == "img":
                self.said.parts.append(("img", given["src"], given["alt"]))
            elif tag == "hr":
                self.said.parts.append("hr")
            self.said.words += given.get("alt") or GAP
            return
        if tag not in ("a", "strong", "em", "code", "sup", "mark", "span", "i"):
            self.said.words += GAP
        if tag in self.LISTS:
            self.said.parts.append((tag, int(given.get("start") or 1)))
        elif tag in ("li", "blockquote", "table", "dd"):
            self.said.parts.append(tag)
        self.hidden = self.hidden or tag == "span"
        self.open.append((tag, given.get("href"), len(self.said.words)))

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.said.words += data

    def handle_endtag(self, tag: str) -> None:
        opened, target, begin = self.open.pop()
        assert opened == tag
        self.hidden = self.hidden and tag != "span"
        if tag in self.NAMED:
            self.said.parts.append((tag, target, self.said.words[begin:].split()))
        elif tag in (*self.LISTS, "blockquote", "table"):
            self.said.parts.append(f"/{tag}")
        if tag not in ("a", "strong", "em", "code", "sup", "mark", "span", "i"):
            self.said.words += GAP


class BlockReading:
    """Reads blocks as if they were HTML."""

    def __init__(self, blocks: Blocks):
        self.said = Said()
        self.blocks(blocks)

    def blocks(self, blocks: Blocks) -> None:
        for block in blocks:
            self.block(block)

    def block(self, block: Block) -> None:
        match block:
            case Heading(level, _id, runs):
                self.named(f"h{level}", runs)
            case Paragraph(runs):
                self.runs(runs, gap=GAP)
            case ListBlock():
                self.list_block(block)
            case Quote(blocks):
                self.said.parts.append("blockquote")
                self.blocks(blocks)
                self.said.parts.append("/blockquote")
            case Definitions():
                self.definitions(block)
            case Table():
                self.table(block)
            case Rule():
                self.said.parts.append("hr")

    def list_block(self, block: ListBlock) -> None:
        tag = "ul" if block.start is None else "ol"
        self.said.parts.append((tag, 1 if block.start is None else block.start))
        for item in block.items:
            self.said.parts.append("li")
            self.blocks(item)
        self.said.parts.append(f"/{tag}")

    def definitions(self, block: Definitions) -> None:
        for word, meanings in block.entries:
            self.named("dt", word)
            for meaning in meanings:
                self.said.parts.append("dd")
                self.blocks(meaning)

    def table(self, block: Table) -> None:
        self.said.parts.append("table")
        for tag, cells in (("th", block.head), *(("td", row) for row in block.rows)):
            for cell in cells:
                self.named(tag, cell)
        self.said.parts.append("/table")

    def named(self, tag: str, runs: Runs, target: str | None = None, gap: str = GAP) -> None:
        self.said.words += gap
        begin = len(self.said.words)
        self.runs(runs)
        self.said.parts.append((tag, target, self.said.words[begin:].split()))
        self.said.words += gap

    def runs(self, runs: Runs, gap: str = "") -> None:
        self.said.words += gap
        for run in runs:
            self.run(run)
        self.said.words += gap

    def run(self, run: Run) -> None:
        match run:
            case Text(words, breaks):
                self.said.words += GAP if breaks else words
            case Styled(style, runs):
                self.named(style, runs, gap="")
            case Link(target, runs):
                self.named("a", runs, target, gap="")
            case Citation(key, mark):
                self.said.words += f"[{mark.number}]" if mark else f"[source not found: {key}]"
            case Image(source, alt):
                self.said.parts.append(("img", source, alt))
                self.said.words += alt


def both(text: str) -> tuple[Any, Any]:
    html = markdown.render(text, cite=cite)
    blocks = markdown.read_document(text, cite=cite)
    return HtmlReading(html).said.result(), BlockReading(blocks).said.result()


@given(TEXTS)
def test_html_and_blocks_of_any_text_say_the_same(text):
    try:
        html, blocks = both(text)
    except MarkdownLimitError:
        return
    assert html == blocks


@pytest.mark.parametrize("begin", range(0, len(HOSTILE_TEXTS), 200))
def test_html_and_blocks_of_hostile_texts_say_the_same(begin):
    for text in HOSTILE_TEXTS[begin : begin + 200]:
        try:
            html, blocks = both(text)
        except MarkdownLimitError:
            continue
        assert html == blocks, text


def test_html_and_blocks_of_shipped_texts_say_the_same():
    files = sorted((ROOT / "content").rglob("*.md"))
    assert len(files) > 10
    for file in files:
        for text in file.read_text().split("---\n", 2)[-1].split("\n## "):
            html, blocks = both(text)
            assert html == blocks, file
