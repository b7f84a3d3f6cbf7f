"""Checks that an unchanged edition has passed do not run again, and no problem is lost by that."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest import mock

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)

from education.publishing import actions
from education.publishing.checks import passed_checks, publication_checks
from education.publishing.checks.publication_checks import Check, run_checks
from education.publishing.checks.site_snapshot import SiteSnapshot
from education.publishing.content import ActionRefused, Problem
from education.publishing.models import Document, Edition, PassedChecks
from education.publishing.workflow.pending import edition_problems
from tests import factories
from tests.factories import ADVICE, SIGNS, publish_documents

pytestmark = pytest.mark.django_db


@pytest.fixture
def spots(db: None):
    return factories.make_small_site()


@pytest.fixture
def runs(monkeypatch) -> Counter[str]:
    """How often the checks of live pages ran, by the name of the document."""
    counted: Counter[str] = Counter()

    def counting(check: Check) -> Check:
        def find(edition: Edition, site: SiteSnapshot) -> Iterator[Problem]:
            counted[edition.document.slug] += 1
            return check.find(edition, site)

        find.__module__, find.__qualname__ = check.find.__module__, check.find.__qualname__
        return check if check.only_going_live else replace(check, find=find)

    checks = [counting(check) for check in publication_checks._CHECKS]
    monkeypatch.setattr(publication_checks, "_CHECKS", checks)
    return counted


def test_unchanged_page_is_not_checked_again(spots, runs):
    publish_documents(factories.article(introduction="Many people get spots."))
    runs.clear()
    publish_documents(factories.checklist(none_apply="Watch the spot for three weeks."))
    publish_documents(factories.sources("another"))
    assert runs.keys() == {"skin", "sources"}


def test_page_is_checked_again_after_an_update_of_the_program(spots, runs, monkeypatch):
    publish_documents(factories.article(introduction="Many people get spots."))
    monkeypatch.setattr(passed_checks, "checks_version", lambda: "another")
    runs.clear()
    publish_documents(factories.checklist(none_apply="Watch the spot for three weeks."))
    assert runs["spots"]
    runs.clear()
    publish_documents(factories.checklist(none_apply="Watch the spot for four weeks."))
    assert not runs["spots"]


def test_page_is_checked_ahead_of_the_publication(spots, runs):
    PassedChecks.objects.all().delete()
    changed = factories.checklist(none_apply="Watch the spot for three weeks.")
    passed_checks.run_ahead([changed.pk])
    assert runs["spots"]
    runs.clear()
    publish_documents(changed)
    assert not runs["spots"]


def test_sign_that_an_unchanged_page_shows_cannot_go(spots, runs):
    publish_documents(factories.article(key_signs=["growing"]))
    runs.clear()
    with pytest.raises(ActionRefused) as refusal:
        publish_documents(factories.checklist(signs=SIGNS[:2]))
    assert [str(problem) for problem in refusal.value.problems] == [
        "article spots, key_signs › 1: The checklist has no sign “growing”. Correct it."
    ]
    assert runs["spots"] == 1


def test_review_page_checks_a_live_page_only_once(spots, runs):
    publish_documents(factories.article(introduction="Many people get spots."))
    (edition,) = actions.submit([factories.checklist(signs=SIGNS[1:])], **ADVICE)
    runs.clear()
    assert edition_problems(edition) == []
    assert not runs["spots"]


def test_queries_of_publishing_do_not_grow_with_the_pages(spots):
    numbers = []
    for step in range(3):
        changed = factories.checklist(none_apply=f"Watch the spot for {step + 3} weeks.")
        with CaptureQueriesContext(connection) as queries:
            publish_documents(changed)
        numbers.append(len(queries))
        for name in "abc":
            publish_documents(factories.article(f"more-{name}-{step}"))
    assert numbers[1] == numbers[2]


# Tomorrow by the real clock, so that the database takes what is cancelled here for still to come.
DAWN = datetime.now(UTC).replace(microsecond=0) + timedelta(days=1)
PAGES = ("spots", "lumps", "bumps")
SOURCES = ("who", "nhs")
WORDS = ("zebra", "lion")
LEVELS = (
    ("emergency", "urgent", "routine"),
    ("emergency", "emergency", "routine"),
    ("emergency", "urgent", "urgent"),
    ("urgent", "routine", "routine"),
)
CITED = ("", " [@leaflet]", " [@who]", " [@nhs] and [@who]")
# What a page may say: fine, a dose, too many columns for paper, a word that may be forbidden later.
TEXTS = ("Wash.", "Take 500 mg of it.", f"|{'a|' * 7}\n|{'-|' * 7}", *(f"A {w}." for w in WORDS))


class PublishingBothWays(RuleBasedStateMachine):
    """Every publication is checked in both ways, which must find the same problems."""

    skipped = 0
    refused = 0
    neighbours = 0

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.now, self.version, self.forbidden = DAWN, 0, ""
        checks = [*publication_checks._CHECKS, Check(self.forbid_word, True, False)]
        self.patches = [
            mock.patch.object(timezone, "now", lambda: self.now),
            mock.patch.object(actions, "find_problems", self.find_both_ways),
            mock.patch.object(publication_checks, "_CHECKS", checks),
            mock.patch.object(passed_checks, "checks_version", lambda: str(self.version)),
        ]
        for patch in self.patches:
            patch.start()

    def teardown(self) -> None:
        for patch in self.patches:
            patch.stop()
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    def forbid_word(self, edition: Edition, site: SiteSnapshot) -> Iterator[Problem]:
        if self.forbidden and self.forbidden in str(edition.data):
            yield Problem(edition.key, (), f"It says {self.forbidden}.")

    def find_both_ways(self, site: SiteSnapshot, editions: list[int]) -> list[Problem]:
        again = SiteSnapshot(site.at, site._going_live)
        whole = [
            problem
            for pk in editions
            for problem in run_checks(Edition.objects.select_related("document").get(pk=pk), again)
        ]
        rows = set(PassedChecks.objects.filter(version=self.version).values_list("pk", flat=True))
        type(self).skipped += len(rows.intersection(editions))
        found = passed_checks.find_problems(site, editions)
        assert found == whole
        changed = {pk for pk in editions if site.is_id_going_live(pk)}
        keys = {
            one.key for one in Edition.objects.filter(pk__in=changed).select_related("document")
        }
        type(self).neighbours += any(problem.key not in keys for problem in found)
        return found

    @initialize()
    def live_site(self) -> None:
        parts: list[Document] = [factories.sources(*SOURCES), factories.checklist()]
        parts += [factories.cause(), factories.cause("sweat"), factories.snippet()]
        self.publish(*parts, *(factories.article(name) for name in PAGES))
        self.publish(factories.self_check())

    @rule(keys=st.sets(st.sampled_from(SOURCES)), hours=st.sampled_from((0, 0, 2)))
    def change_sources(self, keys: set[str], hours: int) -> None:
        self.publish(factories.sources(*sorted(keys)), hours=hours)

    @rule(
        levels=st.sampled_from(LEVELS),
        number=st.integers(2, 3),
        hours=st.sampled_from((0, 0, 1)),
    )
    def change_checklist(self, levels: tuple[str, ...], number: int, hours: int) -> None:
        signs = [{**sign, "urgency": level} for sign, level in zip(SIGNS, levels, strict=True)]
        self.publish(factories.checklist(signs=signs[:number]), hours=hours)

    @rule(
        slug=st.sampled_from(("oil", "sweat")),
        name=st.sampled_from(("Oil", "Sweat", "Tight shoes", "TIGHT SHOES")),
        text=st.sampled_from(TEXTS),
    )
    def change_cause(self, slug: str, name: str, text: str) -> None:
        self.publish(factories.cause(slug, text, name=name))

    @rule(
        slug=st.sampled_from(PAGES),
        text=st.sampled_from(TEXTS),
        cited=st.sampled_from(CITED),
        shown=st.sets(st.sampled_from([sign["key"] for sign in SIGNS])),
        row=st.sampled_from(("", "", "Tight shoes", "sweat")),
        origin=st.sampled_from(((), (), SOURCES[:1])),
        uses=st.sampled_from(((), ("if-it-bursts",))),
        hours=st.sampled_from((0, 0, 0, 1)),
    )
    def change_page(
        self,
        slug: str,
        text: str,
        cited: str,
        shown: set[str],
        row: str,
        origin: tuple[str, ...],
        uses: tuple[str, ...],
        hours: int,
    ) -> None:
        page: Any = {"adapted_from": origin, "key_signs": sorted(shown), "snippets": uses}
        page |= {"introduction": text + cited, "named": (row,) if row else ()}
        self.publish(factories.article(slug, **page), hours=hours)

    @rule(name=st.sampled_from((*PAGES, "oil", "sweat", "skin", "if-it-bursts")))
    def withdraw(self, name: str) -> None:
        self.attempt(lambda: actions.withdraw(Document.objects.get(slug=name), reason="Gone."))

    @rule(word=st.sampled_from(("", *WORDS)))
    def update_program(self, word: str) -> None:
        self.version, self.forbidden = self.version + 1, word

    @rule()
    def run_ahead(self) -> None:
        passed_checks.run_ahead(Document.objects.values_list("pk", flat=True))

    @rule()
    def later(self) -> None:
        self.now += timedelta(hours=1)

    def publish(self, *documents: Document, hours: int = 0) -> None:
        at = self.now + timedelta(hours=hours) if hours else None
        self.attempt(lambda: publish_documents(*documents, at=at))

    def attempt(self, act: Any) -> None:
        try:
            act()
        except ActionRefused:
            type(self).refused += 1


@pytest.mark.prove
def test_both_ways_find_the_same_problems_in_random_sites():
    examples = settings.get_profile(settings.get_current_profile_name()).max_examples
    run_state_machine_as_test(
        PublishingBothWays,
        settings=settings(max_examples=max(examples // 4, 6), stateful_step_count=25),
    )
    found = PublishingBothWays
    assert found.skipped > 20 and found.refused > 10 and found.neighbours > 3
