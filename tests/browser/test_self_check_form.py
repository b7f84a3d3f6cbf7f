"""A self-check written from nothing to submitted, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from education.publishing.models import Edition
from education.selfcheck.models import SelfCheck
from tests import factories
from tests.browser import staff_users
from tests.browser.task_counter import TaskCounter
from tests.browser.test_staff_pages import WITH_AXE, violations_of

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.ignore_template_errors,
]

SIGNS = ("You find it hard to breathe", "The pain is spreading", "A lump grows")


@pytest.fixture
def site(live_server: Any) -> str:
    factories.make_small_site()
    staff_users.create_nurse("nora")
    return live_server.url


@pytest.fixture
def page(browser: Browser, site: str, console_messages: list[str]) -> Iterator[Page]:
    window = {"width": 1000, "height": 900}
    with staff_users.open_browser(browser, console_messages, viewport=window) as page:
        staff_users.sign_in(page, site, "nora")
        # Texts are typed as plain fields, which all nurses can choose, too.
        page.evaluate("sessionStorage.setItem('text-editor-view', 'source')")
        yield page


def write_results(task: TaskCounter, page: Page) -> None:
    for number, title in enumerate(("Call now", "Get help today", "Book a visit", "Care at home")):
        row = page.locator(f"#outcomes-{number}")
        for name, text in (
            ("title", title),
            ("do_now", "Get help."),
            ("when", "Now."),
            ("safety_net", "If it gets worse, call."),
        ):
            task.fill(row.locator(f"[name$='-{name}']"), text)


def write_question(task: TaskCounter, row: Locator, text: str) -> None:
    task.fill(row.locator("[name$='-text']").first, text)
    task.fill(row.locator("[name$='-why']"), "It tells how soon you need help.")


def lead(task: TaskCounter, row: Locator, line: int, words: str) -> None:
    select = row.locator("[data-target]").nth(line)
    label = select.locator("option", has_text=words).first.inner_text()
    task.choose(select, label)


def test_four_questions_take_few_pages_and_clicks(page, site, console_messages):
    task = TaskCounter(page)
    page.goto(f"{site}/admin/")
    task.click(page.locator(".model-selfcheck .addlink").first)
    task.fill(page.locator("#id_title"), "Check your skin")
    task.fill(page.locator("#id_introduction"), "It takes two minutes.")
    write_results(task, page)
    for number in range(4):
        if number:
            task.click(page.get_by_role("button", name="Add a question"))
        row = page.locator(f"#questions-{number}")
        write_question(task, row, f"Is this true now, number {number + 1}?")
        if number < 3:
            task.tick(row.get_by_label(SIGNS[number]))
    for number in range(3):
        row = page.locator(f"#questions-{number}")
        lead(task, row, 0, "Call now")
        lead(task, row, 1, "Get help today")
        expect(
            row.locator("[data-target] option", has_text=f"Question {number + 2}").first
        ).to_be_attached()
        lead(task, row, 2, f"Question {number + 2}:")
    last = page.locator("#questions-3")
    task.tick(last.locator("[name$='-several']"))
    task.fill(last.locator("[name$='-choices-2-text']"), "White stuff comes out")
    lead(task, last, 0, "Call now")
    lead(task, last, 1, "Get help today")
    task.click(last.get_by_role("button", name="Add a line"))
    level = last.locator("[name$='-routes-3-level']")
    task.choose(level, level.locator("option[value=routine]").inner_text())
    lead(task, last, 3, "Book a visit")
    task.fill(last.locator("[name$='-routes-3-place']"), "3")
    task.fill(last.locator("[name$='-routes-2-place']"), "4")
    lead(task, last, 2, "Care at home")
    task.click(page.get_by_role("button", name="Save", exact=True).first)
    expect(page.locator(".messagelist .success")).to_contain_text("Saved.")
    assert "to mend before this can be published" not in page.locator("#content").inner_text()
    task.click(page.get_by_role("button", name="Save and submit…").first)
    task.fill(page.locator("#id_note"), "New.")
    task.click(page.get_by_role("button", name="Submit", exact=True))
    expect(page.locator(".messagelist .success")).to_contain_text("Submitted.")
    assert Edition.objects.filter(document=SelfCheck.objects.get().pk).count() == 1
    assert task.pages <= 10 and task.clicks <= 30, (task.pages, task.clicks, task.fields)
    print("counted:", task.pages, task.clicks, task.fields)
    assert console_messages == []


def test_line_makes_a_result_in_place_and_draws_the_draft(page, site, console_messages):
    page.set_viewport_size({"width": 1400, "height": 900})
    check = factories.self_check()
    page.goto(f"{site}/admin/selfcheck/selfcheck/{check.pk}/change/")
    row = page.locator("#questions-3")
    row.locator("[name$='-routes-2-target']").select_option(label="A new result")
    added = page.locator("#outcomes-5")
    added.locator("[name$='-title']").fill("Ask a nurse")
    added.locator("[name$='-urgency']").select_option(label="Care at home")
    expect(page.locator(".draft-status")).to_contain_text("Kept at", timeout=30_000)
    drawing = page.frame_locator(".draft-preview iframe")
    expect(drawing.get_by_text("Ask a nurse").first).to_be_attached(timeout=30_000)
    page.keyboard.press("Control+s")
    expect(page.locator(".messagelist .success")).to_contain_text("Saved.")
    routes = check.to_values()["questions"][3]["routes"]
    assert routes[2]["outcome"] == "ask-a-nurse"
    assert console_messages == []


def test_signs_follow_the_chosen_checklist(page, site, console_messages):
    factories.checklist("other", signs=[{**factories.SIGNS[0], "text": "You feel faint"}])
    page.goto(f"{site}/admin/selfcheck/selfcheck/add/")
    page.locator("#id_checklist").select_option(index=2)
    expect(page.locator("#questions-0 .sign-list input").first).to_be_attached()
    names = page.locator("#questions-0 .sign-list input").evaluate_all(
        "all => all.map(box => box.name)"
    )
    assert set(names) == {"questions-0-signs"}
    page.get_by_role("button", name="Add a question").press("Enter")
    assert page.locator("#questions-1 .sign-list input").count() == len(names)
    assert console_messages == []


def test_form_is_accessible_in_every_width_and_scheme(browser, site, console_messages):
    check = factories.self_check()
    check.questions.first().routes.all().delete()
    with staff_users.open_browser(browser, console_messages, **WITH_AXE) as page:
        staff_users.sign_in(page, site, "nora")
        found = []
        for address in (f"{check.pk}/change", "add"):
            page.goto(f"{site}/admin/selfcheck/selfcheck/{address}/")
            found += violations_of(page, address)
    assert not found, "\n".join(found)
