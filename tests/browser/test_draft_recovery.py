"""The draft of a session that ended is recovered by keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from education.articles.models import Article
from education.publishing.models import Document
from education.staff.models import StaffSession
from tests import factories
from tests.browser import staff_users
from tests.browser.keyboard import Keyboard
from tests.browser.test_staff_pages import WITH_AXE, violations_of, wait_for_previews

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.ignore_template_errors,
    pytest.mark.usefixtures("uploads"),
]

PREVIEWS_ASKED = """() => performance.getEntriesByType("resource")
    .filter(entry => entry.name.includes("markdownify") && entry.responseEnd).length"""


@pytest.fixture
def nora(browser: Browser, live_server: Any, console_messages: list[str]) -> Iterator[Keyboard]:
    """A nurse at the form of an article that is hers."""
    article = factories.make_small_site()
    Document.objects.update(owner=staff_users.create_nurse("nora"))
    with staff_users.open_browser(browser, console_messages, **WITH_AXE) as page:
        hands = staff_users.sign_in(page, live_server.url, "nora")
        page.goto(f"{live_server.url}/admin/articles/article/{article.pk}/change/")
        let_previews_finish(page)
        yield hands


def let_previews_finish(page: Page) -> None:
    """Wait until no preview is asked for any more, so that none is asked for without a session."""
    wait_for_previews(page)
    known = -1
    while known != (known := page.evaluate(PREVIEWS_ASKED)):
        # Longer than the editor waits after a key was pressed.
        page.wait_for_timeout(1_000)


def sign_in(hands: Keyboard) -> None:
    """Type the name and the pass phrase where the focus already is."""
    expect(hands.page.get_by_label("Username")).to_be_focused()
    hands.add("nora")
    hands.press("Tab")
    hands.add(staff_users.PASS_PHRASE)
    with hands.page.expect_navigation(url="**/change/"):
        hands.press("Enter")


def forget_refused_autosaves(console_messages: list[str]) -> None:
    """A draft sent with an old token is refused, which the browser notes and the form says."""
    console_messages[:] = [one for one in console_messages if "403 (Forbidden)" not in one]


def test_draft_survives_a_session_that_ends_while_typing(
    nora: Keyboard, console_messages: list[str]
) -> None:
    page = nora.page
    nora.write("Title", "All about spots")
    nora.write("What happens", "First line.\n\n**Second** line.", near="Cause: Oil")
    expect(page.locator("#causes-0 .field-what_happens .markdownx-preview")).to_contain_text(
        "Second line."
    )
    let_previews_finish(page)
    StaffSession.objects.all().delete()
    nora.open("Save")
    expect(page.get_by_role("alert")).to_have_text(
        "Your session has ended. Sign in again: what you typed is kept."
    )
    assert violations_of(page, "sign in again") == []
    page.get_by_label("Username").focus()
    sign_in(nora)
    assert (
        "This is what you typed before your session ended. It is not saved yet."
        in nora.focused["around"]
    )
    expect(page.locator("#id_title")).to_have_value("All about spots")
    expect(page.locator("#id_causes-0-what_happens")).to_have_value(
        "First line.\n\n**Second** line."
    )
    assert Article.objects.get().title == "About spots"
    wait_for_previews(page)
    assert violations_of(page, "kept words") == []
    nora.open("Save")
    expect(page.locator(".messagelist .success")).to_contain_text("Saved.")
    article = Article.objects.get()
    assert article.title == "All about spots"
    assert article.causes.get().what_happens.splitlines() == ["First line.", "", "**Second** line."]
    forget_refused_autosaves(console_messages)


def test_draft_survives_sign_in_in_another_tab(
    nora: Keyboard, live_server: Any, console_messages: list[str]
) -> None:
    page = nora.page
    nora.write("Title", "All about spots")
    let_previews_finish(page)
    StaffSession.objects.all().delete()
    with page.context.new_page() as other:
        staff_users.sign_in(other, live_server.url, "nora")
    # From where she was typing: a text on the way to the button would ask for its preview with the
    # old token.
    with page.expect_navigation(wait_until="load"):
        nora.press("Enter")
    expect(page.locator(".merge-conflict")).to_contain_text(
        "This is what you typed. It is not saved yet"
    )
    expect(page.locator("#id_title")).to_have_value("All about spots")
    assert violations_of(page, "old token") == []
    nora.open("Save")
    expect(page.locator(".messagelist .success")).to_contain_text("Saved.")
    assert Article.objects.get().title == "All about spots"
    forget_refused_autosaves(console_messages)


def test_missing_draft_is_not_mentioned(nora: Keyboard) -> None:
    nora.page.reload()
    expect(nora.page.locator("#id_title")).to_have_value("About spots")
    expect(nora.page.locator(".merge-conflict")).to_have_count(0)
