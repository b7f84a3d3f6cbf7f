"""Words that a reader may have meant: near spellings of what was typed, of what is live alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from education.search.index import Index, Row, Term, Where
from education.search.words import Word, stem, stems_of, words_of

ASKED, PROPOSED, MOST_NAMES = 60, 6, 40
# One or two wrong letters, and fewer of a short word. What is in a name may be less alike: readers look for
# names; of other words the likely ones are offered, and what is surely meant is looked for unasked.
ALIKE, LIKELY, SURE = 0.72, 0.8, 0.86
OTHER_BEGINNING, SAME_LETTERS = 0.06, 0.1
SHORTEST = 3


@dataclass(frozen=True)
class Near:
    """A live word that may be meant, as a page writes it."""

    term: Term
    word: str
    # Whether it is so near that it may be looked for unasked.
    is_meant: bool


def beginnings(words: Sequence[Word]) -> dict[Term, Word]:
    """Terms that find what begins with a word, for those that are long enough to say something."""
    return {Term(word.stem, prefix=True): word for word in words if len(word.stem) >= SHORTEST}


def near(word: Word, where: Where, index: Index) -> list[Near]:
    """Live words spelled nearly like `word`, the likeliest first; each stands in a page readers can open."""
    if len(word.bare) < SHORTEST:
        return []
    known = index.spelled_like(word.bare, where.language, ASKED)
    alike = {candidate: _likeness(word.bare, candidate) for candidate in known}
    close = sorted((each for each in known if alike[each] >= ALIKE), key=lambda each: (-alike[each], each))
    terms: dict[Term, str] = {}
    for candidate in close:
        terms.setdefault(Term(stem(candidate, where.language)), candidate)
    asked = list(terms)[:PROPOSED]
    examples = index.examples(asked, where)
    names = _names(asked, where, index)
    return [
        Near(
            term,
            _as_written(terms[term], term, examples[term], where),
            is_meant=alike[terms[term]] >= SURE or term in names,
        )
        for term in asked
        if term in examples and (term in names or alike[terms[term]] >= LIKELY)
    ]


def _likeness(typed: str, known: str) -> float:
    """How alike two words are: at most 1, and more for one that begins alike or has the same letters."""
    likeness = SequenceMatcher(None, typed, known).ratio()
    if sorted(typed) == sorted(known):
        likeness += SAME_LETTERS
    return likeness - (0 if typed[:1] == known[:1] else OTHER_BEGINNING)


def _names(terms: Sequence[Term], where: Where, index: Index) -> set[Term]:
    """Those of `terms` that stand in a name of something live: readers look for names, not for any word."""
    rows = index.heads(terms, where, MOST_NAMES, every=False) if terms else []
    stems = {
        stem for row in rows for name in (row.name, *row.also) for stem in stems_of(name, where.language)
    }
    return {term for term in terms if term.stem in stems}


def _as_written(candidate: str, term: Term, row: Row, where: Where) -> str:
    """A form of the word that stands in the live text: the known word itself may be one of a draft."""
    forms = [
        word.bare
        for text in (row.name, *row.also, row.summary, row.text)
        for word in words_of(text, where.language)
        if word.stem == term.stem
    ]
    return candidate if candidate in forms else forms[0]
