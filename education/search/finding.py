"""Finding pages and terms by the words a reader types."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby

from django.utils import timezone

from education.publishing import document_types
from education.search.everyday_words import everyday_words
from education.search.index import Index, Row, Term, Where
from education.search.indexing import FOUND_KINDS, index
from education.search.marking import Piece, marked, snippet
from education.search.near import beginnings, near
from education.search.ranking import ranked
from education.search.red_flag_signs import RedFlagAnswer, red_flag_answer
from education.search.red_flags import find_red_flags
from education.search.words import Token, stem, telling, tokenize

MAX_QUERY = 200
MAX_WORDS = 8
MOST, ENOUGH, MOST_NAMES = 24, 10, 2
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
    # What danger words bring, before all hits.
    red_flags: RedFlagAnswer | None = None

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

    Kinds in `without` are left out. Danger words are answered before all else, and then no near spelling and
    nothing that has only some of the words stands beside that. Two statements when something has every word,
    and one more for danger words; few more otherwise.
    """
    words = telling(list(tokenize(query[:MAX_QUERY], language)), language)[:MAX_WORDS]
    if not words:
        return Found()
    shown = tuple(kind for kind in FOUND_KINDS if kind not in without)
    where, tables = Where(language, shown, at or timezone.now()), index()
    terms = [Term(word.stem) for word in words]
    red_flags = red_flag_answer(find_red_flags(query[:MAX_QUERY], language), language, where.at)
    rows = _with_every(terms, where, tables)
    if red_flags:
        return _found(_besides(red_flags, rows), terms, where, red_flags=red_flags)
    if all(row.kind == "glossary" for row in rows) and (joined := _joined(words, where, tables)):
        return _found(*joined, where)
    if rows:
        return _found(rows, terms, where)
    understood = _understood(words, where, tables)
    rows = _with_every(understood.terms, where, tables)
    is_partial = not rows or bool(understood.unknown)
    rows = rows or _with_any(understood.terms, where, tables)
    return _found(rows, understood.terms, where, understood, is_partial=is_partial)


def _besides(red_flags: RedFlagAnswer, rows: list[Row]) -> list[Row]:
    """What was found besides the checklists that stand before it."""
    return [row for row in rows if not (row.kind == "checklist" and row.slug in red_flags.slugs)]


def _joined(words: list[Token], where: Where, tables: Index) -> tuple[list[Row], list[Term]] | None:
    """What has two words as one, such as "blackheads" for "black heads"."""
    if len(words) != 2:
        return None
    terms = [Term(stem("".join(word.normalized for word in words), where.language))]
    rows = _with_every(terms, where, tables)
    return (rows, terms) if rows else None


def _with_every(terms: list[Term], where: Where, tables: Index) -> list[Row]:
    if not terms:
        return []
    rows = tables.heads(terms, where, MOST)
    if len(rows) < ENOUGH:
        rows += tables.bodies(terms, where, ENOUGH - len(rows), [row.pk for row in rows])
    return rows


def _with_any(terms: list[Term], where: Where, tables: Index) -> list[Row]:
    return tables.heads(terms, where, MOST, every=False) if len(terms) > 1 else []


def _understood(words: list[Token], where: Where, tables: Index) -> _Understood:
    """Each word as it is known; else as the word that our texts have for it; else as the beginning of a known
    one; else as one spelled nearly so.
    """
    exact = {Term(word.stem): word for word in words}
    ours = everyday_words(where.language)
    meant = {
        word: Term(stem(ours[word.normalized], where.language)) for word in words if word.normalized in ours
    }
    known = tables.examples(list(dict.fromkeys([*exact, *meant.values(), *beginnings(words)])), where)
    found = _Understood()
    for word in words:
        ways = (Term(word.stem), meant.get(word), Term(word.stem, prefix=True))
        term = next((way for way in ways if way in known), None)
        if term and term == meant.get(word):
            found.replaced.append((word.normalized, ours[word.normalized]))
        if term is None and len(found.replaced) + len(found.unknown) < MOST_NEAR:
            term = _nearest(word, where, tables, found)
        if term:
            found.terms.append(term)
        else:
            found.unknown.append(word.normalized)
    return found


def _nearest(word: Token, where: Where, tables: Index, found: _Understood) -> Term | None:
    proposed = near(word, where, tables)
    meant = next((each for each in proposed if each.is_meant), None)
    if meant:
        found.replaced.append((word.normalized, meant.word))
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
    red_flags: RedFlagAnswer | None = None,
) -> Found:
    best = [each.row for each in ranked(rows, terms, where.language)]
    # A page that explains, then the meaning of a word.
    order = {"glossary": len(best)}
    for place, row in enumerate(best):
        order.setdefault(row.kind, place)
    grouped = groupby(sorted(best, key=lambda row: order[row.kind]), key=lambda row: row.kind)
    understood = understood or _Understood()
    return Found(
        groups=tuple(
            Group(kind, tuple(_hit(row, terms, where.language) for row in members))
            for kind, members in grouped
        ),
        replaced=tuple(understood.replaced),
        near=tuple(understood.near),
        unknown=tuple(understood.unknown),
        is_partial=is_partial and bool(rows),
        is_cut=len(rows) >= MOST,
        red_flags=red_flags,
    )


def _hit(row: Row, terms: list[Term], language: str) -> Hit:
    page = document_types.get(row.kind).get_url(row.slug)
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
