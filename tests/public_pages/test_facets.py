"""Finding a page by place on the body, by look, and by related pages."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import get_args

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from education.articles import card_list
from education.articles.facets import AREAS, LOOKS, Area, Look
from education.publishing import actions
from education.publishing.content import ActionRefused
from education.publishing.models import Edition, EditionFacet
from tests import factories
from tests.factories import WORDING, publish_documents
from tests.public_pages.all_urls import CAUSE, CONDITION

pytestmark = pytest.mark.django_db


def main_of(client, address):
    return client.get(address).content.decode().split("<main", 1)[1].split("</main>")[0]


def related_titles(client, address):
    """The pages that a page names as related, in order."""
    found = re.search(
        r"<section class=\"screen\"><h2>[^<]*</h2>\s*<ul>(.*?)</ul>",
        main_of(client, address),
        re.DOTALL,
    )
    return re.findall(r'href="([^"]*)"', found[1]) if found else []


def test_facet_list_has_exactly_its_live_pages(client, spots):
    publish_documents(factories.article("lumps", areas=["back", "face"], looks_like=[]))
    publish_documents(factories.article("later"), at=timezone.now() + timedelta(days=1))
    factories.article("draft")
    back = main_of(client, "/browse/area/back/")
    assert "/conditions/spots/" in back and "/conditions/lumps/" in back
    assert "later" not in back and "draft" not in back
    assert "/conditions/spots/" not in main_of(client, "/browse/area/face/")
    assert "/conditions/lumps/" not in main_of(client, "/browse/look/small-bumps/")
    actions.withdraw(spots, reason="Out of date.")
    assert "/conditions/spots/" not in main_of(client, "/browse/area/back/")


def test_page_removed_from_a_facet_is_not_listed(client, spots):
    publish_documents(factories.article(areas=["face"]), **WORDING)
    assert "/conditions/spots/" not in main_of(client, "/browse/area/back/")
    assert "/conditions/spots/" in main_of(client, "/browse/area/face/")


def test_facet_choices_link_to_pages_with_counts(client, spots):
    publish_documents(factories.article("lumps", areas=["back", "face"]))
    page = main_of(client, "/browse/")
    for address in re.findall(r'href="(/browse/[^"]+)"', page):
        assert "/conditions/" in main_of(client, address)
    assert "(2 pages)" in page and "(1 page)" in page and "/browse/area/feet/" not in page


def test_facet_without_pages_says_so_and_is_not_indexed(client, spots):
    answer = client.get("/browse/area/feet/")
    assert answer.status_code == 200 and b'content="noindex"' in answer.content
    assert b"There is no page here yet" in answer.content


@pytest.mark.parametrize(
    "address", ["/browse/area/moon/", "/browse/cause/oil/", "/browse/area/", "/browse/x/back/"]
)
def test_unknown_facet_is_not_found(address, client, spots):
    assert client.get(address).status_code == 404


@pytest.fixture
def many(spots, monkeypatch):
    """Five pages of one area and one cause, two on each part of a list, and one that is not live
    yet.
    """
    monkeypatch.setattr(card_list, "CARD_PAGE_SIZE", 2)
    for slug in ("a", "b", "c", "d"):
        publish_documents(factories.article(slug))
    publish_documents(factories.article("later"), at=timezone.now() + timedelta(days=1))
    return spots


@pytest.mark.parametrize(
    "addresses",
    [
        ("/browse/area/back/", "/browse/area/back/2/", "/browse/area/back/3/"),
        (CAUSE, f"{CAUSE}pages/2/", f"{CAUSE}pages/3/"),
    ],
)
def test_long_facet_list_is_paginated_completely(addresses, client, many):
    pages = [main_of(client, address) for address in addresses]
    shown = [re.findall(r'<h3><a href="/conditions/([^/"]*)/"', page) for page in pages]
    assert [len(part) for part in shown] == [2, 2, 1]
    assert shown[0] == ["c", "d"]
    assert sorted(slug for part in shown for slug in part) == ["a", "b", "c", "d", "spots"]
    for page, before, after in zip(pages, ("", *addresses), (*addresses[1:], ""), strict=False):
        links = re.findall(r'href="([^"]*)"', page)
        assert (not after or after in links) and (not before or before in links)
    assert client.get(addresses[-1].replace("3", "4")).status_code == 404
    assert "(part 3)" in pages[-1] and "(part" not in pages[0]


def test_facet_with_many_pages_says_more_than_one_part(client, many):
    publish_documents(factories.article("e", areas=["face"]))
    page = " ".join(main_of(client, "/browse/").split())
    assert re.search(r'area/back/">[^<]*</a> <span class="soft">\(more than 2 pages\)', page)
    assert re.search(r'area/face/">[^<]*</a> <span class="soft">\(1 page\)', page)


def test_later_part_of_withdrawn_cause_list_says_so(client, many):
    factories.cause("soap")
    publish_documents(
        *(factories.article(slug, causes=("oil", "soap")) for slug in ("a", "b", "c")),
        factories.cause("soap"),
    )
    assert client.get("/causes/soap/pages/2/").status_code == 200
    for slug in ("a", "b", "c"):
        publish_documents(factories.article(slug))
    actions.withdraw(Edition.objects.live().get(document__slug="soap").document, reason="Old.")
    assert client.get("/causes/soap/pages/2/").status_code == 410


def test_unknown_facet_value_is_refused_in_a_working_copy(db):
    factories.make_small_site()
    for wrong in ({"areas": ["moon"]}, {"looks_like": ["small-bumps", "small-bumps"]}):
        with pytest.raises(ActionRefused):
            factories.article("moon", **wrong)


def test_facet_of_an_edition_is_never_changed_or_deleted(spots):
    facet = EditionFacet.objects.first()
    for change in (
        lambda: EditionFacet.objects.update(facet="area/face"),
        lambda: EditionFacet.objects.filter(pk=facet.pk).delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_related_pages_share_most_facets_and_are_at_most_four(client, spots):
    publish_documents(*(factories.cause(f"cause-{number}") for number in range(3)))
    every = ("oil", "cause-0", "cause-1", "cause-2")
    publish_documents(factories.article(causes=every), note="More causes.")
    publish_documents(factories.article("best", causes=every))
    publish_documents(factories.article("good", causes=every[:2]))
    publish_documents(factories.article("fair", causes=every[:1]))
    publish_documents(factories.article("place", causes=every[:1], areas=["back"], looks_like=[]))
    publish_documents(factories.article("apart", causes=every[:1], areas=["face"], looks_like=[]))
    publish_documents(
        factories.article("later", causes=every), at=timezone.now() + timedelta(days=1)
    )
    assert related_titles(client, CONDITION) == [
        f"/conditions/{slug}/" for slug in ("best", "good", "fair", "place")
    ]
    actions.withdraw(Edition.objects.get(document__slug="best").document, reason="Out of date.")
    assert related_titles(client, CONDITION) == [
        f"/conditions/{slug}/" for slug in ("good", "fair", "place", "apart")
    ]


def test_page_without_shared_facets_has_no_related_pages(client, spots):
    publish_documents(factories.cause("sweat"))
    publish_documents(
        factories.article("feet", causes=("sweat",), areas=["feet"], looks_like=["dry-skin"])
    )
    assert related_titles(client, "/conditions/feet/") == related_titles(client, CONDITION) == []


def test_cause_page_names_other_causes_of_its_complaints(client, spots):
    publish_documents(factories.cause("sweat"), factories.cause("dust"), factories.cause("other"))
    publish_documents(factories.article("a", causes=("oil", "sweat", "dust")))
    publish_documents(factories.article("b", causes=("oil", "dust")))
    assert related_titles(client, CAUSE) == ["/causes/dust/", "/causes/sweat/"]
    assert related_titles(client, "/causes/other/") == []


def test_glossary_terms_are_marked_except_near_warning_signs(client, spots):
    publish_documents(
        factories.glossary(Oil="Fat.", Pain="It hurts.", Spreading="Growing."), **WORDING
    )
    publish_documents(factories.cause(text="Pain comes from oil. Pain again."), **WORDING)
    publish_documents(factories.article(introduction="Pain is common. Pain may be bad."), **WORDING)
    page, cause = main_of(client, CONDITION), main_of(client, CAUSE)
    assert "The pain is spreading" in page
    for html in (page, cause):
        assert re.findall(r'<a class="term" href="([^"]*)" hidden[^>]*>([^<]*)</a>', html) == [
            ("/glossary/#pain", "Pain")
        ], "the page of the cause is about oil itself"
        assert html.count('popovertarget="m-pain"') == 2 and html.count('id="m-pain"') == 1
        assert "It hurts." in html and "Fat." not in html
    for address in ("/handouts/spots/", "/when-to-see-a-doctor/skin/", "/glossary/"):
        assert 'class="term"' not in main_of(client, address), address
    assert 'id="pain"' in main_of(client, "/glossary/")


def test_site_without_glossary_marks_nothing(client, spots):
    actions.withdraw(
        Edition.objects.get(document__kind="glossary").document, reason="Being rewritten."
    )
    assert 'class="term"' not in main_of(client, CONDITION)


def test_facet_pages_take_few_queries_at_any_size(client, spots):
    publish_documents(factories.self_check())
    for number in range(4):
        publish_documents(factories.article(f"page-{number}"))
    # With three articles or more, the page of a cause asks for the list of them, too.
    counts = {CONDITION: 4, CAUSE: 7, "/browse/": 2, "/browse/area/back/": 2}
    for address, most in counts.items():
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        assert len(queries) == most, [query["sql"] for query in queries]


def test_facet_values_have_labels_and_are_in_the_guide():
    assert tuple(AREAS) == get_args(Area) and tuple(LOOKS) == get_args(Look)
    guide = (Path(__file__).resolve().parents[2] / "docs" / "content-format.md").read_text()
    assert not [key for key in (*AREAS, *LOOKS) if f"`{key}`" not in guide]
    assert len({str(name) for name in (*AREAS.values(), *LOOKS.values())}) == len(AREAS) + len(
        LOOKS
    )
