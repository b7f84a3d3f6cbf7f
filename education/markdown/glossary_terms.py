"""Glossary terms in a text: the first use of each is marked with a way to its meaning."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from markdown_it.token import Token

from education.markdown.parser import parse
from education.markdown.placeholders import fill_tokens

ZERO_WIDTH_SPACE = "\N{ZERO WIDTH SPACE}"


class TermMatcher(Hashable, Protocol):
    """Finds terms in a plain text; equal matchers find the same, because results are cached."""

    def find(self, text: str) -> Iterable[tuple[str, int, int]]:
        """Yield the key, start and end of each term, in text order, without overlaps."""


@dataclass(frozen=True)
class TermMark:
    """Where the meaning of a term stands: the id of a popover on the page, and an address for
    browsers that know no popovers.
    """

    popover: str
    href: str


@dataclass(frozen=True)
class TermMarker:
    """The terms to mark; `mark` is called once per text for each term in it.

    It returns None for a term not to be marked, such as one marked earlier on the page.
    """

    matcher: TermMatcher
    mark: Callable[[str], TermMark | None]


@dataclass(frozen=True)
class TermMarks:
    """The marks of one text by term key, and the matcher that finds the terms."""

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
    tokens = fill_tokens(parse(text, inline=inline), number)
    texts = (
        child.content
        for block, is_eligible in _blocks(tokens)
        for child, is_plain in _children(block)
        if is_eligible and is_plain
    )
    return tuple(dict.fromkeys(key for text in texts for key, _start, _end in matcher.find(text)))


def insert_terms(tokens: Sequence[Token], marks: TermMarks | None) -> Sequence[Token]:
    """Return `tokens` with a token of type "term" for the first use of each word to mark."""
    if marks is None:
        return tokens
    remaining = dict(marks.marks)
    return [
        token.copy(children=list(_insert_into_children(token, marks.matcher, remaining)))
        if is_eligible and remaining
        else token
        for token, is_eligible in _blocks(tokens)
    ]


def _insert_into_children(
    block: Token, matcher: TermMatcher, remaining: dict[str, TermMark]
) -> Iterator[Token]:
    for child, is_plain in _children(block):
        if is_plain:
            yield from _split_at_terms(child, matcher, remaining)
        else:
            yield child


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
            # A trailing space is laid out only when more HTML arrives: that is a layout shift.
            yield token.copy(content=between if between.strip() else between + ZERO_WIDTH_SPACE)
        after = end + len(closing := _closing_punctuation(text[end:]))
        meta = {"mark": mark, "closing": closing}
        yield Token("term", "", 0, content=text[start:end], meta=meta)
    if after < len(text):
        yield token.copy(content=text[after:])


def _closing_punctuation(text: str) -> str:
    """The marks at the start of `text` that belong to the word before them."""
    return text[: len(text) - len(text.lstrip('.,;:!?)]”’"'))]


def _blocks(tokens: Sequence[Token]) -> Iterator[tuple[Token, bool]]:
    """Yield each token, and whether it is the text of a block in which words may be marked."""
    is_heading = False
    for token in tokens:
        yield token, token.type == "inline" and not is_heading
        is_heading = token.type == "heading_open"


def _children(block: Token) -> Iterator[tuple[Token, bool]]:
    """Yield each child, and whether it is text outside links; code and images are other types."""
    depth = 0
    for child in block.children or ():
        depth += (child.type == "link_open") - (child.type == "link_close")
        yield child, child.type == "text" and not depth
