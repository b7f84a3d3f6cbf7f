"""The public face of the package: reading grade, findings, doses and brand names of a text."""

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
    """The statistics and findings of one text."""

    statistics: TextStatistics
    findings: tuple[Finding, ...]

    @property
    def grade(self) -> float | None:
        """The Flesch-Kincaid grade; None below 30 words, where it is meaningless."""
        return self.statistics.grade

    @property
    def words(self) -> int:
        """The number of words, without headings."""
        return self.statistics.words

    @property
    def sentences(self) -> int:
        """The number of sentences, without headings."""
        return self.statistics.sentences

    @property
    def hard_words(self) -> tuple[str, ...]:
        """At most eight words that raise the grade, those with most effect first."""
        return self.statistics.hard_words


def analyze(text: str, *, inline: bool = False, known: Collection[str] = ()) -> TextReport:
    """Return the grade of a Markdown text (line ends `\\n`) and its findings, in text order.

    `inline` reads it as one line. `known` are the glossary words in all their forms, casefolded.
    Never raises; the time grows linearly with the length.
    """
    block_map = find_blocks(text, inline=inline)
    passages = list(split_passages(text, block_map))
    return TextReport(
        count_statistics(passages), tuple(find_all(text, block_map, passages, PhraseMatcher(known)))
    )


def find_doses(text: str) -> list[Finding]:
    """Return what looks like a dose or strength of a medicine in a Markdown text."""
    return find_doses_in(text, list(split_passages(text, find_blocks(text))))


def find_brands(text: str) -> list[Finding]:
    """Return the brand names of medicines and skin products in a Markdown text."""
    return find_brands_in(text, list(split_passages(text, find_blocks(text))))


def is_supported_language(language: str) -> bool:
    """Whether texts of this language ("en", "en-us") can be analyzed: English only."""
    return language.casefold().replace("_", "-").split("-")[0] == "en"
