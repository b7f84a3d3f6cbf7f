"""Pages on the disk: what is taken from there is what Django would make now, whatever changed
meanwhile.
"""

from __future__ import annotations

import pickle
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.contrib.auth import get_user_model
from django.core.cache.backends.filebased import FileBasedCache
from django.core.cache.backends.locmem import LocMemCache
from django.db import OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from education import clock
from education.clinic.models import Clinic
from education.operations.page_cache.asked import listening
from education.operations.page_cache.lean_html import lean
from education.operations.page_cache.page_store import PageStore
from education.publishing import actions
from education.publishing.content import ActionRefused
from education.publishing.models import Edition, Publication, Review
from tests import factories
from tests.operations.page_cache_client import PageCacheClient
from tests.operations.test_page_cache import KEPT
from tests.public_pages.all_urls import CAUSE, CHECKLIST, CONDITION, HANDOUT

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("one_connection")]

MACHINES = (
    "/sitemap.xml",
    "/sitemap-lists.xml",
    "/sitemap-pages-1.xml",
    "/robots.txt",
    "/changes.atom",
    f"{CONDITION.rstrip('/')}.md",
    "/manifest.webmanifest",
)


def another(page_cache: PageCacheClient, **extra: Any) -> PageCacheClient:
    """Another process of the same start, which holds no page."""
    return PageCacheClient(store=page_cache.store, **extra)


@pytest.mark.parametrize("address", KEPT)
def test_stored_page_is_sent_unchanged(address, page_cache) -> None:
    made, other = page_cache.fetch(address), another(page_cache)
    taken = other.fetch(address)
    assert not other.django_requests
    assert (taken.status, taken.body, taken.headers) == (made.status, made.body, made.headers)


def test_stored_page_takes_no_query_and_four_after_a_change(page_cache) -> None:
    page_cache.fetch(CONDITION)
    for elsewhere, most in ((False, 0), (True, 4)):
        if elsewhere:
            factories.publish_documents(factories.cause("elsewhere"))
        other = another(page_cache)
        other.fetch("/")
        with CaptureQueriesContext(connection) as queries:
            other.fetch(CONDITION)
        assert len(queries) == most
        assert CONDITION not in [reached["PATH_INFO"] for reached in other.django_requests]


def test_change_rebuilds_only_the_pages_that_show_it(page_cache, spots) -> None:
    for address in (CONDITION, CAUSE, CHECKLIST):
        page_cache.fetch(address)
    spots.introduction = "Spots are nothing new under the sun."
    spots.save()
    factories.publish_documents(spots, **factories.WORDING)
    other = another(page_cache)
    assert "nothing new under the sun" in other.fetch(CONDITION).page
    other.fetch(CHECKLIST)
    assert [reached["PATH_INFO"] for reached in other.django_requests] == [CONDITION]
    third = another(page_cache)
    assert "nothing new under the sun" in third.fetch(CONDITION).page
    assert not third.django_requests


def test_withdrawn_page_is_gone_and_current_when_republished(page_cache, spots) -> None:
    page_cache.fetch(CONDITION)
    actions.withdraw(spots.document, reason="It was wrong.")
    assert another(page_cache).fetch(CONDITION).status == 410
    factories.publish_documents(spots, **factories.ADVICE)
    again = another(page_cache).fetch(CONDITION)
    assert again.status == 200 and again.body == lean(page_cache.fetch_from_django(CONDITION).body)


def test_page_is_recompressed_once_for_all_processes(page_cache) -> None:
    for _ in range(3):
        small = page_cache.fetch(CONDITION, accept_encoding="br")
    with mock.patch("brotli.compress", side_effect=AssertionError):
        assert another(page_cache).fetch(CONDITION, accept_encoding="br").body == small.body


def test_page_in_two_processes_is_recompressed_once(two) -> None:
    one, other = two
    one.fetch(CONDITION, accept_encoding="br")
    other.fetch(CONDITION, accept_encoding="br")
    small = one.fetch(CONDITION, accept_encoding="br")
    with mock.patch("brotli.compress", side_effect=AssertionError):
        assert other.fetch(CONDITION, accept_encoding="br").body == small.body


# What must not be stored, or not be believed.


def test_page_built_during_a_change_is_not_stored(page_cache, spots) -> None:
    behind = page_cache.cache._application

    def meanwhile(environ: Any, start_response: Any) -> Any:
        response = behind(environ, start_response)
        if environ["PATH_INFO"] == CONDITION:
            spots.introduction = "Changed meanwhile."
            spots.save()
            factories.publish_documents(spots, **factories.WORDING)
        return response

    page_cache.cache._application = meanwhile
    assert "Changed meanwhile." not in page_cache.fetch(CONDITION).page
    other = another(page_cache)
    assert "Changed meanwhile." in other.fetch(CONDITION).page
    assert len(other.django_requests) == 1


def test_page_of_yesterday_is_rebuilt(page_cache, monkeypatch) -> None:
    page_cache.fetch(CONDITION)
    tomorrow = timezone.now() + timedelta(days=1)
    monkeypatch.setattr(timezone, "now", lambda: tomorrow)
    other = another(page_cache)
    other.fetch(CONDITION)
    assert len(other.django_requests) == 1


def test_page_of_another_start_is_rebuilt() -> None:
    factories.make_small_site()
    cache = LocMemCache("starts", {})
    cache.clear()
    PageCacheClient(store=PageStore(cache)).fetch(CONDITION)
    after = PageCacheClient(store=PageStore(cache))
    after.fetch(CONDITION)
    assert len(after.django_requests) == 1


def test_query_is_repeatable_only_with_the_exact_time(spots) -> None:
    with listening() as listener:
        Edition.objects.live().count()
    assert listener.heard()
    with listening() as listener:
        Publication.objects.filter(at__gt=clock.now() - timedelta(days=1)).count()
    assert listener.heard() is None


def test_query_that_writes_is_not_repeatable(spots) -> None:
    with listening() as listener:
        Clinic(pk=1, name="Hill Street Clinic").save()
    assert listener.heard() is None
    with listening() as listener, connection.cursor() as cursor:
        cursor.execute("UPDATE clinic_clinic SET name = name")
    assert listener.heard() is None


def test_clock_is_stopped_while_queries_are_recorded() -> None:
    with listening() as listener:
        assert clock.now() == clock.now() == listener.at
    assert clock.now() > listener.at


def test_scheduled_change_is_shown_on_its_second(page_cache, spots, monkeypatch) -> None:
    spots.introduction = "This was scheduled."
    spots.save()
    at = timezone.now() + timedelta(seconds=30)
    factories.publish_documents(spots, at=at, **factories.WORDING)
    page_cache.fetch(CONDITION)
    monkeypatch.setattr(timezone, "now", lambda: at - timedelta(microseconds=1))
    before = another(page_cache)
    assert "This was scheduled." not in before.fetch(CONDITION).page
    monkeypatch.setattr(timezone, "now", lambda: at)
    assert "This was scheduled." in another(page_cache).fetch(CONDITION).page


# A disk that is full, broken, or holds something else.


@pytest.mark.parametrize("method", ["get", "set"])
def test_failing_disk_is_no_error_for_readers(method, spots) -> None:
    cache = LocMemCache("broken", {})
    page_cache = PageCacheClient(store=PageStore(cache))
    with mock.patch.object(cache, method, side_effect=OSError("No space left on device")):
        for _ in range(3):
            assert page_cache.fetch(CONDITION, accept_encoding="br").status == 200
    assert len(page_cache.django_requests) == 1


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"nonsense",
        pickle.dumps(None),
        pickle.dumps(None) + b"nonsense",
        pickle.dumps(None) + zlib.compress(b"nonsense"),
        pickle.dumps(None) + zlib.compress(pickle.dumps({"start": "x"})),
        pickle.dumps(None) + zlib.compress(b"ceducation.operations.gone\nGone\n."),
    ],
)
def test_foreign_file_in_the_store_is_ignored(content, spots, tmp_path) -> None:
    cache = FileBasedCache(str(tmp_path / "pages"), {"TIMEOUT": None})
    store = PageStore(cache)
    PageCacheClient(store=store).fetch(CONDITION)
    (file,) = Path(tmp_path / "pages").iterdir()
    file.write_bytes(content)
    page_cache = PageCacheClient(store=store)
    assert page_cache.fetch(CONDITION).status == 200 and len(page_cache.django_requests) == 1
    file.unlink()
    file.parent.rmdir()
    assert PageCacheClient(store=store).fetch(CONDITION).status == 200


def test_failing_database_is_left_to_django(page_cache) -> None:
    page_cache.fetch(CONDITION)
    factories.publish_documents(factories.cause("elsewhere"))
    other = another(page_cache)
    with mock.patch(
        "education.operations.page_cache.asked._answers", side_effect=OperationalError("gone")
    ):
        assert other.fetch(CONDITION).status == 200
    assert len(other.django_requests) == 1


# Whatever happens on the site: two processes, the disk between them, and Django's own word.

LISTS = ("/", "/conditions/", "/causes/", "/glossary/", "/about/")
ADDRESSES = (CONDITION, CAUSE, CHECKLIST, HANDOUT, *LISTS, *MACHINES)
STEPS = (
    *("article", "cause", "checklist", "glossary", "self-check", "clinic", "review"),
    *("schedule", "later", "day", "withdraw", "back"),
)


class Site:
    """A small site that changes at random."""

    def __init__(self) -> None:
        self.steps = 0
        self.spots = factories.make_small_site()
        # Behind what was published: nothing of it may seem to be scheduled.
        self.now = timezone.now()

    @contextmanager
    def clock(self) -> Iterator[None]:
        with mock.patch.object(timezone, "now", lambda: self.now):
            yield

    def happen(self, step: str) -> None:
        """Make one change, unless the rules refuse it."""
        self.steps += 1
        word = f"step {'abcdefghijklmnopqrstuvwxyz'[self.steps % 26]}"
        try:
            with transaction.atomic():
                getattr(self, f"_{step.replace('-', '_')}")(word)
        except ActionRefused:
            pass

    def _article(self, word: str) -> None:
        self.spots.introduction = f"Most people get spots, {word}."
        self.spots.save()
        factories.publish_documents(self.spots)

    def _cause(self, word: str) -> None:
        factories.publish_documents(factories.cause(text=f"Skin makes oil, {word}."))

    def _checklist(self, word: str) -> None:
        factories.publish_documents(factories.checklist(none_apply=f"Watch the spot, {word}."))

    def _glossary(self, word: str) -> None:
        factories.publish_documents(
            factories.glossary(Pore=f"A tiny hole, {word}.", Spots="Small bumps.")
        )

    def _self_check(self, word: str) -> None:
        factories.publish_documents(
            factories.self_check(introduction=f"Answer for yourself, {word}.")
        )

    def _schedule(self, word: str) -> None:
        self.spots.introduction = f"Later: {word}."
        self.spots.save()
        factories.publish_documents(self.spots, at=self.now + timedelta(minutes=10))

    def _later(self, word: str) -> None:
        self.now += timedelta(minutes=10)

    def _day(self, word: str) -> None:
        self.now += timedelta(days=1)

    def _withdraw(self, word: str) -> None:
        actions.withdraw(self.spots.document, reason=f"It was wrong, {word}.")

    def _back(self, word: str) -> None:
        factories.publish_documents(self.spots)

    def _clinic(self, word: str) -> None:
        Clinic(pk=1, name=f"Clinic {self.steps % 2}", emergency_number="911").save()

    def _review(self, word: str) -> None:
        person, _new = get_user_model().objects.get_or_create(username="ruth")
        day = timezone.localdate(self.now)
        due = day + timedelta(days=1)
        for edition in Edition.objects.live(self.now):
            Review.objects.create(
                edition=edition, by=person, shown_as="Ruth Ray", on=day, next_due=due
            )


@pytest.mark.prove
@settings(max_examples=max(4, settings().max_examples // 20))
@given(
    steps=st.lists(
        st.tuples(
            st.sampled_from(STEPS), st.lists(st.sampled_from(ADDRESSES), min_size=1, max_size=4)
        ),
        min_size=3,
        max_size=12,
    )
)
def test_two_processes_always_send_what_django_sends(
    steps: list[tuple[str, list[str]]],
) -> None:
    with transaction.atomic():
        site = Site()
        first = PageCacheClient()
        doors = (first, another(first, max_bytes=1))
        with site.clock():
            for step, addresses in steps:
                site.happen(step)
                site.now += timedelta(seconds=1)
                for address in addresses:
                    told = first.fetch_from_django(address)
                    for page_cache in doors:
                        answer = page_cache.advance().fetch(address)
                        assert answer.status == told.status, (step, address)
                        is_html = told.headers["Content-Type"].startswith("text/html")
                        body = lean(told.body) if is_html else told.body
                        assert answer.status != 200 or answer.body == body, (step, address)
        transaction.set_rollback(True)
