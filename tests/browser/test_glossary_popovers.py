"""A marked word opens its meaning in place; an old browser follows it to the glossary."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser import live_site

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CONDITION = "/conditions/white-discharge-from-back-spots/"
PHONE = {"width": 320, "height": 640}
WORD = "antibiotics"
MEANING = "A medicine that fights bacteria."


@pytest.fixture
def site(live_server) -> str:
    live_site.load()
    return live_server.url


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport=PHONE, bypass_csp=True)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize(
    ("address", "term", "text"),
    [(CONDITION, "antibiotic", MEANING), ("/causes/acne/", "hormones", "Natural chemicals")],
)
def test_word_opens_meaning_in_place_by_keyboard(address, term, text, page, site):
    page.goto(site + address)
    word = page.get_by_role("button", name=term).first
    word.focus()
    place = page.evaluate("scrollY")
    page.keyboard.press("Enter")
    meaning = page.get_by_role("dialog", name=term)
    expect(meaning).to_be_focused()
    expect(meaning).to_contain_text(text)
    assert page.evaluate("scrollY") == place and page.url == site + address
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert not Axe().run(page).response["violations"]
    page.keyboard.press("Escape")
    expect(meaning).to_be_hidden()
    expect(word).to_be_focused()


def test_meaning_closes_by_its_button_and_by_a_tap_beside_it(page, site):
    page.goto(site + CONDITION)
    word, meaning = page.get_by_role("button", name=WORD), page.get_by_role("dialog")
    word.click()
    page.get_by_role("button", name="Close").click()
    expect(meaning).to_be_hidden()
    word.click()
    page.mouse.click(5, 5)
    expect(meaning).to_be_hidden()


def test_word_links_to_glossary_where_popovers_are_unknown(page, site):
    def serve_to_an_old_browser(route: Route) -> None:
        html = route.fetch().text().replace(":popover-open)", ":unknown)").replace("popover", "x")
        route.fulfill(body=html, content_type="text/html")

    page.route(site + CONDITION, serve_to_an_old_browser)
    page.goto(site + CONDITION)
    assert not page.get_by_role("button", name=WORD).count()
    assert not page.get_by_text(MEANING).is_visible()
    page.get_by_role("link", name=WORD).click()
    page.wait_for_url(f"{site}/glossary/#antibiotic")
    expect(page.locator(":target")).to_contain_text(MEANING)


def test_words_print_as_text_without_meanings(page, site):
    page.goto(site + CONDITION)
    page.emulate_media(media="print")
    word = page.get_by_role("button", name=WORD)
    assert word.is_visible() and not page.get_by_text(MEANING).is_visible()
    assert word.evaluate("e => getComputedStyle(e).textDecorationLine") == "none"
