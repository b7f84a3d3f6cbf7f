"""Signing in with a second step, by keyboard, under the site's policy; its pages pass axe."""

from __future__ import annotations

import base64
import time
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from django_otp.oath import TOTP
from playwright.sync_api import Browser, Page, expect

from education.staff.accounts import roles
from education.staff.models import StaffSession
from education.staff.session_store import LAST_INPUT_AT, SIGNED_IN_AT, SessionStore
from tests import factories
from tests.browser import staff_users
from tests.browser.keyboard import Keyboard
from tests.browser.test_staff_pages import WITH_AXE, violations_of

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.ignore_template_errors,
]


def shown_by_app(key: str, later: int = 0) -> str:
    """What the app shows for a typed key, so many steps of half a minute later."""
    app = TOTP(base64.b32decode(key.replace(" ", "")))
    app.time = time.time() + 30 * later
    return f"{app.token():06}"


def set_up(hands: Keyboard) -> tuple[str, str]:
    """Set it up by keyboard; the key, and a recovery code."""
    hands.open("Set it up")
    key = hands.page.locator(".app-key").inner_text()
    hands.write("The six figures that the app shows", shown_by_app(key))
    hands.open("Done")
    expect(hands.page.get_by_role("heading", name="Your recovery codes")).to_be_visible()
    return key, hands.page.locator(".recovery-codes code").first.inner_text()


def give_password(page: Page, site: str, name: str) -> None:
    page.goto(f"{site}/admin/")
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(staff_users.PASS_PHRASE)
    page.keyboard.press("Enter")
    expect(page.get_by_label("Code")).to_be_focused()


def test_publisher_sets_up_the_second_step_and_signs_in(
    browser: Browser, live_server: Any, console_messages: list[str], settings: Any
) -> None:
    factories.make_small_site()
    staff_users.create_user("pia", roles.PUBLISHER)
    settings.REQUIRE_SECOND_FACTOR = "privileged"
    site = live_server.url
    with staff_users.open_browser(browser, console_messages) as page:
        page.goto(f"{site}/admin/")
        hands = Keyboard(page)
        hands.write("Username", "pia")
        hands.write("Password", staff_users.PASS_PHRASE)
        hands.press("Enter")
        expect(page.get_by_role("status")).to_contain_text("needs a second step")
        key, code = set_up(hands)
        hands.open("I have kept them: go on")
        expect(page).to_have_url(f"{site}/admin/")
    with staff_users.open_browser(browser, console_messages) as page:
        give_password(page, site, "pia")
        page.keyboard.type("000000")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("This code is not right")
        expect(page.get_by_label("Code")).to_be_focused()
        page.keyboard.type(shown_by_app(key, later=1))
        page.keyboard.press("Enter")
        expect(page).to_have_url(f"{site}/admin/")
    with staff_users.open_browser(browser, console_messages) as page:
        give_password(page, site, "pia")
        page.keyboard.type(code)
        page.keyboard.press("Enter")
        expect(page).to_have_url(f"{site}/admin/")


def test_pages_of_signing_in_have_no_accessibility_violation(
    browser: Browser, live_server: Any, console_messages: list[str]
) -> None:
    ada = staff_users.create_user("ada", roles.AUTHOR)
    User.objects.create_superuser("root", password=staff_users.PASS_PHRASE)
    site, found = live_server.url, []
    with staff_users.open_browser(browser, console_messages, **WITH_AXE) as page:
        hands = staff_users.sign_in(page, site, "ada")
        for path in ("second-factor/", "sessions/", "second-factor/app/"):
            page.goto(f"{site}/admin/{path}")
            found += violations_of(page, path)
        page.goto(f"{site}/admin/second-factor/")
        set_up(hands)
        found += violations_of(page, "recovery codes")
        page.goto(f"{site}/admin/second-factor/")
        found += violations_of(page, "set up")
    with staff_users.open_browser(browser, console_messages, **WITH_AXE) as page:
        give_password(page, site, "ada")
        found += violations_of(page, "code")
        page.keyboard.type("000000")
        page.keyboard.press("Enter")
        page.get_by_role("alert").wait_for()
        found += violations_of(page, "wrong code")
    with staff_users.open_browser(browser, console_messages, **WITH_AXE) as page:
        hands = staff_users.sign_in(page, site, "root")
        page.goto(f"{site}/admin/auth/user/{ada.pk}/second-factor/")
        found += violations_of(page, "reset")
        _long_ago(User.objects.get(username="root"))
        page.goto(f"{site}/admin/auth/user/{ada.pk}/second-factor/")
        expect(page.get_by_label("Password")).to_be_focused()
        found += violations_of(page, "again")
        page.keyboard.type("wrong")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("This is not your password.")
        found += violations_of(page, "again refused")
        hands.write("Password", staff_users.PASS_PHRASE)
        hands.press("Enter")
        expect(page.get_by_role("button", name="Take it away")).to_be_visible()
    assert found == []


def _long_ago(user: User) -> None:
    """Let the sessions of an account be twenty minutes old, and in use."""
    now = int(timezone.now().timestamp())
    for row in StaffSession.objects.filter(user=user):
        session = SessionStore(row.session_key)
        session[SIGNED_IN_AT], session[LAST_INPUT_AT] = now - 20 * 60, now
        session.save()
