"""Writing help in a real browser: links select the text, and the focus stays."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from tests import factories
from tests.browser import staff_users
from tests.browser.test_staff_pages import WITH_AXE, violations_of

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.ignore_template_errors,
    pytest.mark.usefixtures("uploads"),
]

TEXT = (
    "🦵 Wash.\n\n"
    + "Pat your back dry.\n\n" * 60
    + "Take **500 mg** 🧴.\n\n"
    + "Wait.\n\n" * 60
    + "Acne is treated."
)


@pytest.fixture
def form(browser: Browser, live_server: Any) -> Iterator[Page]:
    """The form of an article with a long introduction."""
    factories.make_small_site()
    article = factories.article(introduction=TEXT)
    staff_users.create_nurse("nora")
    console_messages: list[str] = []
    with staff_users.open_browser(browser, console_messages, **WITH_AXE) as page:
        staff_users.sign_in(page, live_server.url, "nora")
        page.goto(live_server.url + reverse("admin:articles_article_change", args=[article.pk]))
        page.locator(".field-introduction").scroll_into_view_if_needed()
        page.locator(".field-introduction .writing-help-jump").first.wait_for()
        yield page
    assert console_messages == []


def selected(page: Page) -> dict[str, Any]:
    """What is selected in the text that has the keyboard, and whether its place is in
    the window.
    """
    found: dict[str, Any] = page.evaluate(
        """() => { const e = document.activeElement; const { top } = getSelection().getRangeAt(0).getBoundingClientRect();
             return { name: e.getAttribute("aria-label"), words: getSelection().toString(),
                      seen: top > 0 && top < window.innerHeight }; }"""
    )
    return found


def selected_in_markdown(page: Page) -> dict[str, Any]:
    """The same of a plain field."""
    found: dict[str, Any] = page.evaluate(
        """() => { const e = document.activeElement; const box = e.getBoundingClientRect();
             const y = box.top + box.height * e.selectionStart / e.value.length;
             return { id: e.id, words: e.value.slice(e.selectionStart, e.selectionEnd),
                      seen: y > 0 && y < window.innerHeight }; }"""
    )
    return found


def test_keyboard_goes_from_a_finding_to_its_text(form: Page) -> None:
    buttons = form.locator(".field-introduction .writing-help-jump")
    expect(buttons).to_have_count(2)
    for button, words in ((0, "500 mg"), (1, "is treated")):
        buttons.nth(button).focus()
        form.keyboard.press("Enter")
        assert selected(form) == {"name": "Introduction", "words": words, "seen": True}
    form.locator(".field-introduction").get_by_role("button", name="Markdown").click()
    buttons.nth(1).press("Enter")
    found = {"id": "id_introduction", "words": "is treated", "seen": True}
    assert selected_in_markdown(form) == found


def test_late_preview_does_not_take_the_focus(form: Page) -> None:
    form.locator(".field-introduction .text-editor-words").focus()
    form.keyboard.press("Control+End")
    form.wait_for_timeout(100)
    form.keyboard.type(" Wait.")
    form.locator(".field-introduction .writing-help-jump").nth(0).focus()
    with form.expect_response("**/markdownify/**"):
        pass
    form.wait_for_timeout(200)
    assert form.evaluate("document.activeElement.className") == "writing-help-jump"
    form.keyboard.press("Enter")
    assert selected(form)["words"] == "500 mg"


def test_writing_help_has_no_accessibility_violation(form: Page) -> None:
    assert violations_of(form, "advice") == []
