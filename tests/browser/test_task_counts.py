"""What the tasks of a day cost somebody who knows the way: pages, clicks, and fields."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import docx
import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from education.articles.models import Article
from education.publishing import actions
from education.publishing.models import Edition, Review
from education.publishing.workflow import reviews
from tests import factories
from tests.browser import staff_users
from tests.browser.task_counter import TaskCounter
from tests.browser.text_editor_page import TextEditor
from tests.leaflets.word_files import saved
from tests.staff.test_workflow import at

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.ignore_template_errors,
    pytest.mark.usefixtures("uploads"),
]

SIGNS = {
    "emergency": ("You are confused", "You find it hard to breathe"),
    "urgent": ("The pain is spreading", "Pus comes out"),
    "routine": ("It comes back", "It does not get better"),
}
CAUSES = ("Tight shoes", "Cut too short", "Wet feet")
SOURCES = (("Foot leaflet", "A clinic"), ("Nails", "A hospital"))


@pytest.fixture
def page(browser: Browser, live_server: Any, console_messages: list[str]) -> Iterator[Page]:
    """The browser of a nurse with every role, at her first page."""
    factories.make_small_site()
    nora = staff_users.create_nurse("nora")
    nora.first_name, nora.last_name = "Nora", "Quill"
    nora.save()
    window = {"width": 1400, "height": 900}
    with staff_users.open_browser(browser, console_messages, viewport=window) as page:
        staff_users.sign_in(page, live_server.url, "nora")
        yield page
        assert console_messages == []


@pytest.fixture
def spots() -> Article:
    return Article.objects.get(slug="spots")


def begin(page: Page, live_server: Any, address: str) -> TaskCounter:
    """A counter at the page where a task begins, which is its first page."""
    task = TaskCounter(page)
    page.goto(live_server.url + address)
    return task


def press(task: TaskCounter, name: str) -> None:
    task.click(
        task.page.locator(f"input[type=submit][value='{name}'], button:text-is('{name}')").first
    )


def submitted(document: Any) -> Edition:
    (edition,) = actions.submit([document], **factories.ADVICE)
    return edition


def said(page: Page, words: str) -> None:
    """The page tells of success; otherwise what it refuses."""
    page.locator(".messagelist .success, [role=alert]").first.wait_for()
    assert page.get_by_role("alert").all_inner_texts() == []
    expect(page.locator(".messagelist .success")).to_contain_text(words)


def at_most(task: TaskCounter, pages: int, clicks: int, fields: int) -> None:
    counted = (task.pages, task.clicks, task.fields)
    most = (pages, clicks, fields)
    assert all(mine <= one for mine, one in zip(counted, most, strict=True)), (counted, most)


def write(task: TaskCounter, name: str, text: str) -> None:
    """Type a text where it is an editor."""
    task.fill(TextEditor(task.page, name).words, text)


def add_row(task: TaskCounter, part: str) -> None:
    task.click(task.page.locator(f"#{part}-group .add-row a"))


def add_picture(task: TaskCounter, name: str, file: Path) -> None:
    page, editor = task.page, TextEditor(task.page, name)
    task.click(editor.button("More"))
    task.click(editor.button("Picture"))
    page.get_by_label("A file from this computer").set_input_files(file)
    task.fields += 1
    task.fill(page.get_by_label("What does it show?"), "A red bump.")
    task.click(page.get_by_role("button", name="Put the picture in"))


def write_article(task: TaskCounter, file: Path) -> None:
    page = task.page
    task.fill(page.locator("#id_title"), "Ingrown toenail")
    write(task, "summary", "A nail grows into the skin.")
    write(task, "introduction", "The cuticle is sore.")
    add_picture(task, "introduction", file)
    place = 0
    for urgency, texts in SIGNS.items():
        for text in texts:
            add_row(task, "signs")
            level = page.locator(f"#id_signs-{place}-urgency")
            task.choose(level, level.locator(f"option[value={urgency}]").inner_text())
            write(task, f"signs-{place}-text", text)
            place += 1
    for place, name in enumerate(CAUSES):
        add_row(task, "causes")
        task.fill(page.locator(f"#id_causes-{place}-name"), name)
        write(task, f"causes-{place}-what_happens", "It presses.")
        write(task, f"causes-{place}-looks", "The toe is sore.")
        write(task, f"causes-{place}-self_care", "Wear wide shoes.")
    task.fill(page.locator("#id_do"), "Wash your feet.")
    task.fill(page.locator("#id_do_not"), "Do not cut the corners.")
    for place, (title, publisher) in enumerate(SOURCES):
        add_row(task, "sources")
        task.fill(page.locator(f"#id_sources-{place}-title"), title)
        task.fill(page.locator(f"#id_sources-{place}-publisher"), publisher)
        task.tick(page.locator(f"#id_sources-{place}-adapted_here"))
    add_row(task, "terms")
    task.fill(page.locator("#id_terms-0-word"), "Cuticle")
    write(task, "terms-0-meaning", "The skin at the nail.")


def submit(task: TaskCounter, note: str = "") -> None:
    press(task, "Save and submit…")
    if note:
        task.fill(task.page.locator("#id_note"), note)
    press(task, "Submit")
    said(task.page, "Submitted.")


def test_new_article_with_all_its_parts(page, live_server, tmp_path):
    task = begin(page, live_server, "/admin/articles/article/add/")
    write_article(task, staff_users.drawing(tmp_path))
    submit(task, "A new page.")
    article = Article.objects.get(slug="ingrown-toenail")
    assert article.causes.count() == 3 and article.checklist.signs.count() == 6
    assert "![A red bump.](" in article.introduction
    together = Edition.objects.filter(note="A new page.").values_list("document__kind", flat=True)
    assert {*together} == {"article", "checklist", "sources", "glossary"}
    expect(page.get_by_text("to mend before this can be published")).to_have_count(0)
    at_most(task, 3, 24, 44)


def word_file() -> bytes:
    """A leaflet with all parts of an article under headings that say what they are."""
    document = docx.Document()
    document.add_heading("Ingrown toenail", 0)
    document.add_paragraph("It is common.")
    document.add_heading("In short", 1)
    document.add_paragraph("A nail grows into the skin.")
    document.add_heading("Causes", 1)
    for name in CAUSES:
        document.add_heading(name, 2)
        document.add_paragraph("It presses.")
        document.add_heading("How it looks", 3)
        document.add_paragraph("The toe is sore.")
        document.add_heading("What you can do", 3)
        document.add_paragraph("Wear wide shoes.")
    headings = ("Call 911 now if:", "Call us today if:", "When to see a doctor soon:")
    lists = [("What you can do", ["Wash your feet."]), ("Do not", ["Do not cut the corners."])]
    lists += list(zip(headings, map(list, SIGNS.values()), strict=True))
    for heading, lines in lists:
        document.add_heading(heading, 1)
        for line in lines:
            document.add_paragraph(line, style="List Bullet")
    return saved(document)


def test_draft_with_all_its_parts_from_a_word_file(page, live_server, tmp_path):
    file = tmp_path / "Toe.docx"
    file.write_bytes(word_file())
    task = begin(page, live_server, "/admin/import/")
    page.get_by_label("Word file").set_input_files(file)
    task.fields += 1
    press(task, "Make the draft")
    task.click(page.get_by_role("link", name="Open the draft"))
    expect(page.locator("#id_title")).to_have_value("Ingrown toenail")
    article = Article.objects.get(slug="ingrown-toenail")
    assert {row.looks for row in article.causes.all()} == {"The toe is sore."}
    levels = article.checklist.signs.values_list("urgency", flat=True)
    assert sorted(levels) == sorted([*SIGNS, *SIGNS])
    at_most(task, 3, 10, 1)


def test_comment_on_a_passage_and_request_of_changes(page, live_server, spots):
    submitted(factories.article(do=["Wash."]))
    task = begin(page, live_server, at(spots, "comments"))
    passage = page.locator(".passages > section", has_text="Wash.").first
    task.click(passage.get_by_text("Comment on this"))
    task.fill(passage.locator("textarea"), "Say how often.")
    task.click(passage.get_by_role("button", name="Comment", exact=True))
    task.click(page.get_by_role("link", name="Back to the review"))
    press(task, "Ask for changes")
    said(page, "The writers see now what should change.")
    # The page after the comment opens at its place, which the counter takes for a jump.
    at_most(task, 4, 4, 1)


def test_mended_article_is_handed_in_again(page, live_server, spots):
    by = staff_users.create_user("otto")
    edition = submitted(factories.article(do=["Wash."]))
    reviews.request_changes(edition, by=by, comment="Say how often.")
    task = begin(page, live_server, at(spots, "change"))
    task.fill(page.locator("#id_do"), "Wash each day.")
    submit(task)
    assert spots.document.editions.latest("number").note == edition.note
    at_most(task, 3, 2, 1)


def test_approval(page, live_server, spots):
    submitted(factories.article(do=["Wash."]))
    task = begin(page, live_server, at(spots, "review"))
    task.tick(page.locator("#id_read"))
    press(task, "Record my review")
    said(page, "Your review is recorded.")
    assert Review.objects.get().shown_as == "Nora Quill"
    at_most(task, 2, 2, 0)


def test_publication(page, live_server, spots):
    submitted(factories.article(do=["Wash."]))
    task = begin(page, live_server, at(spots, "publish"))
    press(task, "Publish now")
    said(page, "Published.")
    at_most(task, 2, 2, 0)


def test_scheduling(page, live_server, spots):
    submitted(factories.article(do=["Wash."]))
    task = begin(page, live_server, at(spots, "publish"))
    tomorrow = timezone.localtime() + timedelta(days=1)
    task.click(page.get_by_text("Publish it later"))
    task.fill(page.locator("#id_at_0"), tomorrow.strftime("%Y-%m-%d"))
    task.fill(page.locator("#id_at_1"), "08:00")
    press(task, "Schedule")
    said(page, "Scheduled.")
    at_most(task, 2, 4, 2)


def test_withdrawal(page, live_server, spots):
    task = begin(page, live_server, at(spots, "withdraw"))
    task.fill(page.locator("#id_reason"), "This advice is being checked.")
    press(task, "Withdraw now, it is urgent")
    expect(page.locator("#workflow-state")).to_have_text("Withdrawn")
    at_most(task, 2, 3, 1)


def test_restoring_and_publishing_an_earlier_edition(page, live_server, spots):
    factories.publish_documents(factories.article(do=["Wash."]))
    task = begin(page, live_server, at(spots, "editions"))
    press(task, "Restore edition 1 into the working copy")
    press(task, "Save and publish…")
    task.fill(page.locator("#id_note"), "The first text again.")
    press(task, "Publish now")
    said(page, "Published.")
    assert Edition.objects.live().get(document=spots).content.do == ("Wash with warm water.",)
    at_most(task, 4, 3, 1)


def test_what_is_overdue_stands_on_the_first_page(page, live_server, spots):
    day = timezone.localdate()
    Review(
        edition=Edition.objects.get(document=spots),
        by=staff_users.create_user("otto"),
        shown_as="Otto",
        on=day - timedelta(500),
        next_due=day - timedelta(135),
    ).save()
    task = begin(page, live_server, "/admin/")
    overdue = page.locator("[aria-labelledby=dashboard-overdue]")
    expect(overdue.get_by_role("link", name="About spots").first).to_be_visible()
    at_most(task, 1, 0, 0)
