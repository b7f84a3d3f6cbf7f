"""Words that a reader may have meant: near spellings of what was typed, of what is live alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from education.plain_language.spelling import edit_distance
from education.search.index import Index, Row, Term, Where
from education.search.words import Token, get_stems, stem, tokenize

ASKED, MOST_ALIKE, PROPOSED, MOST_NAMES, MOST_PAGES = 60, 12, 6, 40, 50
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


def beginnings(words: Sequence[Token]) -> dict[Term, Token]:
    """Terms that find what begins with a word, for those that are long enough to say something."""
    return {Term(word.stem, prefix=True): word for word in words if len(word.stem) >= SHORTEST}


def near(word: Token, where: Where, index: Index) -> list[Near]:
    """Live words spelled nearly like `word`, the likeliest first; each stands in a page readers can open."""
    if len(word.normalized) < SHORTEST:
        return []
    known = index.spelled_like(word.normalized, where.language, ASKED)
    alike = {candidate: _likeness(word.normalized, candidate) for candidate in known}
    close = sorted((each for each in known if alike[each] >= ALIKE), key=lambda each: (-alike[each], each))
    terms: dict[Term, str] = {}
    for candidate in close:
        terms.setdefault(Term(stem(candidate, where.language)), candidate)
    # Those that are as alike as the last one come along: which of them is meant, the pages tell.
    least = alike[[*terms.values()][:PROPOSED][-1]] if terms else 0
    asked = [term for term in terms if alike[terms[term]] >= least][:MOST_ALIKE]
    names = _names(asked, where, index)
    rank = {
        term: (-alike[terms[term]], edit_distance(word.normalized, terms[term]), term not in names)
        for term in asked
    }
    pages = index.pages(_tied(rank), where, MOST_PAGES)
    asked.sort(key=lambda term: (*rank[term], -pages.get(term, 0), terms[term]))
    asked = asked[:PROPOSED]
    examples = index.examples(asked, where)
    return [
        Near(
            term,
            _as_written(terms[term], term, examples[term], where),
            is_meant=alike[terms[term]] >= SURE or term in names,
        )
        for term in asked
        if term in examples and (term in names or alike[terms[term]] >= LIKELY)
    ]


def _tied(rank: Mapping[Term, object]) -> list[Term]:
    """The terms that have their rank in common with another."""
    ranks = Counter(rank.values())
    return [term for term, of_term in rank.items() if ranks[of_term] > 1]


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
        stem for row in rows for name in (row.name, *row.also) for stem in get_stems(name, where.language)
    }
    return {term for term in terms if term.stem in stems}


def _as_written(candidate: str, term: Term, row: Row, where: Where) -> str:
    """A form of the word that stands in the live text: the known word itself may be one of a draft."""
    forms = [
        word.normalized
        for text in (row.name, *row.also, row.summary, row.text)
        for word in tokenize(text, where.language)
        if word.stem == term.stem
    ]
    return candidate if candidate in forms else forms[0]
