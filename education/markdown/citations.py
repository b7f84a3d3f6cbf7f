"""Citations: `[@source-key]` within a sentence."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from education.markdown.text_cleanup import NO_BREAK_SPACE

_CITATION = re.compile(r"\[@([a-z0-9-]{1,60})\]")
_CITATION_LIKE = re.compile(r"\[@[^\[\]\n]{0,80}\]")


@dataclass(frozen=True)
class CitationMark:
    """How a source is shown: its number from 1, the link to its entry, and its title."""

    number: int
    href: str
    title: str


Cite = Callable[[str], CitationMark | None]
"""Finds the mark for a source key; None if there is no such source."""

Marks = tuple[tuple[str, CitationMark | None], ...]
"""Every key of a text with the result of `Cite`, in order of first appearance."""


def citation_plugin(parser: MarkdownIt) -> None:
    """Add citations to `parser`, before links: `[@key](address)` is still a citation."""
    parser.inline.ruler.before("link", "citation", _read_citation)


def _read_citation(state: StateInline, silent: bool) -> bool:
    found = _CITATION.match(state.src, state.pos, state.posMax)
    if not found:
        return False
    if not silent:
        state.push("citation", "", 0).meta = {"key": found[1]}
    state.pos = found.end()
    return True


def resolve_citations(keys: Iterable[str], cite: Cite | None) -> Marks | None:
    """Call `cite` once for each key, in order; return None without `cite`.

    Lazy strings in its marks are converted, because the result becomes part of a cache key.
    """
    if cite is None:
        return None
    marks = ((key, cite(key)) for key in keys)
    return tuple(
        (key, mark and CitationMark(int(mark.number), str(mark.href), str(mark.title)))
        for key, mark in marks
    )


def strip_citations(tokens: Sequence[Token]) -> list[Token]:
    """Return inline `tokens` without citations and the space before each ("hands [@a].")."""
    result: list[Token] = []
    for token in tokens:
        if token.type != "citation":
            result.append(token)
        elif result and result[-1].type == "text":
            result[-1] = result[-1].copy(content=result[-1].content.rstrip(" "))
    return result


def keep_with_previous_word(tokens: Sequence[Token]) -> list[Token]:
    """Return inline `tokens` in which no line can begin with a citation."""
    result: list[Token] = []
    for token in tokens:
        previous = result[-1] if result and token.type == "citation" else None
        if previous and previous.type == "softbreak":
            result[-1] = Token("text", "", 0, content=NO_BREAK_SPACE)
        elif previous and previous.type == "text" and previous.content.endswith(" "):
            result[-1] = previous.copy(content=previous.content.rstrip(" ") + NO_BREAK_SPACE)
        result.append(token)
    return result


def find_malformed_citations(text: str) -> list[str]:
    """Return what looks like a citation in plain text but is none ("[@NHS Acne]")."""
    return [
        found[0] for found in _CITATION_LIKE.finditer(text) if not _CITATION.fullmatch(found[0])
    ]
