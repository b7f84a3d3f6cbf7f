"""Pages on a wide screen: no half is left empty, and the contents stay in view."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from education.clinic.models import Clinic
from tests.browser import live_site

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CONDITION = "/conditions/white-discharge-from-back-spots/"
CAUSE = "/causes/acne/"
CHECKLIST = "/when-to-see-a-doctor/back-skin/"
MORE = (
    *(f"{CHECKLIST}result/", "/self-check/", "/self-check/back-skin/", "/h/", "/h/none/"),
    "/feedback/white-discharge-from-back-spots/",
)
# How much of the width of its main part a page uses.
USED = """() => {
  const main = document.querySelector('main'), style = getComputedStyle(main);
  const box = main.getBoundingClientRect(), start = box.left + parseFloat(style.paddingLeft);
  const ends = [...main.querySelectorAll('p, li, a, img, label, dd')]
    .filter(e => e.checkVisibility()).map(e => e.getBoundingClientRect().right);
  return (Math.max(...ends) - start) / (box.right - parseFloat(style.paddingRight) - start);
}"""
TOP = "selector => document.querySelector(selector).getBoundingClientRect().top"


@pytest.fixture(params=[1280, 1920])
def page(request: pytest.FixtureRequest, browser: Browser, live_server: Any) -> Iterator[Page]:
    live_site.load()
    Clinic.objects.create(pk=1, name="Hill Clinic", self_checks_enabled=True)
    context = browser.new_context(
        viewport={"width": request.param, "height": 800}, base_url=live_server.url
    )
    yield context.new_page()
    context.close()


def test_no_page_leaves_half_of_a_wide_screen_empty(page: Page) -> None:
    used = {}
    for address in (*live_site.all_urls(one_of_each=True), *MORE):
        page.goto(address)
        used[address] = round(page.evaluate(USED), 2)
    page.goto("/self-check/back-skin/")
    page.get_by_role("button", name="Start the questions").click()
    used["question"] = round(page.evaluate(USED), 2)
    assert len(used) > 20
    assert {address: share for address, share in used.items() if not 0.85 < share <= 1.01} == {}


def test_contents_of_a_page_stay_in_view(page: Page) -> None:
    for address, last in ((CONDITION, "#causes"), (CAUSE, "#medicines")):
        page.goto(address)
        page.locator(f'nav a[href="{last}"]').click()
        page.wait_for_function(f"({TOP})('.contents') === 0")
        # What was jumped to is not under them.
        assert 40 < page.evaluate(TOP, last) < 200
        page.locator('nav a[href="#help"]').click()
        page.wait_for_function(f"({TOP})('#help') < 200")
        assert page.evaluate(TOP, "#help") > 40


def test_list_of_contents_stays_beside_a_long_text(page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 500})
    page.goto("/accessibility/")
    page.get_by_role("link", name="Tell us what is hard to use").click()
    page.wait_for_function("scrollY > 100")
    assert page.get_by_role("link", name="How it was tested").bounding_box()["y"] > 0
