"""Members of staff at their browsers, and a site small enough to see through."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from PIL import Image as Pixels
from PIL import ImageDraw
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from education.publishing.models import Document
from education.selfcheck.content import SelfCheckContent
from education.selfcheck.models import SelfCheck
from education.staff.accounts import roles
from tests.browser.keyboard import Keyboard
from tests.staff.conftest import create_user

__all__ = ["create_nurse", "create_user", "drawing", "open_browser", "self_check", "sign_in"]

PASS_PHRASE = "a long pass phrase"


def create_nurse(name: str) -> User:
    """Somebody who may write and publish everything, and is no administrator."""
    return create_user(name, *roles.ROLES)


@contextmanager
def open_browser(browser: Browser, console_messages: list[str], **options: Any) -> Iterator[Page]:
    """A browser of its own; everything that it complains about goes to `console_messages`."""
    context: BrowserContext = browser.new_context(**options)
    page = context.new_page()

    def record_message(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not message.location["url"].endswith(
            "/favicon.ico"
        ):
            console_messages.append(f"{page.url}: {message.text}")

    # Without anybody listening, the file dialog is one that nobody can answer.
    page.on("filechooser", lambda _chooser: None)
    page.on("console", record_message)
    page.on("pageerror", lambda error: console_messages.append(f"{page.url}: {error}"))
    try:
        yield page
    finally:
        context.close()


def sign_in(page: Page, site: str, name: str) -> Keyboard:
    """Sign in with the keyboard; the hands at the index of the staff's pages."""
    hands = Keyboard(page)
    page.goto(f"{site}/admin/")
    expect(page.get_by_label("Username")).to_be_focused()
    hands.add(name)
    hands.press("Tab")
    hands.add(PASS_PHRASE)
    with page.expect_navigation(url=f"{site}/admin/"):
        hands.press("Enter")
    return hands


def drawing(folder: Path) -> Path:
    """A picture file, as a nurse may have one."""
    file = folder / "bump.png"
    picture = Pixels.new("RGB", (640, 400), "#e8c3a4")
    draw = ImageDraw.Draw(picture)
    draw.ellipse((230, 110, 410, 290), fill="#c9786a")
    draw.ellipse((300, 180, 340, 220), fill="#fff6e0")
    picture.save(file)
    return file


def self_check(checklist: str = "skin", page: str = "cause/oil") -> Document:
    """A self-check of two questions, in its working copy."""
    none = {"key": "none", "text": "None of these", "answer": "no"}
    unsure = {"key": "unsure", "text": "I'm not sure", "answer": "not-sure", "counts_as": "urgent"}

    def question(key: str, sign: str, *routes: dict[str, str]) -> dict[str, Any]:
        return {
            "key": key,
            "text": "Do you have any of these?",
            "why": "They need help soon.",
            "several": True,
            "choices": [{"key": "sign", "sign": sign}, none, unsure],
            "routes": list(routes),
        }

    def outcome(key: str, urgency: str) -> dict[str, Any]:
        texts = dict.fromkeys(("title", "do_now", "when", "safety_net"), "Get help.")
        return {"key": key, "urgency": urgency, "read": [page], **texts}

    row = SelfCheck(slug="skin")
    row.load_content(
        SelfCheckContent.lenient(
            {
                "title": "Check your skin",
                "introduction": "It takes two minutes.",
                "checklist": checklist,
                "questions": [
                    question(
                        "1a",
                        "breathing",
                        {"at_least": "urgent", "outcome": "call"},
                        {"question": "2b"},
                    ),
                    question("2b", "spreading", {"outcome": "call"}),
                ],
                "outcomes": [outcome("call", "emergency")],
            }
        )
    )
    return row
