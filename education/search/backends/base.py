"""The index: one interface to the full-text tables of each database.

Two searches find entries: `search_names` ranks those with the terms in their name, other names or
summary; `search_text` finds those with the terms anywhere, unranked, because ranking long texts
takes too long. Both select what is live in the same statement, so that an edition which readers do
not see is never found.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.db import connection
from django.utils import timezone

from education.publishing.models import Edition


@dataclass(frozen=True)
class SearchTerm:
    """A stem to search for, or the beginning of one."""

    stem: str
    prefix: bool = False

    def matches(self, stem: str) -> bool:
        return stem.startswith(self.stem) if self.prefix else stem == self.stem


@dataclass(frozen=True)
class SearchScope:
    """The language, the kinds of document, and the moment at which they must be live."""

    language: str
    kinds: tuple[str, ...]
    at: datetime


@dataclass(frozen=True)
class IndexRow:
    """A live entry. `text` is empty from `search_names`, which does not read it."""

    pk: int
    kind: str
    slug: str
    anchor: str
    name: str
    also: tuple[str, ...]
    summary: str
    text: str


@dataclass(frozen=True)
class EntryStems:
    """The stems of one entry by field, separated by spaces; `body` has those of all fields."""

    pk: int
    name: str
    also: str
    summary: str
    body: str


_COLUMNS = "e.id, e.kind, d.slug, e.anchor, e.name, e.also, e.summary"
_TEXT_COLUMN = "CASE WHEN e.text = '' THEN ed.search_text ELSE e.text END"


class SearchBackend(ABC):
    """The index in one database. All terms and words are stems: only letters and digits."""

    # SQL of the tables with the stems of names and of texts, joined with entry and edition.
    name_tables: str
    text_tables: str
    name_condition: str
    text_condition: str
    name_order: str

    @abstractmethod
    def exists(self) -> bool:
        """Whether its tables exist."""

    @abstractmethod
    def create(self) -> None:
        """Create its tables, or empty them."""

    @abstractmethod
    def drop(self) -> None:
        """Drop its tables."""

    @abstractmethod
    def add_entries(self, entries: Sequence[EntryStems]) -> None:
        """Write the stems of entries, replacing those with the same keys."""

    @abstractmethod
    def match_expression(self, terms: Iterable[SearchTerm], *, match_all: bool) -> str:
        """The query expression of the database for all of `terms`, or for any."""

    @abstractmethod
    def add_vocabulary(self, words: Sequence[tuple[int, str]]) -> None:
        """Add words, with their keys, for `similar_words`."""

    @abstractmethod
    def similar_words(self, word: str, language: str, limit: int) -> list[str]:
        """Known words, live or not, that are spelled like `word`, best first."""

    def search_names(
        self, terms: Sequence[SearchTerm], scope: SearchScope, limit: int, *, match_all: bool = True
    ) -> list[IndexRow]:
        """Live entries with the terms in name, other names or summary, best first."""
        statement = (
            f"SELECT {_COLUMNS}, '' FROM {self.name_tables} "  # noqa: S608  names of our own tables
            f"WHERE {self.name_condition} AND {_live_sql(scope)} ORDER BY {self.name_order} LIMIT %s"
        )
        query = self.match_expression(terms, match_all=match_all)
        parameters = [query] * self.name_condition.count("%s") + _scope_params(scope)
        return _fetch_rows(statement, [*parameters, *[query] * self.name_order.count("%s"), limit])

    def search_text(
        self,
        terms: Sequence[SearchTerm],
        scope: SearchScope,
        limit: int,
        excluding: Sequence[int] = (),
    ) -> list[IndexRow]:
        """Live entries with all terms anywhere, unordered, without the keys in `excluding`."""
        statement = (
            f"SELECT {_COLUMNS}, {_TEXT_COLUMN} FROM {self.text_tables} "  # noqa: S608
            f"WHERE {self.text_condition} {_excluding_sql(excluding)} AND {_live_sql(scope)} LIMIT %s"
        )
        query = self.match_expression(terms, match_all=True)
        return _fetch_rows(statement, [query, *excluding, *_scope_params(scope), limit])

    def count_pages(
        self, terms: Sequence[SearchTerm], scope: SearchScope, limit: int
    ) -> dict[SearchTerm, int]:
        """The number of live entries with each of `terms`, at most `limit`; one statement."""
        if not terms:
            return {}
        one = (
            f"SELECT %s, COUNT(*) FROM (SELECT 1 AS one FROM {self.text_tables} "  # noqa: S608  only names
            f"WHERE {self.text_condition} AND {_live_sql(scope)} LIMIT %s) AS found"
        )
        found = self._union_per_term(one, terms, scope, limit)
        return {terms[int(position)]: int(number) for position, number in found}

    def sample_rows(
        self, terms: Sequence[SearchTerm], scope: SearchScope
    ) -> dict[SearchTerm, IndexRow]:
        """One live entry for each of `terms` that any has; one statement."""
        if not terms:
            return {}
        one = (
            f"SELECT * FROM (SELECT {_COLUMNS}, {_TEXT_COLUMN}, %s AS place FROM {self.text_tables} "  # noqa: S608
            f"WHERE {self.text_condition} AND {_live_sql(scope)} LIMIT 1) AS found"
        )
        return {
            terms[row[-1]]: _to_row(row[:-1]) for row in self._union_per_term(one, terms, scope)
        }

    def _union_per_term(
        self, one: str, terms: Sequence[SearchTerm], scope: SearchScope, *more: Any
    ) -> list[tuple[Any, ...]]:
        """The rows of the SELECT `one` for each term; its first parameter is the position of it."""
        parameters: list[Any] = []
        for position, term in enumerate(terms):
            parameters += [
                position,
                self.match_expression([term], match_all=True),
                *_scope_params(scope),
                *more,
            ]
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join([one] * len(terms)), parameters)
            rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def _live_sql(scope: SearchScope) -> str:
    kinds = ", ".join(["%s"] * len(scope.kinds))
    return f"e.language = %s AND e.kind IN ({kinds}) AND {_live_condition()}"


def _scope_params(scope: SearchScope) -> list[Any]:
    return [scope.language, *scope.kinds, connection.ops.adapt_datetimefield_value(scope.at)]


@cache
def _live_condition() -> str:
    """SQL that the edition of an entry is live, from publishing's own query; parameter: the moment.

    Raises ValueError when that query has other parameters.
    """
    live = Edition.objects.live(timezone.now()).extra(
        where=["publishing_edition.id = e.edition_id"]
    )
    statement, parameters = live.values("pk").query.sql_with_params()
    if len(parameters) != 1:
        raise ValueError("what is live depends on more than the moment")
    return f"EXISTS ({statement})"


def _excluding_sql(keys: Sequence[int]) -> str:
    return f"AND e.id NOT IN ({', '.join(['%s'] * len(keys))})" if keys else ""


def _fetch_rows(statement: str, parameters: Sequence[Any]) -> list[IndexRow]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return [_to_row(row) for row in cursor.fetchall()]


def _to_row(columns: Sequence[Any]) -> IndexRow:
    pk, kind, slug, anchor, name, also, summary, text = columns
    names = json.loads(also) if isinstance(also, str) else also
    return IndexRow(pk, kind, slug, anchor, name, tuple(names), summary, text)
