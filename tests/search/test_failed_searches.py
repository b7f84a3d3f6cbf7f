"""What is stored of searches without results, and what is not."""

from __future__ import annotations

import sqlite3
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

from education.search import failed_searches
from education.search.failed_searches import (
    MAX_ROWS_PER_DAY,
    RETENTION,
    STORE_WORD_FROM,
    frequent_failed_words,
    record_failed_search,
)
from education.search.models import FailedSearch
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def spots(db):
    return factories.make_small_site()


def everything() -> str:
    return repr(list(FailedSearch.objects.values_list()))


def test_word_is_stored_only_from_the_fifth_time(client, spots):
    for _time in range(STORE_WORD_FROM - 1):
        client.get("/search/?q=Zebra+spots+okapi")
        client.get("/search/?q=okapi")
    assert "okapi" not in everything() and not frequent_failed_words(10)
    client.get("/search/?q=okapi")
    assert [(each.word, each.count) for each in frequent_failed_words(10)] == [
        ("okapi", STORE_WORD_FROM)
    ]


def test_successful_search_writes_nothing(client, spots):
    for question in ("spots", "spotts", "spots+okapi", "", "the"):
        for _time in range(STORE_WORD_FROM):
            client.get(f"/search/?q={question}")
    assert not FailedSearch.objects.exists()


def test_head_request_counts_nothing(client, spots):
    client.head("/search/?q=okapi")
    assert not FailedSearch.objects.exists()


def test_numbers_are_never_counted(client, spots):
    client.get("/search/?q=07700900123+jane85+19850101")
    assert not FailedSearch.objects.exists()


def test_hash_depends_on_the_secret_key(spots, settings):
    record_failed_search(["okapi"], "en")
    settings.SECRET_KEY = "another key of the same length, or nearly so"
    record_failed_search(["okapi"], "en")
    assert FailedSearch.objects.count() == 2


def test_date_without_time_is_stored(spots):
    record_failed_search(["okapi"], "en")
    assert {field.name for field in FailedSearch._meta.get_fields()} == {
        "id",
        "day",
        "digest",
        "count",
        "word",
    }
    assert FailedSearch.objects.get().day == timezone.localdate()


def test_days_are_summed_and_expired_ones_deleted(spots):
    record_failed_search(["okapi"], "en")
    FailedSearch.objects.update(count=STORE_WORD_FROM - 1, day=timezone.localdate() - RETENTION)
    record_failed_search(["okapi"], "en")
    assert [each.count for each in frequent_failed_words(10)] == [STORE_WORD_FROM]
    FailedSearch.objects.filter(word="").update(
        day=timezone.localdate() - RETENTION - timedelta(days=1)
    )
    record_failed_search(["zebra"], "en")
    assert not FailedSearch.objects.filter(day__lt=timezone.localdate() - RETENTION).exists()


def test_table_size_is_limited(spots, monkeypatch):
    monkeypatch.setattr(failed_searches, "MAX_ROWS_PER_DAY", 20)
    for number in range(40):
        record_failed_search(["okapi" + chr(97 + number % 26) * (1 + number // 26)], "en")
    assert FailedSearch.objects.count() == 20 < MAX_ROWS_PER_DAY
    monkeypatch.setattr(failed_searches, "MAX_ROWS_PER_DAY", 100)
    monkeypatch.setattr(failed_searches, "MAX_ROWS", 25)
    for letter in "bcdefghijklmno":
        record_failed_search([f"zebra{letter}"], "en")
    assert FailedSearch.objects.count() == 25


def test_long_word_is_counted_in_part(client, spots):
    for _time in range(STORE_WORD_FROM):
        client.get("/search/?q=" + "okapi" * 30)
    assert len(frequent_failed_words(10)[0].word) == 40


def test_failed_count_is_ignored_silently(client, spots, monkeypatch):
    def busy(*_words, **_more):
        raise DatabaseError("database is locked")

    monkeypatch.setattr(failed_searches, "_increment", busy)
    answer = client.get("/search/?q=okapi")
    assert answer.status_code == 200 and "We found nothing" in answer.content.decode()


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(
    "postgresql" in settings.DATABASES["default"]["ENGINE"], reason="a lock of SQLite"
)
def test_search_does_not_wait_for_a_writer(client):
    writer = sqlite3.connect(Path(connection.settings_dict["NAME"]))
    writer.execute("BEGIN IMMEDIATE")
    try:
        started = time.monotonic()
        assert client.get("/search/?q=okapi").status_code == 200
        assert time.monotonic() - started < 5
    finally:
        writer.rollback()
        writer.close()
    assert not FailedSearch.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout")
        assert cursor.fetchone()[0] == 20_000
    client.get("/search/?q=okapi")
    assert FailedSearch.objects.count() == 1


def test_typed_words_are_not_logged(client, spots, caplog):
    caplog.set_level("DEBUG")
    for question in ("okapi", "spots", "okapi" * 50):
        client.get(f"/search/?q={question}")
    assert "okapi" not in "".join(
        record.getMessage() for record in caplog.records if "db" not in record.name
    )


def test_dashboard_lists_failed_words(admin_client, spots):
    for _time in range(STORE_WORD_FROM):
        record_failed_search(["okapi", "ring"], "en")
    FailedSearch.objects.filter(word="ring").update(word="<b>ring")
    page = admin_client.get("/admin/").content.decode()
    assert "“okapi”: 5 times, last on" in page and "“&lt;b&gt;ring”" in page


def test_about_page_explains_failed_searches(client, spots):
    page = client.get("/privacy/").content.decode()
    assert "If a search finds nothing, we count its words by day" in page
    assert "search for is stored" not in page
