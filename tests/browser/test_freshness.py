"""A printed handout's code in a real browser, for every later state of its page."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from education.publishing import actions
from tests import factories
from tests.factories import SIGNS, WORDING, check_wording, publish_documents
from tests.handouts.handout_helpers import code_url, print_code

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def check(page: Page, *schemes: Any) -> None:
    """Nothing that axe can find on a narrow phone; one heading, in order; no cookie."""
    for scheme in schemes or ("light",):
        page.emulate_media(color_scheme=scheme)
        found = Axe().run(page).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"][:120]) for one in found] == []
    facts = page.evaluate(
        """() => ({
            wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
            levels: [...document.querySelectorAll('main :is(h1,h2,h3,h4,h5)')].map(e => +e.tagName[1]),
        })"""
    )
    assert facts["wide"] <= 0
    assert facts["levels"][0] == 1 and facts["levels"].count(1) == 1
    assert all(
        after - before <= 1
        for before, after in zip(facts["levels"], facts["levels"][1:], strict=False)
    )
    expect(page.get_by_text("In an emergency, call").first).to_be_visible()
    assert page.context.cookies() == []


def test_handout_code_is_checked_from_print_to_outdated(browser: Browser, live_server: Any) -> None:
    spots = factories.make_small_site()
    code = print_code(spots)
    context = browser.new_context(viewport={"width": 320, "height": 640}, bypass_csp=True)
    page = context.new_page()

    page.goto(f"{live_server.url}/h/")
    check(page)
    page.get_by_label("The code on your paper").fill("12")
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_text("This does not look like one of our codes.")).to_be_visible()
    check(page)
    wrong = ("3" if code[0] != "3" else "4") + code[1:]
    page.get_by_label("The code on your paper").fill(wrong)
    page.keyboard.press("Enter")
    expect(page.get_by_text("One or more characters of the code are not right.")).to_be_visible()
    page.get_by_label("The code on your paper").fill(f"{code[:2]}-{code[2:]} ".lower())
    page.keyboard.press("Enter")
    page.wait_for_url(live_server.url + code_url(code))
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("This paper is up to date")
    check(page)

    publish_documents(factories.article(introduction="Many people get spots."), **WORDING)
    page.reload()
    expect(heading).to_have_text("The text has changed since this paper was printed. Ask us.")
    expect(page.locator("ins", has_text="Many")).to_be_visible()
    check(page)

    check_wording(spots)
    page.reload()
    expect(heading).to_have_text("The advice on this paper still holds")
    expect(page.locator("del", has_text="Most")).to_be_visible()
    expect(page.locator("ins", has_text="Many")).to_be_visible()
    check(page)

    signs = [*SIGNS[:2], {**SIGNS[2], "urgency": "urgent"}]
    publish_documents(
        factories.checklist(signs=signs), note="Get help today for a lump that grows."
    )
    page.reload()
    expect(heading).to_have_text("Our advice has changed since this paper was printed")
    expect(page.get_by_text("Get help today for a lump that grows.")).to_be_visible()
    check(page, "dark", "light")
    page.get_by_role("link", name="Get the new handout").click()
    page.wait_for_url("**/handouts/spots/?print=normal&extent=everything")
    assert page.get_by_role("heading", level=1).inner_text() == "About spots"

    actions.withdraw(spots, reason="We are asking our doctors.")
    page.goto(live_server.url + code_url(code))
    expect(heading).to_have_text("Do not rely on this paper any more")
    expect(page.get_by_text("We are asking our doctors.")).to_be_visible()
    check(page)

    publish_documents(factories.checklist(), factories.article(), note="As it was.")
    page.reload()
    expect(heading).to_have_text("This paper is up to date")
    context.close()
