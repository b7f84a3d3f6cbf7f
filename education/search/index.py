"""The index: one interface to tables of words that each database has in its own form.

Two questions find entries: `heads` ranks those with the words in their name, other names or summary;
`bodies` finds those with the words anywhere, in no order, because to rank long texts takes too long. Either
asks what is live in the same statement, so that an edition which readers do not see is never found.
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
class Term:
    """A stem to look for; or the beginning of one."""

    stem: str
    prefix: bool = False

    def fits(self, stem: str) -> bool:
        """Whether a word with this stem is meant."""
        return stem.startswith(self.stem) if self.prefix else stem == self.stem


@dataclass(frozen=True)
class Where:
    """Where to look: the language, the kinds of document, and the moment at which they are live."""

    language: str
    kinds: tuple[str, ...]
    at: datetime


@dataclass(frozen=True)
class Row:
    """A live entry that was found. Only `bodies` and `examples` bring its text."""

    pk: int
    kind: str
    slug: str
    anchor: str
    name: str
    also: tuple[str, ...]
    summary: str
    text: str


@dataclass(frozen=True)
class Words:
    """The stems of one entry, by where they stand, separated by blanks."""

    pk: int
    name: str
    also: str
    summary: str
    body: str


_COLUMNS = "e.id, e.kind, d.slug, e.anchor, e.name, e.also, e.summary"
_TEXT = "CASE WHEN e.text = '' THEN ed.search_text ELSE e.text END"


class Index(ABC):
    """What every database offers. All words given to it are stems: letters and digits alone."""

    # Tables that a statement reads, each with the words of an entry beside its key.
    from_heads: str
    from_bodies: str
    head_fits: str
    body_fits: str
    best_first: str

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
    def write(self, entries: Sequence[Words]) -> None:
        """Add the words of entries, in place of what stood under their keys."""

    @abstractmethod
    def expression(self, terms: Iterable[Term], *, every: bool) -> str:
        """A question to the index: every one of `terms`, or any."""

    @abstractmethod
    def learn(self, words: Sequence[tuple[int, str]]) -> None:
        """Add known words, each with its key, to those that near spellings are looked for among."""

    @abstractmethod
    def spelled_like(self, word: str, language: str, limit: int) -> list[str]:
        """Known words that look like `word`, best first; live or not."""

    def heads(self, terms: Sequence[Term], where: Where, limit: int, *, every: bool = True) -> list[Row]:
        """Live entries with the words in their name, other names or summary: the best, best first."""
        statement = (
            f"SELECT {_COLUMNS}, '' FROM {self.from_heads} "  # noqa: S608  names of our own tables
            f"WHERE {self.head_fits} AND {_live(where)} ORDER BY {self.best_first} LIMIT %s"
        )
        asked = self.expression(terms, every=every)
        parameters = [asked] * self.head_fits.count("%s") + _parameters(where)
        return _rows(statement, [*parameters, *[asked] * self.best_first.count("%s"), limit])

    def bodies(
        self,
        terms: Sequence[Term],
        where: Where,
        limit: int,
        besides: Iterable[int] = (),
        *,
        every: bool = True,
    ) -> list[Row]:
        """Live entries with the words anywhere, except those whose keys are in `besides`; in no order."""
        found = list(besides)
        statement = (
            f"SELECT {_COLUMNS}, {_TEXT} FROM {self.from_bodies} "  # noqa: S608
            f"WHERE {self.body_fits} {_none_of(found)} AND {_live(where)} LIMIT %s"
        )
        asked = self.expression(terms, every=every)
        return _rows(statement, [asked, *found, *_parameters(where), limit])

    def pages(self, terms: Sequence[Term], where: Where, limit: int) -> dict[Term, int]:
        """How many live entries have each of `terms`, counted up to a limit; one statement."""
        if not terms:
            return {}
        one = (
            f"SELECT %s, COUNT(*) FROM (SELECT 1 AS one FROM {self.from_bodies} "  # noqa: S608  only names
            f"WHERE {self.body_fits} AND {_live(where)} LIMIT %s) AS found"
        )
        found = self._of_each(one, terms, where, limit)
        return {terms[int(place)]: int(number) for place, number in found}

    def examples(self, terms: Sequence[Term], where: Where) -> dict[Term, Row]:
        """For each of `terms` that anything live has, one entry that has it; one statement."""
        if not terms:
            return {}
        one = (
            f"SELECT * FROM (SELECT {_COLUMNS}, {_TEXT}, %s AS place FROM {self.from_bodies} "  # noqa: S608
            f"WHERE {self.body_fits} AND {_live(where)} LIMIT 1) AS found"
        )
        return {terms[row[-1]]: _row(row[:-1]) for row in self._of_each(one, terms, where)}

    def _of_each(self, one: str, terms: Sequence[Term], where: Where, *more: Any) -> list[tuple[Any, ...]]:
        """What `one`, a SELECT that is given the place of its term first, finds for each of `terms`."""
        parameters: list[Any] = []
        for place, term in enumerate(terms):
            parameters += [place, self.expression([term], every=True), *_parameters(where), *more]
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join([one] * len(terms)), parameters)
            found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def _live(where: Where) -> str:
    kinds = ", ".join(["%s"] * len(where.kinds))
    return f"e.language = %s AND e.kind IN ({kinds}) AND {_live_condition()}"


def _parameters(where: Where) -> list[Any]:
    return [where.language, *where.kinds, connection.ops.adapt_datetimefield_value(where.at)]


@cache
def _live_condition() -> str:
    """That the edition of an entry is live, as publishing itself says it; one parameter, the moment."""
    live = Edition.objects.live(timezone.now()).extra(where=["publishing_edition.id = e.edition_id"])
    statement, parameters = live.values("pk").query.sql_with_params()
    if len(parameters) != 1:
        raise ValueError("what is live depends on more than the moment")
    return f"EXISTS ({statement})"


def _none_of(found: list[int]) -> str:
    return f"AND e.id NOT IN ({', '.join(['%s'] * len(found))})" if found else ""


def _rows(statement: str, parameters: Sequence[Any]) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return [_row(row) for row in cursor.fetchall()]


def _row(columns: Sequence[Any]) -> Row:
    pk, kind, slug, anchor, name, also, summary, text = columns
    names = json.loads(also) if isinstance(also, str) else also
    return Row(pk, kind, slug, anchor, name, tuple(names), summary, text)
