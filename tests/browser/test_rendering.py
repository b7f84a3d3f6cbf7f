"""Pages enlarged, without style sheet, in reading order, by keyboard, and while loading."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from education.clinic.models import Clinic
from tests.browser import live_site
from tests.browser.wait_helpers import submit_ticks, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CONDITION = "/conditions/white-discharge-from-back-spots/"
PAGES = (
    CONDITION,
    "/causes/sebaceous-cyst/",
    "/when-to-see-a-doctor/back-skin/",
    "/",
    "/conditions/",
    "/search/?q=acne",
    "/search/?q=chills",
    "/search/?q=suicide",
    "/glossary/",
    "/self-check/back-skin/",
    "/feedback/white-discharge-from-back-spots/",
    "/handouts/?document=article/white-discharge-from-back-spots&document=checklist/back-skin",
    "/h/?code=12",
)
STORY = (
    "When to get help",
    "What to do",
    "What may be the cause",
    "Read more about it",
    "About this page",
)
SHIFTS = """
window.moved = 0;
new PerformanceObserver(list => {
  for (const entry of list.getEntries()) window.moved += entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""
TWIN, SIGNS = "/self-check/back-skin/paper/", "/when-to-see-a-doctor/back-skin/"
FEEDBACK = "/feedback/white-discharge-from-back-spots/"
HANDOUT = "/handouts/white-discharge-from-back-spots/"
NUMBER, OUT_OF_HOURS = "555-010-3000", "(555) 010-4000"
LABELLED = f"When we are closed: {OUT_OF_HOURS}"
# The colors of the card of each level: its band, what stands on it, the edge, the ground and the
# text.
BANDS = """() => Object.fromEntries([...document.querySelectorAll('.care[data-urgency]')].map(card => {
  const of = (e, name) => getComputedStyle(e)[name], band = card.querySelector('.band');
  return [card.dataset.urgency, {
    ground: of(band, 'backgroundColor'), ink: of(band, 'color'), border: of(band, 'borderTopStyle'),
    icon: of(band.querySelector('path'), 'fill'), edge: of(card, 'borderTopColor'),
    tint: of(card, 'backgroundColor'), text: of(card, 'color'),
  }];
}))"""
# Bands that are seen, and would be pressed, beyond the rounded corner of their card.
CORNERS = """() => [...document.querySelectorAll('.care')].filter(card => {
  card.scrollIntoView();
  const box = card.getBoundingClientRect(), edge = parseFloat(getComputedStyle(card).borderTopWidth);
  return document.elementFromPoint(box.right - edge - 0.5, box.top + edge + 0.5)?.closest('.band');
}).map(card => card.dataset.urgency)"""
# Whether the icon of each band stands beside its words, and not above them.
ICONS = """() => Object.fromEntries([...document.querySelectorAll('.care[data-urgency]')].map(card => {
  const box = e => e.getBoundingClientRect(), band = card.querySelector('.band');
  const words = document.createRange();
  words.selectNodeContents(band.lastElementChild.matches('span') ? band.lastElementChild : band.lastChild);
  return [card.dataset.urgency, box(words).top < box(band.querySelector('.icon')).bottom];
}))"""
# Places where one of these texts is parted between two lines.
PARTED = """texts => {
  const found = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const whole = [];
  while (walker.nextNode()) whole.push(walker.currentNode);
  const all = whole.map(node => node.data).join('');
  const at = place => {
    for (const node of whole) { if (place <= node.length) return [node, place]; place -= node.length; }
  };
  for (const text of texts) for (let i = all.indexOf(text); i >= 0; i = all.indexOf(text, i + 1)) {
    const range = document.createRange();
    range.setStart(...at(i)); range.setEnd(...at(i + text.length));
    const tops = [...range.getClientRects()].filter(box => box.width).map(box => Math.round(box.top / 8));
    if (new Set(tops).size > 1) found.push(all.slice(i - 40, i + text.length));
  }
  return texts.every(text => all.includes(text)) ? found : ['missing'];
}"""
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# What can be pressed but is smaller than a fingertip; a link in a line of text may be as high as
# its line.
SMALL_TARGETS = """() => [...document.querySelectorAll('a[href], button, input')].filter(e => {
  if (getComputedStyle(e).display === 'inline' || e.closest('.skip')) return false;
  const box = e.getBoundingClientRect();
  const least = e.matches('.button, .tick input, .search input') ? (e.type === 'checkbox' ? 24 : 44) : 24;
  return box.width && (box.height < least || box.width < 24);
}).map(e => `${e.outerHTML.slice(0, 80)} ${Math.round(e.getBoundingClientRect().height)}`)"""


@pytest.fixture
def site(live_server) -> str:
    live_site.load()
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
              return style.overflow === 'hidden' && !e.closest('.visually-hidden, sup i')
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
    page.evaluate(
        "document.querySelectorAll('style, link[rel=stylesheet]').forEach(e => e.remove())"
    )
    headings = page.locator("main h2").all_inner_texts()
    assert [heading for heading in headings if heading in STORY] == list(STORY)
    tops = [page.locator("main h2", has_text=heading).first.bounding_box() for heading in STORY]
    places = [box["y"] for box in tops if box]
    assert places == sorted(places) and len(places) == len(STORY)
    assert (
        page.evaluate("Math.max(...[...document.querySelectorAll('svg')].map(e => e.clientWidth))")
        <= 24
    )
    cell = page.locator(".cause-card dl > div").first.inner_text()
    assert cell.split() == ["Looks", "Shiny,", "greasy", "skin"]
    # Without a style sheet everything that is folded is there.
    assert page.get_by_text("Your back has many tiny oil glands").is_visible()


def _the_words_of_each_drawing_beside_its_cause(page: Page, site: str) -> None:
    page.goto(site + CONDITION)
    tree = page.locator("main").aria_snapshot()
    order = [
        tree.index(words)
        for words in (
            'heading "When to get help"',
            'heading "What may be the cause"',
            'heading "Too much skin oil (excess sebum)"',
            "shiny skin with drops of oil",
            'heading "A sac under the skin (sebaceous cyst)"',
            "one round, smooth lump",
        )
    ]
    assert order == sorted(order)


def _one_column_on_a_phone_and_more_on_a_wide_screen(page: Page, site: str) -> None:
    page.goto(site + CONDITION)
    first, second = page.locator(".cause-card").all()[:2]
    assert first.bounding_box()["x"] == second.bounding_box()["x"]
    page.set_viewport_size({"width": 1280, "height": 900})
    assert first.bounding_box()["y"] == second.bounding_box()["y"]


def _nothing_moves_while_drawings_load(page: Page, site: str) -> None:
    page.add_init_script(SHIFTS)
    for address in (CONDITION, "/causes/acne/"):
        page.goto(site + address)
        page.mouse.wheel(0, 20_000)
        wait_until(
            page,
            "[...document.images].every(e => { e.scrollIntoView(); return e.complete && e.naturalWidth; })",
        )
        assert page.evaluate("window.moved") == 0, address


def _contents_with_the_keyboard_alone(page: Page, site: str) -> None:
    page.goto(site + CONDITION)
    for _ in range(160):
        page.keyboard.press("Tab")
        if page.locator(":focus").get_attribute("href") == "#causes":
            break
    assert page.locator(":focus").get_attribute("href") == "#causes"
    outline = page.locator(":focus").evaluate("e => getComputedStyle(e).outlineStyle")
    assert outline == "solid"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.locator(":focus").get_attribute("href") == "/causes/excess-sebum/"


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
    widths = card.evaluate(
        "e => [getComputedStyle(e).borderRightWidth, getComputedStyle(e).borderLeftWidth]"
    )
    assert widths == ["10px", "3px"]


def _bands_of_their_own(page: Page, site: str) -> None:
    page.goto(site + TWIN)
    for scheme in ("light", "dark"):
        for contrast in ("no-preference", "more"):
            page.emulate_media(color_scheme=scheme, contrast=contrast, forced_colors="none")
            bands = page.evaluate(BANDS)
            where = f"{scheme}, contrast {contrast}"
            assert list(bands) == ["emergency", "urgent", "routine", "self-care"], where
            assert len({band["ground"] for band in bands.values()}) == 4, (where, bands)
            assert len({band["edge"] for band in bands.values()}) == 4, (where, bands)
            for level, band in bands.items():
                assert contrast_of(band["ink"], band["ground"]) >= 4.5, (where, level, band)
                assert contrast_of(band["text"], band["tint"]) >= 4.5, (where, level, band)
                assert contrast_of(band["edge"], band["tint"]) >= 3, (where, level, band)
            amber = rgb(bands["urgent"]["ground"])
            assert amber[0] > 200 and amber[1] > 150 and amber[2] < 120, where
        # Where the reader's own colors take the place of ours, shape, word and border tell the
        # levels apart.
        page.emulate_media(color_scheme=scheme, contrast="no-preference", forced_colors="active")
        for level, band in page.evaluate(BANDS).items():
            assert contrast_of(band["ink"], band["ground"]) >= 4.5, (scheme, level, band)
            assert band["border"] == "solid" and band["icon"] == band["ink"]
    page.emulate_media(color_scheme="light", forced_colors="none")


def rgb(color: str) -> list[float]:
    """The three parts of a computed color."""
    return [float(part) for part in re.findall(r"[\d.]+", color)[:3]]


def contrast_of(one: str, other: str) -> float:
    """The contrast of two colors as WCAG 2 counts it."""

    def luminance(color: str) -> float:
        parts = [part / 255 for part in rgb(color)]
        linear = [
            part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
        ]
        return sum(
            part * weight for part, weight in zip(linear, (0.2126, 0.7152, 0.0722), strict=True)
        )

    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _bands_within_their_cards(page: Page, site: str) -> None:
    for address in (TWIN, CONDITION, SIGNS):
        page.goto(site + address)
        assert page.evaluate(CORNERS) == [], address
    page.goto(site + TWIN)
    assert page.evaluate(ICONS) == {
        "self-care": True,
        "routine": True,
        "urgent": True,
        "emergency": True,
    }
    for level in ("emergency", "urgent", "routine"):
        page.goto(site + SIGNS)
        page.locator(f'[data-urgency="{level}"] input').first.check()
        submit_ticks(page)
        page.locator("#result").wait_for()
        assert page.evaluate(ICONS)[level], level


def _no_slash_alone(page: Page, site: str) -> None:
    for address in (FEEDBACK, SIGNS):
        page.goto(site + address)
        crumbs = page.locator(".crumbs li")
        assert crumbs.count() >= 2
        for crumb in crumbs.all():
            row, link = crumb.bounding_box(), crumb.get_by_role("link").bounding_box()
            assert row and link and link["y"] - row["y"] < 5, address


def _a_long_name_beside_the_menu(page: Page, site: str) -> None:
    for width in (800, 1280):
        page.set_viewport_size({"width": width, "height": 700})
        page.goto(site + CONDITION)
        middles = [
            box["y"] + box["height"] / 2
            for place in (".brand", *(f".site-head li:nth-child({n}) a" for n in range(1, 5)))
            if (box := page.locator(place).bounding_box())
        ]
        assert len(middles) == 5 and max(middles) - min(middles) < 3, (width, middles)
        assert page.evaluate(SIDEWAYS) <= 0
    page.set_viewport_size({"width": 360, "height": 740})


def _numbers_in_one_piece(page: Page, site: str) -> None:
    for address in (CONDITION, SIGNS, TWIN, FEEDBACK, "/about/", HANDOUT):
        page.goto(site + address)
        assert page.evaluate(PARTED, [NUMBER, LABELLED]) == [], address
        assert page.evaluate(SIDEWAYS) <= 0, address


def test_urgency_levels_have_distinct_colors_by_day_and_night(page: Page, site: str) -> None:
    _bands_of_their_own(page, site)


def test_bands_and_breadcrumbs_fit_a_phone(page: Page, site: str) -> None:
    _bands_within_their_cards(page, site)
    _no_slash_alone(page, site)


def test_long_name_and_telephone_numbers_fit_together(page: Page, site: str) -> None:
    Clinic.objects.create(
        pk=1,
        name="Riverside and Hill Street Family Medicine and Skin Care Clinic",
        phone=NUMBER,
        out_of_hours_number=OUT_OF_HOURS,
    )
    _a_long_name_beside_the_menu(page, site)
    _numbers_in_one_piece(page, site)


def test_enlarged_page_or_text_hides_nothing(page: Page, site: str) -> None:
    _large_enough_to_press(page, site)
    _letters_twice_as_large(page, site)
    _four_times_as_large(page, site)


def test_page_makes_sense_in_order_and_without_style_sheet(page: Page, site: str) -> None:
    _the_words_of_each_drawing_beside_its_cause(page, site)
    _the_story_without_its_style_sheet(page, site)


def test_page_fits_each_screen_keyboard_and_direction(page: Page, site: str) -> None:
    _one_column_on_a_phone_and_more_on_a_wide_screen(page, site)
    _contents_with_the_keyboard_alone(page, site)
    _mirrored_from_right_to_left(page, site)


def test_page_moves_nothing_on_its_own(page: Page, site: str) -> None:
    _nothing_moves_while_drawings_load(page, site)
    page.emulate_media(reduced_motion="reduce")
    _no_animation(page, site)
