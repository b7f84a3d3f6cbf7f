"""What readers see after a change, in a process that keeps what it made: what a process makes that
keeps nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from unittest import mock

import pytest
from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from education.clinic.models import Clinic
from education.publishing import actions
from education.publishing.content import ActionRefused
from education.publishing.models import Edition, Review
from tests import factories
from tests.fresh_pages import nothing_kept
from tests.operations.page_cache_client import ClientResponse, PageCacheClient
from tests.public_pages.all_urls import CAUSE, CHECKLIST, CONDITION, HANDOUT

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("one_connection")]

MARKDOWN, SAVED = f"{CONDITION.rstrip('/')}.md", f"{CONDITION.rstrip('/')}.html"
LISTS = ("/", "/conditions/", "/causes/", "/browse/area/back/", "/glossary/", "/about/")
MACHINES = ("/sitemap.xml", "/robots.txt", "/changes.atom", "/manifest.webmanifest")
ADDRESSES = (CONDITION, CAUSE, CHECKLIST, HANDOUT, MARKDOWN, SAVED, *LISTS, *MACHINES)


class Site:
    """A small site that changes: each step is something that readers see."""

    def __init__(self) -> None:
        self.steps = 0
        factories.make_small_site()
        clinic = Clinic.load()
        clinic.self_checks_enabled = True
        clinic.save()
        included = factories.snippet("burst")
        self.spots = factories.article(
            introduction="Most people get spots in a pore. [@leaflet]",
            snippets=["burst"],
            first_step="Wash. If it is worse, call {emergency number}.",
        )
        factories.publish_documents(included, self.spots)
        factories.publish_documents(factories.self_check(), factories.article("bumps"))
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
                getattr(self, step)(word)
        except ActionRefused:
            pass
        self.now += timedelta(seconds=1)

    def article(self, word: str) -> None:
        self.spots.introduction = f"Most people get spots in a pore, {word}. [@leaflet]"
        self.spots.save()
        factories.publish_documents(self.spots)

    def cause(self, word: str) -> None:
        factories.publish_documents(factories.cause(word.replace("step ", "oil"), word))
        factories.publish_documents(factories.cause(name=f"Oil, {word}"))

    def snippet(self, word: str) -> None:
        factories.publish_documents(factories.snippet("burst", f"Cover it, {word}. [@leaflet]"))

    def checklist(self, word: str) -> None:
        signs = [{**sign, "text": f"{sign['text']}, {word}"} for sign in factories.SIGNS]
        factories.publish_documents(factories.checklist(signs=signs))

    def sources(self, word: str) -> None:
        listed = factories.sources()
        rows = [{"key": "leaflet", "title": f"The leaflet, {word}", "publisher": "A clinic"}]
        listed.load_content(listed.content().model_validate({"sources": rows}))
        factories.publish_documents(listed)

    def glossary(self, word: str) -> None:
        factories.publish_documents(
            factories.glossary(Pore=f"A tiny hole, {word}.", Spots="Small bumps.")
        )

    def related(self, word: str) -> None:
        factories.publish_documents(factories.article("bumps", title=f"About {word}"))

    def self_check(self, word: str) -> None:
        factories.publish_documents(factories.self_check(introduction=f"For yourself, {word}."))

    def self_check_gone(self, word: str) -> None:
        actions.withdraw(factories.self_check().document, reason=f"It was wrong, {word}.")

    def clinic(self, word: str) -> None:
        self._clinic(name=f"Clinic, {word}", phone=f"555 010{self.steps % 10}")

    def number(self, _word: str) -> None:
        self._clinic(emergency_number=f"9{self.steps % 90 + 10}")

    def feature(self, _word: str) -> None:
        self._clinic(self_checks_enabled=not Clinic.load().self_checks_enabled)

    def _clinic(self, **values: object) -> None:
        clinic = Clinic.load()
        for name, value in values.items():
            setattr(clinic, name, value)
        clinic.save()

    def review(self, word: str) -> None:
        person, _new = get_user_model().objects.get_or_create(username="ruth")
        day = timezone.localdate(self.now)
        for edition in Edition.objects.live(self.now):
            Review.objects.create(
                edition=edition,
                by=person,
                shown_as=f"Ruth Ray, {word}",
                on=day,
                next_due=day + timedelta(days=1),
            )

    def overdue(self, word: str) -> None:
        self.review(word)
        self.now += timedelta(days=2)

    def schedule(self, word: str) -> None:
        self.spots.introduction = f"Later: {word}."
        self.spots.save()
        factories.publish_documents(self.spots, at=self.now + timedelta(minutes=10))

    def later(self, _word: str) -> None:
        self.now += timedelta(minutes=10)

    def scheduled(self, word: str) -> None:
        self.schedule(word)
        self.later(word)

    def day(self, _word: str) -> None:
        self.now += timedelta(days=1)

    def withdraw(self, word: str) -> None:
        with suppress(ActionRefused):
            # It leads to the article, which cannot go before it.
            self.self_check_gone(word)
        actions.withdraw(self.spots.document, reason=f"It was wrong, {word}.")

    def back(self, _word: str) -> None:
        factories.publish_documents(self.spots)


STEPS = tuple(name for name, one in vars(Site).items() if callable(one) and name[0] != "_")
STEPS = tuple(name for name in STEPS if name not in {"clock", "happen"})
# What alone changes nothing on the page of the condition of this site.
ALONE_NOTHING = {"self_check", "schedule", "later", "day", "back"}


def made_anew(page_cache: PageCacheClient, address: str) -> ClientResponse:
    with nothing_kept():
        return page_cache.fetch_from_django(address)


def same(one: ClientResponse, other: ClientResponse) -> bool:
    """Whether a reader sees the same."""
    return (one.status, one.body) == (other.status, other.body)


@pytest.mark.parametrize("step", [step for step in STEPS if step not in ALONE_NOTHING])
def test_condition_page_follows_each_thing_it_is_made_of(step) -> None:
    site, page_cache = Site(), PageCacheClient()
    with site.clock():
        before = [page_cache.fetch(CONDITION) for _time in range(2)][-1]
        assert same(before, made_anew(page_cache, CONDITION))
        site.happen(step)
        after = page_cache.advance(0.9).fetch(CONDITION)
        assert not same(after, before)
        assert same(after, made_anew(page_cache, CONDITION))


def test_emergency_number_changes_in_every_format() -> None:
    site, page_cache = Site(), PageCacheClient()
    addresses = (CONDITION, CAUSE, CHECKLIST, HANDOUT, MARKDOWN, SAVED, "/")
    with site.clock():
        site._clinic(emergency_number="911")
        for address in addresses:
            assert "911" in page_cache.advance().fetch(address).page, address
        site._clinic(emergency_number="112")
        for address in addresses:
            page = page_cache.advance(0.9).fetch(address).page
            assert "112" in page and "911" not in page, address


def test_page_after_a_change_elsewhere_takes_four_queries(page_cache) -> None:
    page_cache.fetch(CONDITION)
    factories.publish_documents(factories.cause("elsewhere"))
    page_cache.advance().fetch("/about/")
    with CaptureQueriesContext(connection) as queries:
        page_cache.fetch(CONDITION)
    assert len(queries) == 4


def test_edition_of_an_undone_transaction_is_never_shown(page_cache, spots) -> None:
    """Its number is given again."""

    def publish(words: str) -> str:
        spots.introduction = words
        spots.save()
        factories.publish_documents(spots)
        return page_cache.advance().fetch(CONDITION).page

    with transaction.atomic():
        assert "Undone." in publish("Undone.")
        number = Edition.objects.latest("pk").pk
        transaction.set_rollback(True)
    spots.refresh_from_db()
    assert "Undone." not in page_cache.advance().fetch(CONDITION).page
    assert "Done anew." in publish("Done anew.")
    assert connection.vendor != "sqlite" or Edition.objects.latest("pk").pk == number


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
def test_kept_pages_are_always_those_made_anew(steps: list[tuple[str, list[str]]]) -> None:
    with transaction.atomic():
        site = Site()
        # The second has no room, and makes nearly every page again of the parts that it keeps.
        doors = (PageCacheClient(), PageCacheClient(max_bytes=1))
        with site.clock():
            for step, addresses in steps:
                site.happen(step)
                for address in addresses:
                    told = made_anew(doors[0], address)
                    for page_cache in doors:
                        answer = page_cache.advance().fetch(address)
                        assert same(answer, told), (step, address)
        transaction.set_rollback(True)
