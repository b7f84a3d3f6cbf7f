"""The search for pages and glossary terms by the words that a reader types."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby

from django.utils import timezone

from education import markdown
from education.publishing import document_types
from education.search.backends.base import IndexRow, SearchBackend, SearchScope, SearchTerm
from education.search.everyday_words import everyday_words
from education.search.highlighting import Fragment, has_match, highlight, snippet
from education.search.indexing import INDEXED_KINDS, get_backend
from education.search.ranking import rank
from education.search.red_flag_signs import RedFlagAnswer, build_red_flag_answer
from education.search.red_flags import find_red_flags
from education.search.site_tools import SiteTool, find_site_tools
from education.search.spelling import prefix_terms, suggest
from education.search.tokenizer import Token, significant_words, stem, tokenize

# In characters, and in words: longer queries are cut.
MAX_QUERY = 200
MAX_WORDS = 8
MAX_HITS = 24
# With fewer hits in names and summaries, the texts are searched as well.
MIN_NAME_HITS = 10
# The matching other names that a hit shows.
MAX_OTHER_NAMES = 2
# Each further unknown word would cost several more statements.
MAX_CORRECTED_WORDS = 3


@dataclass(frozen=True)
class SearchHit:
    """A result: its URL, its name, the matching ones of its other names, and an excerpt."""

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
    """What a query found, and how it was interpreted.

    `corrected`: pairs of a typed word and the word that was searched for instead; `suggestions`:
    words to try; `unknown_words`: typed words that nothing live has; `is_partial`: some hits have
    only some of the words; `is_truncated`: there may be more hits; `red_flags`: shown before all
    hits.
    """

    groups: tuple[HitGroup, ...] = ()
    corrected: tuple[tuple[str, str], ...] = ()
    suggestions: tuple[str, ...] = ()
    unknown_words: tuple[str, ...] = ()
    is_partial: bool = False
    is_truncated: bool = False
    red_flags: RedFlagAnswer | None = None

    @property
    def count(self) -> int:
        return sum(len(group.hits) for group in self.groups)


@dataclass
class _ParsedQuery:
    """The terms to search for, and what happened to the words that are unknown."""

    terms: list[SearchTerm] = field(default_factory=list)
    corrected: list[tuple[str, str]] = field(default_factory=list)
    suggestions: list[str] = field(default_factory=list)
    unknown_words: list[str] = field(default_factory=list)


def run_search(
    query: str, language: str, at: datetime | None = None, *, excluded_kinds: Sequence[str] = ()
) -> SearchResults:
    """What is live at a moment (by default now) and has the words of `query`, best first.

    `excluded_kinds`: kinds of document to leave out. With a red flag, no similar spellings and no
    partial matches are shown, because they would look like an answer; with a tool of the site,
    which comes first, because it is one. Two statements when something has every word, one more for
    red flags, a few more otherwise. Nothing is stored.
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
        others = _without_checklists(rows, red_flags.slugs)
        return _build_results(others, terms, scope, red_flags=red_flags)
    if tools := find_site_tools(query[:MAX_QUERY], language, excluded_kinds):
        return _build_results(rows, terms, scope, tools=tools)
    has_page = any(row.kind != "glossary" for row in rows)
    if not has_page and (joined := _match_joined(words, scope, backend)):
        return _build_results(*joined, scope)
    if rows:
        return _build_results(rows, terms, scope)
    parsed = _parse_query(words, scope, backend)
    rows = _match_all(parsed.terms, scope, backend)
    is_partial = not rows or bool(parsed.unknown_words)
    rows = rows or _match_any(parsed.terms, scope, backend)
    return _build_results(rows, parsed.terms, scope, parsed, is_partial=is_partial)


def _without_checklists(rows: list[IndexRow], slugs: Collection[str]) -> list[IndexRow]:
    return [row for row in rows if not (row.kind == "checklist" and row.slug in slugs)]


def _match_joined(
    words: list[Token], scope: SearchScope, backend: SearchBackend
) -> tuple[list[IndexRow], list[SearchTerm]] | None:
    """Rows with two words written as one, such as "blackheads" for "black heads", and the term."""
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
    """The term for each word: the first of these that something live has.

    The word itself; the word of our texts for an everyday word; a word that begins with it; a
    word with a similar spelling.
    """
    synonyms = everyday_words(scope.language)
    meant = {
        word: SearchTerm(stem(synonyms[word.normalized], scope.language))
        for word in words
        if word.normalized in synonyms
    }
    candidates = [SearchTerm(word.stem) for word in words]
    candidates += [*meant.values(), *prefix_terms(words)]
    known = backend.sample_rows(list(dict.fromkeys(candidates)), scope)
    parsed = _ParsedQuery()
    for word in words:
        forms = (SearchTerm(word.stem), meant.get(word), SearchTerm(word.stem, prefix=True))
        term = next((form for form in forms if form in known), None)
        if term and term == meant.get(word):
            parsed.corrected.append((word.normalized, synonyms[word.normalized]))
        if term is None and len(parsed.corrected) + len(parsed.unknown_words) < MAX_CORRECTED_WORDS:
            term = _correct(word, scope, backend, parsed)
        if term:
            parsed.terms.append(term)
        else:
            parsed.unknown_words.append(word.normalized)
    return parsed


def _correct(
    word: Token, scope: SearchScope, backend: SearchBackend, parsed: _ParsedQuery
) -> SearchTerm | None:
    """The term of a certain suggestion; otherwise None, and all suggestions go into `parsed`."""
    suggestions = suggest(word, scope, backend)
    certain = next((each for each in suggestions if each.is_certain), None)
    if certain:
        parsed.corrected.append((word.normalized, certain.word))
        return certain.term
    parsed.suggestions += [each.word for each in suggestions if each.word not in parsed.suggestions]
    return None


def _build_results(
    rows: list[IndexRow],
    terms: list[SearchTerm],
    scope: SearchScope,
    parsed: _ParsedQuery | None = None,
    *,
    is_partial: bool = False,
    red_flags: RedFlagAnswer | None = None,
    tools: Sequence[SiteTool] = (),
) -> SearchResults:
    best = [each.row for each in rank(rows, terms, scope.language)]
    # Kinds in the order of their best hit, but glossary terms after all pages.
    order = {"glossary": len(best)}
    for position, row in enumerate(best):
        order.setdefault(row.kind, position)
    grouped = groupby(sorted(best, key=lambda row: order[row.kind]), key=lambda row: row.kind)
    parsed = parsed or _ParsedQuery()
    found = [
        HitGroup(kind, tuple(_build_hit(row, terms, scope.language) for row in members))
        for kind, members in grouped
    ]
    return SearchResults(
        groups=(HitGroup("tool", tuple(map(_tool_hit, tools))), *found) if tools else tuple(found),
        corrected=tuple(parsed.corrected),
        suggestions=tuple(parsed.suggestions),
        unknown_words=tuple(parsed.unknown_words),
        is_partial=is_partial and bool(rows),
        is_truncated=len(rows) >= MAX_HITS,
        red_flags=red_flags,
    )


def _build_hit(row: IndexRow, terms: list[SearchTerm], language: str) -> SearchHit:
    url = document_types.get(row.kind).get_url(row.slug)
    other_names = [name for name in row.also if has_match(name, terms, language)]
    summary, text = markdown.fill_placeholders(row.summary), markdown.fill_placeholders(row.text)
    is_in_summary = has_match(summary, terms, language)
    return SearchHit(
        kind=row.kind,
        url=f"{url}#{row.anchor}" if row.anchor else url,
        name=row.name,
        also=tuple(highlight(name, terms, language) for name in other_names[:MAX_OTHER_NAMES]),
        snippet=snippet(summary if is_in_summary or not text else text, terms, language),
    )


def _tool_hit(tool: SiteTool) -> SearchHit:
    return SearchHit("tool", tool.url, tool.title, (), (Fragment(tool.about, False),))
