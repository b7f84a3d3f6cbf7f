"""Finding pages and terms by the words a reader types."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby

from django.utils import timezone

from education.publishing import kinds
from education.search.grave import signs_of
from education.search.index import Index, Row, Term, Where
from education.search.indexing import FOUND_KINDS, index
from education.search.marking import Piece, marked, snippet
from education.search.near import beginnings, near
from education.search.ranking import ranked
from education.search.words import Word, stems_of, telling, words_of

MAX_QUERY = 200
MAX_WORDS = 8
MOST, ENOUGH, MOST_NAMES = 24, 10, 2
# So many checklists lead, of so many that are looked at.
MOST_GRAVE, LOOKED_AT = 3, 50
# Of so many unknown words near spellings are looked for.
MOST_NEAR = 3


@dataclass(frozen=True)
class Hit:
    """Something found: where it is, its name, those of its other names that match, and a few words of it."""

    kind: str
    address: str
    name: str
    also: tuple[tuple[Piece, ...], ...]
    snippet: tuple[Piece, ...]


@dataclass(frozen=True)
class Group:
    """The hits of one kind, best first."""

    kind: str
    hits: tuple[Hit, ...]


@dataclass(frozen=True)
class Found:
    """What a question found, and how it was understood."""

    groups: tuple[Group, ...] = ()
    # Pairs of a typed word and the word that was looked for in its place.
    replaced: tuple[tuple[str, str], ...] = ()
    # Words to try when nothing was found.
    near: tuple[str, ...] = ()
    # Words that nothing live has.
    unknown: tuple[str, ...] = ()
    # Whether some hits have only some of the words.
    is_partial: bool = False
    is_cut: bool = False
    # Whether checklists lead because of a grave word.
    is_grave: bool = False

    @property
    def count(self) -> int:
        """How many hits there are."""
        return sum(len(group.hits) for group in self.groups)


@dataclass
class _Understood:
    """The words of a question as they are looked for."""

    terms: list[Term] = field(default_factory=list)
    replaced: list[tuple[str, str]] = field(default_factory=list)
    near: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)


def find(query: str, language: str, at: datetime | None = None, *, without: Sequence[str] = ()) -> Found:
    """What is live at a moment (now, unless told) and has the words of `query`, best first; nothing is kept.

    Kinds in `without` are left out. Checklists come before all else when a word is grave. Two statements when
    something has every word, and one more for a grave word; few more otherwise.
    """
    words = telling(list(words_of(query[:MAX_QUERY], language)), language)[:MAX_WORDS]
    if not words:
        return Found()
    shown = tuple(kind for kind in FOUND_KINDS if kind not in without)
    where, tables = Where(language, shown, at or timezone.now()), index()
    terms = [Term(word.stem) for word in words]
    signs = signs_of(words, language)
    leading = _checklists(signs, where, tables)
    rows = _with_every(terms, where, tables)
    if rows or leading:
        return _found(rows, terms, where, leading=leading, signs=signs)
    understood = _understood(words, where, tables)
    rows = _with_every(understood.terms, where, tables)
    is_partial = not rows or bool(understood.unknown)
    rows = rows or _with_any(understood.terms, where, tables)
    return _found(rows, understood.terms, where, understood, is_partial=is_partial)


def _checklists(signs: list[Term], where: Where, tables: Index) -> list[Row]:
    """The checklists that have any of these words, those that have most of them first."""
    if not signs:
        return []
    rows = tables.bodies(signs, replace(where, kinds=("checklist",)), LOOKED_AT, every=False)
    said = {row.pk: set(stems_of(f"{row.name} {row.text}", where.language)) for row in rows}
    fitting = {pk: sum(any(map(term.fits, stems)) for term in signs) for pk, stems in said.items()}
    return sorted(rows, key=lambda row: (-fitting[row.pk], row.name.casefold(), row.pk))[:MOST_GRAVE]


def _with_every(terms: list[Term], where: Where, tables: Index) -> list[Row]:
    if not terms:
        return []
    rows = tables.heads(terms, where, MOST)
    if len(rows) < ENOUGH:
        rows += tables.bodies(terms, where, ENOUGH - len(rows), [row.pk for row in rows])
    return rows


def _with_any(terms: list[Term], where: Where, tables: Index) -> list[Row]:
    return tables.heads(terms, where, MOST, every=False) if len(terms) > 1 else []


def _understood(words: list[Word], where: Where, tables: Index) -> _Understood:
    """Each word as it is known; else as the beginning of a known one; else as one spelled nearly so."""
    exact = {Term(word.stem): word for word in words}
    known = tables.examples([*exact, *beginnings(words)], where)
    found = _Understood()
    for word in words:
        ways = (Term(word.stem), Term(word.stem, prefix=True))
        term = next((way for way in ways if way in known), None)
        if term is None and len(found.replaced) + len(found.unknown) < MOST_NEAR:
            term = _nearest(word, where, tables, found)
        if term:
            found.terms.append(term)
        else:
            found.unknown.append(word.bare)
    return found


def _nearest(word: Word, where: Where, tables: Index, found: _Understood) -> Term | None:
    proposed = near(word, where, tables)
    meant = next((each for each in proposed if each.is_meant), None)
    if meant:
        found.replaced.append((word.bare, meant.word))
        return meant.term
    found.near += [each.word for each in proposed if each.word not in found.near]
    return None


def _found(
    rows: list[Row],
    terms: list[Term],
    where: Where,
    understood: _Understood | None = None,
    *,
    is_partial: bool = False,
    leading: Sequence[Row] = (),
    signs: Sequence[Term] = (),
) -> Found:
    first = {row.pk for row in leading}
    others = [each.row for each in ranked(rows, terms, where.language) if each.row.pk not in first]
    best = [*leading, *others]
    # A page that explains, then the meaning of a word.
    order = {"glossary": len(best)}
    for place, row in enumerate(best):
        order.setdefault(row.kind, place)
    grouped = groupby(sorted(best, key=lambda row: order[row.kind]), key=lambda row: row.kind)
    understood = understood or _Understood()
    return Found(
        groups=tuple(
            Group(
                kind,
                tuple(
                    _hit(row, [*terms, *signs] if row.pk in first else terms, where.language)
                    for row in members
                ),
            )
            for kind, members in grouped
        ),
        replaced=tuple(understood.replaced),
        near=tuple(understood.near),
        unknown=tuple(understood.unknown),
        is_partial=is_partial and bool(rows),
        is_cut=len(rows) >= MOST,
        is_grave=bool(leading),
    )


def _hit(row: Row, terms: list[Term], language: str) -> Hit:
    page = kinds.get(row.kind).address(row.slug)
    others = (marked(name, terms, language) for name in row.also)
    is_in_summary = _has_match(marked(row.summary, terms, language))
    return Hit(
        kind=row.kind,
        address=f"{page}#{row.anchor}" if row.anchor else page,
        name=row.name,
        also=tuple(name for name in others if _has_match(name))[:MOST_NAMES],
        snippet=snippet(row.summary if is_in_summary or not row.text else row.text, terms, language),
    )


def _has_match(pieces: tuple[Piece, ...]) -> bool:
    return any(piece.is_match for piece in pieces)
