"""Finding pages and terms by the words a reader types."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby

from django.utils import timezone

from education import markdown
from education.publishing import document_types
from education.search.backends.base import IndexRow, SearchBackend, SearchScope, SearchTerm
from education.search.everyday_words import everyday_words
from education.search.highlighting import Fragment, highlight, snippet
from education.search.indexing import INDEXED_KINDS, get_backend
from education.search.ranking import rank
from education.search.red_flag_signs import RedFlagAnswer, build_red_flag_answer
from education.search.red_flags import find_red_flags
from education.search.spelling import prefix_terms, suggest
from education.search.tokenizer import Token, significant_words, stem, tokenize

MAX_QUERY = 200
MAX_WORDS = 8
MAX_HITS, MIN_NAME_HITS, MAX_OTHER_NAMES = 24, 10, 2
# Of so many unknown words near spellings are looked for.
MAX_CORRECTED_WORDS = 3


@dataclass(frozen=True)
class SearchHit:
    """Something found: where it is, its name, those of its other names that match, and a few words
    of it.
    """

    kind: str
    url: str
    name: str
    also: tuple[tuple[Fragment, ...], ...]
    snippet: tuple[Fragment, ...]


@dataclass(frozen=True)
class HitGroup:
    """The hits of one kind, best first."""

    kind: str
    hits: tuple[SearchHit, ...]


@dataclass(frozen=True)
class SearchResults:
    """What a question found, and how it was understood."""

    groups: tuple[HitGroup, ...] = ()
    # Pairs of a typed word and the word that was looked for in its place.
    corrected: tuple[tuple[str, str], ...] = ()
    # Words to try when nothing was found.
    suggestions: tuple[str, ...] = ()
    # Words that nothing live has.
    unknown_words: tuple[str, ...] = ()
    # Whether some hits have only some of the words.
    is_partial: bool = False
    is_truncated: bool = False
    # What danger words bring, before all hits.
    red_flags: RedFlagAnswer | None = None

    @property
    def count(self) -> int:
        """How many hits there are."""
        return sum(len(group.hits) for group in self.groups)


@dataclass
class _ParsedQuery:
    """The words of a question as they are looked for."""

    terms: list[SearchTerm] = field(default_factory=list)
    corrected: list[tuple[str, str]] = field(default_factory=list)
    suggestions: list[str] = field(default_factory=list)
    unknown_words: list[str] = field(default_factory=list)


def run_search(
    query: str, language: str, at: datetime | None = None, *, excluded_kinds: Sequence[str] = ()
) -> SearchResults:
    """What is live at a moment (now, unless told) and has the words of `query`, best first; nothing
    is kept.

    Kinds in `excluded_kinds` are left out. Danger words are answered before all else, and then no
    near spelling and nothing that has only some of the words stands beside that. Two statements
    when something has every word, and one more for danger words; few more otherwise.
    """
    words = significant_words(list(tokenize(query[:MAX_QUERY], language)), language)[:MAX_WORDS]
    if not words:
        return SearchResults()
    shown = tuple(kind for kind in INDEXED_KINDS if kind not in excluded_kinds)
    scope, backend = SearchScope(language, shown, at or timezone.now()), get_backend()
    terms = [SearchTerm(word.stem) for word in words]
    red_flags = build_red_flag_answer(
        find_red_flags(query[:MAX_QUERY], language), language, scope.at
    )
    rows = _match_all(terms, scope, backend)
    if red_flags:
        return _build_results(
            _without_red_flag_checklists(red_flags, rows), terms, scope, red_flags=red_flags
        )
    if all(row.kind == "glossary" for row in rows) and (
        joined := _match_joined(words, scope, backend)
    ):
        return _build_results(*joined, scope)
    if rows:
        return _build_results(rows, terms, scope)
    parsed = _parse_query(words, scope, backend)
    rows = _match_all(parsed.terms, scope, backend)
    is_partial = not rows or bool(parsed.unknown_words)
    rows = rows or _match_any(parsed.terms, scope, backend)
    return _build_results(rows, parsed.terms, scope, parsed, is_partial=is_partial)


def _without_red_flag_checklists(red_flags: RedFlagAnswer, rows: list[IndexRow]) -> list[IndexRow]:
    """What was found besides the checklists that stand before it."""
    return [row for row in rows if not (row.kind == "checklist" and row.slug in red_flags.slugs)]


def _match_joined(
    words: list[Token], scope: SearchScope, backend: SearchBackend
) -> tuple[list[IndexRow], list[SearchTerm]] | None:
    """What has two words as one, such as "blackheads" for "black heads"."""
    if len(words) != 2:
        return None
    terms = [SearchTerm(stem("".join(word.normalized for word in words), scope.language))]
    rows = _match_all(terms, scope, backend)
    return (rows, terms) if rows else None


def _match_all(
    terms: list[SearchTerm], scope: SearchScope, backend: SearchBackend
) -> list[IndexRow]:
    if not terms:
        return []
    rows = backend.search_names(terms, scope, MAX_HITS)
    if len(rows) < MIN_NAME_HITS:
        rows += backend.search_text(
            terms, scope, MIN_NAME_HITS - len(rows), [row.pk for row in rows]
        )
    return rows


def _match_any(
    terms: list[SearchTerm], scope: SearchScope, backend: SearchBackend
) -> list[IndexRow]:
    return backend.search_names(terms, scope, MAX_HITS, match_all=False) if len(terms) > 1 else []


def _parse_query(words: list[Token], scope: SearchScope, backend: SearchBackend) -> _ParsedQuery:
    """Each word as it is known; else as the word that our texts have for it; else as the beginning
    of a known one; else as one spelled nearly so.
    """
    exact = {SearchTerm(word.stem): word for word in words}
    ours = everyday_words(scope.language)
    meant = {
        word: SearchTerm(stem(ours[word.normalized], scope.language))
        for word in words
        if word.normalized in ours
    }
    known = backend.sample_rows(
        list(dict.fromkeys([*exact, *meant.values(), *prefix_terms(words)])), scope
    )
    found = _ParsedQuery()
    for word in words:
        ways = (SearchTerm(word.stem), meant.get(word), SearchTerm(word.stem, prefix=True))
        term = next((way for way in ways if way in known), None)
        if term and term == meant.get(word):
            found.corrected.append((word.normalized, ours[word.normalized]))
        if term is None and len(found.corrected) + len(found.unknown_words) < MAX_CORRECTED_WORDS:
            term = _correct(word, scope, backend, found)
        if term:
            found.terms.append(term)
        else:
            found.unknown_words.append(word.normalized)
    return found


def _correct(
    word: Token, scope: SearchScope, backend: SearchBackend, found: _ParsedQuery
) -> SearchTerm | None:
    proposed = suggest(word, scope, backend)
    meant = next((each for each in proposed if each.is_certain), None)
    if meant:
        found.corrected.append((word.normalized, meant.word))
        return meant.term
    found.suggestions += [each.word for each in proposed if each.word not in found.suggestions]
    return None


def _build_results(
    rows: list[IndexRow],
    terms: list[SearchTerm],
    scope: SearchScope,
    parsed: _ParsedQuery | None = None,
    *,
    is_partial: bool = False,
    red_flags: RedFlagAnswer | None = None,
) -> SearchResults:
    best = [each.row for each in rank(rows, terms, scope.language)]
    # A page that explains, then the meaning of a word.
    order = {"glossary": len(best)}
    for position, row in enumerate(best):
        order.setdefault(row.kind, position)
    grouped = groupby(sorted(best, key=lambda row: order[row.kind]), key=lambda row: row.kind)
    parsed = parsed or _ParsedQuery()
    return SearchResults(
        groups=tuple(
            HitGroup(kind, tuple(_build_hit(row, terms, scope.language) for row in members))
            for kind, members in grouped
        ),
        corrected=tuple(parsed.corrected),
        suggestions=tuple(parsed.suggestions),
        unknown_words=tuple(parsed.unknown_words),
        is_partial=is_partial and bool(rows),
        is_truncated=len(rows) >= MAX_HITS,
        red_flags=red_flags,
    )


def _build_hit(row: IndexRow, terms: list[SearchTerm], language: str) -> SearchHit:
    page = document_types.get(row.kind).get_url(row.slug)
    others = (highlight(name, terms, language) for name in row.also)
    summary, text = markdown.fill_placeholders(row.summary), markdown.fill_placeholders(row.text)
    is_in_summary = _has_match(highlight(summary, terms, language))
    return SearchHit(
        kind=row.kind,
        url=f"{page}#{row.anchor}" if row.anchor else page,
        name=row.name,
        also=tuple(name for name in others if _has_match(name))[:MAX_OTHER_NAMES],
        snippet=snippet(summary if is_in_summary or not text else text, terms, language),
    )


def _has_match(fragments: tuple[Fragment, ...]) -> bool:
    return any(piece.is_match for piece in fragments)
