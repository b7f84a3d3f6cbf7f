"""Pages on the disk: what is taken from there is what Django would make now, whatever changed meanwhile."""

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
from tests import builders
from tests.operations.door import Door
from tests.operations.test_page_cache import KEPT
from tests.reading.faces import CAUSE, CHECKLIST, CONDITION, HANDOUT

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("one_connection")]

MACHINES = (
    "/sitemap.xml",
    "/robots.txt",
    "/changes.atom",
    f"{CONDITION.rstrip('/')}.md",
    "/manifest.webmanifest",
)


def another(door: Door, **extra: Any) -> Door:
    """Another process of the same start, which holds no page."""
    return Door(store=door.store, **extra)


@pytest.mark.parametrize("address", KEPT)
def test_every_kept_page_is_stored_and_taken_from_there_to_the_letter(address, door) -> None:
    made, other = door.ask(address), another(door)
    taken = other.ask(address)
    assert not other.reached
    assert (taken.status, taken.body, taken.headers) == (made.status, made.body, made.headers)


def test_a_stored_condition_page_takes_no_query_and_four_after_a_change(door) -> None:
    door.ask(CONDITION)
    for elsewhere, most in ((False, 0), (True, 4)):
        if elsewhere:
            builders.published(builders.cause("elsewhere"))
        other = another(door)
        other.ask("/")
        with CaptureQueriesContext(connection) as queries:
            other.ask(CONDITION)
        assert len(queries) == most
        assert CONDITION not in [reached["PATH_INFO"] for reached in other.reached]


def test_a_page_that_a_change_concerns_is_made_again_and_the_others_are_not(door, spots) -> None:
    for address in (CONDITION, CAUSE, CHECKLIST):
        door.ask(address)
    spots.introduction = "Spots are nothing new under the sun."
    spots.save()
    builders.published(spots, **builders.WORDING)
    other = another(door)
    assert "nothing new under the sun" in other.ask(CONDITION).page
    other.ask(CHECKLIST)
    assert [reached["PATH_INFO"] for reached in other.reached] == [CONDITION]
    third = another(door)
    assert "nothing new under the sun" in third.ask(CONDITION).page
    assert not third.reached


def test_what_is_withdrawn_is_gone_and_what_comes_back_is_as_it_is_then(door, spots) -> None:
    door.ask(CONDITION)
    actions.withdraw(spots.document, reason="It was wrong.")
    assert another(door).ask(CONDITION).status == 410
    builders.published(spots, **builders.ADVICE)
    again = another(door).ask(CONDITION)
    assert again.status == 200 and again.body == lean(door.told(CONDITION).body)


def test_small_bytes_are_made_once_for_all_processes(door) -> None:
    for _ in range(3):
        small = door.ask(CONDITION, accept_encoding="br")
    with mock.patch("brotli.compress", side_effect=AssertionError):
        assert another(door).ask(CONDITION, accept_encoding="br").body == small.body


def test_two_processes_that_hold_a_page_compress_it_small_once(two) -> None:
    one, other = two
    one.ask(CONDITION, accept_encoding="br")
    other.ask(CONDITION, accept_encoding="br")
    small = one.ask(CONDITION, accept_encoding="br")
    with mock.patch("brotli.compress", side_effect=AssertionError):
        assert other.ask(CONDITION, accept_encoding="br").body == small.body


# What must not be stored, or not be believed.


def test_a_page_made_while_the_site_changed_is_not_stored(door, spots) -> None:
    behind = door.cache._application

    def meanwhile(environ: Any, start_response: Any) -> Any:
        response = behind(environ, start_response)
        if environ["PATH_INFO"] == CONDITION:
            spots.introduction = "Changed meanwhile."
            spots.save()
            builders.published(spots, **builders.WORDING)
        return response

    door.cache._application = meanwhile
    assert "Changed meanwhile." not in door.ask(CONDITION).page
    other = another(door)
    assert "Changed meanwhile." in other.ask(CONDITION).page
    assert len(other.reached) == 1


def test_a_page_of_yesterday_is_made_again(door, monkeypatch) -> None:
    door.ask(CONDITION)
    tomorrow = timezone.now() + timedelta(days=1)
    monkeypatch.setattr(timezone, "now", lambda: tomorrow)
    other = another(door)
    other.ask(CONDITION)
    assert len(other.reached) == 1


def test_a_page_of_another_start_is_made_again() -> None:
    builders.small_site()
    cache = LocMemCache("starts", {})
    cache.clear()
    Door(store=PageStore(cache)).ask(CONDITION)
    after = Door(store=PageStore(cache))
    after.ask(CONDITION)
    assert len(after.reached) == 1


def test_a_time_that_was_reckoned_cannot_be_asked_again_and_the_moment_itself_can(spots) -> None:
    with listening() as listener:
        Edition.objects.live().count()
    assert listener.heard()
    with listening() as listener:
        Publication.objects.filter(at__gt=clock.now() - timedelta(days=1)).count()
    assert listener.heard() is None


def test_what_writes_or_is_no_plain_question_is_not_asked_again(spots) -> None:
    with listening() as listener:
        Clinic(pk=1, name="Hill Street Clinic").save()
    assert listener.heard() is None
    with listening() as listener, connection.cursor() as cursor:
        cursor.execute("UPDATE clinic_clinic SET name = name")
    assert listener.heard() is None


def test_the_clock_stands_still_for_what_is_heard_and_goes_on_after() -> None:
    with listening() as listener:
        assert clock.now() == clock.now() == listener.at
    assert clock.now() > listener.at


def test_a_scheduled_change_is_seen_on_its_second(door, spots, monkeypatch) -> None:
    spots.introduction = "This was scheduled."
    spots.save()
    at = timezone.now() + timedelta(seconds=30)
    builders.published(spots, at=at, **builders.WORDING)
    door.ask(CONDITION)
    monkeypatch.setattr(timezone, "now", lambda: at - timedelta(microseconds=1))
    before = another(door)
    assert "This was scheduled." not in before.ask(CONDITION).page
    monkeypatch.setattr(timezone, "now", lambda: at)
    assert "This was scheduled." in another(door).ask(CONDITION).page


# A disk that is full, broken, or holds something else.


@pytest.mark.parametrize("method", ["get", "set"])
def test_a_disk_that_fails_costs_the_reader_nothing(method, spots) -> None:
    cache = LocMemCache("broken", {})
    door = Door(store=PageStore(cache))
    with mock.patch.object(cache, method, side_effect=OSError("No space left on device")):
        for _ in range(3):
            assert door.ask(CONDITION, accept_encoding="br").status == 200
    assert len(door.reached) == 1


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
def test_a_file_that_is_none_of_ours_is_as_if_it_were_not_there(content, spots, tmp_path) -> None:
    cache = FileBasedCache(str(tmp_path / "pages"), {"TIMEOUT": None})
    store = PageStore(cache)
    Door(store=store).ask(CONDITION)
    (file,) = Path(tmp_path / "pages").iterdir()
    file.write_bytes(content)
    door = Door(store=store)
    assert door.ask(CONDITION).status == 200 and len(door.reached) == 1
    file.unlink()
    file.parent.rmdir()
    assert Door(store=store).ask(CONDITION).status == 200


def test_a_database_that_fails_is_left_to_django_to_tell(door) -> None:
    door.ask(CONDITION)
    builders.published(builders.cause("elsewhere"))
    other = another(door)
    with mock.patch("education.operations.page_cache.asked._answers", side_effect=OperationalError("gone")):
        assert other.ask(CONDITION).status == 200
    assert len(other.reached) == 1


# Whatever happens on the site: two processes, the disk between them, and Django's own word.

LISTS = ("/", "/conditions/", "/causes/", "/glossary/", "/about/")
ADDRESSES = (CONDITION, CAUSE, CHECKLIST, HANDOUT, *LISTS, *MACHINES)
STEPS = (
    *("article", "cause", "checklist", "glossary", "self-check", "clinic", "review"),
    *("schedule", "later", "day", "withdraw", "back"),
)


class Site:
    """A small site to which things happen."""

    def __init__(self) -> None:
        self.steps = 0
        self.spots = builders.small_site()
        # Behind what was published: nothing of it may seem to be scheduled.
        self.now = timezone.now()

    @contextmanager
    def clock(self) -> Iterator[None]:
        with mock.patch.object(timezone, "now", lambda: self.now):
            yield

    def happen(self, step: str) -> None:
        """Let one thing happen; what the rules refuse does not."""
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
        builders.published(self.spots)

    def _cause(self, word: str) -> None:
        builders.published(builders.cause(text=f"Skin makes oil, {word}."))

    def _checklist(self, word: str) -> None:
        builders.published(builders.checklist(none_apply=f"Watch the spot, {word}."))

    def _glossary(self, word: str) -> None:
        builders.published(builders.glossary(Pore=f"A tiny hole, {word}.", Spots="Small bumps."))

    def _self_check(self, word: str) -> None:
        builders.published(builders.self_check(introduction=f"Answer for yourself, {word}."))

    def _schedule(self, word: str) -> None:
        self.spots.introduction = f"Later: {word}."
        self.spots.save()
        builders.published(self.spots, at=self.now + timedelta(minutes=10))

    def _later(self, word: str) -> None:
        self.now += timedelta(minutes=10)

    def _day(self, word: str) -> None:
        self.now += timedelta(days=1)

    def _withdraw(self, word: str) -> None:
        actions.withdraw(self.spots.document, reason=f"It was wrong, {word}.")

    def _back(self, word: str) -> None:
        builders.published(self.spots)

    def _clinic(self, word: str) -> None:
        Clinic(pk=1, name=f"Clinic {self.steps % 2}", emergency_number="911").save()

    def _review(self, word: str) -> None:
        person, _new = get_user_model().objects.get_or_create(username="ruth")
        day = timezone.localdate(self.now)
        due = day + timedelta(days=1)
        for edition in Edition.objects.live(self.now):
            Review.objects.create(edition=edition, by=person, shown_as="Ruth Ray", on=day, next_due=due)


@pytest.mark.prove
@settings(max_examples=max(8, settings().max_examples // 20))
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(STEPS), st.lists(st.sampled_from(ADDRESSES), min_size=1, max_size=4)),
        min_size=3,
        max_size=12,
    )
)
def test_whatever_happens_two_processes_say_what_django_says(steps: list[tuple[str, list[str]]]) -> None:
    with transaction.atomic():
        site = Site()
        first = Door()
        doors = (first, another(first, max_bytes=1))
        with site.clock():
            for step, addresses in steps:
                site.happen(step)
                site.now += timedelta(seconds=1)
                for address in addresses:
                    told = first.told(address)
                    for door in doors:
                        answer = door.later().ask(address)
                        assert answer.status == told.status, (step, address)
                        is_html = told.headers["Content-Type"].startswith("text/html")
                        body = lean(told.body) if is_html else told.body
                        assert answer.status != 200 or answer.body == body, (step, address)
        transaction.set_rollback(True)
