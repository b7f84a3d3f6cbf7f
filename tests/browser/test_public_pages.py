"""Reader pages in a real browser: accessible, on a small phone, without cookies, printed."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.template.loader import render_to_string
from django.test import Client
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from education.articles import a_to_z, card_list
from education.clinic.models import Clinic
from education.publishing import actions
from tests import factories
from tests.browser import live_site
from tests.browser.keyboard import Keyboard
from tests.browser.printing import sheets
from tests.browser.wait_helpers import submit_ticks

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CHECKLIST = "/when-to-see-a-doctor/back-skin/"
CONDITION = "/conditions/white-discharge-from-back-spots/"
PHONE = {"width": 360, "height": 740}


@pytest.fixture
def site(live_server) -> str:
    live_site.load()
    return live_server.url


@pytest.fixture
def console_messages() -> list[str]:
    """What the browser complained about."""
    return []


@pytest.fixture(params=["light", "dark", "forced colors"])
def page(request, browser: Browser, console_messages: list[str]) -> Iterator[Page]:
    """A phone without JavaScript of the site's own; axe brings its own."""
    forced = request.param == "forced colors"
    context = browser.new_context(
        viewport=PHONE,
        color_scheme="dark" if request.param == "dark" else "light",
        forced_colors="active" if forced else "none",
        bypass_csp=True,
    )
    opened = context.new_page()

    def record_message(message: ConsoleMessage) -> None:
        if (
            message.type in {"error", "warning"}
            and "404" not in message.text
            and "410" not in message.text
        ):
            console_messages.append(message.text)

    opened.on("console", record_message)
    opened.on("pageerror", lambda error: console_messages.append(str(error)))
    yield opened
    context.close()


def check(page: Page) -> list[str]:
    """What axe finds wrong with a page, and what else must hold of every page."""
    violations = Axe().run(page).response["violations"]
    found = [
        f"{page.url}: {broken['id']}: {broken['nodes'][0]['html'][:120]}" for broken in violations
    ]
    facts = page.evaluate(
        """() => ({
            h1: document.querySelectorAll('h1').length,
            lang: document.documentElement.lang,
            width: document.documentElement.scrollWidth - document.documentElement.clientWidth,
            ids: [...document.querySelectorAll('[id]')].map(e => e.id),
            levels: [...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(e => +e.tagName[1]),
            broken: [...document.querySelectorAll('a[href^="#"]')].map(a => a.getAttribute('href').slice(1))
                .filter(id => id && !document.getElementById(id)),
            scripts: [...document.scripts].filter(s => s.type !== 'application/ld+json').length,
        })"""
    )
    if facts["h1"] != 1 or facts["lang"] != "en" or facts["scripts"]:
        found.append(
            f"{page.url}: {facts['h1']} h1, language {facts['lang']!r}, {facts['scripts']} scripts that run"
        )
    if facts["width"] > 0:
        found.append(f"{page.url}: scrolls {facts['width']} px to the side")
    if len(set(facts["ids"])) != len(facts["ids"]) or facts["broken"]:
        found.append(
            f"{page.url}: an id twice, or a link to a place that is not there: {facts['broken']}"
        )
    steps = [
        after - before for before, after in zip(facts["levels"], facts["levels"][1:], strict=False)
    ]
    if any(step > 1 for step in steps):
        found.append(f"{page.url}: headings skip a level")
    return found


def test_every_page_is_accessible_named_and_fits_a_phone(
    request: pytest.FixtureRequest, page: Page, site: str, console_messages: list[str]
) -> None:
    found, titles = [], {}
    # The colors of the dark are those of a kind of page, not of one page.
    is_whole = "light" in request.node.callspec.id
    addresses = live_site.all_urls(one_of_each=not is_whole)
    for address in addresses:
        page.set_viewport_size(PHONE)
        page.goto(site + address)
        found += check(page)
        page.set_viewport_size({"width": 320, "height": 640})
        found += [problem for problem in [_sideways(page)] if problem]
        titles.setdefault(page.title(), address)
    assert found == []
    assert console_messages == []
    assert len(titles) >= len(addresses) - 2, titles
    assert not page.context.cookies()


@pytest.mark.parametrize("page", ["light"], indirect=True)
def test_rarely_seen_pages_are_accessible(
    page: Page, live_server, console_messages: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Long lists in parts, what was withdrawn, what is refused, and what went wrong."""
    monkeypatch.setattr(card_list, "CARD_PAGE_SIZE", 2)
    for name in ("MAX_ON_ONE_PAGE", "LETTER_PAGE_SIZE"):
        monkeypatch.setattr(a_to_z, name, 2)
    gone = factories.make_small_site()
    for slug in ("zits", "zone", "zulu"):
        factories.publish_documents(
            factories.article(slug, title=slug.capitalize(), also_called=[f"{slug} spots"])
        )
    actions.withdraw(gone, reason="We are asking our doctors.")
    found, addresses = (
        [],
        (
            *(
                "/conditions/",
                "/conditions/a-z/z/",
                "/conditions/a-z/z/2/",
                "/causes/oil/",
                "/causes/oil/pages/2/",
            ),
            *(
                "/browse/area/back/",
                "/browse/area/back/2/",
                "/conditions/spots/",
                "/handouts/zits/?print=huge",
            ),
            *("/self-check/", "/h/none/"),
        ),
    )
    for address in addresses:
        page.goto(live_server.url + address)
        found += [*check(page), _sideways(page)]
    foreign = Client().post("/when-to-see-a-doctor/skin/", HTTP_ORIGIN="https://evil.example")
    forged = Client(enforce_csrf_checks=True).post("/admin/login/")
    assert foreign.status_code == forged.status_code == 403
    broken = [render_to_string(f"{status}.html") for status in (400, 500)]
    for html in (foreign.content.decode(), forged.content.decode(), *broken):
        page.set_content(html)
        found += [*check(page), _sideways(page)]
    assert [problem for problem in found if problem] == []
    assert [noise for noise in console_messages if "400" not in noise] == []


def _result_at(page: Page, urgency: str) -> bool:
    level = f'[data-urgency="{urgency}"]'
    return page.locator(f"#result{level}, #result {level}").count() > 0


def test_pages_keep_their_content_security_policy(browser: Browser, site: str) -> None:
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(f"{page.url}: {message.text}"))
    for address in live_site.all_urls():
        page.goto(site + address)
    assert [complaint for complaint in complaints if "404" not in complaint] == []
    assert not context.cookies()
    context.close()


def _sideways(page: Page) -> str:
    extra = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return f"{page.url}: scrolls {extra} px to the side at 320 px" if extra > 0 else ""


def test_checklist_is_accessible_in_every_state(
    page: Page, site: str, console_messages: list[str]
) -> None:
    found = []
    for signs, urgency in (
        (["confusion", "more-discharge"], "emergency"),
        (["spreading-redness", "hot-and-shivery"], "emergency"),
        (["spreading-redness"], "urgent"),
        (["acne-not-better"], "routine"),
        ([], None),
    ):
        page.goto(site + CHECKLIST)
        for sign in signs:
            page.check(f'input[value="{sign}"]')
        found += check(page)
        submit_ticks(page)
        found += check(page)
        assert re.fullmatch(rf"{site}{CHECKLIST}result/\?of=[0-9a-f]{{8}}#result", page.url)
        result = page.locator("#result")
        assert result.is_visible() and page.title().startswith("What to do")
        if urgency:
            assert _result_at(page, urgency)
        assert page.locator("input:checked").count() == len(signs)
    page.evaluate("document.querySelectorAll('input[name=sign]')[0].value = 'gone'")
    page.check('input[value="gone"]')
    submit_ticks(page)
    found += check(page)
    assert page.get_by_role("alert").is_visible()
    assert found == []
    assert console_messages == []


def test_text_twice_as_large_does_not_scroll_sideways(browser: Browser, site: str) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 640}, bypass_csp=True)
    page = context.new_page()
    found = []
    for address in (CONDITION, CHECKLIST, "/", "/conditions/", "/glossary/"):
        page.goto(site + address)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        found.append(_sideways(page))
    context.close()
    assert not any(found), found


def test_checklist_works_with_keyboard_alone(browser: Browser, site: str) -> None:
    context = browser.new_context(viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    page.goto(site + CHECKLIST)
    page.keyboard.press("Tab")
    assert page.locator(":focus").get_attribute("href") == "#main"
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.locator(":focus").get_attribute("name") == "sign":
            break
    page.keyboard.press("Space")
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.locator(":focus").get_attribute("href") == "#answer-title":
            break
    page.keyboard.press("Enter")
    expect(page.locator("#answer-title")).to_be_focused()
    answer = page.locator(".answer [data-answer=emergency] .act")
    assert answer.is_visible() and page.locator(".answer .act >> visible=true").count() == 1
    context.close()


def test_keyboard_reaches_cause_handout_and_print_from_search(browser: Browser, site: str) -> None:
    context = browser.new_context(viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    hands = Keyboard(page)
    page.goto(f"{site}/")
    hands.write("Search this site", "white stuff")
    with page.expect_navigation():
        hands.press("Enter")
    hands.open("White discharge from spots on your back")
    hands.open("A sac under the skin (sebaceous cyst)")
    hands.open("Read all of: White discharge from spots on your back")
    hands.open("Print as a handout")
    hands.to("All")
    hands.press("ArrowDown", "ArrowDown")
    assert hands.focused["name"] == "Only these"
    hands.to("Pimples and blackheads (acne)")
    hands.press("Space")
    hands.open("Show it like this")
    hands.to("Open as a PDF to print")
    code = page.locator(".imprint .address").inner_text().rstrip("/").rpartition("/")[2]
    page.goto(f"{site}/h/")
    hands.write("The code on your paper", code.lower())
    hands.open("Check")
    expect(page.get_by_role("heading", level=1)).to_have_text("This paper is up to date")
    context.close()


def test_printed_urgency_survives_black_and_white(browser: Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=True, bypass_csp=True)
    page = context.new_page()
    page.emulate_media(media="print")
    for address in ("/handouts/white-discharge-from-back-spots/", CONDITION):
        page.goto(site + address)
        assert not page.locator("nav[aria-label=Main]").is_visible()
        borders = {}
        for card in page.locator("main [data-urgency]").all():
            level = card.get_attribute("data-urgency")
            assert card.is_visible() and card.locator("svg").first.is_visible()
            borders[level] = card.evaluate("e => getComputedStyle(e).borderBlockStart")
        assert list(borders) == ["emergency", "urgent", "routine"]
        assert len({border.split(" rgb")[0] for border in borders.values()}) == 3, borders
    context.close()


def test_handout_printed_by_a_browser_wastes_no_sheet(browser: Browser, site: str) -> None:
    page = browser.new_page()
    page.goto(f"{site}/handouts/white-discharge-from-back-spots/?paper=a4")
    assert sheets(page) <= 3
    page.close()


def test_printed_checklist_ends_like_its_handout(browser: Browser, site: str) -> None:
    Clinic(pk=1, phone="555 0100", emergency_number="911").save()
    context = browser.new_context()
    page = context.new_page()
    page.goto(site + CHECKLIST)
    pressing = page.locator("main").get_by_text("press the button")
    ending = page.get_by_role("heading", name="If none of these is true for you")
    ending = page.locator(".on-paper").get_by_role(
        "heading", name="If none of these is true for you", include_hidden=True
    )
    assert pressing.count() == 2 and not ending.is_visible()
    page.emulate_media(media="print")
    assert (
        not pressing.first.is_visible() and not pressing.last.is_visible() and ending.is_visible()
    )
    assert not page.locator(".answer").is_visible() and not page.locator(".bar").is_visible()
    assert page.locator(".on-paper").get_by_text("Call 911 now if an emergency").is_visible()
    page.goto(site + CONDITION)
    number = page.locator(".todo a").first
    assert number.is_visible() and "underline" not in number.evaluate(
        "e => getComputedStyle(e).textDecoration"
    )
    assert number.evaluate(
        "e => getComputedStyle(e).color == getComputedStyle(e.parentElement).color"
    )
    page.emulate_media(media="screen")
    assert "underline" in number.evaluate("e => getComputedStyle(e).textDecoration")
    context.close()
