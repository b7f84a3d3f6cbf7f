"""A nurse imports a leaflet, by keyboard alone, and opens the draft that it became."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from education.articles.models import Article
from tests.browser import staff_users
from tests.browser.keyboard import Keyboard
from tests.browser.test_staff_pages import WITH_AXE, violations_of, wait_for_previews
from tests.leaflets.samples import SAMPLES
from tests.staff.test_leaflets import TEXT, leaflet

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.ignore_template_errors,
    pytest.mark.usefixtures("uploads"),
]
LINK = "Import: make a draft from a Word file or a web page"


@pytest.fixture
def hands(browser: Browser, live_server: Any, console_messages: list[str]) -> Iterator[Keyboard]:
    """A nurse at the first page."""
    staff_users.create_nurse("nora")
    with staff_users.open_browser(browser, console_messages, **WITH_AXE) as page:
        yield staff_users.sign_in(page, live_server.url, "nora")


def test_leaflet_becomes_a_draft_by_keyboard_alone(hands: Keyboard, tmp_path: Path) -> None:
    file, page = tmp_path / "Toe.docx", hands.page
    file.write_bytes(leaflet())
    hands.open(LINK)
    hands.choose_file("Word file", file)
    hands.open("Make the draft")
    expect(page.get_by_role("heading", name="What became of “Toe”")).to_be_visible()
    expect(page.get_by_role("textbox", name="Opening hours")).to_have_value("We are open all day.")
    expect(page.get_by_text("Elm Street Clinic")).to_be_visible()
    assert violations_of(page, "report") == []
    hands.open("Open the draft")
    expect(page.locator("#id_title")).to_have_value("Ingrown toenail")
    expect(page.get_by_role("heading", name="Made from “Toe”")).to_be_visible()
    wait_for_previews(page)
    assert violations_of(page, "draft") == []


def test_pasted_text_becomes_a_draft_with_signs(hands: Keyboard) -> None:
    hands.open(LINK)
    hands.to("Or the text of a web page")
    hands.page.keyboard.insert_text(TEXT)
    hands.open("Make the draft")
    hands.open("Open its warning signs")
    expect(hands.page.locator("[name=signs-0-text]")).to_have_value("your foot turns black")


def test_refusal_is_announced_and_nothing_is_made(hands: Keyboard, tmp_path: Path) -> None:
    file, page = tmp_path / "Toe.pdf", hands.page
    file.write_bytes(b"%PDF-1.7\n")
    hands.open(LINK)
    assert violations_of(page, "import") == []
    hands.choose_file("Word file", file)
    hands.open("Make the draft")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("This is a PDF. Open it, copy its words, and paste them below.")
    expect(alert).to_be_focused()
    expect(page.get_by_label("Word file")).to_have_attribute("aria-invalid", "true")
    assert violations_of(page, "refused") == []
    assert not Article.objects.exists()


def test_leaflet_of_every_kind_of_trap_is_shown(
    hands: Keyboard, tmp_path: Path, live_server: Any
) -> None:
    page = hands.page
    for name in ("what is no text", "pictures"):
        file = tmp_path / f"{name}.docx"
        file.write_bytes(SAMPLES[name].build())
        page.goto(f"{live_server.url}/admin/import/")
        hands.choose_file("Word file", file)
        hands.open("Make the draft")
        expect(page.get_by_role("heading", name="To look at")).to_be_visible()
        assert violations_of(page, name) == []
