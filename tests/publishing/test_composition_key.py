"""The key of a composition: another one for each thing that a page is made of."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from education.articles.models import Article
from education.clinic.models import Clinic
from education.publishing.composition import compose, compose_draft, get_live_edition_or_404
from education.publishing.composition_key import CompositionKey
from education.publishing.content import DocumentKey
from education.publishing.models import Edition, Review
from education.web.kept_results import NotKept
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def spots() -> Article:
    return factories.make_small_site()


def key(**clinic: object) -> CompositionKey:
    edition = get_live_edition_or_404(DocumentKey("article", "spots"), "en")
    composition = compose(edition, site_wide=True, max_related=4)
    return CompositionKey.of(composition, Clinic(pk=1, **clinic))


def review() -> None:
    person = get_user_model().objects.create_user("ruth")
    day = timezone.localdate()
    for edition in Edition.objects.live():
        Review.objects.create(
            edition=edition, by=person, shown_as="Ruth", on=day, next_due=day + timedelta(9)
        )


CHANGES = {
    "article": lambda: factories.publish_documents(factories.article(introduction="Other.")),
    "cause": lambda: factories.publish_documents(factories.cause(text="Other.")),
    "checklist": lambda: factories.publish_documents(factories.checklist(none_apply="Other.")),
    "sources": lambda: factories.publish_documents(factories.sources("guide")),
    "glossary": lambda: factories.publish_documents(factories.glossary(Pore="Other.")),
    "self-check": lambda: factories.publish_documents(factories.self_check()),
    "related page": lambda: factories.publish_documents(factories.article("bumps")),
    "review": review,
}


@pytest.mark.parametrize("change", CHANGES)
def test_key_is_another_after_a_change(change, spots):
    before = key()
    assert key() == before and key().digest == before.digest
    CHANGES[change]()
    assert key() != before and key().digest != before.digest


def test_key_is_the_same_after_a_change_elsewhere(spots):
    before = key()
    factories.publish_documents(factories.cause("elsewhere"))
    assert key() == before and key().digest == before.digest


@pytest.mark.parametrize(
    "facts", [{"phone": "555 0100"}, {"emergency_number": "911"}, {"self_checks_enabled": True}]
)
def test_key_is_another_for_another_clinic(facts, spots):
    plain = {name: "" if name != "self_checks_enabled" else False for name in facts}
    assert key(**facts) != key(**plain)


def test_key_is_another_on_another_day_and_in_another_language(spots):
    one = key()
    edition = get_live_edition_or_404(DocumentKey("article", "spots"), "en")
    tomorrow = compose(edition, timezone.now() + timedelta(days=1), site_wide=True, max_related=4)
    keys = {one, CompositionKey.of(tomorrow, Clinic(pk=1)), replace(one, language="es")}
    assert len(keys) == 3 and len({each.digest for each in keys}) == 3


def test_draft_has_no_key(spots):
    spots.introduction = "Not published."
    spots.save()
    with pytest.raises(NotKept):
        CompositionKey.of(compose_draft(spots.document), Clinic(pk=1))
