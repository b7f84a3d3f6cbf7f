"""What the site itself offers is found by the words for it."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from education.clinic.models import Clinic
from education.search.models import FailedSearch
from education.search.red_flags import data_file
from education.search.search import run_search
from education.search.site_tools import find_site_tools, site_tools
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(db):
    factories.make_small_site()


def main_part(client, query: str) -> str:
    return client.get("/search/", {"q": query}).content.decode().split("<main", 1)[1]


def test_tool_stands_before_the_pages_that_are_found(client, site):
    factories.publish_documents(factories.cause("lumps", text="Take this leaflet along."))
    page = main_part(client, "leaflet")
    assert '<h2 id="found-tool">On this site</h2>' in page
    assert page.index('href="/handouts/"') < page.index('href="/causes/lumps/"')
    assert "We found 2 matches" in page


def test_tool_alone_is_an_answer_and_no_failed_search(client, site):
    page = main_part(client, "is my paper still right")
    assert '<a href="/h/">Is my paper still right?</a>' in page
    assert "No page says" not in page and "We found 1 match " in page
    assert not FailedSearch.objects.exists()


def test_search_that_finds_a_tool_takes_four_queries_at_most(client, site):
    main_part(client, "spots")
    with CaptureQueriesContext(connection) as made:
        main_part(client, "check my paper")
    assert len(made) <= 4


def test_self_check_is_no_tool_where_it_is_off(client, site):
    assert 'href="/self-check/"' in main_part(client, "self check")
    Clinic.objects.create(pk=1, self_checks_enabled=False)
    assert 'href="/self-check/"' not in main_part(client, "self check")


@pytest.mark.parametrize("query", ["print a leaflet on suicide", "leaflet cannot breathe"])
def test_danger_word_leaves_no_room_for_tools(query, site):
    found = run_search(query, "en")
    assert found.red_flags and not any(group.kind == "tool" for group in found.groups)


@pytest.mark.parametrize(
    "query", ["spots", "wash the sheets", "paper cut", "what is right for my skin", "old scar"]
)
def test_query_about_something_else_finds_no_tool(query):
    assert not find_site_tools(query, "en")


def test_every_tool_has_an_address_and_words_for_readers(client):
    assert len(site_tools("en")) >= 5
    for tool in site_tools("en"):
        assert tool.title and tool.about and tool.phrases
        assert client.get(tool.url).status_code == 200


def test_language_without_a_file_has_no_tools():
    assert not data_file("xx", "site_tools.toml").exists() and not site_tools("xx")
