"""Words that a reader may have meant: near spellings of what was typed, of what is live alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from education.plain_language.spelling import edit_distance
from education.search.backends.base import IndexRow, SearchBackend, SearchScope, SearchTerm
from education.search.tokenizer import Token, get_stems, stem, tokenize

MAX_CANDIDATES, MAX_SIMILAR, MAX_SUGGESTIONS, MAX_NAME_ROWS, MAX_PAGES_COUNTED = 60, 12, 6, 40, 50
# One or two wrong letters, and fewer of a short word. What is in a name may be less alike: readers
# look for names; of other words the likely ones are offered, and what is surely meant is looked for
# unasked.
MIN_SIMILARITY, LIKELY_SIMILARITY, SURE_SIMILARITY = 0.72, 0.8, 0.86
OTHER_INITIAL_PENALTY, SAME_LETTERS_BONUS = 0.06, 0.1
MIN_LENGTH = 3


@dataclass(frozen=True)
class Suggestion:
    """A live word that may be meant, as a page writes it."""

    term: SearchTerm
    word: str
    # Whether it is so near that it may be looked for unasked.
    is_certain: bool


def prefix_terms(words: Sequence[Token]) -> dict[SearchTerm, Token]:
    """Terms that find what begins with a word, for those that are long enough to say something."""
    return {
        SearchTerm(word.stem, prefix=True): word for word in words if len(word.stem) >= MIN_LENGTH
    }


def suggest(word: Token, scope: SearchScope, backend: SearchBackend) -> list[Suggestion]:
    """Live words spelled nearly like `word`, the likeliest first; each stands in a page readers can
    open.
    """
    if len(word.normalized) < MIN_LENGTH:
        return []
    known = backend.similar_words(word.normalized, scope.language, MAX_CANDIDATES)
    similarity = {candidate: _similarity(word.normalized, candidate) for candidate in known}
    close = sorted(
        (each for each in known if similarity[each] >= MIN_SIMILARITY),
        key=lambda each: (-similarity[each], each),
    )
    terms: dict[SearchTerm, str] = {}
    for candidate in close:
        terms.setdefault(SearchTerm(stem(candidate, scope.language)), candidate)
    # Those that are as alike as the last one come along: which of them is meant, the pages tell.
    least = similarity[[*terms.values()][:MAX_SUGGESTIONS][-1]] if terms else 0
    candidates = [term for term in terms if similarity[terms[term]] >= least][:MAX_SIMILAR]
    names = _terms_in_names(candidates, scope, backend)
    rank = {
        term: (
            -similarity[terms[term]],
            edit_distance(word.normalized, terms[term]),
            term not in names,
        )
        for term in candidates
    }
    pages = backend.count_pages(_tied(rank), scope, MAX_PAGES_COUNTED)
    candidates.sort(key=lambda term: (*rank[term], -pages.get(term, 0), terms[term]))
    candidates = candidates[:MAX_SUGGESTIONS]
    examples = backend.sample_rows(candidates, scope)
    return [
        Suggestion(
            term,
            _surface_form(terms[term], term, examples[term], scope),
            is_certain=similarity[terms[term]] >= SURE_SIMILARITY or term in names,
        )
        for term in candidates
        if term in examples and (term in names or similarity[terms[term]] >= LIKELY_SIMILARITY)
    ]


def _tied(rank: Mapping[SearchTerm, object]) -> list[SearchTerm]:
    """The terms that have their rank in common with another."""
    ranks = Counter(rank.values())
    return [term for term, of_term in rank.items() if ranks[of_term] > 1]


def _similarity(typed: str, known: str) -> float:
    """How alike two words are: at most 1, and more for one that begins alike or has the same
    letters.
    """
    likeness = SequenceMatcher(None, typed, known).ratio()
    if sorted(typed) == sorted(known):
        likeness += SAME_LETTERS_BONUS
    return likeness - (0 if typed[:1] == known[:1] else OTHER_INITIAL_PENALTY)


def _terms_in_names(
    terms: Sequence[SearchTerm], scope: SearchScope, backend: SearchBackend
) -> set[SearchTerm]:
    """Those of `terms` that stand in a name of something live: readers look for names, not for any
    word.
    """
    rows = backend.search_names(terms, scope, MAX_NAME_ROWS, match_all=False) if terms else []
    stems = {
        stem
        for row in rows
        for name in (row.name, *row.also)
        for stem in get_stems(name, scope.language)
    }
    return {term for term in terms if term.stem in stems}


def _surface_form(candidate: str, term: SearchTerm, row: IndexRow, scope: SearchScope) -> str:
    """A form of the word that stands in the live text: the known word itself may be
    one of a draft.
    """
    forms = [
        word.normalized
        for text in (row.name, *row.also, row.summary, row.text)
        for word in tokenize(text, scope.language)
        if word.stem == term.stem
    ]
    return candidate if candidate in forms else forms[0]
