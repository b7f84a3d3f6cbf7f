"""The search page: its texts and its queries."""

from __future__ import annotations

import html5lib
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import factories
from tests.factories import publish_documents

pytestmark = pytest.mark.django_db


@pytest.fixture
def spots(db):
    return factories.make_small_site()


def read(client, question):
    answer = client.get("/search/", {"q": question})
    html5lib.HTMLParser(strict=True).parse(answer.content.decode())
    return answer.content.decode()


def test_number_of_matches_is_announced_first(client, spots):
    page = read(client, "spots")
    assert '<p role="status"><strong>We found 2 matches for “spots”.' in page
    assert page.index('role="status"') < page.index('<h2 id="found-')


def test_matches_are_grouped_under_headings(client, spots):
    publish_documents(
        factories.glossary(Spots="Small bumps."), factories.cause("lumps", text="Not spots.")
    )
    page = read(client, "spots")
    places = [
        page.index(f'aria-labelledby="found-{kind}"') for kind in ("article", "cause", "glossary")
    ]
    assert places == sorted(places)
    assert '<h3><a href="/glossary/#spots">Spots</a></h3>' in page


def test_matching_synonym_is_shown(client, spots):
    publish_documents(factories.cause("lumps", also_called=["okapi bumps", "zebra skin"]))
    assert "Also called: <mark>okapi</mark> bumps</p>" in read(client, "okapi")


def test_misspelled_word_is_replaced_with_a_notice(client, spots):
    page = read(client, "sqots")
    assert "No page says “sqots”. We looked for “spot" in page and "/conditions/spots/" in page


def test_words_on_no_page_are_named(client, spots):
    page = read(client, "spots okapi")
    assert "No page says “okapi”." in page and "These have some of your words." in page


def test_empty_result_offers_similar_words_and_lists(client, spots):
    publish_documents(factories.cause("lumps", text="Use warm cream."))
    page = read(client, "crezm")
    assert "We found nothing for “crezm”." in page
    assert 'Did you mean: <a href="/search/?q=cream">cream</a>' in page
    assert "Did you mean" not in read(client, "wart")
    for address in ("/conditions/", "/causes/", "/when-to-see-a-doctor/"):
        assert f'href="{address}"' in page.split("<main", 1)[1]
    assert "emergency number" in page.split("<main", 1)[1].split("</main", 1)[0]


@pytest.mark.parametrize(
    "question", ["spots", "sqots", "chest pain", "nothing at all", "spots okapi"]
)
def test_emergency_line_is_above_every_result(question, client, spots):
    main = read(client, question).split("<main", 1)[1].split("</main", 1)[0]
    assert main.count("In an emergency, call your local emergency number now.") == 1
    assert main.index("In an emergency") < main.index('role="status"')


def test_correction_prefers_names_then_words_on_more_pages(client, spots):
    publish_documents(
        factories.cause("one", text="A gardenel and a marmalad."),
        factories.cause("two", text="A marmalat.", also_called=["gardenet"]),
        factories.cause("three", text="Also marmalat, and gardenel."),
    )
    assert "We looked for “gardenet” instead." in read(client, "gardenex")
    assert "We looked for “marmalat” instead." in read(client, "marmalak")


def test_successful_search_takes_three_queries_at_any_size(client, spots):
    def queries(question: str) -> int:
        with CaptureQueriesContext(connection) as made:
            client.get("/search/", {"q": question})
        return len(made)

    assert queries("spots") == 3
    publish_documents(
        *(factories.cause(f"cause-{number}", text="Spots of oil.") for number in range(45))
    )
    assert queries("spots") == 2
    assert "Here are the 24 best matches" in read(client, "oil")
    assert queries("sqots") <= 12
    assert queries("lump cancer") == 4
    assert queries("suicide") == 3


def test_empty_query_does_not_query_the_index(client, spots):
    with CaptureQueriesContext(connection) as made:
        client.get("/search/")
    assert len(made) == 1


def test_robots_may_index_search_page_but_not_results(client, spots):
    assert b"noindex" not in client.get("/search/").content
    for query in ("spots", "nothing+at+all"):
        assert (
            b'<meta name="robots" content="noindex">' in client.get(f"/search/?q={query}").content
        )
