"""Words of a glossary: each is marked where a page first uses it, with a way to its meaning."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from markdown_it.token import Token

from education.markdown.parser import parse, parse_inline
from education.markdown.placeholders import fill_tokens

ZERO_WIDTH_SPACE = "\N{ZERO WIDTH SPACE}"


class TermMatcher(Hashable, Protocol):
    """A list of words that can be looked for. Equal ones find the same, for what is
    found is kept.
    """

    def find(self, text: str) -> Iterable[tuple[str, int, int]]:
        """Where a plain text has one of the words: its key, start and end, in order, none in
        another.
        """


@dataclass(frozen=True)
class TermMark:
    """How a word is marked: `href` of its meaning, and the `id` of this place if a way back is
    wanted.
    """

    href: str
    id: str = ""


@dataclass(frozen=True)
class TermMarker:
    """The words to mark in a text, and `mark`, which is asked once a text for each that stands in
    it.

    None for a word that is to stay as it is, such as one that the page has marked already.
    """

    matcher: TermMatcher
    mark: Callable[[str], TermMark | None]


@dataclass(frozen=True)
class TermMarks:
    """What to mark in one text: the words by key, and what finds them."""

    matcher: TermMatcher
    marks: tuple[tuple[str, TermMark], ...]


def find_terms(
    text: str, term_marker: TermMarker | None, number: str = "", *, inline: bool = False
) -> TermMarks | None:
    """What `term_marker` marks in `text`, in order; None for nothing. Raises MarkdownLimitError.

    `number`: what is filled in for the placeholder.
    """
    if term_marker is None:
        return None
    keys = _find_keys(text, term_marker.matcher, number, inline)
    marks = tuple((key, mark) for key in keys if (mark := term_marker.mark(key)))
    return TermMarks(term_marker.matcher, marks) if marks else None


@lru_cache(maxsize=1024)
def _find_keys(text: str, matcher: TermMatcher, number: str, inline: bool) -> tuple[str, ...]:
    tokens = fill_tokens(parse_inline(text) if inline else parse(text), number)
    texts = (
        child
        for block in _eligible_blocks(tokens)
        for child in _eligible_texts(block.children or ())
    )
    return tuple(
        dict.fromkeys(key for child in texts for key, _start, _end in matcher.find(child.content))
    )


def insert_terms(tokens: Sequence[Token], marks: TermMarks | None) -> Sequence[Token]:
    """`tokens` with a token of type "term" for the first use of each word that is wanted."""
    if marks is None:
        return tokens
    remaining = dict(marks.marks)
    eligible_blocks = {id(block) for block in _eligible_blocks(tokens)}
    return [
        token.copy(children=_insert_into_children(token.children or [], marks.matcher, remaining))
        if remaining and id(token) in eligible_blocks
        else token
        for token in tokens
    ]


def _insert_into_children(
    children: Sequence[Token], matcher: TermMatcher, remaining: dict[str, TermMark]
) -> list[Token]:
    eligible_texts = {id(child) for child in _eligible_texts(children)}
    return [
        piece
        for child in children
        for piece in (
            _split_at_terms(child, matcher, remaining) if id(child) in eligible_texts else [child]
        )
    ]


def _split_at_terms(
    token: Token, matcher: TermMatcher, remaining: dict[str, TermMark]
) -> Iterator[Token]:
    text, after = token.content, 0
    for key, start, end in matcher.find(text):
        mark = remaining.pop(key, None)
        if mark is None:
            continue
        if start > after:
            between = text[after:start]
            # A blank that came last so far has no place on the screen, and counts as moved once
            # more comes.
            yield token.copy(content=between if between.strip() else between + ZERO_WIDTH_SPACE)
        yield Token("term", "", 0, content=text[start:end], meta={"mark": mark})
        after = end
    if after < len(text):
        yield token.copy(content=text[after:])


def _eligible_blocks(tokens: Sequence[Token]) -> Iterator[Token]:
    """The inline tokens in which words may be marked: those of no heading."""
    for index, token in enumerate(tokens):
        if token.type == "inline" and not (index and tokens[index - 1].type == "heading_open"):
            yield token


def _eligible_texts(children: Sequence[Token]) -> Iterator[Token]:
    """The texts of no link. Code and the words for an image are tokens of other types."""
    depth = 0
    for child in children:
        depth += (child.type == "link_open") - (child.type == "link_close")
        if child.type == "text" and not depth:
            yield child
