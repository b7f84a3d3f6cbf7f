"""Feedback by keyboard on a phone, without scripts and cookies."""

from __future__ import annotations

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from education.feedback.models import FeedbackAnswer
from tests import factories
from tests.browser.wait_helpers import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_reader_answers_and_corrects_comment_by_keyboard(
    scheme, live_server, browser: Browser, monkeypatch
):
    monkeypatch.setattr("education.feedback.form_tokens.MIN_AGE", timedelta(days=-1))
    factories.make_small_site()
    context = browser.new_context(
        viewport={"width": 320, "height": 640}, color_scheme=scheme, bypass_csp=True
    )
    page = context.new_page()

    def is_sound() -> None:
        assert not Axe().run(page).response["violations"]
        assert page.evaluate("document.documentElement.scrollWidth") == 320

    page.goto(f"{live_server.url}/conditions/spots/")
    is_sound()
    page.get_by_role("button", name="No", exact=True).focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/feedback/spots/")
    wait_until(page, "document.activeElement.getAttribute('role') == 'status'")
    is_sound()
    assert not FeedbackAnswer.objects.get().useful
    page.get_by_label("What could we write better?").focus()
    page.keyboard.type("Write to me@mail.example")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_role("alert").wait_for()
    assert page.evaluate("document.activeElement.getAttribute('role')") == "alert"
    is_sound()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "comment"
    page.keyboard.press("Control+a")
    page.keyboard.type("More pictures.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/thanks/")
    page.get_by_role("heading", name="Thank you").wait_for()
    wait_until(page, "document.activeElement.getAttribute('role') == 'status'")
    is_sound()
    page.get_by_role("link", name="Back to").click()
    page.wait_for_url("**/conditions/spots/")
    assert not context.cookies()
    context.close()
    answer = FeedbackAnswer.objects.get()
    assert (answer.useful, answer.comment) == (False, "More pictures.")
