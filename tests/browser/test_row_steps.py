"""Steps of rows are taken back, with the keyboard and by a button; a copy and a template made."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from education.articles.models import Article
from tests import factories
from tests.browser import staff_users
from tests.browser.text_editor_page import TextEditor

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
def page(browser: Browser, site: str, console_messages: list[str]) -> Iterator[Page]:
    with staff_users.open_browser(browser, console_messages) as opened:
        staff_users.sign_in(opened, site, "nora")
        yield opened


def name(number: int) -> str:
    return f"[name=causes-{number}-name]"


def add_causes(page: Page, *names: str) -> None:
    for number, words in enumerate(names, start=1):
        page.locator("#causes-group .add-row a").click()
        page.locator(name(number)).fill(words)


def test_removed_row_comes_back_with_its_words(page: Page, site: str) -> None:
    page.goto(f"{site}/admin/articles/article/{Article.objects.get().pk}/change/")
    add_causes(page, "Tight shoes", "Cold", "Heat")
    page.locator("#causes-2 .inline-deletelink").press("Enter")
    steps = page.locator(".row-steps")
    expect(steps.get_by_role("status")).to_have_text("“Cold” is taken out.")
    expect(page.locator(name(2))).to_be_hidden()
    page.keyboard.press("Control+z")
    expect(steps.get_by_role("status")).to_have_text("“Cold” is back.")
    expect(page.locator(name(2))).to_have_value("Cold")
    page.locator("#causes-2").get_by_role("button", name="Move up").press("Enter")
    expect(steps.get_by_role("status")).to_have_text("“Cold” is number 2 now.")
    page.get_by_role("button", name="Undo this step").click()
    expect(steps.get_by_role("status")).to_have_text("“Cold” is number 3 now.")
    page.locator("#causes-3 .row-move").first.press("Alt+ArrowUp")
    expect(steps.get_by_role("status")).to_have_text("“Heat” is number 3 now.")
    page.locator("#causes-1 .inline-deletelink").press("Enter")
    page.locator(name(2)).press("Control+s")
    expect(page.locator(".messagelist .success")).to_contain_text("Saved.")
    rows = [row["name"] for row in Article.objects.get().to_values()["causes"]]
    assert rows == ["", "Heat", "Cold"]


def test_choice_and_tick_are_taken_back(page: Page, site: str) -> None:
    page.goto(f"{site}/admin/articles/article/{Article.objects.get().pk}/change/")
    for row in ("signs-1", "causes-0"):
        page.locator(f"#{row} summary").first.click()
    urgency = page.locator("[name=signs-1-urgency]")
    urgency.select_option("routine")
    page.locator("[name=causes-0-DELETE]").check()
    page.keyboard.press("Control+z")
    expect(page.locator("[name=causes-0-DELETE]")).not_to_be_checked()
    page.get_by_role("button", name="Undo this step").click()
    expect(urgency).to_have_value("urgent")
    expect(urgency).to_be_focused()


def test_page_starts_from_a_template(page: Page, site: str) -> None:
    page.goto(f"{site}/admin/articles/article/add/")
    page.get_by_role("link", name="A procedure").click()
    page.get_by_label("Title").first.fill("Having a mole removed")
    TextEditor(page, "signs-0-text").words.click()
    page.keyboard.type("It bleeds")
    page.keyboard.press("Control+s")
    expect(page.locator(".messagelist .success")).to_contain_text("Saved.")
    expect(page.locator(".workflow-panel").first).to_contain_text("Nothing stands below")
    made = Article.objects.get(slug="having-a-mole-removed")
    assert [one["urgency"] for one in made.checklist.to_values()["signs"]] == ["emergency"]


def test_copy_takes_two_pages_and_one_field(page: Page, site: str) -> None:
    page.goto(f"{site}/admin/articles/article/")
    page.get_by_role("link", name=re.compile("Copy… ?: About spots")).click()
    page.get_by_label("The title of the new page").fill("About lumps")
    page.get_by_role("button", name="Copy").click()
    expect(page.locator(".messagelist .success")).to_contain_text("The copy is made.")
    expect(page.locator("[name=title]")).to_have_value("About lumps")
