"""What others ask about a text: its grade and findings, and what in it looks like a dose or a brand."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from education.plain_language.blocks import laid_out
from education.plain_language.findings import (
    MOST_ITEMS,
    Finding,
    brand_findings,
    dose_findings,
    findings_of,
    long_list,
)
from education.plain_language.grade import FEWEST_WORDS, Measure, measure
from education.plain_language.masking import masked
from education.plain_language.phrases import Phrases
from education.plain_language.sentences import passages

__all__ = [
    "FEWEST_WORDS",
    "MOST_ITEMS",
    "Finding",
    "Measure",
    "Report",
    "brands",
    "doses",
    "long_list",
    "masked",
    "report",
    "supports",
]


@dataclass(frozen=True)
class Report:
    """What there is to say about one text."""

    measure: Measure
    findings: tuple[Finding, ...]

    @property
    def grade(self) -> float | None:
        """The Flesch-Kincaid grade; None below 30 words, where it would mean nothing."""
        return self.measure.grade

    @property
    def words(self) -> int:
        """How many words it has, without headings."""
        return self.measure.words

    @property
    def sentences(self) -> int:
        """How many sentences it has, without headings."""
        return self.measure.sentences

    @property
    def hard_words(self) -> tuple[str, ...]:
        """The words that drive the grade, the heaviest first; at most eight."""
        return self.measure.hard_words


def report(text: str, *, inline: bool = False, known: Collection[str] = ()) -> Report:
    """The grade of a Markdown text (line ends `\\n`) and its findings, in the order of the text.

    `inline` reads it as one line. `known` are the words of the glossary in all their forms, casefolded.
    Never raises, whatever the text; takes time in proportion to its length.
    """
    layout = laid_out(text, inline=inline)
    read = list(passages(text, layout))
    return Report(measure(read), tuple(findings_of(text, layout, read, Phrases(known))))


def doses(text: str) -> list[Finding]:
    """What in a Markdown text looks like the dose or strength of a medicine."""
    return dose_findings(text, list(passages(text)))


def brands(text: str) -> list[Finding]:
    """The brand names of medicines and skin products in a Markdown text."""
    return brand_findings(text, list(passages(text)))


def supports(language: str) -> bool:
    """Whether there is help for texts of this language ("en", "en-us"): English only."""
    return language.casefold().replace("_", "-").split("-")[0] == "en"
