"""Words, sentences, and the passages of a text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from education.plain_language.parsing.blocks import BlockKind, BlockMap, Span
from education.plain_language.parsing.masking import mask_markdown

# A temperature is one word, as it is one thing to a reader.
_WORD = re.compile(r"(?<![.,])\d++(?:[.,]\d++)*+ ?° ?[CF]\b|\w++(?:['’.\-]\w++)*+")
_PLAIN_WORD = re.compile(r"[^\W_]++(?:['’][^\W_]++)*+")
_VISIBLE = re.compile("[^\\s\u00ad\u200b-\u200d\u2060]++")
_WHITE = re.compile(r"\s")
_SENTENCE_END = re.compile("[.!?…]++[\"”’')\\]]*+(?=\\s|$)")
_NEVER_AN_END = re.compile(r"(?:^|[\s(])(?:Dr|Mr|Mrs|Ms|Prof|vs|approx|e\.g|i\.e|Fig)$")
_END_BEFORE_CAPITAL = re.compile(r"(?:^|[\s(])(?:etc|a\.m|p\.m)$")
_CITED = re.compile(r"\[@[^\[\]\n]{1,80}\]")
_MAX_ABBREVIATION_CHARS = 8


class Word(NamedTuple):
    """A word in lower case, with its offsets in the passage; hyphens separate words."""

    text: str
    start: int
    end: int


def split_words(text: str) -> list[str]:
    """Return the words of a plain text; a hyphenated compound is one word."""
    return _WORD.findall(text)


def tokenize(text: str) -> list[Word]:
    """Return the words of a plain text; a hyphenated compound is several words."""
    return [
        Word(found[0].lower().replace("’", "'"), *found.span())
        for found in _PLAIN_WORD.finditer(text)
    ]


def split_sentences(text: str) -> list[Span]:
    """Return the spans of the sentences of a one-line plain text; each has at least one word."""
    found = []
    start = 0
    for end in (
        *(end.end() for end in _SENTENCE_END.finditer(text) if _is_sentence_end(text, end)),
        len(text),
    ):
        first = _WORD.search(text, start, end)
        if first:
            found.append((first.start(), len(text[:end].rstrip()) if end == len(text) else end))
        start = end
    return found


def _is_sentence_end(text: str, end: re.Match[str]) -> bool:
    following = text[end.end() : end.end() + 2].strip()
    before = text[max(0, end.start() - _MAX_ABBREVIATION_CHARS) : end.start()]
    if end[0] == ".":
        if _NEVER_AN_END.search(before):
            return False
        return not (following.islower() and _END_BEFORE_CAPITAL.search(before))
    # A question in brackets, or in quotes, does not end the sentence around it.
    return not (end[0][-1] not in ".!?…" and following.islower())


@dataclass(frozen=True)
class Passage:
    """A block as plain text with single spaces; `offsets` are its characters' source offsets."""

    kind: BlockKind
    text: str
    cited: bool
    offsets: tuple[int, ...] = field(repr=False)

    def source_span(self, start: int, end: int) -> Span:
        """Return the span in the source of the characters from `start` to `end`."""
        return self.offsets[start], self.offsets[end - 1] + 1

    @cached_property
    def sentences(self) -> list[Span]:
        return split_sentences(self.text)

    @cached_property
    def words(self) -> list[Word]:
        return tokenize(self.text)


def split_passages(text: str, block_map: BlockMap) -> Iterator[Passage]:
    """Yield the passages of a Markdown text, in order, without those that have no words."""
    mask = mask_markdown(text, block_map)
    for block in block_map.blocks:
        plain, offsets = _collapse_blanks(mask, *block.span)
        if _WORD.search(plain):
            cited = _CITED.search(text, *block.span) is not None
            yield Passage(block.kind, plain, cited, offsets)


def _collapse_blanks(mask: str, start: int, end: int) -> tuple[str, tuple[int, ...]]:
    pieces: list[str] = []
    offsets: list[int] = []
    last = start
    for found in _VISIBLE.finditer(mask, start, end):
        if offsets and _WHITE.search(mask, last, found.start()):
            pieces.append(" ")
            offsets.append(last)
        pieces.append(found[0])
        offsets.extend(range(*found.span()))
        last = found.end()
    return "".join(pieces), tuple(offsets)
