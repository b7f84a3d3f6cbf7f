"""What readers see is corrected beside a draft, in a real browser."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from education.articles.models import Article
from education.publishing.models import Edition
from tests import factories
from tests.browser import staff_users

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.ignore_template_errors,
]


def test_urgent_correction_takes_three_pages_and_one_text(
    browser: Browser, live_server: Any, console_messages: list[str]
) -> None:
    factories.make_small_site()
    staff_users.create_nurse("nora")
    draft = factories.article(do=["Wash with warm water.", "Sleep."])
    with staff_users.open_browser(browser, console_messages) as page:
        staff_users.sign_in(page, live_server.url, "nora")
        page.goto(f"{live_server.url}/admin/articles/article/{draft.pk}/change/")
        page.get_by_role("link", name="Correct what readers see now…").click()
        text = page.get_by_role("textbox", name="Introduction")
        text.click()
        page.keyboard.press("Control+End")
        page.keyboard.type(" Wait two weeks.")
        page.get_by_role("button", name="Submit the correction").click()
        expect(page.locator(".messagelist")).to_contain_text("The draft keeps its changes.")
        page.get_by_role("button", name="Publish now").click()
        expect(page.locator(".messagelist")).to_contain_text("Readers see it now.")
    live: Any = Edition.objects.live().get(document=draft.pk).content
    assert live.introduction == "Most people get spots. Wait two weeks."
    assert live.do == ("Wash with warm water.",)
    saved = Article.objects.get(pk=draft.pk)
    assert saved.introduction == live.introduction
    assert saved.do == ["Wash with warm water.", "Sleep."]
