"""HTML becomes blocks: of a Word file after mammoth, or of a web page as somebody pasted it.

This is the pass after mammoth, too: merged cells, typed lists, bold lines that are headings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from typing import Any

import nh3

from education import markdown
from education.articles.leaflets.blocks import (
    Block,
    Footnote,
    Heading,
    Item,
    Items,
    Note,
    Paragraph,
    Picture,
    Table,
)
from education.articles.leaflets.inline import InlineText
from education.articles.leaflets.table_grid import TooManyCells, read_table
from education.articles.leaflets.typed_structure import find_typed_structure

_INLINE = {"a", "b", "strong", "i", "em", "sup", "sub", "span", "br", "img", "code", "input"}
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_LISTS = {"ul", "ol"}
_BLOCKS = {"p", "div", "blockquote", "pre", "li", "dl", "dt", "dd", "hr", "section", "article",
           "main", "header", "footer", "nav", "aside", "figure", "figcaption", "address",
           "details", "summary", "caption", "form", "fieldset", "legend", "label"}  # fmt: skip
_TABLE = {"table", "thead", "tbody", "tfoot", "tr", "th", "td"}
_VOID = {"br", "img", "hr", "input"}
_WITHOUT_TEXT = {"script", "style", "template", "noscript", "svg", "math", "iframe", "object",
                 "select", "textarea", "button"}  # fmt: skip
_ATTRIBUTES = {
    "a": {"href", "id"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
    "ol": {"start"},
    "li": {"id"},
    "img": {"alt"},
}
MAX_DEPTH = 60
# How mammoth names notes, and the places that refer to them.
_FOOTNOTE = re.compile(r"(footnote|endnote)-(ref-)?\S+")


@dataclass
class Node:
    """An element, with text and elements in it."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Node | str] = field(default_factory=list)

    def elements(self, *tags: str) -> list[Node]:
        """The elements with one of these tags directly in it."""
        return [one for one in self.children if isinstance(one, Node) and one.tag in tags]


class _TreeBuilder(HTMLParser):
    """Builds a tree from HTML that nh3 has closed and cleaned; too deep ones lose their depth."""

    def __init__(self) -> None:
        super().__init__()
        self.root = Node("div")
        self._open = [self.root]
        self._too_deep = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs})
        if tag in _VOID:
            self._open[-1].children.append(node)
        elif len(self._open) > MAX_DEPTH:
            self._too_deep += 1
        else:
            self._open[-1].children.append(node)
            self._open.append(node)

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID:
            return
        if self._too_deep:
            self._too_deep -= 1
        elif len(self._open) > 1:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)


@dataclass(frozen=True)
class WordMarks:
    """What went through mammoth as bookmarks: see `word_cleanup`."""

    picture: str
    link: str
    number: str
    links: Sequence[str]
    alternative_texts: Sequence[str]


@dataclass
class HtmlReader:
    """Reads HTML into blocks; `marks`: words that became structure.

    `footnotes`: the blocks of each note of a Word file, and the words that it belongs to.
    """

    word: WordMarks | None = None
    footnotes: list[Footnote] = field(default_factory=list)
    _noted_words: dict[str, str] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)

    def read(self, html: str) -> tuple[Block, ...]:
        """The blocks of `html`, whatever it holds."""
        builder = _TreeBuilder()
        builder.feed(
            nh3.clean(
                html,
                tags=_INLINE | set(_HEADINGS) | _LISTS | _BLOCKS | _TABLE,
                attributes=_ATTRIBUTES,
                clean_content_tags=_WITHOUT_TEXT,
                link_rel=None,
                # Judged below, where the words are at hand.
                url_schemes={"http", "https", "mailto", "tel", "file", "ftp"},
            )
        )
        builder.close()
        found = self._blocks(builder.root)
        return tuple(find_typed_structure(found, self.marks))

    def _blocks(self, node: Node) -> list[Block]:
        """The blocks in a node; inline content between them becomes paragraphs."""
        blocks: list[Block] = []
        inline: list[Node | str] = []

        def end_paragraph() -> None:
            blocks.extend(self._paragraphs(inline))
            inline.clear()

        for child in node.children:
            if isinstance(child, str) or (child.tag in _INLINE and not _holds_block(child)):
                inline.append(child)
            else:
                end_paragraph()
                blocks.extend(self._block(child))
        end_paragraph()
        return blocks

    def _block(self, node: Node) -> list[Block]:
        if node.tag in _HEADINGS:
            text, pictures = self._inline(node.children)
            line = text.without_emphasis().line()
            return [*([Heading(_HEADINGS[node.tag], line)] if line else []), *pictures]
        if node.tag in _LISTS:
            return list(self._lists(node))
        if node.tag == "table":
            return self._table(node)
        return self._blocks(node)

    def _paragraphs(self, children: Sequence[Node | str]) -> Iterator[Block]:
        text, pictures = self._inline(children)
        for line in (one.line() for one in text.split_typed_items()):
            if line:
                yield Paragraph(line)
        yield from pictures

    def _lists(self, node: Node) -> Iterator[Items]:
        """The list as one, or as several where its numbers do not go on."""
        is_ordered = node.tag == "ol"
        start = node.attributes.get("start", "1")
        number = int(start) if is_ordered and start.isdecimal() and len(start) < 6 else 1
        items: list[Item] = []
        first = number
        for child in node.elements("li"):
            if self.word is not None and (
                note := _FOOTNOTE.fullmatch(child.attributes.get("id", ""))
            ):
                words_before = self._noted_words.get(note[0], "")
                self.footnotes.append(Footnote(words_before, tuple(self._blocks(child))))
                continue
            shown = self._number_of(child)
            if items and is_ordered and shown and shown != number:
                yield Items(tuple(items), first)
                items = []
            if shown and not items:
                first = shown
            number = (shown or number) + 1
            items += self._items(child)
        if items:
            yield Items(tuple(items), first if is_ordered else 0)
        # Lists that stand directly in a list, as some editors write them.
        for inner in node.elements(*_LISTS):
            yield from self._lists(inner)

    def _items(self, node: Node) -> list[Item]:
        blocks = self._blocks(node)
        if blocks and isinstance(blocks[0], Paragraph):
            return [Item(blocks[0].line, tuple(blocks[1:]))]
        if len(blocks) == 1 and isinstance(blocks[0], Items):
            # An item of a deeper level with nothing above it.
            return list(blocks[0].items)
        return [Item("", tuple(blocks))] if blocks else []

    def _number_of(self, node: Node) -> int:
        """The number that Word shows for an item; 0 if it is not from Word."""
        if self.word is not None:
            for one in _first_elements(node):
                name = one.attributes.get("id", "")
                if name.startswith(self.word.number):
                    return int(name.removeprefix(self.word.number))
        return 0

    def _table(self, node: Node) -> list[Block]:
        """A table; or, of one that only arranges, what stands in it."""
        rows = [
            row
            for part in (node, *node.elements("thead", "tbody", "tfoot"))
            for row in part.elements("tr")
        ]
        before = [block for one in node.elements("caption") for block in self._blocks(one)]
        if all(len(row.elements("td", "th")) <= 1 for row in rows) or len(rows) == 1:
            cells = (cell for row in rows for cell in row.elements("td", "th"))
            return [*before, *(block for cell in cells for block in self._blocks(cell))]
        heads = sum(1 for row in rows if row.elements("th") and not row.elements("td")) or len(
            node.elements("thead")[0].elements("tr") if node.elements("thead") else ()
        )
        if not heads:
            self.notes.append(Note("table-head"))
        pictures: list[Block] = []
        cells_of = [
            [self._cell(cell, pictures) for cell in row.elements("td", "th")] for row in rows
        ]
        try:
            table: Table = read_table(cells_of, max(1, heads))
        except TooManyCells:
            self.notes.append(Note("large-table"))
            return [*before, *(block for row in rows for block in self._blocks(row))]
        return [*before, table, *pictures]

    def _cell(self, node: Node, pictures: list[Block]) -> tuple[str, int, int]:
        """The line of a cell, and over how many columns and rows it stands."""
        lines: list[str] = []
        self._flatten(self._blocks(node), lines, pictures)
        spans = (node.attributes.get(name, "1") for name in ("colspan", "rowspan"))
        columns, rows = (int(one) if one.isdecimal() and len(one) < 5 else 1 for one in spans)
        return _joined(lines), columns, rows

    def _flatten(self, blocks: Sequence[Block], lines: list[str], pictures: list[Block]) -> None:
        """The lines of blocks that must stand in one cell."""
        for block in blocks:
            match block:
                case Heading(_, line) | Paragraph(line):
                    lines.append(line)
                case Items(items, first):
                    for at, item in enumerate(items):
                        lines.append(f"{first + at}) {item.line}" if first else item.line)
                        if first:
                            self.marks.append(str(first + at))
                        self._flatten(item.inner, lines, pictures)
                case Table(rows):
                    lines += [_joined(list(filter(None, row)), ", ") for row in rows]
                case Picture():
                    pictures.append(block)

    def _inline(self, children: Sequence[Node | str]) -> tuple[InlineText, list[Block]]:
        text = InlineText()
        pictures: list[Block] = []
        self._add_inline(children, text, pictures, {})
        return text, pictures

    def _add_inline(
        self,
        children: Sequence[Node | str],
        text: InlineText,
        pictures: list[Block],
        style: dict[str, Any],
    ) -> None:
        for child in children:
            if isinstance(child, str):
                text.add(child, **style)
            elif child.tag == "br":
                text.add_break()
            elif child.tag == "img":
                self.notes.append(
                    Note("outside-picture", child.attributes.get("alt", ""), text.end())
                )
            elif not self._is_footnote(child, text) and not self._is_picture(child, pictures):
                self._add_inline(child.children, text, pictures, self._styled(child, style, text))

    def _styled(self, node: Node, style: dict[str, Any], text: InlineText) -> dict[str, Any]:
        match node.tag:
            case "b" | "strong":
                return {**style, "bold": True}
            case "i" | "em":
                return {**style, "italic": True}
            case "sup" | "sub":
                return {**style, "raised": node.tag}
            case "a" if target := self._target(node, text):
                return {**style, "link": target}
        return style

    def _target(self, node: Node, text: InlineText) -> str:
        """Where a link leads; empty for one that does not leave the file, or leads to a file."""
        target = node.attributes.get("href", "")
        if self.word is not None and target.startswith(f"#{self.word.link}"):
            target = self.word.links[int(target.removeprefix(f"#{self.word.link}"))]
        if not target or target.startswith("#"):
            return ""
        if target.startswith("/") or not markdown.is_allowed_target(target):
            self.notes.append(Note("link", target[:200], text.end()))
            return ""
        return target

    def _is_footnote(self, node: Node, text: InlineText) -> bool:
        """Whether a link leads to a note, or back: it has a number that the file does not have."""
        if self.word is None or not _FOOTNOTE.fullmatch(node.attributes.get("href", "")[1:]):
            return False
        self._noted_words.setdefault(node.attributes["href"][1:], text.end())
        return True

    def _is_picture(self, node: Node, pictures: list[Block]) -> bool:
        name = node.attributes.get("id", "")
        if self.word is None or not name.startswith(self.word.picture):
            return False
        number = int(name.removeprefix(self.word.picture))
        pictures.append(Picture(number, self.word.alternative_texts[number]))
        return True


def _holds_block(node: Node) -> bool:
    return any(
        isinstance(child, Node) and (child.tag not in _INLINE or _holds_block(child))
        for child in node.children
    )


def _first_elements(node: Node) -> Iterator[Node]:
    """The elements at the very beginning of a node."""
    for child in node.children:
        if isinstance(child, Node):
            yield child
            yield from _first_elements(child)
        return


def _joined(lines: Sequence[str], glue: str = "; ") -> str:
    """Lines as one: a full stop ends a line well enough, otherwise a semicolon does."""
    joined = ""
    for line in filter(None, lines):
        between = "" if not joined else " " if joined.endswith((".", "!", "?", ":", ";")) else glue
        joined += between + line
    return joined


def visible_text(html: str) -> list[str]:
    """The words of HTML, piece by piece, without any understanding of it but what is no text."""
    bare = nh3.clean(html, tags=_BLOCKS | _TABLE | _LISTS | set(_HEADINGS) | {"br"},
                     attributes={}, clean_content_tags=_WITHOUT_TEXT)  # fmt: skip
    pieces = (unescape(piece) for piece in re.split(r"<[^>]*>", bare))
    return [" ".join(piece.split()) for piece in pieces if piece.strip()]
