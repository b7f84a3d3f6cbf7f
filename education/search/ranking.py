"""Which of what was found comes first. Plain and the same on every database: the index
only finds.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from education.search.backends.base import IndexRow, SearchTerm
from education.search.tokenizer import get_stems

NAME, OTHER_NAME, SUMMARY, SIGN, TEXT = 10.0, 9.0, 3.0, 2.0, 1.0
EXACT, PHRASE, WHOLE = 12.0, 4.0, 4.0
# A page that explains comes before a list of signs, which is better known by its signs than by its
# name.
KIND_WEIGHTS = {"checklist": 0.7, "self-check": 0.6}


@dataclass(frozen=True)
class RankedRow:
    """A row, and how well it fits."""

    row: IndexRow
    score: float


def rank(rows: Iterable[IndexRow], terms: Sequence[SearchTerm], language: str) -> list[RankedRow]:
    """The rows, best first; among equals by name."""
    found = [RankedRow(row, score(row, terms, language)) for row in rows]
    return sorted(found, key=lambda each: (-each.score, each.row.name.casefold(), each.row.pk))


def score(row: IndexRow, terms: Sequence[SearchTerm], language: str) -> float:
    """How well `row` fits: where each word stands, and how much of a name was typed.

    A word that stands in no other place is in the text, or the index would not have found the row.
    """
    names = [(NAME, get_stems(row.name, language))]
    names += [(OTHER_NAME, get_stems(name, language)) for name in row.also]
    fields = [*names, (SUMMARY, get_stems(row.summary, language))]
    elsewhere = (SIGN if row.kind == "checklist" else TEXT) if row.text else 0
    positions = sum(
        max(
            (weight for weight, stems in fields if any(map(term.matches, stems))), default=elsewhere
        )
        for term in terms
    )
    best_name = max(_name_match(stems, terms) * weight / NAME for weight, stems in names)
    return (positions / len(terms) + best_name) * KIND_WEIGHTS.get(row.kind, 1)


def _name_match(stems: tuple[str, ...], terms: Sequence[SearchTerm]) -> float:
    """How much of a name was typed: more for the words in their order, most for the name itself."""
    if not stems:
        return 0
    covered = sum(any(term.matches(stem) for term in terms) for stem in stems) / len(stems)
    match = WHOLE * covered
    positions = range(len(stems) - len(terms) + 1)
    if any(
        all(t.matches(s) for t, s in zip(terms, stems[position:], strict=False))
        for position in positions
    ):
        match += PHRASE
        if len(stems) == len(terms):
            match += EXACT
    return match
