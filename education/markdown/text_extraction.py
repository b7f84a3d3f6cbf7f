"""What a text says and what it points at, without making HTML of it."""

from collections.abc import Iterator, Sequence
from functools import lru_cache

from markdown_it.token import Token

from education.markdown.citations import strip_citations
from education.markdown.parser import parse, parse_inline
from education.markdown.text_cleanup import replace_invalid_characters


def inline_text(tokens: Sequence[Token]) -> str:
    """Inline `tokens` as plain words, with the alternative text of images, without citations."""
    return " ".join(replace_invalid_characters("".join(_pieces(strip_citations(tokens)))).split())


def _pieces(tokens: Sequence[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type in ("text", "code_inline"):
            yield token.content
        elif token.type in ("softbreak", "hardbreak"):
            yield " "
        elif token.type == "image":
            yield inline_text(token.children or ())


def link_text(tokens: Sequence[Token], opening: int) -> str:
    """The words of the link that opens at index `opening` of inline `tokens`."""
    closing = next(
        index for index in range(opening, len(tokens)) if tokens[index].type == "link_close"
    )
    return inline_text(tokens[opening:closing])


def plain_text(text: str, *, inline: bool = False) -> str:
    """The words of `text` without markup or citations: one line for each paragraph, heading or
    item.

    A table row is one line, its cells separated by commas. `inline` reads the text as
    `render_inline` does ("1. May" keeps its number). The result is text, not HTML: it may contain
    "<" if the author typed it. Raises MarkdownLimitError.
    """
    lines: list[str] = []
    row: list[str] | None = None
    for token in parse_inline(text) if inline else parse(text):
        if token.type == "tr_open":
            row = []
        elif token.type == "tr_close" and row is not None:
            lines.append(", ".join(filter(None, row)))
            row = None
        elif token.type == "inline":
            (lines if row is None else row).append(inline_text(token.children or ()))
    return "\n".join(filter(None, lines))


def inline_tokens(text: str) -> Iterator[Token]:
    """Every inline token of `text` in reading order, but not what is inside the words
    for an image.
    """
    for block in parse(text):
        yield from block.children or ()


@lru_cache(maxsize=1024)
def cited_keys(text: str) -> tuple[str, ...]:
    """The distinct source keys cited in `text`, in order of first appearance. Raises
    MarkdownLimitError.
    """
    return tuple(
        dict.fromkeys(
            token.meta["key"] for token in inline_tokens(text) if token.type == "citation"
        )
    )


def links(text: str) -> tuple[str, ...]:
    """The target of every link in `text`, allowed or not, in order, as it would stand in the HTML.

    Repeated targets are repeated. Images and citations are not links. Raises MarkdownLimitError.
    """
    return tuple(
        str(token.attrs["href"]) for token in inline_tokens(text) if token.type == "link_open"
    )
