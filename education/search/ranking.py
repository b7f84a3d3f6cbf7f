"""The order of search results, in plain Python so that it is the same on every database."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from education.search.backends.base import IndexRow, SearchTerm
from education.search.tokenizer import kept_stems

# Weights of a term by the field that has it: a name says most about what a page is about. The text
# of a checklist is its warning signs, which weigh more than running text.
NAME = 10.0
OTHER_NAME = 9.0
SUMMARY = 3.0
SIGN = 2.0
TEXT = 1.0
# Additions for a name: the share of its words that were typed (at most WHOLE), their order, and
# the name and nothing else.
WHOLE = 4.0
PHRASE = 4.0
EXACT = 12.0
# A page that explains comes before a checklist, which readers look for by its signs, not its name.
KIND_WEIGHTS = {"checklist": 0.7, "self-check": 0.6}


@dataclass(frozen=True)
class RankedRow:
    """A row with its score."""

    row: IndexRow
    score: float


def rank(rows: Iterable[IndexRow], terms: Sequence[SearchTerm], language: str) -> list[RankedRow]:
    """The rows by score, highest first, then by name."""
    found = [RankedRow(row, score(row, terms, language)) for row in rows]
    return sorted(found, key=lambda each: (-each.score, each.row.name.casefold(), each.row.pk))


def score(row: IndexRow, terms: Sequence[SearchTerm], language: str) -> float:
    """The score of `row`: in which field each term is, and how much of a name was typed.

    A term that is in no other field must be in the text, because the index found the row.
    """
    names = [(NAME, kept_stems(row.name, language))]
    names += [(OTHER_NAME, kept_stems(name, language)) for name in row.also]
    fields = [*names, (SUMMARY, kept_stems(row.summary, language))]
    text_weight = (SIGN if row.kind == "checklist" else TEXT) if row.text else 0
    total = 0.0
    for term in terms:
        weights = (weight for weight, stems in fields if any(map(term.matches, stems)))
        total += max(weights, default=text_weight)
    best_name = max(_name_match(stems, terms) * weight / NAME for weight, stems in names)
    return (total / len(terms) + best_name) * KIND_WEIGHTS.get(row.kind, 1)


def _name_match(stems: tuple[str, ...], terms: Sequence[SearchTerm]) -> float:
    """The additions for a name: its typed share, the terms in order, and the exact name."""
    if not stems:
        return 0
    covered = sum(any(term.matches(stem) for term in terms) for stem in stems) / len(stems)
    match = WHOLE * covered
    if _has_phrase(stems, terms):
        match += PHRASE
        if len(stems) == len(terms):
            match += EXACT
    return match


def _has_phrase(stems: tuple[str, ...], terms: Sequence[SearchTerm]) -> bool:
    """Whether the terms are in the stems side by side, in their order."""
    starts = range(len(stems) - len(terms) + 1)
    return any(
        all(term.matches(stem) for term, stem in zip(terms, stems[start:], strict=False))
        for start in starts
    )
