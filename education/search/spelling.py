"""Live words that are spelled like a typed word that nothing has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from education.plain_language.spelling import edit_distance
from education.search.backends.base import IndexRow, SearchBackend, SearchScope, SearchTerm
from education.search.tokenizer import Token, get_stems, stem, tokenize

# Words that the index is asked for; the similarity is computed only for these.
MAX_CANDIDATES = 60
# Most words that are compared in more depth, for which the database counts pages.
MAX_SIMILAR = 12
MAX_SUGGESTIONS = 6
# Entries in whose names the words are looked for.
MAX_NAME_ROWS = 40
# Among ties, more pages than this make no difference.
MAX_PAGES_COUNTED = 50
# Between 0 and 1. The values allow for one or two wrong letters, and for fewer in a short word. A
# word in a name may be least similar, because readers look for names.
MIN_SIMILARITY = 0.72
# For words that are in no name.
LIKELY_SIMILARITY = 0.8
# From here on the word is searched for without asking.
SURE_SIMILARITY = 0.86
OTHER_INITIAL_PENALTY = 0.06
SAME_LETTERS_BONUS = 0.1
# A shorter word has too many similar words.
MIN_LENGTH = 3


@dataclass(frozen=True)
class Suggestion:
    """A live word that may be meant, in a form that a live page has.

    `is_certain`: similar enough to search for it without asking.
    """

    term: SearchTerm
    word: str
    is_certain: bool


def prefix_terms(words: Sequence[Token]) -> list[SearchTerm]:
    """Prefix terms for the words that are long enough."""
    return [SearchTerm(word.stem, prefix=True) for word in words if len(word.stem) >= MIN_LENGTH]


def suggest(word: Token, scope: SearchScope, backend: SearchBackend) -> list[Suggestion]:
    """Live words that are spelled like `word`, the likeliest first."""
    if len(word.normalized) < MIN_LENGTH:
        return []
    similar = _similar_terms(word, scope, backend)
    names = _terms_in_names(list(similar), scope, backend)
    ranked = _ranked(word, similar, names, scope, backend)[:MAX_SUGGESTIONS]
    examples = backend.sample_rows(ranked, scope)
    suggestions = []
    for term in ranked:
        similarity = _similarity(word.normalized, similar[term])
        if term in examples and (term in names or similarity >= LIKELY_SIMILARITY):
            surface = _surface_form(similar[term], term, examples[term], scope)
            is_certain = similarity >= SURE_SIMILARITY or term in names
            suggestions.append(Suggestion(term, surface, is_certain))
    return suggestions


def _similar_terms(
    word: Token, scope: SearchScope, backend: SearchBackend
) -> dict[SearchTerm, str]:
    """The terms of known words like `word`, each with the most similar word, best first."""
    known = backend.similar_words(word.normalized, scope.language, MAX_CANDIDATES)
    similarity = {candidate: _similarity(word.normalized, candidate) for candidate in known}
    terms: dict[SearchTerm, str] = {}
    for candidate in sorted(known, key=lambda each: (-similarity[each], each)):
        if similarity[candidate] >= MIN_SIMILARITY:
            terms.setdefault(SearchTerm(stem(candidate, scope.language)), candidate)
    if not terms:
        return {}
    # All that are as similar as the last suggestion are kept: names and pages decide among them.
    last = list(terms.values())[:MAX_SUGGESTIONS][-1]
    kept = [term for term in terms if similarity[terms[term]] >= similarity[last]]
    return {term: terms[term] for term in kept[:MAX_SIMILAR]}


def _ranked(
    word: Token,
    similar: Mapping[SearchTerm, str],
    names: Collection[SearchTerm],
    scope: SearchScope,
    backend: SearchBackend,
) -> list[SearchTerm]:
    """By similarity, then wrong letters, then names before other words, then number of pages."""
    rank = {
        term: (
            -_similarity(word.normalized, candidate),
            edit_distance(word.normalized, candidate),
            term not in names,
        )
        for term, candidate in similar.items()
    }
    pages = backend.count_pages(_tied(rank), scope, MAX_PAGES_COUNTED)
    return sorted(similar, key=lambda term: (*rank[term], -pages.get(term, 0), similar[term]))


def _tied(rank: Mapping[SearchTerm, object]) -> list[SearchTerm]:
    """The terms that share their rank with another term."""
    ranks = Counter(rank.values())
    return [term for term, term_rank in rank.items() if ranks[term_rank] > 1]


def _similarity(typed: str, known: str) -> float:
    """The similarity of two words: about 1 for equal ones, 0 for entirely different ones.

    Another first letter lowers it; the same letters in another order raise it.
    """
    similarity = SequenceMatcher(None, typed, known).ratio()
    if sorted(typed) == sorted(known):
        similarity += SAME_LETTERS_BONUS
    return similarity - (0 if typed[:1] == known[:1] else OTHER_INITIAL_PENALTY)


def _terms_in_names(
    terms: Sequence[SearchTerm], scope: SearchScope, backend: SearchBackend
) -> set[SearchTerm]:
    """Those of `terms` that are in a name of something live."""
    rows = backend.search_names(terms, scope, MAX_NAME_ROWS, match_all=False) if terms else []
    stems = {
        stem
        for row in rows
        for name in (row.name, *row.also)
        for stem in get_stems(name, scope.language)
    }
    return {term for term in terms if term.stem in stems}


def _surface_form(candidate: str, term: SearchTerm, row: IndexRow, scope: SearchScope) -> str:
    """A form of the word in the live `row`: the candidate itself may be only in a draft."""
    forms = [
        word.normalized
        for text in (row.name, *row.also, row.summary, row.text)
        for word in tokenize(text, scope.language)
        if word.stem == term.stem
    ]
    return candidate if candidate in forms else forms[0]
