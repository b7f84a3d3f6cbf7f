"""What others ask about a text: its grade and findings, and what in it looks like a dose or a
brand.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from education.plain_language.findings import (
    MAX_LIST_ITEMS,
    Finding,
    find_all,
    find_brands_in,
    find_doses_in,
    long_list_message,
)
from education.plain_language.parsing.markdown_blocks import find_blocks
from education.plain_language.parsing.phrase_matcher import PhraseMatcher
from education.plain_language.parsing.segmentation import split_passages
from education.plain_language.readability import MIN_WORDS, TextStatistics, count_statistics

__all__ = [
    "MAX_LIST_ITEMS",
    "MIN_WORDS",
    "Finding",
    "TextReport",
    "TextStatistics",
    "analyze",
    "find_brands",
    "find_doses",
    "is_supported_language",
    "long_list_message",
]


@dataclass(frozen=True)
class TextReport:
    """What there is to say about one text."""

    statistics: TextStatistics
    findings: tuple[Finding, ...]

    @property
    def grade(self) -> float | None:
        """The Flesch-Kincaid grade; None below 30 words, where it would mean nothing."""
        return self.statistics.grade

    @property
    def words(self) -> int:
        """How many words it has, without headings."""
        return self.statistics.words

    @property
    def sentences(self) -> int:
        """How many sentences it has, without headings."""
        return self.statistics.sentences

    @property
    def hard_words(self) -> tuple[str, ...]:
        """The words that drive the grade, the heaviest first; at most eight."""
        return self.statistics.hard_words


def analyze(text: str, *, inline: bool = False, known: Collection[str] = ()) -> TextReport:
    """The grade of a Markdown text (line ends `\\n`) and its findings, in the order of the text.

    `inline` reads it as one line. `known` are the words of the glossary in all their forms,
    casefolded. Never raises, whatever the text; takes time in proportion to its length.
    """
    block_map = find_blocks(text, inline=inline)
    read = list(split_passages(text, block_map))
    return TextReport(
        count_statistics(read), tuple(find_all(text, block_map, read, PhraseMatcher(known)))
    )


def find_doses(text: str) -> list[Finding]:
    """What in a Markdown text looks like the dose or strength of a medicine."""
    return find_doses_in(text, list(split_passages(text, find_blocks(text))))


def find_brands(text: str) -> list[Finding]:
    """The brand names of medicines and skin products in a Markdown text."""
    return find_brands_in(text, list(split_passages(text, find_blocks(text))))


def is_supported_language(language: str) -> bool:
    """Whether there is help for texts of this language ("en", "en-us"): English only."""
    return language.casefold().replace("_", "-").split("-")[0] == "en"
