"""What readers type leads to the page that helps, whatever the database and however they spell."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import transaction
from ruamel.yaml import YAML

from education.search.finding import find
from tests.journeys import shipped

pytestmark = pytest.mark.django_db

QUESTIONS = YAML(typ="safe").load(Path(__file__).with_name("questions.yaml"))


@pytest.fixture(scope="module")
def site(django_db_setup, django_db_blocker):
    """The shipped site, loaded once."""
    with django_db_blocker.unblock(), transaction.atomic():
        shipped.load()
        yield
        transaction.set_rollback(True)


def test_there_are_at_least_sixty_questions():
    assert len(QUESTIONS) >= 60


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_page_that_must_come_first_does(question, site):
    found = find(question, "en")
    first = [hit.address for group in found.groups for hit in group.hits][:4]
    assert first[:1] == [QUESTIONS[question]], (first, found.replaced, found.unknown)


def test_a_medical_word_is_found_with_its_meaning(site):
    groups = {group.kind: group.hits for group in find("sebum", "en").groups}
    assert groups["glossary"][0].address == "/glossary/#sebum"
    assert list(groups)[-1] == "glossary"
