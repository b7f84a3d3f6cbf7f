"""An article in a real browser: kept as it is typed, shown beside the form, rows moved by keys."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from education.articles.models import Article
from education.checklists.models import Checklist
from tests import factories
from tests.browser import staff_users
from tests.browser.keyboard import Keyboard
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


def test_enter_saves_words_that_were_only_kept(nora, site):
    page = nora.page
    page.goto(f"{site}/admin/articles/article/add/")
    page.locator("#id_title").fill("Ingrown toenail")
    expect(page.locator(".draft-status")).to_contain_text("Kept at", timeout=30_000)
    page.goto(f"{site}/admin/articles/article/add/")
    expect(page.get_by_role("button", name="Throw away what I typed")).to_be_visible()
    page.locator("#id_title").press("Enter")
    expect(page.locator(".messagelist .success")).to_contain_text("Saved.")
    assert Article.objects.filter(title="Ingrown toenail").exists()


def test_save_waits_for_a_draft_on_its_way(nora, site):
    page = nora.page
    spots = Article.objects.get()
    page.goto(f"{site}/admin/articles/article/{spots.pk}/change/")
    order = []
    page.on("requestfinished", lambda request: order.append((request.method, request.url)))
    page.route("**/autosave/", lambda route: (page.wait_for_timeout(1_500), route.continue_()))
    with page.expect_request("**/autosave/"):
        page.locator("#id_title").fill("About new spots")
    page.locator("#id_title").press("Control+s")
    expect(page.locator(".messagelist .success")).to_contain_text("Saved.", timeout=30_000)
    posts = [url for method, url in order if method == "POST"]
    assert posts[0].endswith("/autosave/") and not posts[-1].endswith("/autosave/")
    page.reload()
    expect(page.locator("#conflict")).to_have_count(0)
    expect(page.locator("#id_title")).to_have_value("About new spots")


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


def test_folded_row_opens_by_key_and_keeps_what_is_typed(nora, site, console_messages):
    page = nora.page
    spots = Article.objects.get()
    page.goto(f"{site}/admin/articles/article/{spots.pk}/change/")
    expect(page.locator("[name=causes-0-looks]")).to_have_count(0)
    page.locator("#causes-0 summary").first.press("Enter")
    looks = TextEditor(page, "causes-0-looks")
    looks.words.click()
    page.keyboard.press("End")
    page.keyboard.type(" Small.")
    page.keyboard.press("Control+s")
    expect(page.locator(".messagelist .success")).to_contain_text("Saved.")
    assert spots.causes.get().looks.endswith(" Small.")
    assert console_messages == []


def test_link_to_a_field_opens_the_folded_row_it_is_in(nora, site, console_messages):
    page = nora.page
    address = f"{site}/admin/articles/article/{Article.objects.get().pk}/change/"
    page.goto(f"{address}#id_causes-0-looks")
    expect(TextEditor(page, "causes-0-looks").words).to_be_focused()
    assert console_messages == []


def test_folded_row_opens_without_scripts(browser, nora, site, console_messages):
    cookies = nora.page.context.cookies()
    options = {"java_script_enabled": False, "viewport": {"width": 360, "height": 780}}
    with staff_users.open_browser(browser, console_messages, **options) as page:
        page.context.add_cookies(cookies)
        page.goto(f"{site}/admin/articles/article/{Article.objects.get().pk}/change/")
        page.locator("[name=title]").fill("Zebra spots")
        page.locator("#causes-0 summary").click()
        page.get_by_role("button", name="Open its fields").first.click()
        page.locator("[name=causes-0-looks]").fill("Like a pea.")
        page.get_by_role("button", name="Save", exact=True).first.click()
        expect(page.locator(".messagelist .success")).to_contain_text("Saved.")
    article = Article.objects.get()
    assert (article.title, article.causes.get().looks) == ("Zebra spots", "Like a pea.")


def test_form_of_a_long_article_stays_short_and_light(nora, site, console_messages):
    page = nora.page
    checklist = Checklist.objects.get()
    signs = [
        {"key": f"sign-{n}", "urgency": "routine", "text": "It is sore", "sources": ["leaflet"]}
        for n in range(36)
    ]
    checklist.save_content({**checklist.to_values(), "signs": signs})
    spots = Article.objects.get()
    for order in range(1, 8):
        texts = dict.fromkeys(("what_happens", "looks", "self_care"), "It is sore. " * 50)
        spots.causes.create(order=order, name=f"Cause {order}", **texts)
    page.set_viewport_size({"width": 360, "height": 780})
    answer = page.goto(f"{site}/admin/articles/article/{spots.pk}/change/")
    assert len(answer.body()) < 400_000
    page.locator(".text-editor-words").first.wait_for()
    sent = "[...new FormData(document.querySelector('#content-main form')).keys()].length"
    assert page.evaluate(sent) <= 250
    assert page.evaluate("document.documentElement.scrollHeight") <= 8_000
    assert console_messages == []
