"""How a page holds up: enlarged, without its style sheet, read in order, by keyboard, and while it loads."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys import shipped

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CONDITION = "/conditions/white-discharge-from-back-spots/"
PAGES = (
    CONDITION,
    "/causes/sebaceous-cyst/",
    "/when-to-see-a-doctor/back-skin/",
    "/",
    "/conditions/",
    "/search/?q=acne",
)
STORY = (
    "In short",
    "When to get help",
    "What this is about",
    "What may be the cause",
    "What to do and what not to do",
    "What a doctor may suggest",
    "Sources",
)
SHIFTS = """
window.moved = 0;
new PerformanceObserver(list => {
  for (const entry of list.getEntries()) window.moved += entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# What can be pressed but is smaller than a fingertip; a link in a line of text may be as high as its line.
SMALL_TARGETS = """() => [...document.querySelectorAll('a[href], button, input')].filter(e => {
  if (getComputedStyle(e).display === 'inline' || e.closest('.skip')) return false;
  const box = e.getBoundingClientRect();
  const least = e.matches('.button, .tick input, .search input') ? (e.type === 'checkbox' ? 24 : 44) : 24;
  return box.width && (box.height < least || box.width < 24);
}).map(e => `${e.outerHTML.slice(0, 80)} ${Math.round(e.getBoundingClientRect().height)}`)"""


@pytest.fixture
def site(live_server) -> str:
    shipped.load()
    return live_server.url


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 360, "height": 740}, bypass_csp=True)
    yield context.new_page()
    context.close()


def _four_times_as_large(page: Page, site: str) -> None:
    # 1280 x 1024 at 400 %.
    page.set_viewport_size({"width": 320, "height": 256})
    found = {}
    for address in PAGES:
        page.goto(site + address)
        if (extra := page.evaluate(SIDEWAYS)) > 0:
            found[address] = extra
        assert page.locator("h1").is_visible()
    assert found == {}


def _letters_twice_as_large(page: Page, site: str) -> None:
    for address in PAGES:
        page.goto(site + address)
        page.evaluate("document.documentElement.style.fontSize = '225%'")
        assert page.evaluate(SIDEWAYS) <= 0, address
        cut = page.evaluate(
            """() => [...document.querySelectorAll('main *')].filter(e => {
              const style = getComputedStyle(e);
              return style.overflow === 'hidden' && !e.closest('.visually-hidden')
                && e.scrollHeight > e.clientHeight + 1;
            }).map(e => e.outerHTML.slice(0, 80))"""
        )
        assert cut == [], address


def _large_enough_to_press(page: Page, site: str) -> None:
    for address in PAGES:
        page.goto(site + address)
        assert page.evaluate(SMALL_TARGETS) == [], address


def _the_story_without_its_style_sheet(page: Page, site: str) -> None:
    page.goto(site + CONDITION)
    page.evaluate("document.querySelectorAll('style, link[rel=stylesheet]').forEach(e => e.remove())")
    headings = page.locator("main h2").all_inner_texts()
    assert [heading for heading in headings if heading in STORY] == list(STORY)
    tops = [page.locator("main h2", has_text=heading).first.bounding_box() for heading in STORY]
    places = [box["y"] for box in tops if box]
    assert places == sorted(places) and len(places) == len(STORY)
    assert page.evaluate("Math.max(...[...document.querySelectorAll('svg')].map(e => e.clientWidth))") <= 24
    assert page.locator("table.compare thead").is_visible()
    cell = page.locator("table.compare td").first.inner_text()
    assert cell == "How it looks: Shiny, greasy skin"


def _the_words_of_each_drawing_beside_its_cause(page: Page, site: str) -> None:
    page.goto(site + CONDITION)
    tree = page.locator("main").aria_snapshot()
    order = [
        tree.index(words)
        for words in (
            'heading "When to get help"',
            'heading "What may be the cause"',
            "table",
            "Healthy skin, cut through.",
            'heading "Excess sebum"',
            "The oil gland is large.",
            'heading "Sebaceous cyst"',
            "A round, closed sac lies under the skin",
        )
    ]
    assert order == sorted(order)


def _a_list_on_a_phone_and_a_table_on_a_wide_screen(page: Page, site: str) -> None:
    page.goto(site + CONDITION)
    repeated = page.locator("table.compare td b").first
    heads = page.locator("table.compare thead")
    assert repeated.is_visible() and not heads.is_visible()
    assert repeated.inner_text() == "How it looks:"
    page.set_viewport_size({"width": 1280, "height": 900})
    assert heads.is_visible() and not repeated.is_visible()


def _nothing_moves_while_drawings_load(page: Page, site: str) -> None:
    page.add_init_script(SHIFTS)
    for address in (CONDITION, "/causes/acne/"):
        page.goto(site + address)
        page.mouse.wheel(0, 20_000)
        page.wait_for_function(
            "[...document.images].every(e => { e.scrollIntoView(); return e.complete && e.naturalWidth; })"
        )
        assert page.evaluate("window.moved") == 0, address


def _contents_with_the_keyboard_alone(page: Page, site: str) -> None:
    page.goto(site + CONDITION)
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.locator(":focus").get_attribute("href") == "#causes":
            break
    outline = page.locator(":focus").evaluate("e => getComputedStyle(e).outlineStyle")
    assert outline == "solid"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.locator(":focus").get_attribute("href") == "#excess-sebum"


def _no_animation(page: Page, site: str) -> None:
    for address in PAGES:
        page.goto(site + address)
        moving = page.evaluate(
            """() => [...document.querySelectorAll('*')].filter(e => {
              const style = getComputedStyle(e);
              return style.animationName !== 'none' || style.transitionDuration !== '0s'
                || style.scrollBehavior === 'smooth';
            }).length"""
        )
        assert moving == 0, address


def _mirrored_from_right_to_left(page: Page, site: str) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    for address in PAGES:
        page.goto(site + address)
        page.evaluate("document.documentElement.dir = 'rtl'")
        assert page.evaluate(SIDEWAYS) <= 0, address
        left, right = (page.locator(name).bounding_box() for name in (".site-head nav", ".brand"))
        assert left and right and left["x"] < right["x"], address
    page.goto(site + CONDITION)
    page.evaluate("document.documentElement.dir = 'rtl'")
    card = page.locator(".care").first
    widths = card.evaluate("e => [getComputedStyle(e).borderRightWidth, getComputedStyle(e).borderLeftWidth]")
    assert widths == ["18px", "4px"]


def test_nothing_is_lost_when_a_page_or_its_letters_are_enlarged(page: Page, site: str) -> None:
    _large_enough_to_press(page, site)
    _letters_twice_as_large(page, site)
    _four_times_as_large(page, site)


def test_a_page_makes_sense_heard_in_its_order_and_without_its_style_sheet(page: Page, site: str) -> None:
    _the_words_of_each_drawing_beside_its_cause(page, site)
    _the_story_without_its_style_sheet(page, site)


def test_a_page_fits_each_screen_keyboard_and_direction(page: Page, site: str) -> None:
    _a_list_on_a_phone_and_a_table_on_a_wide_screen(page, site)
    _contents_with_the_keyboard_alone(page, site)
    _mirrored_from_right_to_left(page, site)


def test_nothing_moves_on_its_own(page: Page, site: str) -> None:
    _nothing_moves_while_drawings_load(page, site)
    page.emulate_media(reduced_motion="reduce")
    _no_animation(page, site)
