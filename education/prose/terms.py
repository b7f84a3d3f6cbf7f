"""Words of a glossary: each is marked where a page first uses it, with a way to its meaning."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from markdown_it.token import Token

from education.prose.grammar import parsed, parsed_line

NO_WIDTH = "\N{ZERO WIDTH SPACE}"


class Vocabulary(Hashable, Protocol):
    """A list of words that can be looked for. Equal ones find the same, for what is found is kept."""

    def found(self, text: str) -> Iterable[tuple[str, int, int]]:
        """Where a plain text has one of the words: its key, start and end, in order, none in another."""


@dataclass(frozen=True)
class TermMark:
    """How a word is marked: `href` of its meaning, and the `id` of this place if a way back is wanted."""

    href: str
    id: str = ""


@dataclass(frozen=True)
class Explain:
    """The words to mark in a text, and `mark`, which is asked once a text for each that stands in it.

    None for a word that is to stay as it is, such as one that the page has marked already.
    """

    vocabulary: Vocabulary
    mark: Callable[[str], TermMark | None]


@dataclass(frozen=True)
class Marked:
    """What to mark in one text: the words by key, and what finds them."""

    vocabulary: Vocabulary
    marks: tuple[tuple[str, TermMark], ...]


def marked(text: str, explain: Explain | None, *, inline: bool = False) -> Marked | None:
    """Ask `explain` about each word of `text`, in order; None: nothing is to be marked. Raises ProseError."""
    if explain is None:
        return None
    keys = _keys(text, explain.vocabulary, inline)
    marks = tuple((key, mark) for key in keys if (mark := explain.mark(key)))
    return Marked(explain.vocabulary, marks) if marks else None


@lru_cache(maxsize=1024)
def _keys(text: str, vocabulary: Vocabulary, inline: bool) -> tuple[str, ...]:
    tokens = parsed_line(text) if inline else parsed(text)
    texts = (child for block in _open_blocks(tokens) for child in _open_texts(block.children or ()))
    return tuple(
        dict.fromkeys(key for child in texts for key, _start, _end in vocabulary.found(child.content))
    )


def with_terms(tokens: Sequence[Token], wanted: Marked | None) -> Sequence[Token]:
    """`tokens` with a token of type "term" for the first use of each word that is wanted."""
    if wanted is None:
        return tokens
    waiting = dict(wanted.marks)
    open_blocks = {id(block) for block in _open_blocks(tokens)}
    return [
        token.copy(children=_marked_children(token.children or [], wanted.vocabulary, waiting))
        if waiting and id(token) in open_blocks
        else token
        for token in tokens
    ]


def _marked_children(
    children: Sequence[Token], vocabulary: Vocabulary, waiting: dict[str, TermMark]
) -> list[Token]:
    open_texts = {id(child) for child in _open_texts(children)}
    return [
        piece
        for child in children
        for piece in (_pieces(child, vocabulary, waiting) if id(child) in open_texts else [child])
    ]


def _pieces(token: Token, vocabulary: Vocabulary, waiting: dict[str, TermMark]) -> Iterator[Token]:
    text, after = token.content, 0
    for key, start, end in vocabulary.found(text):
        mark = waiting.pop(key, None)
        if mark is None:
            continue
        if start > after:
            between = text[after:start]
            # A blank that came last so far has no place on the screen, and counts as moved once more comes.
            yield token.copy(content=between if between.strip() else between + NO_WIDTH)
        yield Token("term", "", 0, content=text[start:end], meta={"mark": mark})
        after = end
    if after < len(text):
        yield token.copy(content=text[after:])


def _open_blocks(tokens: Sequence[Token]) -> Iterator[Token]:
    """The inline tokens in which words may be marked: those of no heading."""
    for index, token in enumerate(tokens):
        if token.type == "inline" and not (index and tokens[index - 1].type == "heading_open"):
            yield token


def _open_texts(children: Sequence[Token]) -> Iterator[Token]:
    """The texts of no link. Code and the words for an image are tokens of other types."""
    depth = 0
    for child in children:
        depth += (child.type == "link_open") - (child.type == "link_close")
        if child.type == "text" and not depth:
            yield child
