"""The index in PostgreSQL: tsvectors, and pg_trgm for similar words if the server has it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db import Error, connection, transaction

from education.search.backends.base import EntryStems, SearchBackend, SearchTerm

# Limits of a tsvector: the highest position, and the positions of one word.
_MAX_POSITION = 16_383
_MAX_POSITIONS_OF_WORD = 250
_JOINS = (
    "search_words w JOIN search_indexentry e ON e.id = w.id "
    "JOIN publishing_document d ON d.id = e.document_id "
    "JOIN publishing_edition ed ON ed.id = e.edition_id"
)
# Between a typed word and similar words, where pg_trgm is missing.
_MAX_LENGTH_DIFFERENCE = 2
_TABLE = (
    (
        "CREATE TABLE IF NOT EXISTS search_words "
        "(id bigint PRIMARY KEY, head tsvector NOT NULL, body tsvector NOT NULL)"
    ),
    "CREATE INDEX IF NOT EXISTS search_words_head ON search_words USING gin (head)",
    "CREATE INDEX IF NOT EXISTS search_words_body ON search_words USING gin (body)",
    "DELETE FROM search_words",
)
_TRIGRAM_INDEX = (
    "CREATE INDEX IF NOT EXISTS search_vocabularyword_trigrams "
    "ON search_vocabularyword USING gist (word gist_trgm_ops)"
)


class PostgresqlBackend(SearchBackend):
    """One table of tsvectors, built from our own stems, independent of server configuration."""

    name_tables = _JOINS
    text_tables = _JOINS
    name_condition = "w.head @@ %s::tsquery"
    text_condition = "w.body @@ %s::tsquery"
    name_order = "ts_rank('{0, 0.2, 0.8, 1}', w.head, %s::tsquery) DESC, e.id"

    def exists(self) -> bool:
        """Whether its table exists."""
        return "search_words" in connection.introspection.table_names()

    def create(self) -> None:
        """Create its table if it is missing, and empty it.

        Other transactions see the old rows until this one ends.
        """
        with connection.cursor() as cursor:
            for statement in _TABLE:
                cursor.execute(statement)
        if _ensure_trigrams():
            with connection.cursor() as cursor:
                cursor.execute(_TRIGRAM_INDEX)

    def drop(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS search_words")

    def add_entries(self, entries: Sequence[EntryStems]) -> None:
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO search_words (id, head, body) VALUES (%s, %s::tsvector, %s::tsvector) "
                "ON CONFLICT (id) DO UPDATE SET head = EXCLUDED.head, body = EXCLUDED.body",
                [
                    (
                        entry.pk,
                        _build_tsvector({"A": entry.name, "B": entry.also, "C": entry.summary}),
                        _build_tsvector({"": entry.body}),
                    )
                    for entry in entries
                ],
            )

    def match_expression(self, terms: Iterable[SearchTerm], *, match_all: bool) -> str:
        # Inside quotes no character is an operator.
        quoted = (f"'{term.stem}'" + (":*" if term.prefix else "") for term in terms)
        return (" & " if match_all else " | ").join(quoted)

    def add_vocabulary(self, words: Sequence[tuple[int, str]]) -> None:
        """Do nothing: `similar_words` reads the vocabulary itself."""

    def similar_words(self, word: str, language: str, limit: int) -> list[str]:
        """Words near `word`; without pg_trgm, words of its first letter and about its length."""
        with connection.cursor() as cursor:
            if has_trigrams():
                cursor.execute(
                    "SELECT word FROM search_vocabularyword WHERE language = %s "
                    "ORDER BY word <-> %s LIMIT %s",
                    [language, word, limit],
                )
            else:
                cursor.execute(
                    "SELECT word FROM search_vocabularyword WHERE language = %s AND word LIKE %s "
                    "AND length(word) BETWEEN %s AND %s",
                    [
                        language,
                        f"{word[0]}%",
                        len(word) - _MAX_LENGTH_DIFFERENCE,
                        len(word) + _MAX_LENGTH_DIFFERENCE,
                    ],
                )
            return [row[0] for row in cursor.fetchall()]


def _ensure_trigrams() -> bool:
    """Create pg_trgm if this role may; return whether the database has it."""
    if not has_trigrams():
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        except Error:
            return False
    return True


def has_trigrams() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm')")
        return bool(cursor.fetchone()[0])


def _build_tsvector(fields: dict[str, str]) -> str:
    """A tsvector of words. `fields`: weight and words; the empty weight stores no positions."""
    positions: dict[str, list[str]] = defaultdict(list)
    position = 0
    for weight, words in fields.items():
        for word in words.split():
            position = min(position + 1, _MAX_POSITION)
            if len(positions[word]) < _MAX_POSITIONS_OF_WORD:
                positions[word].append(f"{position}{weight}")
    if "" in fields:
        return " ".join(f"'{word}'" for word in positions)
    return " ".join(f"'{word}':{','.join(found)}" for word, found in positions.items())
