"""The reading grade of a text, and the words that raise it."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from education.plain_language.parsing.blocks import BlockKind
from education.plain_language.parsing.segmentation import Passage, split_words
from education.plain_language.syllables import count_syllables

# With fewer words a single long one moves the grade by a year or more.
MIN_WORDS = 30
_MIN_SENTENCES_OF_SMOG = 30
MAX_HARD_WORDS = 8
_HARD_WORD_SYLLABLES = 3
_LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True)
class TextStatistics:
    """The counts that the grade is computed from; those of several texts can be added."""

    words: int = 0
    sentences: int = 0
    syllables: int = 0
    long_words: Counter[str] = field(default_factory=Counter)

    def __add__(self, other: TextStatistics) -> TextStatistics:
        return TextStatistics(
            self.words + other.words,
            self.sentences + other.sentences,
            self.syllables + other.syllables,
            self.long_words + other.long_words,
        )

    @property
    def grade(self) -> float | None:
        """The Flesch-Kincaid grade: the years of school a reader needs. None below 30 words."""
        if self.words < MIN_WORDS:
            return None
        return 0.39 * self.words / self.sentences + 11.8 * self.syllables / self.words - 15.59

    @property
    def smog(self) -> float | None:
        """The SMOG grade (McLaughlin 1969). None below the 30 sentences that it is made for."""
        if self.sentences < _MIN_SENTENCES_OF_SMOG:
            return None
        return 3.1291 + 1.0430 * math.sqrt(30 * self.long_words.total() / self.sentences)

    @property
    def hard_words(self) -> tuple[str, ...]:
        """At most eight words of three or more syllables, by their total syllables, descending."""
        weights = {word: count_syllables(word) * count for word, count in self.long_words.items()}
        return tuple(sorted(weights, key=lambda word: (-weights[word], word))[:MAX_HARD_WORDS])


def count_statistics(passages: Iterable[Passage]) -> TextStatistics:
    """Count the words, sentences and syllables of passages, without headings.

    Headings are too short: they would lower the grade of the text below them. A list item counts as
    at least one sentence.
    """
    word_count = sentence_count = syllable_count = 0
    long_words: Counter[str] = Counter()
    for passage in passages:
        if passage.kind is BlockKind.HEADING:
            continue
        found = split_words(passage.text)
        word_count += len(found)
        sentence_count += len(passage.sentences)
        for word in found:
            size = count_syllables(word)
            syllable_count += size
            if size >= _HARD_WORD_SYLLABLES and _LETTER.search(word):
                long_words[word.casefold()] += 1
    return TextStatistics(word_count, sentence_count, syllable_count, long_words)
