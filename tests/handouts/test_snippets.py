"""Snippets on handouts: their position, and the freshness of a handout after one changes."""

from __future__ import annotations

import pytest
from django.test import Client

from education.articles.models import Article
from tests import factories
from tests.factories import check_wording, publish_documents
from tests.handouts.handout_helpers import print_code
from tests.handouts.test_freshness import ADVICE_CHANGED, CURRENT, TEXT_CHANGED, WORDS_CHANGED, look

pytestmark = pytest.mark.django_db


@pytest.fixture
def spots(db: None) -> Article:
    """A live article that includes a snippet."""
    factories.make_small_site()
    snippet, article = factories.snippet(), factories.article(snippets=["if-it-bursts"])
    publish_documents(snippet, article)
    return article


def test_handout_has_snippets_last_and_not_on_page_one(client, spots):
    html = client.get("/handouts/spots/?extent=everything").content.decode()
    assert html.index("<h2>Do not</h2>") < html.index("<h2>If it bursts</h2>")
    assert html.index("When to get help") < html.index("If it bursts")
    assert "Cover it." in html and "The leaflet" in html


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Cover it well. [@leaflet]", TEXT_CHANGED),
        ("Do not cover it. [@leaflet]", ADVICE_CHANGED),
    ],
)
def test_changed_snippet_counts_by_the_class_of_its_change(client, spots, text, told):
    code = print_code(spots)
    assert CURRENT in look(client, code)
    publish_documents(factories.snippet(text=text), note="Covering it.")
    shown = look(client, code)
    assert told in shown and "Covering it." in shown and "Text: changed" in shown
    assert CURRENT in look(client, print_code(spots))


def test_snippet_read_before_medicines_keeps_handout_current(client, spots):
    code = print_code(spots)
    publish_documents(factories.snippet(with_medicines=True))
    assert CURRENT in look(client, code)


def test_compared_snippet_keeps_the_handout_valid(client, spots):
    code = print_code(spots)
    snippet = factories.snippet(text="Cover it well. [@leaflet]")
    publish_documents(snippet)
    check_wording(snippet)
    assert WORDS_CHANGED in look(client, code)


def test_added_or_removed_snippet_is_shown_by_its_title(client, spots):
    code = print_code(spots)
    publish_documents(
        factories.snippet("tell-them"),
        factories.article(snippets=["tell-them"]),
        note="Another piece.",
    )
    shown = look(client, code)
    assert ADVICE_CHANGED in shown
    assert "Snippets › line 1" in shown
    assert "Tell them" in shown and "if-it-bursts" not in shown and "tell-them" not in shown


def test_snippet_of_another_page_does_not_count(client: Client, spots: Article) -> None:
    other = factories.snippet("other")
    publish_documents(other, factories.article("bumps", snippets=["other"]))
    code = print_code(spots)
    publish_documents(factories.snippet("other", "Do not touch it."), note="Other.")
    assert CURRENT in look(client, code)


def test_source_that_only_a_snippet_cites_counts(client, spots):
    publish_documents(factories.sources("guide"), factories.snippet(text="Cover it. [@guide]"))
    code = print_code(spots)
    changed = factories.sources("guide")
    values = changed.to_values()
    values["sources"][1]["withdrawn"] = "Out of date."
    changed.save_content(values)
    changed.record_edit()
    publish_documents(changed, note="A source is gone.")
    assert ADVICE_CHANGED in look(client, code)
