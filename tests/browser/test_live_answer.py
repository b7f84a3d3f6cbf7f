"""Ticking a checklist: the answer comes at once, is the one that the program gives, and nothing is
sent.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from education.checklists.content import ChecklistContent
from education.checklists.result import ChecklistResult
from education.publishing.models import Edition
from tests.browser import live_site

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CHECKLIST = "/when-to-see-a-doctor/back-skin/"
PHONE = {"width": 360, "height": 740}
SHOWN = (
    "[...document.querySelectorAll('.answer [data-answer]')]"
    ".filter(e => e.checkVisibility()).map(e => e.dataset.answer).filter(name => name !== 'rest')"
)
TICK = """keys => {
  for (const box of document.querySelectorAll('.tick input')) box.checked = keys.includes(box.value);
}"""


@pytest.fixture
def site(live_server) -> str:
    live_site.load()
    return live_server.url


@pytest.fixture
def sent() -> list[str]:
    """Every request of the page after it was loaded."""
    return []


@pytest.fixture
def page(browser: Browser, site: str, sent: list[str]) -> Iterator[Page]:
    context = browser.new_context(viewport=PHONE, bypass_csp=True)
    opened = context.new_page()
    opened.goto(site + CHECKLIST)

    def note(request: Request) -> None:
        if not request.url.endswith((".svg", ".css")):
            sent.append(request.url)

    opened.on("request", note)
    yield opened
    context.close()


def test_ticks_show_the_answer_that_the_program_gives(page, sent):
    content = Edition.objects.live().of_kind("checklist", "en").get().content
    assert isinstance(content, ChecklistContent)
    keys = [sign.key for sign in content.signs]
    chance = random.Random(15)
    ticks = [[], *([key] for key in keys), *(list(row.together) for row in content.combinations)]
    ticks += [chance.sample(keys, chance.randint(2, 6)) for _ in range(60)]
    milder = [sign.key for sign in content.signs if sign.urgency in {"urgent", "routine"}]
    ticks += [chance.sample(milder, chance.randint(2, 5)) for _ in range(60)]
    for ticked in ticks:
        page.evaluate(TICK, ticked)
        result = ChecklistResult.from_ticked(content, ticked)
        expected = [result.urgency.key if result.urgency else "none"]
        if result.is_crisis:
            expected.append("crisis")
        assert page.evaluate(SHOWN) == expected, ticked
    assert sent == []


def test_what_to_watch_for_is_shown_below_an_emergency(page):
    rest = page.locator(".answer [data-answer=rest]")
    expect(rest).to_be_visible()
    page.get_by_label("Redness, or another color change", exact=False).check()
    expect(rest).to_be_visible()
    page.get_by_label("It is hard to breathe", exact=False).check()
    expect(rest).not_to_be_visible()


def test_enter_on_a_box_sends_nothing(page, sent):
    box = page.get_by_label("You are confused", exact=False)
    box.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_timeout(200)
    assert sent == []
    expect(box).to_be_checked()


def test_link_in_the_bar_leads_to_the_answer_and_sends_nothing(page, sent):
    page.get_by_label("It is hard to breathe", exact=False).check()
    expect(page.get_by_role("status")).to_have_text("Emergency", use_inner_text=True)
    page.get_by_role("link", name="Show me what to do").click()
    expect(page.locator("#answer-title")).to_be_focused()
    expect(page.locator(".answer .act >> visible=true")).to_contain_text("now")
    assert sent == []


def test_reset_takes_the_ticks_and_the_answer_away(page):
    page.get_by_label("It is hard to breathe", exact=False).check()
    page.get_by_role("button", name="Clear my ticks").click()
    assert page.evaluate(SHOWN) == ["none"]


def test_page_loaded_again_has_no_ticks(page):
    page.get_by_label("It is hard to breathe", exact=False).check()
    page.reload()
    assert page.evaluate(SHOWN) == ["none"]
