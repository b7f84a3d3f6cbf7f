"""Counts of the words in searches without results, so that staff learn the words that readers use.

A word is counted by day, under a hash with the site's secret key. The word itself is stored only
after it was counted often, because a word that many use identifies nobody. Numbers are never
counted. A lost count does no harm: nothing here may slow down or break the page of a reader.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import DatabaseError, connection, transaction
from django.db.models import Count, F, Max, Q, Sum
from django.utils import timezone
from django.utils.crypto import salted_hmac

from education.search.models import FailedSearch

STORE_WORD_FROM = 5
RETENTION = timedelta(days=90)
# Both limits keep made-up words from filling the disk.
MAX_ROWS = 5_000
MAX_ROWS_PER_DAY = 500
MAX_WORDS_PER_SEARCH = 3
MIN_WORD_LENGTH = 3
# A reader waits at most this long for another writer; then the count is dropped.
LOCK_TIMEOUT_MS = 50


@dataclass(frozen=True)
class FailedWord:
    """A word of searches without results: how often, and the last day."""

    word: str
    count: int
    last: date


def record_failed_search(words: Iterable[str], language: str) -> None:
    """Count `words`, for which nothing was found. Never raises: a failed count is dropped."""
    counted = [word for word in words if word.isalpha() and len(word) >= MIN_WORD_LENGTH]
    if not counted:
        return
    try:
        with _short_sqlite_timeout(), transaction.atomic():
            _short_postgresql_timeout()
            for word in counted[:MAX_WORDS_PER_SEARCH]:
                _increment(word, language, timezone.localdate())
    except DatabaseError:
        return


def frequent_failed_words(limit: int) -> list[FailedWord]:
    """The stored words of the retention time, the most frequent first."""
    since = timezone.localdate() - RETENTION
    recent = FailedSearch.objects.filter(day__gte=since)
    stored = recent.exclude(word="").values("digest").annotate(shown=Max("word"))
    words = {row["digest"]: row["shown"] for row in stored}
    sums = (
        recent.filter(digest__in=words)
        .values("digest")
        .annotate(times=Sum("count"), last=Max("day"))
        .order_by("-times", "-last", "digest")[:limit]
    )
    return [FailedWord(words[row["digest"]], row["times"], row["last"]) for row in sums]


def delete_expired() -> None:
    """Delete counts that are older than the retention time."""
    FailedSearch.objects.filter(day__lt=timezone.localdate() - RETENTION).delete()


def _increment(word: str, language: str, today: date) -> None:
    digest = salted_hmac(
        "education.search.failed_searches", f"{language} {word}", algorithm="sha256"
    ).hexdigest()
    before = FailedSearch.objects.filter(digest=digest, day__gte=today - RETENTION)
    times = (before.aggregate(times=Sum("count"))["times"] or 0) + 1
    stored_word = word if times >= STORE_WORD_FROM else ""
    row = FailedSearch.objects.filter(digest=digest, day=today)
    if row.update(count=F("count") + 1, word=stored_word):
        return
    delete_expired()
    rows = FailedSearch.objects.aggregate(total=Count("pk"), today=Count("pk", filter=Q(day=today)))
    if rows["total"] < MAX_ROWS and rows["today"] < MAX_ROWS_PER_DAY:
        FailedSearch.objects.create(digest=digest, day=today, word=stored_word)


@contextmanager
def _short_sqlite_timeout() -> Iterator[None]:
    """On SQLite, wait only `LOCK_TIMEOUT_MS` for a writer, then restore the site's own timeout."""
    if connection.vendor != "sqlite":
        yield
        return
    timeout_ms = int(connection.settings_dict["OPTIONS"].get("timeout", 5) * 1000)
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA busy_timeout = {LOCK_TIMEOUT_MS}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA busy_timeout = {timeout_ms}")


def _short_postgresql_timeout() -> None:
    """On PostgreSQL, the same until the end of the transaction."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = {LOCK_TIMEOUT_MS}")
