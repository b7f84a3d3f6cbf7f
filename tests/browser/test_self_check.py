"""The self-check in a real browser: by keyboard, on a small phone, accessible in every state."""

from __future__ import annotations

import os
import time
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from education.selfcheck import answer_cookie
from education.selfcheck.models import SelfCheck
from education.urgency import Urgency
from tests.browser import live_site
from tests.browser.printing import sheets
from tests.browser.test_public_pages import PHONE, check
from tests.factories import WORDING, publish_documents
from tests.selfcheck.test_shipped_flow import FLOW, PATHS

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

START = "/self-check/back-skin/"


@pytest.fixture
def site(live_server) -> str:
    live_site.load()
    return live_server.url


def press_on(page: Page, *, role: str, name: str, key: str) -> None:
    """Move to a control with the Tab key alone, and press a key there."""
    wanted = page.get_by_role(role, name=name, exact=True)  # type: ignore[arg-type]
    for _ in range(80):
        if wanted.evaluate("e => e === document.activeElement"):
            page.keyboard.press(key)
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"no way to {role} {name!r} with the keyboard")


def choose(page: Page, name: str) -> None:
    """Choose an answer and go on, with the keyboard alone."""
    role = "checkbox" if page.locator("input[type=checkbox]").count() else "radio"
    page.keyboard.press("Home")
    if role == "radio":
        page.get_by_role("radio").first.focus()
        for _ in range(9):
            page.keyboard.press("Space")
            if page.get_by_role("radio", name=name, exact=True).is_checked():
                break
            page.keyboard.press("ArrowDown")
    else:
        press_on(page, role=role, name=name, key="Space")
    before = page.url
    press_on(page, role="button", name="Go on", key="Enter")
    page.wait_for_url(lambda url: url != before)


def test_keyboard_reaches_emergency_and_page_to_read(browser: Browser, site: str) -> None:
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()
    console_messages: list[str] = []
    page.on("console", lambda message: console_messages.append(message.text))
    page.goto(site + START)
    press_on(page, role="button", name="Start the questions", key="Enter")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    choose(page, "You are confused, your speech is slurred, or you do not make sense")
    expect(page.locator("#result")).to_have_attribute("data-urgency", "emergency")
    press_on(
        page,
        role="link",
        name="Change : Are any of these emergency signs true for you now?",
        key="Enter",
    )
    press_on(page, role="button", name="Clear my answers", key="Enter")
    expect(page.get_by_role("status")).to_have_text("Your answers are cleared.")
    assert not context.cookies()

    press_on(page, role="button", name="Start the questions", key="Enter")
    page.wait_for_url("**/step/**")
    while "/result/" not in page.url:
        choose(
            page,
            "None of these" if page.locator("input[type=checkbox]").count() else "I'm not sure",
        )
    expect(page.locator("#result")).not_to_have_attribute("data-urgency", "emergency")
    assert page.get_by_role("heading", name="Pages to read").is_visible()
    (cookie,) = context.cookies()
    assert cookie["path"] == START and cookie["httpOnly"] and cookie["sameSite"] == "Lax"
    page.go_back()
    expect(page.get_by_role("button", name="Go on")).to_be_visible()
    page.go_forward()
    press_on(page, role="button", name="Finish", key="Enter")
    page.wait_for_url(f"{site}/?notice=cleared")
    assert not context.cookies()
    assert console_messages == []
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_and_state_is_accessible_and_fits_a_phone(
    scheme: str, browser: Browser, site: str
) -> None:
    context = browser.new_context(
        viewport={"width": 320, "height": 640}, color_scheme=scheme, bypass_csp=True
    )
    page = context.new_page()
    found = []
    for address in ("/self-check/", START):
        page.goto(site + address)
        found += check(page)
    page.get_by_role("button", name="Start the questions").click()
    page.get_by_role("button", name="Go on").click()
    assert page.title().startswith("Error:")
    expect(page.get_by_role("alert")).to_be_visible()
    found += check(page)
    page.get_by_label("None of these").check()
    page.get_by_label("It is hard to breathe").check()
    page.get_by_role("button", name="Go on").click()
    found += check(page)
    page.get_by_label("None of these").uncheck()
    page.get_by_role("button", name="Go on").click()
    expect(page.locator("#result")).to_have_attribute("data-urgency", "emergency")
    found += check(page)
    page.get_by_role("link", name="Change").first.click()
    page.get_by_label("It is hard to breathe").uncheck()
    page.get_by_label("None of these").check()
    page.get_by_role("button", name="Go on").click()
    while "/result/" not in page.url:
        found += check(page)
        page.get_by_label(
            "None of these" if page.locator("input[type=checkbox]").count() else "I'm not sure"
        ).check()
        page.get_by_role("button", name="Go on").click()
    found += check(page)
    assert found == []
    context.close()


def test_browser_that_blocks_cookies_is_told_so(browser: Browser, site: str) -> None:
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()
    page.goto(site + START)
    page.get_by_role("button", name="Start the questions").click()
    page.get_by_label("None of these").check()
    context.clear_cookies()
    page.get_by_role("button", name="Go on").click()
    context.clear_cookies()
    page.reload()
    expect(page.get_by_role("alert")).to_contain_text("only if your browser allows cookies")
    context.close()


SELF_CARE = ("None of these", "None of these", "None of these", "White stuff comes out of a spot")


def test_keyboard_reaches_care_at_home_past_an_error(browser: Browser, site: str) -> None:
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()
    page.goto(site + START)
    press_on(page, role="button", name="Start the questions", key="Enter")
    press_on(page, role="button", name="Go on", key="Enter")
    expect(page.get_by_role("alert")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("checkbox").first).to_be_focused()
    page.keyboard.press("Space")
    expect(page.get_by_role("checkbox").first).to_be_checked()
    page.keyboard.press("Space")
    for name in SELF_CARE:
        choose(page, name)
    expect(page.locator("#result")).to_have_attribute("data-urgency", "self-care")
    assert page.locator("#result").get_by_text("keep watch").count()
    context.close()


def bare(route: Route) -> None:
    """Pass a page on without its style sheet."""
    if route.request.resource_type != "document":
        route.continue_()
        return
    got = route.fetch(max_redirects=0)
    body = got.text()
    if "<style>" in body:
        body = body[: body.index("<style>")] + body[body.index("</style>") :]
    route.fulfill(response=got, body=body)


def test_self_check_works_without_style_sheet_and_scripts(browser: Browser, site: str) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 640}, java_script_enabled=False)
    page = context.new_page()
    page.route("**/*", bare)
    page.goto(site + START)
    assert page.evaluate("getComputedStyle(document.body).margin") == "8px"
    page.get_by_role("button", name="Start the questions").click()
    for name in SELF_CARE:
        page.get_by_label(name).check()
        page.get_by_role("button", name="Go on").click()
    text = page.locator("#result").inner_text()
    assert "CARE AT HOME" in text.upper()
    assert page.locator("#result + section").inner_text().startswith("If something changes")
    page.get_by_role("link", name="Change").first.click()
    page.get_by_label("None of these").uncheck()
    page.get_by_label("It is hard to breathe").check()
    page.get_by_role("button", name="Go on").click()
    assert "EMERGENCY" in page.locator("#result").inner_text().upper()
    page.get_by_role("button", name="Finish").click()
    page.wait_for_url(f"{site}/?notice=cleared")
    expect(page.get_by_role("status")).to_have_text("Your answers are cleared.")
    assert not context.cookies()
    # A page still on its way when its context closes would fail the next test instead of this one.
    page.unroute_all(behavior="wait")
    context.close()


def walked() -> list:
    """Every path; in the normal suite one for each third row of questions there is."""
    if "PROVE_EXAMPLES" in os.environ:
        return PATHS
    rows = {(tuple(key for key, _chosen in path.steps), path.end): path for path in PATHS}
    return list(rows.values())[::3]


@pytest.mark.prove
def test_every_path_works_by_keyboard_without_style_sheet(browser: Browser, site: str) -> None:
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()
    page.route("**/*", bare)
    for path in walked():
        page.goto(site + START)
        press_on(page, role="button", name="Start the questions", key="Enter")
        for key, chosen in path.steps:
            page.wait_for_url(f"**/step/{key}/")
            page.locator("input[name=choice]").first.focus()
            for choice in FLOW.questions_by_key[key].choices:
                if choice.key in chosen:
                    tick(page, choice.key)
            press_on(page, role="button", name="Go on", key="Enter")
        page.wait_for_url("**/result/?of=*")
        shown = page.locator("#result").get_attribute("data-urgency")
        assert shown == Urgency(FLOW.outcomes_by_key[path.end].urgency).key, path
        press_on(page, role="button", name="Finish", key="Enter")
        page.wait_for_url(f"{site}/?notice=cleared")
        assert not context.cookies()
    page.unroute_all(behavior="wait")
    context.close()


def tick(page: Page, value: str) -> None:
    """Choose the answer of this value: radio buttons by the arrows, boxes by Tab and Space."""
    wanted = page.locator(f"input[name=choice][value='{value}']")
    key = "Tab" if wanted.get_attribute("type") == "checkbox" else "ArrowDown"
    for _ in range(40):
        if wanted.evaluate("e => e === document.activeElement"):
            break
        page.keyboard.press(key)
    if not wanted.is_checked():
        page.keyboard.press("Space")
    assert wanted.is_checked()


def test_emergency_survives_two_tabs_and_back_button(browser: Browser, site: str) -> None:
    context = browser.new_context(viewport=PHONE)
    page, other = context.new_page(), context.new_page()
    page.goto(site + START)
    page.get_by_role("button", name="Start the questions").click()
    first = page.url
    page.get_by_label("None of these").check()
    page.get_by_role("button", name="Go on").click()
    other.goto(first)
    expect(other.get_by_label("None of these")).to_be_checked()
    other.get_by_label("None of these").uncheck()
    other.get_by_label("It is hard to breathe").check()
    other.get_by_role("button", name="Go on").click()
    page.get_by_label("None of these").check()
    page.get_by_role("button", name="Go on").click()
    for tab in (page, other):
        expect(tab.locator("#result")).to_have_attribute("data-urgency", "emergency")
    page.go_back()
    page.reload()
    expect(page.locator("#result")).to_have_attribute("data-urgency", "emergency")
    page.goto(first)
    expect(page.get_by_label("It is hard to breathe")).to_be_checked()
    context.close()


def test_printed_result_keeps_urgency_and_answers_only(browser: Browser, site: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(site + START)
    page.get_by_role("button", name="Start the questions").click()
    page.get_by_label("It is hard to breathe").check()
    page.get_by_role("button", name="Go on").click()
    page.emulate_media(media="print")
    assert not page.locator("main button:visible, main a:visible").count()
    assert page.locator("#result .band svg").is_visible()
    for words in ("Call your local emergency number now.", "It is hard to breathe", "Edition 1,"):
        assert page.get_by_text(words).first.is_visible(), words
    context.close()


def keep(context: BrowserContext, site: str, given: dict[str, frozenset[str]]) -> None:
    """Put answers into the browser, as the site itself would."""
    kept = answer_cookie._COOKIE.signer.sign(
        f"back-skin!1-1!{answer_cookie._serialize(given, FLOW)}"
    )
    context.add_cookies(
        [{"name": answer_cookie.COOKIE_NAME, "value": quote(kept, safe="!:"), "url": site + START}]
    )


def test_expired_answers_are_announced(
    browser: Browser, site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()
    path = PATHS[0]
    keep(context, site, dict(path.steps))
    page.goto(site + START + "result/")
    expect(page.locator("#result")).to_be_visible()
    later = time.time() + answer_cookie.MAX_AGE_MINUTES * 60 + 1
    monkeypatch.setattr("django.core.signing.time.time", lambda: later)
    page.reload()
    expect(page.get_by_role("alert")).to_contain_text("Your answers are not here.")
    expect(page.locator("#result")).to_have_count(0)
    assert not page.locator("input:checked").count()
    context.close()


def test_changed_questions_are_asked_again_and_announced(browser: Browser, site: str) -> None:
    context = browser.new_context(viewport=PHONE, bypass_csp=True)
    page = context.new_page()
    page.goto(site + START)
    page.get_by_role("button", name="Start the questions").click()
    for _ in range(3):
        page.get_by_label("None of these").check()
        page.get_by_role("button", name="Go on").click()
    page.get_by_label("White stuff comes out of a spot").check()
    row = SelfCheck.objects.get(slug="back-skin")
    row.questions.filter(key="7k").update(text="Are any of these true for you today?")
    publish_documents(row, **WORDING)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("alert")).to_contain_text("Some must be answered again")
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Are any of these true for you today?"
    )
    assert check(page) == []
    page.get_by_label("None of these").check()
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What bothers you most?")
    page.get_by_label("White stuff comes out of a spot").check()
    page.get_by_role("button", name="Go on").click()
    expect(page.locator("#result")).to_have_attribute("data-urgency", "self-care")
    context.close()


def test_result_prints_on_one_sheet_without_requests(browser: Browser, site: str) -> None:
    longest = {}
    for path in sorted(PATHS, key=lambda path: sum(len(chosen) for _key, chosen in path.steps)):
        longest[path.end] = path
    assert set(longest) == set(FLOW.outcomes_by_key)
    context = browser.new_context()
    page = context.new_page()
    for path in longest.values():
        keep(context, site, dict(path.steps))
        page.goto(site + START + "result/")
        context.set_offline(True)
        assert sheets(page) == 1, path.end
        context.set_offline(False)
    context.close()


def test_printed_self_check_is_accessible_on_two_sheets(browser: Browser, site: str) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 640}, bypass_csp=True)
    page = context.new_page()
    page.goto(site + START)
    page.get_by_role("link", name="Print it on paper instead").click()
    assert check(page) == []
    page.get_by_role("link", name="go to 2").click()
    assert page.url.endswith("#box-2")
    # Two sheets of paper, on both sides.
    assert sheets(page) <= 4
    page.emulate_media(media="print")
    sizes = page.evaluate(
        """() => [...document.querySelectorAll('.step li span, .care p')].map(
          e => getComputedStyle(e).fontSize
        )"""
    )
    # All of it in letters of 9 points.
    assert set(sizes) == {"12px"}
    borders = {
        card.get_attribute("data-urgency"): card.evaluate(
            "e => getComputedStyle(e).borderBlockStart"
        )
        for card in page.locator("section[data-urgency]").all()
    }
    assert len({border.split(" rgb")[0] for border in borders.values()}) == len(borders) == 4, (
        borders
    )
    assert not context.cookies()
    context.close()
