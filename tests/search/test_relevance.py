"""Readers' queries lead to the page that helps, on both databases and when misspelled."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import transaction
from ruamel.yaml import YAML

from education.search.search import run_search
from tests.browser import live_site

pytestmark = pytest.mark.django_db

QUESTIONS = YAML(typ="safe").load(Path(__file__).with_name("questions.yaml"))


@pytest.fixture(scope="module")
def site(django_db_setup, django_db_blocker):
    """The shipped site, loaded once."""
    with django_db_blocker.unblock(), transaction.atomic():
        live_site.load()
        yield
        transaction.set_rollback(True)


def first_of(found):
    """What comes first: the addresses of the checklists that lead, or what stands for them; then
    the hits.
    """
    hits = [hit.url for group in found.groups for hit in group.hits]
    if found.red_flags is None:
        return hits
    if found.red_flags.is_crisis:
        return ["crisis line", *hits]
    leading = [edition.get_absolute_url() for edition in found.red_flags.checklists]
    return [
        *(["warning signs", *leading] if found.red_flags.groups else ["emergency number"]),
        *hits,
    ]


def test_questions_number_at_least_120():
    assert len(QUESTIONS) >= 120


# F
@pytest.mark.parametrize("question", QUESTIONS)
def test_expected_page_comes_first(question, site):
    found = run_search(question, "en")
    first, wanted = first_of(found), QUESTIONS[question]
    if wanted.startswith("/") and first[:1] == ["warning signs"]:
        first = first[1:]
    assert first[:1] == [wanted], (first, found.corrected, found.unknown_words)


def test_medical_word_is_found_with_its_meaning(site):
    groups = {group.kind: group.hits for group in run_search("sebum", "en").groups}
    assert groups["glossary"][0].url == "/glossary/#sebum"
    assert list(groups)[-1] == "glossary"
