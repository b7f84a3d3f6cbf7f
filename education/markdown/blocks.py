"""The blocks of a text with their words, links and structure, for comparing texts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markdown_it.token import Token

from education.markdown.parser import parse
from education.markdown.text_extraction import inline_pieces, inline_text

_CONTAINERS = {
    "blockquote", "bullet_list", "dd", "dl", "dt", "heading", "list_item", "ordered_list", "paragraph",
    "table", "td", "th", "tr",
}  # fmt: skip


@dataclass(frozen=True)
class MarkdownBlock:
    """A paragraph, heading, item or cell.

    `structure` names its containers from the outside in ("bullet_list", "list_item"); `opens` is
    how many of them begin with it; `group` is the list it is an item of, counted from 1 in the
    text, or 0. `pieces` are those of `inline_pieces`, and `cited` the keys of its citations.
    """

    structure: tuple[str, ...]
    opens: int
    group: int
    text: str
    pieces: tuple[tuple[str, str], ...]
    cited: tuple[str, ...]

    @property
    def is_in_bullet_list(self) -> bool:
        """Whether it belongs to an item of an unordered list."""
        return "bullet_list" in self.structure and not any(
            "ordered" in name for name in self.structure
        )


def read_blocks(text: str, *, inline: bool = False) -> tuple[MarkdownBlock, ...]:
    """Return the blocks of a text, or with `inline` of a line. Raises MarkdownLimitError."""
    return tuple(_blocks(parse(text, inline=inline)))


def _blocks(tokens: Sequence[Token]) -> Iterator[MarkdownBlock]:
    within: list[tuple[str, int]] = []
    opened = lists = 0
    for token in tokens:
        name, _bar, side = token.type.rpartition("_")
        if token.type == "hr":
            yield MarkdownBlock(
                (*(name for name, _list in within), "hr"), opened + 1, 0, "", (), ()
            )
            opened = 0
        elif side == "open" and name in _CONTAINERS:
            lists += name.endswith("_list")
            is_list = name.endswith("_list")
            within.append(
                (_container_name(token, name), lists if is_list else _list_number(within))
            )
            opened += name != "paragraph"
        elif side == "close" and name in _CONTAINERS:
            within.pop()
        elif token.type == "inline":
            yield _block(token, within, opened)
            opened = 0


def _list_number(within: Sequence[tuple[str, int]]) -> int:
    return within[-1][1] if within else 0


def _container_name(token: Token, name: str) -> str:
    if name == "heading":
        return token.tag
    start = token.attrs.get("start", 1) if name == "ordered_list" else 1
    return name if start == 1 else f"{name} from {start}"


def _block(token: Token, within: Sequence[tuple[str, int]], opened: int) -> MarkdownBlock:
    children = token.children or []
    # Paragraphs in tight and loose lists have the same structure.
    structure = tuple(name for name, _list in within if name != "paragraph")
    return MarkdownBlock(
        structure,
        opened,
        _list_number(within),
        inline_text(children),
        tuple(inline_pieces(children)),
        tuple(child.meta["key"] for child in children if child.type == "citation"),
    )
