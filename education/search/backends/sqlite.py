"""The index in SQLite: FTS5 tables."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing

from django.db import connection

from education.search.backends.base import EntryStems, SearchBackend, SearchTerm

# The text is stems separated by spaces; the tokenizer `ascii` does not split at other characters.
_TABLES = {
    "search_head": "name, also, summary, tokenize = 'ascii'",
    "search_body": "words, tokenize = 'ascii', detail = 'none'",
    "search_spelling": "grams, tokenize = 'ascii', detail = 'none'",
}
_JOINS = (
    "CROSS JOIN search_indexentry e ON e.id = {table}.rowid "
    "CROSS JOIN publishing_document d ON d.id = e.document_id "
    "CROSS JOIN publishing_edition ed ON ed.id = e.edition_id"
)


def has_full_text_search() -> bool:
    """Whether the SQLite of this Python was built with FTS5."""
    with closing(sqlite3.connect(":memory:")) as probe:
        try:
            probe.execute("CREATE VIRTUAL TABLE probe USING fts5(words)")
        except sqlite3.OperationalError:
            return False
    return True


class SqliteBackend(SearchBackend):
    """FTS5 tables. FTS5 yields matches in order one by one, so few are checked for being live."""

    name_tables = f"search_head {_JOINS.format(table='search_head')}"
    text_tables = f"search_body {_JOINS.format(table='search_body')}"
    name_condition = "search_head MATCH %s"
    text_condition = "search_body MATCH %s"
    name_order = "search_head.rank"

    def exists(self) -> bool:
        """Whether its tables exist."""
        return set(_TABLES) <= set(connection.introspection.table_names())

    def create(self) -> None:
        self.drop()
        with connection.cursor() as cursor:
            for name, columns in _TABLES.items():
                cursor.execute(f"CREATE VIRTUAL TABLE {name} USING fts5({columns})")
            cursor.execute(
                "INSERT INTO search_head(search_head, rank) VALUES('rank', 'bm25(10, 8, 2)')"
            )

    def drop(self) -> None:
        with connection.cursor() as cursor:
            for name in _TABLES:
                cursor.execute(f"DROP TABLE IF EXISTS {name}")

    def add_entries(self, entries: Sequence[EntryStems]) -> None:
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT OR REPLACE INTO search_head(rowid, name, also, summary) VALUES (%s, %s, %s, %s)",
                [(entry.pk, entry.name, entry.also, entry.summary) for entry in entries],
            )
            cursor.executemany(
                "INSERT OR REPLACE INTO search_body(rowid, words) VALUES (%s, %s)",
                [(entry.pk, entry.body) for entry in entries],
            )

    def match_expression(self, terms: Iterable[SearchTerm], *, match_all: bool) -> str:
        # Inside quotes no character is an operator.
        quoted = (f'"{term.stem}"' + (" *" if term.prefix else "") for term in terms)
        return (" AND " if match_all else " OR ").join(quoted)

    def add_vocabulary(self, words: Sequence[tuple[int, str]]) -> None:
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT OR REPLACE INTO search_spelling(rowid, grams) VALUES (%s, %s)",
                [(pk, " ".join(trigrams(word))) for pk, word in words],
            )

    def similar_words(self, word: str, language: str, limit: int) -> list[str]:
        """Known words that share trigrams with `word`, best first."""
        query = " OR ".join(f'"{gram}"' for gram in trigrams(word))
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT w.word FROM search_spelling CROSS JOIN search_vocabularyword w "
                "ON w.id = search_spelling.rowid WHERE search_spelling MATCH %s AND w.language = %s "
                "ORDER BY search_spelling.rank LIMIT %s",
                [query, language, limit],
            )
            return [row[0] for row in cursor.fetchall()]


def trigrams(word: str) -> list[str]:
    """The groups of three letters in a word, each once; “0” marks its start and end."""
    padded = f"00{word}0"
    return list(dict.fromkeys(padded[start : start + 3] for start in range(len(padded) - 2)))
