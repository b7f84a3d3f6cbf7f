"""Waiting for what a page's own script must show."""

from __future__ import annotations

import time

from playwright.sync_api import Error, Page

SECONDS = 30


def wait_until(page: Page, expression: str) -> None:
    """Until an expression of JavaScript is true of the page, also of one that is still being
    loaded.

    Playwright's own `wait_for_function` evaluates its text inside the page, again and again; the
    security policy of these pages forbids that from the second time on.
    """
    end = time.monotonic() + SECONDS
    while not _is_true(page, expression):
        assert time.monotonic() < end, f"never true of {page.url}: {expression}"
        page.wait_for_timeout(20)


def submit_ticks(page: Page) -> None:
    """Send the ticks of a checklist, as a browser does that cannot show the answer at once."""
    with page.expect_navigation():
        page.evaluate(
            "document.querySelector('#list').requestSubmit("
            "[...document.querySelectorAll('#list button')].find(b => b.formNoValidate))"
        )


def _is_true(page: Page, expression: str) -> bool:
    try:
        return bool(page.evaluate(expression))
    except Error as error:
        # The page that was asked has just gone.
        if "context was destroyed" not in str(error):
            raise
        return False
