"""Counting what readers looked for in vain, so that staff learn the words they use.

A word is counted by day, under a hash with the site's secret key. The word itself is kept only once
it was counted often, for a word that many use says nothing about one of them. Numbers are never
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
# So many rows at most, of which so many may be new on one day: nobody can fill the disk with
# made-up words.
MAX_ROWS, MAX_ROWS_PER_DAY = 5_000, 500
MAX_WORDS_PER_SEARCH = 3
MIN_WORD_LENGTH = 3
LOCK_TIMEOUT_MS = 50


@dataclass(frozen=True)
class FailedWord:
    """A word that was looked for in vain, how often, and on which day last."""

    word: str
    count: int
    last: date


def record_failed_search(words: Iterable[str], language: str) -> None:
    """Count that nothing was found for `words`; whatever goes wrong with that is let go."""
    counted = [word for word in words if word.isalpha() and len(word) >= MIN_WORD_LENGTH][
        :MAX_WORDS_PER_SEARCH
    ]
    if not counted:
        return
    try:
        with _short_sqlite_timeout(), transaction.atomic():
            _short_postgresql_timeout()
            for word in counted:
                _increment(word, language, timezone.localdate())
    except DatabaseError:
        return


def frequent_failed_words(limit: int) -> list[FailedWord]:
    """The words that are kept, the most wanted first."""
    since = timezone.localdate() - RETENTION
    recent = FailedSearch.objects.filter(day__gte=since)
    kept = recent.exclude(word="").values("digest").annotate(shown=Max("word"))
    words = {row["digest"]: row["shown"] for row in kept}
    sums = (
        recent.filter(digest__in=words)
        .values("digest")
        .annotate(times=Sum("count"), last=Max("day"))
        .order_by("-times", "-last", "digest")[:limit]
    )
    return [FailedWord(words[row["digest"]], row["times"], row["last"]) for row in sums]


def delete_expired() -> None:
    """Delete what was counted long ago."""
    FailedSearch.objects.filter(day__lt=timezone.localdate() - RETENTION).delete()


def _increment(word: str, language: str, today: date) -> None:
    digest = salted_hmac(
        "education.search.failed_searches", f"{language} {word}", algorithm="sha256"
    ).hexdigest()
    before = FailedSearch.objects.filter(digest=digest, day__gte=today - RETENTION)
    times = (before.aggregate(times=Sum("count"))["times"] or 0) + 1
    kept = word if times >= STORE_WORD_FROM else ""
    if not FailedSearch.objects.filter(digest=digest, day=today).update(
        count=F("count") + 1, word=kept
    ):
        delete_expired()
        rows = FailedSearch.objects.aggregate(
            all=Count("pk"), of_today=Count("pk", filter=Q(day=today))
        )
        if rows["all"] < MAX_ROWS and rows["of_today"] < MAX_ROWS_PER_DAY:
            FailedSearch.objects.create(digest=digest, day=today, word=kept)


@contextmanager
def _short_sqlite_timeout() -> Iterator[None]:
    """On SQLite, wait for a writer for a moment only; the site's own patience comes back
    afterwards.
    """
    if connection.vendor != "sqlite":
        yield
        return
    patience = int(connection.settings_dict["OPTIONS"].get("timeout", 5) * 1000)
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA busy_timeout = {LOCK_TIMEOUT_MS}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA busy_timeout = {patience}")


def _short_postgresql_timeout() -> None:
    """On PostgreSQL, the same, until the end of the transaction."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = {LOCK_TIMEOUT_MS}")
