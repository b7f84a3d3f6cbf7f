"""Packs of handouts, built and printed by keyboard, with and without JavaScript."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Route, expect

from education.clinic.models import Clinic
from education.handouts.throttling import print_counters
from tests.browser import live_site, staff_users
from tests.browser.keyboard import Keyboard
from tests.browser.test_staff_pages import WITH_AXE, violations_of
from tests.handouts.conftest import WHITE as SLUG_OF_WHITE
from tests.handouts.pdf_reader import extract_text, normalize_text

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

READERS, DESK = "/handouts/", "/admin/handouts/"
WHITE, FATTY = "White discharge from spots on your back", "Small fatty bumps on your back"
SIGNS = "When to see a doctor about a spot or lump on your back"
NOTE = "Your nurse is Ann. Come back on 3 May."


@pytest.fixture
def site(live_server: Any) -> str:
    live_site.load()
    staff_users.create_nurse("nora")
    print_counters.clear()
    return live_server.url


@pytest.fixture(params=[(READERS, False), (DESK, True)], ids=str)
def hands(
    request: Any, browser: Browser, site: str, console_messages: list[str]
) -> Iterator[Keyboard]:
    """A keyboard at an empty pack, of readers or at the desk, with JavaScript or without."""
    place, javascript = request.param
    with staff_users.open_browser(
        browser, console_messages, java_script_enabled=javascript
    ) as page:
        if place == DESK:
            staff_users.sign_in(page, site, "nora")
        page.goto(site + place)
        yield Keyboard(page)
        assert place == DESK or page.context.cookies() == []


def printed(hands: Keyboard) -> str:
    """The words of the PDF that comes when Enter is pressed where the focus is."""
    kept: list[bytes] = []

    def keep(route: Route) -> None:
        answer = route.fetch()
        assert answer.status == 200 and answer.headers["content-type"] == "application/pdf", (
            answer.text()
        )
        assert "no-store" in answer.headers["cache-control"]
        kept.append(answer.body())
        # A browser that shows PDFs and one that saves them would do different things here.
        route.fulfill(status=204)

    hands.page.route("**/handouts/", keep)
    with hands.page.expect_event("response", lambda answer: answer.request.method == "POST"):
        hands.press("Enter")
    hands.page.unroute("**/handouts/")
    (pdf,) = kept
    return normalize_text(extract_text(pdf))


def in_order(text: str, *shown: str) -> bool:
    """Whether all of this stands in a text, one after another."""
    places = [text.find(normalize_text(one)) for one in shown]
    return -1 not in places and places == sorted(places)


@pytest.mark.parametrize(
    "hands",
    [(READERS, True), (READERS, False), (DESK, True), (DESK, False)],
    ids=str,
    indirect=True,
)
def test_search_enter_print_makes_a_handout(hands: Keyboard) -> None:
    expect(hands.page.get_by_label("Find a page to print")).to_be_focused()
    hands.add("fatty bumps")
    follow(hands)
    expect(hands.page.get_by_role("button", name="Print").first).to_be_focused()
    text = printed(hands)
    assert normalize_text(FATTY) in text and normalize_text(WHITE) not in text


def test_pack_has_pages_in_chosen_order_and_a_note(hands: Keyboard) -> None:
    page = hands.page
    for title in (WHITE, FATTY, f"{SIGNS} (warning signs)"):
        hands.tick(title)
    hands.to("Show my choice in order")
    follow(hands)
    expect(page.get_by_role("textbox", name="Place")).to_have_count(3)
    hands.write(f"Place of {SIGNS}", "1")
    hands.to("The clinic's own")
    hands.press("ArrowDown")
    hands.press("ArrowDown")
    hands.press("ArrowDown")
    expect(page.get_by_label("Large print")).to_be_checked()
    hands.write("A note for this patient", NOTE)
    hands.to("Show my choice in order")
    follow(hands)
    for place, title in enumerate((SIGNS, FATTY, WHITE), start=1):
        expect(page.get_by_label(f"Place of {title}")).to_have_value(str(place))
    expect(page.get_by_label("A note for this patient")).to_have_value(NOTE)
    hands.to("Print")
    text = printed(hands)
    # On the first page are the note and the list of what is in the pack, in its order.
    assert in_order(
        text, SIGNS, FATTY, WHITE, NOTE, "Added at printing, not part of the text of this site."
    )

    hands.open("Link to this choice, to keep as a bookmark")
    assert "Ann" not in page.url and "print=large" in page.url
    expect(page.get_by_label("A note for this patient")).to_have_value("")
    expect(page.get_by_label("Large print")).to_be_checked()
    expect(page.get_by_label(f"Place of {SIGNS}")).to_have_value("1")


def test_empty_choice_is_explained_and_can_be_corrected(hands: Keyboard) -> None:
    hands.to("Print")
    follow(hands)
    expect(hands.page.get_by_role("alert")).to_contain_text("Nothing was chosen.")
    hands.tick(FATTY)
    hands.to("Print")
    assert normalize_text(FATTY) in printed(hands)


def follow(hands: Keyboard) -> None:
    """Press Enter where the focus is, and wait for the page that comes."""
    with hands.page.expect_navigation(wait_until="load"):
        hands.press("Enter")


def test_checkbox_of_a_placed_page_can_be_pressed(browser: Browser, site: str) -> None:
    with staff_users.open_browser(browser, [], viewport={"width": 360, "height": 740}) as page:
        page.goto(f"{site}{READERS}?document=article/{SLUG_OF_WHITE}&document=checklist/back-skin")
        page.get_by_role("checkbox", name=WHITE).click()
        expect(page.get_by_role("checkbox", name=WHITE)).not_to_be_checked()


STATES = {
    "empty": "",
    "found": "?q=bumps",
    "found nothing": "?q=zzzz",
    "chosen": "?document=article/{white}&document=self-check/back-skin&print=large&causes=none",
    "too long a note": "?document=checklist/back-skin&note={long}",
    "refused": "?document=article/no-such-page",
}


@pytest.mark.parametrize("place", [READERS, DESK])
def test_pack_pages_have_no_accessibility_violation(
    browser: Browser, site: str, place: str
) -> None:
    found = []
    with staff_users.open_browser(browser, [], **WITH_AXE) as page:
        if place == DESK:
            staff_users.sign_in(page, site, "nora")
        for state, query in STATES.items():
            page.goto(site + place + query.format(white=SLUG_OF_WHITE, long="x" * 1001))
            found += violations_of(page, state)
        page.goto(site + place)
        page.get_by_role("button", name="Print").first.press("Enter")
        page.get_by_role("alert").wait_for()
        found += violations_of(page, "nothing chosen")
        if place == READERS:
            Clinic.objects.update_or_create(pk=1, defaults={"packs_for_staff": True})
            page.goto(site + place)
            expect(page.get_by_role("textbox", name="A note")).to_have_count(0)
            found += violations_of(page, "for staff alone")
    assert found == []
