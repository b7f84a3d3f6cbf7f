"""A block of text with its critical words: quantities, medicines and guarded words."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Sequence
from functools import cached_property
from operator import attrgetter
from typing import NamedTuple

from education.markdown import MarkdownBlock
from education.plain_language.guarded_words import find_guarded_words
from education.plain_language.medicines import brand_matcher, is_medicine
from education.plain_language.parsing.segmentation import tokenize
from education.plain_language.quantities import find_quantities
from education.publishing.changes.vocabulary import SIGNS, normalized_words
from education.publishing.checks.internal_links import internal_path

_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:'[^\W\d_]+)*|\S")


class CriticalSpan(NamedTuple):
    """A part of a block that can reverse advice; two spans with equal keys mean the same."""

    key: Hashable
    start: int
    end: int


class ComparedBlock:
    """A block with its critical spans."""

    def __init__(self, block: MarkdownBlock, language: str):
        self.block = block
        self._language = language

    @cached_property
    def tokens(self) -> tuple[str, ...]:
        """The tokens by which two blocks are the same text."""
        return tuple(_tokenize_block(self.block))

    @cached_property
    def quantities(self) -> list[CriticalSpan]:
        found = find_quantities(self.block.text, self._language)
        return [CriticalSpan(quantity.amount, quantity.start, quantity.end) for quantity in found]

    @cached_property
    def medicines(self) -> list[CriticalSpan]:
        text = self.block.text
        found = {
            start: CriticalSpan(name, start, end)
            for name, start, end in brand_matcher().find_in_text(text)
        }
        for word in tokenize(text):
            if is_medicine_word(word.text):
                found.setdefault(word.start, CriticalSpan(*word))
        return [found[start] for start in sorted(found)]

    @cached_property
    def guarded(self) -> list[CriticalSpan]:
        found = find_guarded_words(self.block.text, self._language) or ()
        return [CriticalSpan(word.guarded_class, word.start, word.end) for word in found]

    @cached_property
    def guarded_text(self) -> frozenset[str]:
        """The single words of its guarded phrases, normalized."""
        return frozenset(
            word for each in self.guarded for word in normalized_words(self.excerpt([each]))
        )

    def excerpt(self, marked: Sequence[CriticalSpan]) -> str:
        """The text from the first to the last of these spans."""
        return shorten(self.block.text[marked[0].start : marked[-1].end]) if marked else ""

    @cached_property
    def signature(self) -> list[list[Hashable]]:
        return [
            [each.key for each in found]
            for found in (self.quantities, self.medicines, self.guarded)
        ]

    @property
    def is_critical(self) -> bool:
        """Whether the block has any critical span."""
        return any(self.signature)

    @cached_property
    def class_text(self) -> str:
        """The text with each critical span replaced by its key, to compute similarity."""
        pieces, position = [], 0
        for word in sorted(
            (*self.quantities, *self.medicines, *self.guarded), key=attrgetter("start")
        ):
            if word.start >= position:
                pieces += [self.block.text[position : word.start], _to_word(word.key)]
                position = word.end
        return "".join([*pieces, self.block.text[position:]])


def _tokenize_block(block: MarkdownBlock) -> Iterator[str]:
    for kind, source in block.pieces:
        if kind in {"text", "code"}:
            yield from _TOKEN.findall(source.translate(SIGNS))
        elif (
            kind == "link" and source.lower().startswith("https:") and internal_path(source) is None
        ):
            yield "<link>"
        else:
            yield f"<{kind} {source}>"
    if not block.pieces:
        yield f"<{block.structure[-1:]}>"


def is_medicine_word(word: str) -> bool:
    return is_medicine(word) or is_medicine(word.removesuffix("s"))


def _to_word(key: Hashable) -> str:
    return re.sub(r"\W+", "_", str(key))


def shorten(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:80].rstrip()}…"
