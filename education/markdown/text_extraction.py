"""Plain words, citations and links of a text, without rendering it."""

from collections.abc import Iterator, Sequence
from functools import lru_cache

from markdown_it.token import Token

from education.markdown.citations import strip_citations
from education.markdown.parser import parse
from education.markdown.text_cleanup import replace_invalid_characters


def inline_text(tokens: Sequence[Token]) -> str:
    """Return the words of inline `tokens` and of their images, without citations."""
    words = (
        content if kind != "hardbreak" else " "
        for kind, content in inline_pieces(tokens)
        if kind in {"text", "code", "hardbreak"}
    )
    return " ".join(replace_invalid_characters("".join(words)).split())


def inline_pieces(tokens: Sequence[Token]) -> Iterator[tuple[str, str]]:
    """Yield the kind and content of each piece of inline `tokens`, without citations.

    These are ("text", words), ("code", words), ("link", target), ("image", address) before the
    words for it, and marks without content by their token type, such as ("strong_open", "").
    """
    for token in strip_citations(tokens):
        if token.type == "text":
            yield "text", token.content
        elif token.type == "code_inline":
            yield "code", token.content
        elif token.type == "softbreak":
            yield "text", " "
        elif token.type == "link_open":
            yield "link", str(token.attrs["href"])
        elif token.type == "image":
            yield "image", str(token.attrs["src"])
            yield "text", inline_text(token.children or ())
        else:
            yield token.type, ""


def link_text(tokens: Sequence[Token], opening: int) -> str:
    """Return the words of the link that opens at index `opening`."""
    closing = next(
        index for index in range(opening, len(tokens)) if tokens[index].type == "link_close"
    )
    return inline_text(tokens[opening:closing])


@lru_cache(maxsize=2048)
def plain_text(text: str, *, inline: bool = False) -> str:
    """Return `text` without markup and citations, one line per paragraph, heading or item.

    A table row is one line, its cells separated by commas. `inline` reads the text as
    `render_inline` does ("1. May" keeps its number). The result is text, not HTML: it may contain
    "<" if the author typed it. Raises MarkdownLimitError.
    """
    lines: list[str] = []
    row: list[str] | None = None
    for token in parse(text, inline=inline):
        if token.type == "tr_open":
            row = []
        elif token.type == "tr_close" and row is not None:
            lines.append(", ".join(filter(None, row)))
            row = None
        elif token.type == "inline":
            (lines if row is None else row).append(inline_text(token.children or ()))
    return "\n".join(filter(None, lines))


def inline_tokens(text: str, *, inline: bool = False) -> Iterator[Token]:
    """Yield the inline tokens of `text` in reading order, without those of an image's words."""
    for block in parse(text, inline=inline):
        yield from block.children or ()


@lru_cache(maxsize=2048)
def cited_keys(text: str, *, inline: bool = False) -> tuple[str, ...]:
    """Return the distinct source keys cited in `text`, in order. Raises MarkdownLimitError."""
    tokens = inline_tokens(text, inline=inline)
    return tuple(dict.fromkeys(token.meta["key"] for token in tokens if token.type == "citation"))


def links(text: str) -> tuple[str, ...]:
    """Return the target of every link in `text`, allowed or not, in order, as the HTML has it.

    Repeated targets are repeated. Images and citations are not links. Raises MarkdownLimitError.
    """
    return tuple(
        str(token.attrs["href"]) for token in inline_tokens(text) if token.type == "link_open"
    )
