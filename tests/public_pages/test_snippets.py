"""A snippet is shown on every page that includes it."""

from __future__ import annotations

import re
from typing import Any

import html5lib
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from education.articles.content import ArticleContent
from education.articles.models import Article
from education.publishing import actions
from education.publishing.composition import get_live_edition_or_404, review_status
from education.publishing.content import ActionRefused, DocumentKey
from education.publishing.history import page_changes
from education.publishing.models import Change, Edition
from education.publishing.workflow.pending import unpublished_related
from education.publishing.workflow.reviews import record_review, unreviewed_parts
from education.publishing.workflow.withdrawal import live_dependents
from tests import factories
from tests.factories import publish_documents
from tests.public_pages.all_urls import CONDITION

pytestmark = pytest.mark.django_db


@pytest.fixture
def spots(db: None) -> Article:
    """A live article that includes two snippets."""
    factories.make_small_site()
    publish_documents(factories.sources("guide"))
    first = factories.snippet(
        "if-it-bursts", "Cover it with gauze. [@guide]\n\n# What to use\n\nA clean cloth."
    )
    second = factories.snippet("tell-them-first", "Tell them about [oil](/causes/oil/).")
    article = factories.article(snippets=["if-it-bursts", "tell-them-first"])
    publish_documents(first, second, article)
    return article


def html_of(client: Client, address: str = CONDITION) -> str:
    html = client.get(address).content.decode()
    html5lib.HTMLParser(strict=True).parse(html)
    return html


def test_page_shows_snippets_folded_after_do_and_do_not(client, spots):
    html = html_of(client)
    order = [
        'id="do">',
        '<summary><h2 id="snippet-if-it-bursts">If it bursts</h2></summary>',
        "Cover it with gauze.",
        "<h3>What to use</h3>",
        '<summary><h2 id="snippet-tell-them-first">Tell them first</h2></summary>',
        'id="sources">',
        "The guide",
    ]
    places = [html.index(piece) for piece in order]
    assert places == sorted(places)
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids))


def test_snippet_citations_continue_page_numbering(client, spots):
    publish_documents(
        factories.article(introduction="Most get spots. [@leaflet]", snippets=["if-it-bursts"])
    )
    html = html_of(client)
    listed = re.findall(r'<li id="s(\d)">(.*?)</li>', html, re.DOTALL)
    numbers = {re.sub(r"<[^>]+>", "", words): number for number, words in listed}
    guide = next(number for words, number in numbers.items() if "The guide" in words)
    assert len(listed) == 2
    assert f'href="#s{guide}"' in html.split("Cover it with gauze.")[1][:120]


def test_page_with_ten_snippets_takes_four_queries(client, spots):
    keys = [f"piece-{number}" for number in range(10)]
    publish_documents(*map(factories.snippet, keys), factories.article(snippets=keys))
    client.get(CONDITION)
    with CaptureQueriesContext(connection) as queries:
        html = client.get(CONDITION).content.decode()
    assert len(queries) == 4
    assert html.count('<h2 id="snippet-') == 10


def test_markdown_includes_snippets_before_sources(client, spots):
    text = client.get("/conditions/spots.md").content.decode()
    assert "\n## If it bursts\n\nCover it with gauze." in text
    assert text.index("## Do not") < text.index("## If it bursts") < text.index("## Sources")


def test_changed_snippet_changes_every_page_that_includes_it(client, spots):
    publish_documents(factories.article("bumps", snippets=["if-it-bursts"]))
    publish_documents(factories.snippet("if-it-bursts", "Do not cover it."), note="Air is better.")
    for address in (CONDITION, "/conditions/bumps/"):
        html = html_of(client, address)
        assert "Do not cover it." in html and "gauze" not in html
        change = page_changes(
            get_live_edition_or_404(DocumentKey("article", address.split("/")[2]), "en")
        )[0]
        assert (change.part, change.note) == ("If it bursts", "Air is better.")


def test_article_is_published_only_with_its_snippets(spots):
    new = factories.snippet("new-one")
    article = factories.article(snippets=["new-one"])
    with pytest.raises(ActionRefused, match="needs the snippet “new-one”"):
        actions.publish([article], **factories.ADVICE)
    assert {new.pk} <= {other.pk for other in unpublished_related(article)}
    publish_documents(new, article)


def test_snippet_in_use_is_withdrawn_only_with_its_pages(spots):
    snippet = Edition.objects.live().get(document__slug="if-it-bursts").document
    with pytest.raises(ActionRefused, match="Take this away together with it"):
        actions.withdraw(snippet, reason="Wrong.")
    assert [other.slug for other in live_dependents(snippet)] == ["spots"]
    actions.withdraw(snippet, reason="Wrong.", also=[spots])


def test_changed_list_of_snippets_is_a_change_of_advice(spots):
    (edition,) = publish_documents(factories.article(snippets=["if-it-bursts"]))
    assert edition.change == Change.ADVICE


def test_page_is_reviewed_only_once_its_snippets_are(spots, django_user_model: Any):
    reviewer = django_user_model.objects.create_user("rita")
    page = get_live_edition_or_404(DocumentKey("article", "spots"), "en")
    parts = list(Edition.objects.live().exclude(document__kind="glossary"))
    snippet = next(part for part in parts if part.document.slug == "if-it-bursts")
    record_review(
        [part for part in parts if part != snippet], by=reviewer, shown_as="Rita Moss, nurse"
    )
    assert review_status(parts, page.frozen_at) is None
    assert unreviewed_parts(page) == [snippet]
    record_review([snippet], by=reviewer, shown_as="Rita Moss, nurse")
    assert review_status(parts, page.frozen_at) is not None


def test_snippet_has_no_page_and_articles_take_at_most_ten(client, spots):
    kind = Edition.objects.live().get(document__slug="if-it-bursts").document.document_type
    assert kind.render_page is None and kind.get_url("if-it-bursts") == "/conditions/"
    assert client.get("/snippets/if-it-bursts/").status_code == 404
    sitemap = client.get("/sitemap.xml").content.decode()
    assert "if-it-bursts" not in sitemap
    with pytest.raises(ActionRefused, match="more than it may have"):
        ArticleContent.validate_values(
            "x", {**spots.to_values(), "snippets": [f"k{number}" for number in range(11)]}
        )


def test_article_without_snippets_keeps_its_hash(db: None):
    factories.make_small_site()
    edition = Edition.objects.live().get(document__slug="spots")
    assert "snippets" not in edition.content


def test_cause_page_shows_cautions_with_its_medicines(client, spots):
    publish_documents(factories.snippet("tell-them-first", "Tell them all.", with_medicines=True))
    assert "Tell them all." not in html_of(client, "/causes/oil/")
    row = {**spots.to_values()["causes"][0], "may_suggest": "They may suggest a gel."}
    values = {**spots.to_values(), "causes": [row]}
    spots.load_content(ArticleContent.validate_values("spots", values))
    publish_documents(spots)
    page = html_of(client, "/causes/oil/")
    assert 'href="#medicines"' in page and "gauze" not in page
    order = ('<h2 id="medicines">', ">Tell them first</h3>", "Tell them all.", "suggest a gel.")
    places = [page.index(text) for text in order]
    assert places == sorted(places)
