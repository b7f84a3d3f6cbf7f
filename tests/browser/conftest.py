"""A real Chromium for the journeys of readers and staff."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

QUIETLY = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium as the machine has it; without one the journey is left out, or fails where one is
    required.
    """
    program = shutil.which("chromium")
    if program is None:
        leave = pytest.fail if os.environ.get("REQUIRE_BROWSER") == "1" else pytest.skip
        leave("There is no Chromium here: sudo apt install chromium")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=list(QUIETLY))
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of its own, with no cookies yet."""
    context = browser.new_context()
    yield context.new_page()
    context.close()


@pytest.fixture
def console_messages() -> Iterator[list[str]]:
    """What any browser complained about: nothing, by the end of the journey."""
    recorded: list[str] = []
    yield recorded
    assert recorded == []
