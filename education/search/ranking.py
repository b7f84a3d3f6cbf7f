"""Which of what was found comes first. Plain and the same on every database: the index only finds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from education.search.index import Row, Term
from education.search.words import get_stems

NAME, ALSO, SUMMARY, SIGN, TEXT = 10.0, 9.0, 3.0, 2.0, 1.0
EXACT, PHRASE, WHOLE = 12.0, 4.0, 4.0
# A page that explains comes before a list of signs, which is better known by its signs than by its name.
KINDS = {"checklist": 0.7, "self-check": 0.6}


@dataclass(frozen=True)
class Ranked:
    """A row, and how well it fits."""

    row: Row
    score: float


def ranked(rows: Iterable[Row], terms: Sequence[Term], language: str) -> list[Ranked]:
    """The rows, best first; among equals by name."""
    found = [Ranked(row, score(row, terms, language)) for row in rows]
    return sorted(found, key=lambda each: (-each.score, each.row.name.casefold(), each.row.pk))


def score(row: Row, terms: Sequence[Term], language: str) -> float:
    """How well `row` fits: where each word stands, and how much of a name was typed.

    A word that stands in no other place is in the text, or the index would not have found the row.
    """
    names = [(NAME, get_stems(row.name, language))]
    names += [(ALSO, get_stems(name, language)) for name in row.also]
    fields = [*names, (SUMMARY, get_stems(row.summary, language))]
    elsewhere = (SIGN if row.kind == "checklist" else TEXT) if row.text else 0
    places = sum(
        max((weight for weight, stems in fields if any(map(term.fits, stems))), default=elsewhere)
        for term in terms
    )
    best_name = max(_likeness(stems, terms) * weight / NAME for weight, stems in names)
    return (places / len(terms) + best_name) * KINDS.get(row.kind, 1)


def _likeness(stems: tuple[str, ...], terms: Sequence[Term]) -> float:
    """How much of a name was typed: more for the words in their order, most for the name itself."""
    if not stems:
        return 0
    covered = sum(any(term.fits(stem) for term in terms) for stem in stems) / len(stems)
    likeness = WHOLE * covered
    places = range(len(stems) - len(terms) + 1)
    if any(all(t.fits(s) for t, s in zip(terms, stems[place:], strict=False)) for place in places):
        likeness += PHRASE
        if len(stems) == len(terms):
            likeness += EXACT
    return likeness
