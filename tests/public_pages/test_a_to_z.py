"""The A to Z: each live name once, under its letter."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from education.articles import a_to_z
from education.articles.a_to_z import AZIndex
from education.publishing import actions
from education.publishing.models import EditionName
from tests import factories
from tests.factories import WORDING, publish_documents

pytestmark = pytest.mark.django_db

LETTER = "/conditions/a-z/z/"


def main_of(client, address):
    return client.get(address).content.decode().split("<main", 1)[1].split("</main>")[0]


def names_on(client, address):
    return re.findall(
        r'<li><a href="/(?:conditions|causes)/[^/"]*/">([^<]*)</a>', main_of(client, address)
    )


@pytest.fixture
def long_list(spots, monkeypatch):
    """A list that is long for its limits: two pages under Z, and names that begin with
    no letter.
    """
    monkeypatch.setattr(a_to_z, "MAX_ON_ONE_PAGE", 5)
    monkeypatch.setattr(a_to_z, "LETTER_PAGE_SIZE", 3)
    publish_documents(
        factories.article(
            "zits", title="Zits", also_called=["zebra", "Zoster", "Ähnlich", "Éclair"]
        ),
        factories.article("zone", title="Zone", also_called=["Zulu", "3 spots", "(white) spots"]),
    )
    return spots


def test_short_list_is_one_page_with_every_name(client, spots):
    publish_documents(factories.article("zits", title="Zits", also_called=["3 spots", "boils"]))
    assert names_on(client, "/conditions/") == ["About spots", "boils", "Zits", "3 spots"]
    assert names_on(client, "/causes/") == ["Oil"]


def test_long_list_shows_letters_linking_to_their_names(client, long_list):
    page = main_of(client, "/conditions/")
    links = re.findall(r'href="(/conditions/a-z/[^"]*)"', page)
    assert [link.split("/")[-2] for link in links] == ["a", "e", "z", "other"]
    assert names_on(client, "/conditions/") == []
    found = [name for link in links for name in names_on(client, link)] + names_on(
        client, f"{LETTER}2/"
    )
    assert sorted(found) == sorted(row.name for row in EditionName.objects.filter(kind="article"))
    assert names_on(client, "/conditions/a-z/a/") == ["About spots", "Ähnlich"]
    assert names_on(client, "/conditions/a-z/other/") == ["(white) spots", "3 spots"]


def test_long_letter_is_split_into_numbered_pages(client, long_list):
    assert names_on(client, LETTER) == ["zebra", "Zits", "Zone"]
    assert names_on(client, f"{LETTER}2/") == ["Zoster", "Zulu"]
    page = main_of(client, f"{LETTER}2/")
    assert re.findall(r'aria-current="(\w+)">(.*?)\s*</a>', page) == [
        ("true", "Z"), ("page", '<span class="visually-hidden">Part </span>2')
    ]  # fmt: skip
    assert "(part 2 of 2)" in page and '<a href="/conditions/">Conditions A to Z</a>' in page
    assert re.findall(r'aria-current="(\w+)">(.*?)\s*</a>', main_of(client, LETTER))[0] == (
        "page",
        "Z",
    )
    whole = client.get(f"{LETTER}2/").content.decode()
    assert re.search(rf'<link rel="canonical" href="[^"]*{LETTER}2/">', whole)


def test_synonym_names_the_page_it_links_to(client, long_list):
    for page in (LETTER, f"{LETTER}2/"):
        for item in re.findall(r"<li>(.*?)</li>", main_of(client, page)):
            if shown := re.fullmatch(
                r'<a href="/conditions/(\w+)/">(\w+)</a>(?: <span[^>]*>(.*)</span>)?', item
            ):
                slug, name, see = shown.groups()
                assert (see or "") == (
                    "" if name.lower() == slug else f"(see “{slug.capitalize()}”)"
                )
    assert main_of(client, LETTER).count("(see “Zits”)") == 1


@pytest.mark.parametrize(
    "end", ["b/", "z/1/", "z/3/", "z/02/", "Z/", "zz/", "0/", "_/", "others/", "z/99999/", "ß/"]
)
def test_letter_or_part_without_names_is_not_found(end, client, long_list):
    assert client.get(f"/conditions/a-z/{end}", follow=True).status_code == 404
    assert client.get("/causes/a-z/z/").status_code == 404
    assert names_on(client, "/causes/a-z/o/") == ["Oil"]


def test_letters_come_from_live_pages_only(client, long_list):
    publish_documents(
        factories.article("later", title="Later"), at=timezone.now() + timedelta(days=1)
    )
    factories.article("draft", title="Draft")
    zits = factories.article("zits", title="Zits", also_called=["yellow"])
    publish_documents(zits, **WORDING)
    assert [letter.letter for letter in AZIndex("article", "en").letters()] == [
        "a",
        "y",
        "z",
        "other",
    ]
    actions.withdraw(zits, reason="Out of date.")
    assert [letter.letter for letter in AZIndex("article", "en").letters()] == ["a", "z", "other"]
    assert names_on(client, LETTER) == ["Zone", "Zulu"]
    for gone in ("e", "l", "d", "y"):
        assert client.get(f"/conditions/a-z/{gone}/").status_code == 404


@pytest.mark.parametrize(
    ("address", "count"), [("/conditions/", 3), (LETTER, 4), (f"{LETTER}2/", 4)]
)
def test_long_list_takes_few_queries(address, count, client, long_list):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    assert len(queries) == count, [query["sql"] for query in queries]


def test_short_list_takes_two_queries(client, spots):
    with CaptureQueriesContext(connection) as queries:
        client.get("/conditions/")
    assert len(queries) == 2


def test_name_of_an_edition_is_never_changed_or_deleted(spots):
    name = EditionName.objects.first()
    for change in (
        lambda: EditionName.objects.update(name="Other"),
        lambda: EditionName.objects.filter(pk=name.pk).delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_home_page_shows_twelve_pages_and_links_to_all(client, spots):
    publish_documents(*(factories.article(f"page-{number:02}") for number in range(11)))
    assert main_of(client, "/").count(
        '<li class="box">'
    ) == 12 and "See all conditions" not in main_of(client, "/")
    publish_documents(factories.article("page-99"))
    page = main_of(client, "/")
    assert page.count('<li class="box">') == 12 and "About page-99" in page
    assert '<a href="/conditions/">See all conditions, A to Z</a>' in page
