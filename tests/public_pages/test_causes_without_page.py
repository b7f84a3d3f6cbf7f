"""A cause that an article names itself: its page, handout and Markdown show all of it."""

from __future__ import annotations

import json
import re
from typing import Any
from xml.etree import ElementTree

import html5lib
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from education.articles.content import ArticleContent
from education.articles.models import Article
from education.publishing.content import ActionRefused
from education.publishing.diff.fields import diff_content
from education.publishing.models import Change, Edition
from tests import factories
from tests.factories import publish_documents
from tests.handouts.handout_helpers import print_code
from tests.handouts.test_freshness import ADVICE_CHANGED, CURRENT, look
from tests.public_pages.all_urls import CONDITION

pytestmark = pytest.mark.django_db

OIL = {
    "cause": "oil",
    "what_happens": "Oil blocks a pore.",
    "looks": "Small and white.",
    "self_care": "Wash gently.",
    "glance_looks": "Shiny",
    "glance_hurts": "No",
    "glance_comes_out": "White oil",
    "glance_helps": "Warm water",
}
SHOES = {
    "name": "Tight shoes",
    "picture": "lipoma",
    "what_happens": "A shoe rubs the skin.\n\n# Why it rubs\n\nIt has no room. [@leaflet]",
    "looks": "A sore heel.",
    "self_care": "Wear wide shoes.",
    "may_suggest": "A pharmacist may suggest a soft pad. Ask before you use it.",
    "glance_looks": "A blister",
    "glance_hurts": "Yes",
    "glance_comes_out": "Clear fluid",
    "glance_helps": "Wide shoes",
}
TEXTS = [
    "A shoe rubs the skin.",
    "Why it rubs",
    "It has no room.",
    "A sore heel.",
    "Wear wide shoes.",
    "A pharmacist may suggest a soft pad. Ask before you use it.",
]
HEADINGS = [
    "What happens",
    "How it looks or feels",
    "What you can do",
    "What a doctor or pharmacist may suggest",
]


def with_rows(rows: Any) -> Article:
    article = Article.objects.get(slug="spots")
    values = {**article.to_values(), "causes": list(rows)}
    article.load_content(ArticleContent.validate_values("spots", values))
    return article


@pytest.fixture
def spots(db: None) -> Article:
    """A live article with a cause that has a page, and one that has none."""
    factories.make_small_site()
    row = with_rows([OIL, SHOES])
    publish_documents(row)
    return row


def refused(values: dict[str, Any], *rows: dict[str, Any]) -> list[tuple[Any, ...]]:
    with pytest.raises(ActionRefused) as refusal:
        ArticleContent.validate_values("spots", {**values, "causes": list(rows)})
    return [problem.path for problem in refusal.value.problems]


NEITHER = {key: value for key, value in SHOES.items() if key not in {"name", "picture"}}


@pytest.mark.parametrize(
    ("row", "name"),
    [
        ({**OIL, "name": "Skin oil"}, "name"),
        ({**OIL, "picture": "acne"}, "picture"),
        (NEITHER, "cause"),
        ({**SHOES, "name": "!!!"}, "name"),
        ({**SHOES, "name": "x" * 81}, "name"),
        ({**SHOES, "picture": "https://evil.example/x.svg"}, "picture"),
        ({**SHOES, "cause": "Tight shoes"}, "cause"),
    ],
)
def test_cause_named_twice_or_not_at_all_is_refused(spots, row, name):
    assert ("causes", 0, name) in refused(spots.to_values(), row)


@pytest.mark.parametrize("name", ["tight SHOES", "Tight-shoes!"])
def test_two_causes_with_one_name_are_refused(spots, name):
    assert refused(spots.to_values(), OIL, SHOES, {**SHOES, "name": name}) == [
        ("causes", 2, "name")
    ]
    assert refused(spots.to_values(), {**SHOES, "name": "Oil"}, OIL) == [("causes", 1, "cause")]


def test_name_of_a_cause_page_in_the_article_is_refused(spots):
    publish_documents(factories.cause(name="Oily skin"))
    with pytest.raises(ActionRefused, match="“oily skin” stands in the article already") as found:
        publish_documents(with_rows([OIL, {**SHOES, "name": "oily skin"}]))
    assert [problem.path for problem in found.value.problems] == [("causes", 1, "name")]
    publish_documents(with_rows([{**SHOES, "name": "oily skin"}]))


def html_of(client: Client, address: str = CONDITION) -> str:
    html = client.get(address).content.decode()
    html5lib.HTMLParser(strict=True).parse(html)
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    return html


def text_of(element: ElementTree.Element) -> str:
    return " ".join("".join(element.itertext()).split())


def test_card_has_no_link_in_its_heading_and_every_text(client, spots):
    page = html5lib.parse(html_of(client), namespaceHTMLElements=False)
    linked, card = (one for one in page.iter("li") if one.get("class") == "cause-card")
    assert linked.find("h3/a") is not None and linked.find("details") is None
    assert [text_of(one) for one in card.iter("h3")] == ["Tight shoes"]
    assert card.find("h3/a") is None
    assert [text_of(cell) for cell in card.iter("dd")][1:] == [
        "Yes", "Clear fluid", "Wide shoes"
    ]  # fmt: skip
    assert [image.get("src").split("/")[-1][:14] for image in card.iter("img")] == [
        "lipoma-surface"
    ]
    fold, more = card.find("details"), card.find("div[@class='more']")
    assert text_of(fold) == "More about it: Tight shoes"
    assert [text_of(one) for one in more.iter("h4")] == [f"Tight shoes: {one}" for one in HEADINGS]
    assert all(text in text_of(more) for text in TEXTS)
    assert [text_of(one) for one in more.iter("h5")] == ["Why it rubs"]
    assert text_of(more).index("It has no room.") < text_of(page).index("The leaflet")


@pytest.mark.parametrize(
    ("rows", "where"),
    [
        ([OIL], "Medicines are on the page of each cause."),
        ([SHOES, OIL], "Medicines are under “More about it”, or on the page of the cause."),
        ([SHOES], "Medicines are under “More about it”."),
    ],
)
def test_page_says_where_medicines_are(client, spots, rows, where):
    publish_documents(with_rows(rows))
    assert f"Ask a doctor or pharmacist. {where}" in html_of(client)


def test_page_takes_no_more_queries(client, spots):
    client.get(CONDITION)
    with CaptureQueriesContext(connection) as queries:
        client.get(CONDITION)
    assert len(queries) == 4


def test_json_ld_names_the_cause_without_an_address(client, spots):
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html_of(client))
    oil, shoes = json.loads(found[0])["about"]["cause"]
    assert oil["url"].endswith("/causes/oil/")
    assert shoes == {"@type": "MedicalCause", "name": "Tight shoes"}


def test_no_page_or_list_of_causes_has_it(client, spots):
    assert client.get("/causes/tight-shoes/").status_code == 404
    assert "Tight shoes" not in html_of(client, "/causes/")
    edition = Edition.objects.live().get(document__slug="spots")
    assert [key.slug for key in edition.content.dependencies() if key.kind == "cause"] == ["oil"]
    assert not edition.facets.filter(facet__contains="shoes").exists()


def test_search_finds_the_page_by_its_name(client, spots):
    assert CONDITION in client.get("/search/", {"q": "tight shoes"}).content.decode()
    assert CONDITION not in client.get("/search/", {"q": "narrow boots"}).content.decode()


def test_markdown_has_every_text(client, spots):
    text = client.get("/conditions/spots.md").content.decode()
    part = text.split("### Tight shoes\n")[1].split("\n## ")[0]
    assert all(f"#### {heading}" in part for heading in HEADINGS)
    assert all(words in part for words in TEXTS)


def test_handout_has_every_text_and_its_picture(client, spots):
    html = html_of(client, "/handouts/spots/?extent=everything")
    part = html.split("</span> Tight shoes</h3>")[1].split("</article>")[0]
    assert all(f"<h4>{heading}<span" in part for heading in HEADINGS)
    assert all(words in part for words in TEXTS)
    assert "pictures/lipoma-section" in part
    assert 'id="article-spots-tight-shoes-what-why-it-rubs"' in part


def test_cause_is_chosen_for_a_handout(client, spots):
    assert 'name="cause" value="tight-shoes" checked> Tight shoes' in html_of(
        client, "/handouts/spots/?extent=everything"
    )
    html = html_of(client, "/handouts/spots/?extent=everything&cause=tight-shoes")
    assert "A sore heel." in html and "Oil blocks a pore." not in html
    assert "A sore heel." not in html_of(client, "/handouts/spots/?extent=everything&cause=oil")


def test_changed_text_makes_a_handout_outdated(client, spots):
    code = print_code(spots)
    publish_documents(with_rows([OIL, {**SHOES, "picture": "acne"}]), note="Another drawing.")
    assert CURRENT in look(client, code)
    publish_documents(with_rows([OIL, {**SHOES, "name": "Wet shoes"}]), note="Wet, not tight.")
    shown = look(client, code)
    assert ADVICE_CHANGED in shown and "Wet shoes" in shown and "Tight shoes" in shown


def test_handout_holds_when_the_cause_gets_a_page(client, spots):
    code = print_code(spots)
    page = factories.cause("tight-shoes", name="Tight shoes")
    row = {**SHOES, "cause": "tight-shoes", "name": "", "picture": ""}
    publish_documents(page, with_rows([OIL, row]), note="It has a page.")
    assert CURRENT in look(client, code)


def test_moved_cause_is_no_added_cause(spots):
    before = spots.content()
    (change,) = diff_content(before, with_rows([SHOES, OIL]).content())
    assert (change.path, change.kind) == (("causes",), "moved")
    assert "Tight shoes" in "".join(text for text, _marked in change.after)


def test_picture_is_presentation_and_a_new_name_is_advice(spots):
    (edition,) = publish_documents(with_rows([OIL, {**SHOES, "picture": "acne"}]))
    assert edition.change == Change.CHECKED_TEXT
    (edition,) = publish_documents(with_rows([OIL, {**SHOES, "name": "Wet shoes"}]))
    assert edition.change == Change.ADVICE


def test_each_cause_is_stored_without_empty_fields(spots):
    stored = Edition.objects.live().get(document__slug="spots").data["causes"]
    assert stored == [OIL, SHOES]
