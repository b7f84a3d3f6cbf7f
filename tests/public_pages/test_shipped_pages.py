"""Every page of the shipped site: served, valid, small, in few queries."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from pathlib import Path
from xml.etree.ElementTree import Element

import brotli
import html5lib
import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.browser import live_site

# For the module that is run alone: pytest-django makes a database only where a test asks for one.
pytestmark = pytest.mark.django_db

# Brotli at its best, as the pages of a cache are kept. Half of the text is folded until it is asked
# for, and the meanings of up to 25 words are on the page.
MOST_WITHOUT_PICTURES = 10_450
MOST_WITH_PICTURES = 15 * 1024
PICTURE = re.compile(r'<img src="/static/(pictures/[^"]+)"')
# What a reader sees of a condition page with all folds closed.
MOST_WORDS = 1_000


@pytest.fixture(scope="module")
def pages(django_db_setup, django_db_blocker):
    """Each address with its answer, read once for all tests here, and how many queries it took: at
    first, and when what it is made of is held.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        live_site.load()
        client, read = Client(), {}
        for address in live_site.all_urls():
            counts = []
            for _time in range(2):
                with CaptureQueriesContext(connection) as queries:
                    answer = client.get(address)
                counts.append(len(queries))
            read[address] = (answer, tuple(counts))
        yield read
        transaction.set_rollback(True)


def test_every_page_is_served_in_few_queries(pages):
    for address, (answer, (at_first, later)) in pages.items():
        assert answer.status_code == (404 if address == "/no-such-page/" else 200), address
        is_condition = address.startswith("/conditions/") and address.count("/") == 3
        # Only a search that finds nothing looks for near words, and counts that.
        finds_nothing = address == "/search/?q=zzzz"
        assert later <= (4 if is_condition else 14 if finds_nothing else 6), address
        # Each edition that is not held is read with others in one query.
        assert at_first <= (14 if finds_nothing else 10), address


def test_every_page_is_well_formed_html(pages):
    for address, (answer, _queries) in pages.items():
        html5lib.HTMLParser(strict=True).parse(answer.content.decode())
        assert answer.content.startswith(b"<!doctype html>"), address


def test_condition_page_is_within_size_budget(pages):
    sizes = {}
    for address, (answer, _queries) in pages.items():
        if address.startswith("/conditions/"):
            html = answer.content.decode()
            # A drawing that is shown twice is loaded once.
            drawn = [
                Path(settings.BASE_DIR, "static", file).read_bytes()
                for file in dict.fromkeys(PICTURE.findall(html))
            ]
            bare = brotli.compress(re.sub("<img[^>]*>", "", html).encode())
            whole = [brotli.compress(part) for part in (answer.content, *drawn)]
            sizes[address] = (len(drawn), len(bare), sum(map(len, whole)))
    assert len(sizes) >= 5
    assert max(number for number, _bare, _whole in sizes.values()) == 7
    assert max(bare for _number, bare, _whole in sizes.values()) <= MOST_WITHOUT_PICTURES, sizes
    assert max(whole for _number, _bare, whole in sizes.values()) <= MOST_WITH_PICTURES, sizes


def visible_words(html: str) -> int:
    """The words of the main part that are shown while every fold and meaning is closed."""
    main = html5lib.parse(html, namespaceHTMLElements=False).find(".//main")
    for parent in list(main.iter()):
        for child in list(parent):
            if {"more", "crumbs"} & {*child.get("class", "").split()} or {"hidden", "popover"} & {
                *child.keys()
            }:
                parent.remove(child)
    return len(" ".join(main.itertext()).split())


def test_condition_page_is_short_while_its_folds_are_closed(pages):
    words = {
        address: visible_words(answer.content.decode())
        for address, (answer, _queries) in pages.items()
        if re.fullmatch(r"/conditions/[^/]+/", address)
    }
    assert len(words) >= 5 and max(words.values()) <= MOST_WORDS, words


def test_condition_page_shows_causes_in_source_order(pages):
    orders = {
        "white-discharge-from-back-spots": [
            "excess-sebum",
            "keratin-build-up",
            "folliculitis",
            "sebaceous-cyst",
            "acne",
        ],
        "fatty-bumps-on-the-back": [
            "incomplete-cleansing",
            "heavy-skin-products",
            "follicular-keratosis",
            "blocked-sebaceous-ducts",
            "seborrheic-dermatitis",
        ],
    }
    for slug, causes in orders.items():
        page = pages[f"/conditions/{slug}/"][0].content.decode().split("<main", 1)[1]
        cards = page.split('<ul class="cause-cards"')[1]
        places = [cards.index(f'href="/causes/{cause}/"') for cause in causes]
        assert places == sorted(places)
        assert (
            page.index('data-urgency="emergency"')
            < page.index('href="#urgent"')
            < page.index('id="do"')
            < page.index('data-urgency="urgent"')
            < page.index('<ul class="cause-cards"')
        )
        assert "ot yet reviewed by a clinician" in page and f'href="/handouts/{slug}/"' in page


def test_fold_of_signs_says_for_whom_they_are(pages):
    page = pages["/conditions/white-discharge-from-back-spots/"][0].content.decode()
    label = "11 more signs, also for diabetes, weak immune system, babies, frail people, pregnancy"
    assert f"<summary>{label}</summary>" in page
    assert "<summary>7 more signs, also for hard or big lumps, changing moles</summary>" in page


def test_glossary_has_every_term_and_about_says_what_is_stored(pages):
    assert pages["/glossary/"][0].content.count(b"<dt") > 50
    about = pages["/about/"][0].content.decode().casefold()
    for word in ("stored", "adapted from", "not endorsed", "review"):
        assert word in about, word


def test_headings_and_links_are_clear_when_heard_alone(pages):
    for address, (answer, _queries) in pages.items():
        # A handout is paper: it is read in its order.
        if address.startswith("/handouts/"):
            continue
        body = html5lib.parse(answer.content.decode(), namespaceHTMLElements=False)
        silent = {
            part
            for whole in body.iter()
            if whole.get("class") == "on-paper" or "hidden" in whole.attrib
            for part in whole.iter()
        }
        heard = [part for part in body.iter() if part not in silent]
        headings = Counter(said(part) for part in heard if re.fullmatch("h[1-6]", str(part.tag)))
        assert not {text for text, times in headings.items() if times > 1}, address
        places = defaultdict(set)
        for link in heard:
            if link.tag == "a":
                places[said(link)].add(link.get("href"))
        assert not {text: to for text, to in places.items() if len(to) > 1}, address


def said(part: Element) -> str:
    """The words of a heading or link."""
    return " ".join("".join(part.itertext()).split())
