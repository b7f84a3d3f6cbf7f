"""`[@source-key]`: a reference to a source, in the middle of a sentence."""

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
    """How one source is shown: `number` from 1 in the page's list, `href` of its entry, `title` in
    words.
    """

    number: int
    href: str
    title: str


Cite = Callable[[str], CitationMark | None]
"""Finds the mark for a source key; None if there is no such source."""

Marks = tuple[tuple[str, CitationMark | None], ...]
"""Every key of a text with what `Cite` answered, in order of first appearance."""


def citation_plugin(parser: MarkdownIt) -> None:
    """Teach `parser` to read citations. They go before links, so `[@key](address)` is still a
    citation.
    """
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
    """Ask `cite` once for each key, in order; None if citations are not wanted.

    What it gives may hold lazy strings, which must be words before they can be part of a cache key.
    """
    if cite is None:
        return None
    marks = ((key, cite(key)) for key in keys)
    return tuple(
        (key, mark and CitationMark(int(mark.number), str(mark.href), str(mark.title)))
        for key, mark in marks
    )


def strip_citations(tokens: Sequence[Token]) -> list[Token]:
    """Inline `tokens` without citations, nor the space in front of one ("hands [@a]." becomes
    "hands.").
    """
    kept: list[Token] = []
    for token in tokens:
        if token.type != "citation":
            kept.append(token)
        elif kept and kept[-1].type == "text":
            kept[-1] = kept[-1].copy(content=kept[-1].content.rstrip(" "))
    return kept


def keep_with_previous_word(tokens: Sequence[Token]) -> list[Token]:
    """Inline `tokens` in which no line begins with a citation: it stays beside what it is for."""
    kept: list[Token] = []
    for token in tokens:
        before = kept[-1] if kept and token.type == "citation" else None
        if before and before.type == "softbreak":
            kept[-1] = Token("text", "", 0, content=NO_BREAK_SPACE)
        elif before and before.type == "text" and before.content.endswith(" "):
            kept[-1] = before.copy(content=before.content.rstrip(" ") + NO_BREAK_SPACE)
        kept.append(token)
    return kept


def find_malformed_citations(text: str) -> list[str]:
    """What was meant as a citation in a piece of plain text, but cannot be one ("[@NHS Acne]")."""
    return [
        found[0] for found in _CITATION_LIKE.finditer(text) if not _CITATION.fullmatch(found[0])
    ]
