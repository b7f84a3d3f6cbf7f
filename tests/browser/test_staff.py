"""Staff journeys in a real browser, by keyboard, under the site's security policy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from education.articles.models import Article
from education.publishing.models import Edition
from education.staff.accounts import roles
from tests import factories
from tests.browser import staff_users
from tests.browser.keyboard import Keyboard
from tests.browser.wait_helpers import wait_until

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.ignore_template_errors,
    pytest.mark.usefixtures("uploads"),
]

PUBLIC = "/conditions/itchy-bumps/"


@pytest.fixture
def site(live_server: Any) -> str:
    factories.make_small_site()
    staff_users.create_nurse("nora")
    return live_server.url


@pytest.fixture
def nora(browser: Browser, site: str, console_messages: list[str]) -> Iterator[Keyboard]:
    """A nurse who has just signed in."""
    with staff_users.open_browser(browser, console_messages) as page:
        yield staff_users.sign_in(page, site, "nora")


@pytest.fixture
def reader(browser: Browser, site: str, console_messages: list[str]) -> Iterator[Page]:
    """A reader, who has no cookie."""
    with staff_users.open_browser(browser, console_messages) as page:
        yield page
        assert page.context.cookies() == []


def saved(hands: Keyboard) -> None:
    """Save, and see that it was."""
    hands.open("Save")
    expect(hands.page.locator(".messagelist .success")).to_contain_text("Saved.")


def publish(hands: Keyboard, note: str, *together: str) -> None:
    """Save and publish: the note, and the parts that go along."""
    hands.open("Save and publish…")
    say_what_changes(hands, note, *together)
    hands.open("Publish now")
    expect(hands.page.locator(".messagelist .success")).to_have_text(
        "Published. Readers see it now."
    )


def submit(hands: Keyboard, note: str, *together: str) -> None:
    """Save and submit: the note, and the parts that go along."""
    hands.open("Save and submit…")
    say_what_changes(hands, note, *together)
    hands.open("Submit")
    expect(hands.page.locator(".messagelist .success")).to_contain_text("Submitted.")


def say_what_changes(hands: Keyboard, note: str, *together: str) -> None:
    """The note, and the parts that go along. What kind of change it is, nobody is asked."""
    expect(hands.page.locator("form [type=radio]")).to_have_count(0)
    hands.write("What changed, in words for readers?", note)
    for part in together:
        hands.tick(part)


def home(hands: Keyboard) -> None:
    hands.open("Home")


@pytest.fixture
def in_role(
    browser: Browser, site: str, console_messages: list[str]
) -> Iterator[Callable[..., Keyboard]]:
    """Somebody with these roles and nothing more, who has just signed in at a browser
    of their own.
    """
    with ExitStack() as browsers:

        def sign_in(name: str, *names: str) -> Keyboard:
            staff_users.create_user(name, *names)
            page = browsers.enter_context(staff_users.open_browser(browser, console_messages))
            return staff_users.sign_in(page, site, name)

        yield sign_in


def test_nurse_works_through_a_day(
    in_role: Callable[..., Keyboard],
    reader: Page,
    browser: Browser,
    site: str,
    tmp_path: Path,
    console_messages: list[str],
) -> None:
    """A page from nothing, with help to write plainly; a second person reviews it and lets readers
    see it.
    """
    nora = in_role("aya", roles.AUTHOR)
    page = nora.page
    visited: set[str] = set()
    page.on("framenavigated", lambda frame: visited.add(urlsplit(frame.url).path))

    # A picture, with words for those who cannot see it.
    nora.open("Add", near="Pictures")
    nora.choose_file("Picture", staff_users.drawing(tmp_path))
    nora.write("Alternative text", "A red bump with a white tip.")
    nora.open("Save")
    nora.to("To use it, copy this into a text")
    nora.press("Control+A", "Control+C")
    expect(page.locator(".field-picture img")).to_have_js_property("naturalWidth", 640)

    # A source, added to the list.
    home(nora)
    nora.open("Change", near="List of sources")
    nora.to("Add another Source")
    nora.press("Enter")
    assert nora.focused["name"] == "Place"
    for name, text in (
        ("Key", "skin-society"),
        ("Title", "Itchy bumps"),
        ("Publisher", "The Skin Society"),
        ("Web address", "https://skin.example/bumps"),
    ):
        nora.write(name, text)
    saved(nora)

    # A cause.
    home(nora)
    nora.open("Add", near="Causes")
    nora.write("Name", "Sweat rash")
    nora.to("Address")
    assert nora.focused["value"] == "sweat-rash"
    nora.write("What it is", "Sweat that cannot leave the skin. [@skin-society]")
    expect(page.locator(".markdownx-preview sup")).to_have_count(1)
    saved(nora)

    # The article: saved at once, to see what is missing.
    home(nora)
    nora.open("Add", near="Articles")
    nora.write("Title", "Itchy bumps")
    saved(nora)
    expect(page.locator("#workflow-state")).to_have_text("Not published yet")
    expect(page.locator(".workflow-panel h3")).to_contain_text("things to mend")
    nora.to("Summary", near="things to mend")
    nora.press("Enter")
    assert nora.focused["name"] == "Summary"
    nora.add("Bumps that itch. **Do not scratch.**")
    expect(page.locator(".field-summary .markdownx-preview strong")).to_have_text("Do not scratch.")
    nora.write("Introduction", "They come with heat. [@skin-society]\n\n")
    nora.press("Control+V")
    expect(page.locator(".field-introduction .markdownx-preview img")).to_have_js_property(
        "naturalWidth", 640
    )
    nora.choose("Checklist", "When to see a doctor")
    nora.write("Do", "Wear loose clothes.")
    nora.write("Do not", "Do not scratch.")

    # A cause tagged in a new row, whose previews live as well.
    nora.to("Add another Cause")
    nora.press("Enter")
    assert nora.focused["name"] == "Place"
    nora.choose("Cause", "Sweat rash")
    nora.write("What happens", "Sweat stays **under** the skin.")
    expect(page.locator("#causes-0 .field-what_happens .markdownx-preview strong")).to_have_text(
        "under"
    )
    nora.write("How it looks or feels", "Small bumps. On brown skin they may look gray.")
    nora.write("What you can do", "- Cool down\n- Wear cotton")
    expect(page.locator("#causes-0 .field-self_care .markdownx-preview li")).to_have_count(2)

    # The advice changes as the text gets plainer.
    advice = page.locator("#causes-0 .field-looks .writing-help")
    nora.write(
        "How it looks or feels",
        "The erythematous papules are surrounded by inflammation, and because they are numerous they may be "
        "mistaken by people for something infectious that has to be treated with medication.",
    )
    expect(advice).to_contain_text("Could be plainer:")
    expect(advice).to_contain_text("Split it")
    nora.write(
        "How it looks or feels", "The bumps are small and red. On brown skin they may look gray."
    )
    expect(advice.get_by_text("Split it")).to_have_count(0)

    # As readers would see it.
    nora.open("Save and preview")
    expect(page.get_by_text("Preview. Readers do not see this.")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Itchy bumps")
    page.get_by_text("Read more about it").click()
    expect(page.get_by_role("img", name="A red bump with a white tip.")).to_have_js_property(
        "naturalWidth", 640
    )
    assert reader.request.get(site + PUBLIC).status == 404
    nora.open("Back to the form")
    # The cause and the source go live with it: nothing is missing any more.
    expect(page.get_by_text("to mend before this can be published")).to_have_count(0)

    # Submitted: what is missing is asked for, and the parts go along.
    nora.open("Save and submit…")
    nora.open("Submit")
    assert "Something is missing" in nora.focused["around"]
    nora.open("Back to the form")
    submit(nora, "A new page.", "Cause: Sweat rash", "List of sources")
    expect(page.locator("#workflow-state")).to_have_text("Submitted for review")
    assert reader.request.get(site + PUBLIC).status == 404

    # A second person reviews and publishes it, and the page is there.
    rita = in_role("rita", roles.REVIEWER, roles.PUBLISHER)
    rita.open("Article: Itchy bumps")
    rita.open("Read it as readers will see it")
    expect(rita.page.get_by_role("heading", level=1)).to_have_text("Itchy bumps")
    rita.page.go_back()
    rita.write("Your name and title, as readers see them", "Rita Moss, nurse practitioner")
    for part in (
        "Cause: Sweat rash, edition 1",
        "Checklist: When to see a doctor, edition 1",
        "List of sources: Sources, edition 2",
    ):
        rita.tick(part)
    rita.tick("I have read this edition as readers see it, and it is right and safe.")
    rita.open("Record my review")
    expect(rita.page.locator("#workflow-state")).to_have_text("Reviewed, not published yet")
    rita.open("Publish…")
    rita.tick("Cause: Sweat rash")
    rita.tick("List of sources")
    rita.open("Publish now")
    expect(rita.page.locator("#workflow-state")).to_have_text("Live")
    reader.goto(site + PUBLIC)
    expect(reader.get_by_role("heading", level=1)).to_have_text("Itchy bumps")
    expect(reader.get_by_role("heading", name="Sweat rash")).to_be_visible()
    reader.get_by_text("Sources of the text").click()
    expect(reader.get_by_text("The Skin Society").first).to_be_visible()
    expect(reader.get_by_text("Reviewed by Rita Moss, nurse practitioner").first).to_be_visible()
    reader.get_by_text("Read more about it").click()
    image = reader.get_by_role("img", name="A red bump with a white tip.")
    expect(image).to_have_js_property("naturalWidth", 640)
    assert Edition.objects.get(document__slug="itchy-bumps").frozen_by.username == "aya"

    # An edit of the advice takes the review off.
    page.reload()
    nora.write("Do", "Wear loose clothes.\nTake a cool shower.")
    submit(nora, "We say to take a cool shower.")
    rita.page.reload()
    rita.open("Publish…")
    rita.open("See what changed since the edition that is live")
    expect(rita.page.locator("ins")).to_contain_text("Take a cool shower.")
    rita.page.go_back()
    rita.open("Publish now")
    reader.reload()
    expect(reader.get_by_text("Take a cool shower.")).to_be_visible()
    expect(reader.get_by_text("Not yet reviewed by a clinician").first).to_be_visible()

    # And the first text comes back, with what it said.
    rita.open("Earlier editions")
    rita.open("Restore edition 1 into the working copy")
    rita.open("Publish…")
    rita.write("What changed, in words for readers?", "The first text again.")
    rita.open("Publish now")
    reader.reload()
    expect(reader.get_by_text("Wear loose clothes.")).to_be_visible()
    expect(reader.get_by_text("Take a cool shower.")).to_have_count(0)
    reader.goto(f"{site}{PUBLIC}history/")
    for note in ("A new page.", "We say to take a cool shower.", "The first text again."):
        expect(reader.get_by_text(note)).to_be_visible()

    strangers_get_nothing(browser, site, visited, "Itchy bumps", console_messages)


def strangers_get_nothing(
    browser: Browser, site: str, addresses: set[str], secret: str, console_messages: list[str]
) -> None:
    """Every address of staff that was visited leads somebody without an account to the sign-in
    page.
    """
    with staff_users.open_browser(browser, console_messages) as page:
        mine = {address for address in addresses if address.startswith("/admin/")}
        assert len(mine) >= 9
        for address in mine:
            answer = page.request.get(site + address, max_redirects=0)
            assert answer.status == 302 and "/admin/login/" in answer.headers["location"], address
            assert secret not in answer.text()


def test_published_change_and_restored_text_reach_readers(
    nora: Keyboard, reader: Page, site: str
) -> None:
    public = f"{site}/conditions/spots/"
    page = nora.page
    nora.open("Change", near="Articles")
    nora.open("About spots")
    nora.write("Title", "All about spots")
    saved(nora)
    expect(page.locator("#workflow-state")).to_have_text("Live, changed since")
    reader.goto(public)
    expect(reader.get_by_role("heading", level=1)).to_have_text("About spots")

    publish(nora, "A better title.")
    reader.reload()
    expect(reader.get_by_role("heading", level=1)).to_have_text("All about spots")

    nora.open("View on site")
    expect(page.get_by_role("heading", level=1)).to_have_text("All about spots")
    page.go_back()
    nora.open("Withdraw")
    nora.write("Why, in words for readers?", "This advice is being checked.")
    nora.open("Withdraw now, it is urgent")
    expect(page.locator("#workflow-state")).to_have_text("Withdrawn")
    answer = reader.request.get(public)
    assert answer.status == 410 and "This advice is being checked." in answer.text()

    nora.open("Earlier editions")
    nora.open("Restore edition 1 into the working copy")
    nora.to("Title")
    assert nora.focused["value"] == "About spots"
    assert reader.request.get(public).status == 410
    publish(nora, "The first text again.")
    reader.reload()
    expect(reader.get_by_role("heading", level=1)).to_have_text("About spots")
    assert Edition.objects.filter(document__slug="spots").count() == 3


def test_concurrent_saves_of_two_nurses_lose_nothing(
    nora: Keyboard, browser: Browser, site: str, console_messages: list[str]
) -> None:
    staff_users.create_nurse("olu")
    article = Article.objects.get()
    form = f"{site}/admin/articles/article/{article.pk}/change/"
    with staff_users.open_browser(browser, console_messages) as other:
        olu = staff_users.sign_in(other, site, "olu")
        for hands in (nora, olu):
            hands.page.goto(form)
        nora.write("Title", "What Nora says")
        nora.write("Summary", "Nora wrote this.")
        olu.write("Title", "What Olu says")
        olu.write("Introduction", "Olu wrote that.")
        saved(nora)
        olu.open("Save")
        panel = other.locator(".merge-conflict")
        taken = "Taken over from the other person: Summary"
        for words in ("What Nora says", "What Olu says", taken):
            expect(panel).to_contain_text(words)
        expect(other.locator("#id_summary")).to_have_value("Nora wrote this.")
        assert "Two people changed this" in olu.focused["around"]
        article.refresh_from_db()
        assert (article.title, article.summary) == ("What Nora says", "Nora wrote this.")
        olu.write("Summary", "Nora wrote this. So did Olu.")
        saved(olu)
    article.refresh_from_db()
    assert article.title == "What Olu says"
    assert (article.summary, article.introduction) == (
        "Nora wrote this. So did Olu.",
        "Olu wrote that.",
    )


def test_unsaved_text_is_not_lost_without_a_warning(nora: Keyboard, site: str) -> None:
    nora.open("Change", near="Articles")
    nora.open("About spots")
    nora.write("Title", "Half a thought")
    asked: list[str] = []
    nora.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    nora.to("Home")
    nora.press("Enter")
    wait_until(nora.page, "true")
    assert asked == ["beforeunload"]
    nora.to("Title")
    assert nora.focused["value"] == "Half a thought"
    saved(nora)
    home(nora)


def test_row_moves_to_its_position(nora: Keyboard, site: str) -> None:
    for slug in ("sweat", "heat"):
        factories.cause(slug)
    article = factories.article("bumps", ("oil", "sweat", "heat"))
    nora.page.goto(f"{site}/admin/articles/article/{article.pk}/change/")
    nora.write("Place", "1", near="Heat")
    saved(nora)
    assert [row.cause.slug for row in article.causes.all()] == ["heat", "oil", "sweat"]
    nora.write("Place", "2", near="Heat")
    saved(nora)
    assert [row.cause.slug for row in article.causes.all()] == ["oil", "heat", "sweat"]
