"""Going back never asks to send a form again, start means start, and two tabs never mix.

Each with a browser that loads a page anew when it goes back, and with one that keeps pages alive.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect

from tests.browser import live_site
from tests.browser.conftest import QUIETLY
from tests.browser.test_public_pages import CHECKLIST, PHONE
from tests.browser.wait_helpers import submit_ticks, wait_until
from tests.selfcheck.test_shipped_flow import FLOW

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

START = "/self-check/back-skin/"
FIRST, SECOND, THIRD, FOURTH = (f"{START}step/{question.key}/" for question in FLOW.questions)
# With this, as Playwright has it, Chromium keeps no page alive that it leaves.
NEVER_ALIVE = "--disable-back-forward-cache"
WATCH = "addEventListener('pageshow', event => { window.wasAlive = event.persisted; });"


@pytest.fixture(params=[False, True], ids=["loaded anew", "kept alive"])
def keeps_alive(request: pytest.FixtureRequest) -> bool:
    """Whether the browser shows the very page again that was left, when somebody goes back."""
    return bool(request.param)


@pytest.fixture(scope="module")
def keeping(browser: Browser) -> Iterator[Browser]:
    """The other browser, which keeps alive the pages that it leaves."""
    chromium = browser.browser_type.launch(
        executable_path=shutil.which("chromium"),
        args=list(QUIETLY),
        ignore_default_args=[NEVER_ALIVE],
    )
    yield chromium
    chromium.close()


@pytest.fixture
def context(
    browser: Browser, keeping: Browser, keeps_alive: bool, live_server
) -> Iterator[BrowserContext]:
    live_site.load()
    chromium = keeping if keeps_alive else browser
    made = chromium.new_context(viewport=PHONE, base_url=live_server.url)
    made.add_init_script(WATCH)
    yield made
    made.close()


class Sent:
    """How often a tab has sent a form."""

    def __init__(self, page: Page):
        self.forms = 0
        page.on("request", self._note)

    def _note(self, request: Request) -> None:
        self.forms += request.method == "POST"


def back(page: Page) -> None:
    # A page that is kept alive tells of no load.
    page.go_back(wait_until="commit")
    wait_until(page, "document.readyState === 'complete' && 'wasAlive' in window")


def go_on(page: Page, *labels: str) -> None:
    for label in labels:
        page.get_by_label(label).check()
    page.get_by_role("button", name="Go on").click()


def begin(page: Page) -> None:
    page.goto(START)
    page.get_by_role("button", name="Start the questions").click()
    page.wait_for_url(f"**{FIRST}")


def test_back_to_checklist_answer_sends_nothing(context, keeps_alive):
    # S4: "Show me what to do", any link, Back asked "Confirm form resubmission".
    page = context.new_page()
    sent = Sent(page)
    page.goto(CHECKLIST)
    page.locator("input[name=sign]").first.check()
    submit_ticks(page)
    page.get_by_role("link", name="About").first.click()
    page.wait_for_url("**/about/")
    back(page)
    expect(page.locator("#result")).to_contain_text("Emergency")
    assert page.evaluate("wasAlive") is keeps_alive
    back(page)
    assert page.url.endswith(CHECKLIST)
    expect(page.get_by_role("link", name="Show me what to do")).to_be_visible()
    page.go_forward(wait_until="commit")
    expect(page.locator("#result")).to_contain_text("Emergency")
    assert sent.forms == 1


def test_back_past_a_refused_answer_sends_nothing(context):
    # S4: so did Go on with nothing ticked, the right answer, Go on, Back.
    page = context.new_page()
    sent = Sent(page)
    begin(page)
    go_on(page)
    expect(page.get_by_role("alert")).to_be_visible()
    go_on(page, "None of these")
    page.wait_for_url(f"**{SECOND}")
    for address in (FIRST, FIRST, START):
        back(page)
        assert address in page.url
        expect(page.locator("h1")).to_be_visible()
    assert sent.forms == 3


def test_start_after_a_whole_self_check_asks_everything_again(context):
    # S1: the next person at this computer was shown the answer of the one before.
    page = context.new_page()
    begin(page)
    for _ in range(3):
        go_on(page, "None of these")
    go_on(page, "White stuff comes out of a spot")
    expect(page.locator("#result")).to_have_attribute("data-urgency", "self-care")
    page.goto(START)
    expect(page.get_by_role("heading", name="There are answers here already")).to_be_visible()
    begin(page)
    assert not page.locator("input:checked").count()
    for address in (SECOND, THIRD, FOURTH):
        go_on(page, "None of these")
        page.wait_for_url(f"**{address}")
        assert not page.locator("input:checked").count()


def test_form_of_another_tab_gets_no_milder_answer(context):
    # S2: tab A had said a sign that tab B took back, and was told "You told us of no warning sign".
    page, other = context.new_page(), context.new_page()
    begin(page)
    go_on(page, "None of these")
    go_on(page, "None of these")
    sign = page.locator("label").first.inner_text()
    go_on(page, sign)
    page.wait_for_url(f"**{FOURTH}")
    other.goto(FIRST)
    go_on(other)
    other.goto(THIRD)
    other.get_by_label(sign).uncheck()
    go_on(other, "None of these")
    other.wait_for_url(f"**{FOURTH}")
    go_on(page, "White stuff comes out of a spot")
    expect(page.get_by_role("alert")).to_contain_text("have changed since this page was opened")
    assert not page.locator("#result").count()
    # All that is taken for given stands there, with a way to change it.
    answered = page.locator("dl.answered")
    expect(answered.get_by_role("link", name="Change")).to_have_count(3)
    expect(answered.get_by_text("None of these")).to_have_count(3)


def test_page_kept_alive_records_no_earlier_answer(context):
    # S2, S4: an old page from the browser's memory, after another tab has begun anew.
    page, other = context.new_page(), context.new_page()
    begin(page)
    go_on(page, "It is hard to breathe")
    expect(page.locator("#result")).to_have_attribute("data-urgency", "emergency")
    begin(other)
    go_on(other, "None of these")
    other.goto("/about/")
    begin(page)
    back(other)
    if SECOND in other.url:
        go_on(other, "None of these")
    expect(other.get_by_role("alert")).to_contain_text("Your answers are not here.")
    assert FIRST in other.url
