"""An article in a real browser: kept as it is typed, shown beside the form, rows moved by keys."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from education.articles.models import Article
from tests import factories
from tests.browser import staff_users
from tests.browser.keyboard import Keyboard

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.ignore_template_errors,
]


@pytest.fixture
def site(live_server: Any) -> str:
    factories.make_small_site()
    staff_users.create_nurse("nora")
    return live_server.url


@pytest.fixture
def nora(browser: Browser, site: str, console_messages: list[str]) -> Iterator[Keyboard]:
    window = {"width": 1400, "height": 900}
    with staff_users.open_browser(browser, console_messages, viewport=window) as page:
        yield staff_users.sign_in(page, site, "nora")


def test_typed_words_are_kept_and_shown_beside_the_form(nora, site, console_messages):
    page = nora.page
    page.goto(f"{site}/admin/articles/article/add/")
    page.locator("#id_title").fill("Ingrown toenail")
    page.locator("#causes-group .add-row a").click()
    page.locator("[name=causes-0-name]").fill("Tight shoes")
    expect(page.locator(".draft-status")).to_contain_text("Kept at", timeout=30_000)
    preview = page.frame_locator(".draft-preview iframe")
    expect(preview.get_by_role("heading", name="Ingrown toenail")).to_be_visible(timeout=30_000)
    expect(preview.get_by_text("Tight shoes").first).to_be_attached()
    assert not Article.objects.filter(title="Ingrown toenail").exists()

    page.goto(f"{site}/admin/articles/article/add/")
    expect(page.get_by_text("This is what you typed on")).to_be_visible()
    expect(page.locator("[name=causes-0-name]")).to_have_value("Tight shoes")
    page.locator("[name=causes-0-name]").press("Control+s")
    expect(page.locator(".messagelist .success")).to_contain_text("Saved.")
    assert Article.objects.get(title="Ingrown toenail").slug == "ingrown-toenail"
    assert console_messages == []


def test_rows_move_by_button_and_keep_their_new_order(nora, site, console_messages):
    page = nora.page
    spots = Article.objects.get()
    page.goto(f"{site}/admin/articles/article/{spots.pk}/change/")
    page.locator("#causes-group .add-row a").click()
    page.locator("[name=causes-1-name]").fill("Tight shoes")
    page.locator("#causes-1").get_by_role("button", name="Move up").press("Enter")
    page.locator("[name=causes-1-name]").press("Control+s")
    expect(page.locator(".messagelist .success")).to_contain_text("Saved.")
    assert [row["name"] for row in spots.to_values()["causes"]] == ["Tight shoes", ""]
    assert console_messages == []
