"""The counters of limits, in a file and in the database, behave alike."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from education.web.models import ThrottleCounter
from education.web.throttling import FileStore, Throttle

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["file", "database"])
def throttle(request: Any, settings: Any, tmp_path: Path) -> Throttle:
    settings.LIMITS_DIR = tmp_path
    store = FileStore("test") if request.param == "file" else ThrottleCounter.objects
    return Throttle("test", buckets=100_000, store=store)


def test_events_over_the_limit_are_refused_and_not_counted(throttle):
    assert [throttle.try_acquire("ada", 1, 3) for _ in range(5)] == [True] * 3 + [False] * 2
    assert throttle.try_acquire("ada", 1, 4)
    assert throttle.try_acquire("bea", 1, 3)


def test_several_events_at_once_are_counted_all_or_none(throttle):
    assert throttle.try_acquire("ada", 1, 3, number=2)
    assert not throttle.try_acquire("ada", 1, 3, number=2)
    assert throttle.try_acquire("ada", 1, 3)


def test_next_window_and_reset_start_from_zero(throttle):
    assert throttle.try_acquire("ada", 1, 1) and not throttle.try_acquire("ada", 1, 1)
    throttle.reset("ada", 1)
    assert throttle.try_acquire("ada", 1, 1)
    throttle.delete_expired(2)
    assert throttle.try_acquire("ada", 2, 1) and not throttle.try_acquire("ada", 2, 1)


def test_bucket_depends_on_key_window_and_scope(throttle):
    other = Throttle("other", throttle.buckets, throttle.store)
    buckets = {throttle.bucket("ada", 1), throttle.bucket("bea", 1), throttle.bucket("ada", 2)}
    assert len(buckets | {other.bucket("ada", 1)}) == 4


def test_database_counters_of_two_scopes_are_separate():
    first, second = (Throttle(scope, 1, ThrottleCounter.objects) for scope in ("a", "b"))
    assert first.try_acquire("ada", 1, 1) and second.try_acquire("ada", 1, 1)
    first.delete_expired(2)
    assert list(ThrottleCounter.objects.values_list("scope", flat=True)) == ["b"]


def test_counters_in_a_file_are_those_of_all_processes(settings, tmp_path):
    settings.LIMITS_DIR = tmp_path
    stores = FileStore("test"), FileStore("test")
    added = [stores[turn % 2].try_add("test", 1, 7, 1, 3) for turn in range(5)]
    assert added == [True] * 3 + [False] * 2
