"""The index: one interface to tables of words that each database has in its own form.

Two questions find entries: `search_names` ranks those with the words in their name, other names or
summary; `search_text` finds those with the words anywhere, in no order, because to rank long texts
takes too long. Either asks what is live in the same statement, so that an edition which readers do
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
    """A stem to look for; or the beginning of one."""

    stem: str
    prefix: bool = False

    def matches(self, stem: str) -> bool:
        """Whether a word with this stem is meant."""
        return stem.startswith(self.stem) if self.prefix else stem == self.stem


@dataclass(frozen=True)
class SearchScope:
    """Where to look: the language, the kinds of document, and the moment at which they are live."""

    language: str
    kinds: tuple[str, ...]
    at: datetime


@dataclass(frozen=True)
class IndexRow:
    """A live entry that was found. Only `search_text` and `sample_rows` bring its text."""

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
    """The stems of one entry, by where they stand, separated by blanks."""

    pk: int
    name: str
    also: str
    summary: str
    body: str


_COLUMNS = "e.id, e.kind, d.slug, e.anchor, e.name, e.also, e.summary"
_TEXT_COLUMN = "CASE WHEN e.text = '' THEN ed.search_text ELSE e.text END"


class SearchBackend(ABC):
    """What every database offers. All words given to it are stems: letters and digits alone."""

    # Tables that a statement reads, each with the words of an entry beside its key.
    name_tables: str
    text_tables: str
    name_condition: str
    text_condition: str
    name_order: str

    @abstractmethod
    def exists(self) -> bool:
        """Whether its tables are there."""

    @abstractmethod
    def create(self) -> None:
        """Make its tables anew, empty."""

    @abstractmethod
    def drop(self) -> None:
        """Take its tables away."""

    @abstractmethod
    def add_entries(self, entries: Sequence[EntryStems]) -> None:
        """Add the words of entries, in place of what stood under their keys."""

    @abstractmethod
    def match_expression(self, terms: Iterable[SearchTerm], *, match_all: bool) -> str:
        """A question to the index: every one of `terms`, or any."""

    @abstractmethod
    def add_vocabulary(self, words: Sequence[tuple[int, str]]) -> None:
        """Add known words, each with its key, to those that near spellings are looked for among."""

    @abstractmethod
    def similar_words(self, word: str, language: str, limit: int) -> list[str]:
        """Known words that look like `word`, best first; live or not."""

    def search_names(
        self, terms: Sequence[SearchTerm], scope: SearchScope, limit: int, *, match_all: bool = True
    ) -> list[IndexRow]:
        """Live entries with the words in their name, other names or summary: the best,
        best first.
        """
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
        excluding: Iterable[int] = (),
        *,
        match_all: bool = True,
    ) -> list[IndexRow]:
        """Live entries with the words anywhere, except those whose keys are in `excluding`; in no
        order.
        """
        found = list(excluding)
        statement = (
            f"SELECT {_COLUMNS}, {_TEXT_COLUMN} FROM {self.text_tables} "  # noqa: S608
            f"WHERE {self.text_condition} {_excluding_sql(found)} AND {_live_sql(scope)} LIMIT %s"
        )
        query = self.match_expression(terms, match_all=match_all)
        return _fetch_rows(statement, [query, *found, *_scope_params(scope), limit])

    def count_pages(
        self, terms: Sequence[SearchTerm], scope: SearchScope, limit: int
    ) -> dict[SearchTerm, int]:
        """How many live entries have each of `terms`, counted up to a limit; one statement."""
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
        """For each of `terms` that anything live has, one entry that has it; one statement."""
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
        """What `one`, a SELECT that is given the place of its term first, finds for each of
        `terms`.
        """
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
            found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def _live_sql(scope: SearchScope) -> str:
    kinds = ", ".join(["%s"] * len(scope.kinds))
    return f"e.language = %s AND e.kind IN ({kinds}) AND {_live_condition()}"


def _scope_params(scope: SearchScope) -> list[Any]:
    return [scope.language, *scope.kinds, connection.ops.adapt_datetimefield_value(scope.at)]


@cache
def _live_condition() -> str:
    """That the edition of an entry is live, as publishing itself says it; one parameter, the
    moment.
    """
    live = Edition.objects.live(timezone.now()).extra(
        where=["publishing_edition.id = e.edition_id"]
    )
    statement, parameters = live.values("pk").query.sql_with_params()
    if len(parameters) != 1:
        raise ValueError("what is live depends on more than the moment")
    return f"EXISTS ({statement})"


def _excluding_sql(found: list[int]) -> str:
    return f"AND e.id NOT IN ({', '.join(['%s'] * len(found))})" if found else ""


def _fetch_rows(statement: str, parameters: Sequence[Any]) -> list[IndexRow]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return [_to_row(row) for row in cursor.fetchall()]


def _to_row(columns: Sequence[Any]) -> IndexRow:
    pk, kind, slug, anchor, name, also, summary, text = columns
    names = json.loads(also) if isinstance(also, str) else also
    return IndexRow(pk, kind, slug, anchor, name, tuple(names), summary, text)
