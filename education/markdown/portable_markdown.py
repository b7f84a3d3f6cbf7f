"""Markdown that any program reads alike: escaped, with whole links and numbered citations."""

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

from education.markdown.citations import Cite, strip_citations
from education.markdown.headings import Heading, heading_outline
from education.markdown.link_targets import is_allowed_target, is_uploaded_image
from education.markdown.parser import parse
from education.markdown.placeholders import fill_tokens, number_for
from education.markdown.text_cleanup import replace_invalid_characters
from education.markdown.text_extraction import inline_text

_SIGNS = re.compile(r"[\\`*_\[\]<>|~&]")
_NUMBERED = re.compile(r"^(\d{1,9})([.)])")
_ALIGNMENTS = {"text-align:left": ":---", "text-align:center": ":---:", "text-align:right": "---:"}


def to_portable_markdown(
    text: str, *, level: int = 3, cite: Cite | None = None, base: str = ""
) -> str:
    """Return `text` as readers see it as Markdown for other programs; top headings at `level`.

    `base` is the address of the site, put before links to its pages. HTML in the text stays text:
    every character that could begin a tag is escaped. Raises MarkdownLimitError.
    """
    tokens = parse(text)
    headings = {
        id(tokens[index]): place for index, place in heading_outline(tokens, level, "").items()
    }
    filled = fill_tokens(tokens, number_for(text))
    return _MarkdownWriter(cite, base, headings).blocks(SyntaxTreeNode(list(filled)).children)


def to_portable_line(text: str, *, cite: Cite | None = None, base: str = "") -> str:
    """Return one line of Markdown for other programs. Raises MarkdownLimitError."""
    filled = fill_tokens(parse(text, inline=True), number_for(text))
    return _MarkdownWriter(cite, base, {}).inline(filled[0].children or [])


@dataclass(frozen=True)
class _MarkdownWriter:
    cite: Cite | None
    base: str
    headings: dict[int, Heading]

    def blocks(self, nodes: Sequence[SyntaxTreeNode], *, tight: bool = False) -> str:
        written: list[str] = []
        before = ""
        lists = 0
        for node in nodes:
            # Adjacent lists need different markers, or they would be one list.
            lists = lists + 1 if node.type == before else 0
            before = node.type
            written.append(self.block(node, lists % 2))
        return ("\n" if tight else "\n\n").join(filter(None, written))

    def block(self, node: SyntaxTreeNode, turn: int) -> str:
        if node.type == "heading":
            heading = (
                self.headings.get(id(node.nester_tokens.opening)) if node.nester_tokens else None
            )
            words = self.children(node)
            return f"{'#' * int(heading.tag[1:])} {words}" if heading else words
        if node.type == "paragraph":
            return self.children(node)
        if node.type in {"bullet_list", "ordered_list"}:
            return self.items(node, turn)
        if node.type == "blockquote":
            return "\n".join(
                f"> {line}".rstrip() for line in self.blocks(node.children).splitlines()
            )
        if node.type == "hr":
            return "***"
        if node.type == "table":
            return "\n".join(self.rows(node))
        if node.type == "dl":
            return "\n\n".join(self.definitions(node))
        return self.blocks(node.children)

    def children(self, node: SyntaxTreeNode) -> str:
        token = node.children[0].token if node.children else None
        return escape_line_starts(self.inline(token.children or [])) if token else ""

    def items(self, node: SyntaxTreeNode, turn: int) -> str:
        paragraphs = (
            child for item in node.children for child in item.children if child.type == "paragraph"
        )
        tight = all(paragraph.hidden for paragraph in paragraphs)
        numbers = itertools.count(int(node.attrs.get("start", 1)))
        is_ordered = node.type == "ordered_list"
        written = (
            indent_item(
                f"{next(numbers)}{'.)'[turn]} " if is_ordered else f"{'-*'[turn]} ",
                self.blocks(item.children, tight=tight),
            )
            for item in node.children
        )
        return ("\n" if tight else "\n\n").join(written)

    def definitions(self, node: SyntaxTreeNode) -> Iterator[str]:
        for child in node.children:
            inner = self.children(child) if child.type == "dt" else self.blocks(child.children)
            yield inner if child.type == "dt" else indent_item(":   ", inner)

    def rows(self, node: SyntaxTreeNode) -> Iterator[str]:
        for row in (row for part in node.children for row in part.children):
            cells = [self.children(cell) for cell in row.children]
            yield f"| {' | '.join(cells)} |"
            if row.children and row.children[0].type == "th":
                alignments = [
                    _ALIGNMENTS.get(str(cell.attrs.get("style", "")), "---")
                    for cell in row.children
                ]
                yield f"| {' | '.join(alignments)} |"

    def inline(self, tokens: Sequence[Token]) -> str:
        shown = tokens if self.cite else strip_citations(tokens)
        ends: list[str] = []
        return "".join(self.inline_token(token, ends) for token in shown)

    def inline_token(self, token: Token, ends: list[str]) -> str:
        if token.type == "text":
            return escape_markdown(token.content)
        if token.type == "link_open":
            target = self.absolute_target(str(token.attrs["href"]))
            ends.append(f"](<{target}>)" if target else "")
            return "[" if target else ""
        if token.type == "link_close":
            return ends.pop()
        if token.type == "code_inline":
            return _code(token.content)
        if token.type == "image":
            return self.image(token)
        if token.type == "citation":
            mark = self.cite(token.meta["key"]) if self.cite else None
            return rf"\[{mark.number}\]" if mark else ""
        marks = {"softbreak": "\n", "hardbreak": "\\\n"}
        return marks.get(token.type) or {"em": "*", "strong": "**"}.get(
            token.type.partition("_")[0], ""
        )

    def image(self, token: Token) -> str:
        source, words = str(token.attrs["src"]), escape_markdown(inline_text(token.children or ()))
        return (
            f"![{words}](<{self.absolute_target(source)}>)"
            if words and is_uploaded_image(source)
            else words
        )

    def absolute_target(self, target: str) -> str:
        """Return an allowed target, with the site's address before a path; "" for any other."""
        if not is_allowed_target(target) or "<" in target or ">" in target:
            return ""
        return f"{self.base}{target}" if target.startswith("/") else target


def escape_markdown(text: str) -> str:
    """Return Markdown, on one line, that shows exactly this plain text."""
    return _SIGNS.sub(r"\\\g<0>", replace_invalid_characters(text).replace("\n", " "))


def escape_line_starts(text: str) -> str:
    """Escape what would turn a line of a paragraph into a list, heading or definition."""
    lines = (_NUMBERED.sub(r"\1\\\2", line.lstrip()) for line in text.split("\n"))
    return "\n".join(f"\\{line}" if line[:1] in set("#+-=:") else line for line in lines)


def _code(content: str) -> str:
    longest = max((len(run) for run in re.findall("`+", content)), default=0)
    ticks, pad = (
        "`" * (longest + 1),
        " " if content.startswith("`") or content.endswith("`") else "",
    )
    return f"{ticks}{pad}{content}{pad}{ticks}"


def indent_item(mark: str, text: str) -> str:
    """An item of a list: its mark, then its text, further lines indented below it."""
    first, *rest = text.split("\n")
    return "\n".join((mark + first, *(f"{' ' * len(mark)}{line}".rstrip() for line in rest)))
