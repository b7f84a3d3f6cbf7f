"""Texts written as text: by keyboard, under the site's policy, and never harmed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Error, Page, Route, expect

from education.articles.models import Article
from education.media.image_processing import process_upload
from education.media.models import Image
from education.publishing.content import markdown_texts
from education.publishing.models import Document
from tests import factories
from tests.browser import live_site, staff_users
from tests.browser.test_staff_pages import WITH_AXE, violations_of
from tests.browser.text_editor_page import TextEditor, wait_for_editors
from tests.media import sample_images

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.ignore_template_errors,
    pytest.mark.usefixtures("uploads"),
]

ODD = "*  one\n*  two [@leaflet]\n\n\nFirst  line.\nSecond __line__.   \n\n# Next #\n"
WITHOUT_WORDS = "See [](/causes/oil/).\n"


@pytest.fixture
def form(browser: Browser, live_server: Any, console_messages: list[str]) -> Iterator[Page]:
    """A nurse at the form of an article, under the policy."""
    factories.make_small_site()
    article = Article.objects.get()
    Article.objects.update(introduction="")
    staff_users.create_nurse("nora")
    with staff_users.open_browser(browser, console_messages) as page:
        staff_users.sign_in(page, live_server.url, "nora")
        open_form(page, live_server.url, article)
        yield page


def open_form(page: Page, site: str, article: Article) -> None:
    page.goto(site + reverse("admin:articles_article_change", args=[article.pk]))
    wait_for_editors(page)


def reopen(page: Page, **texts: str) -> None:
    """Open the form of the article again, with other texts in the database."""
    Article.objects.filter(slug="spots").update(**texts)
    page.reload()
    wait_for_editors(page)


def press_save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).first.click()


def save(page: Page) -> Article:
    press_save(page)
    expect(page.locator(".messagelist .success")).to_contain_text("Saved.")
    return Article.objects.get(slug="spots")


def keys(page: Page, *pressed: str) -> None:
    """Press keys, no faster than the editor hears of a moved cursor."""
    for key in pressed:
        page.keyboard.press(key)
        page.wait_for_timeout(20)


def use_tool(page: Page, editor: TextEditor, name: str) -> None:
    """From the words to a button of the tools with keys alone, and press it."""
    keys(page, "Shift+Tab")
    for _step in range(30):
        if page.evaluate("document.activeElement.textContent") == name:
            break
        keys(page, "ArrowRight")
    expect(editor.button(name)).to_be_focused()
    keys(page, "Enter")


def test_words_typed_by_keyboard_become_markdown(form: Page) -> None:
    editor = TextEditor(form, "introduction")
    editor.words.focus()
    keys(form, "Control+B")
    expect(editor.button("Bold")).to_have_attribute("aria-pressed", "true")
    form.keyboard.type("Wash")
    keys(form, "Control+B")
    form.keyboard.type(" gently, ")
    keys(form, "Control+I")
    form.keyboard.type("twice")
    keys(form, "Control+I")
    form.keyboard.type(" a day. **Dry** it. 2*3_4_ [x](y) [@leaflet] {emergency number}")
    keys(form, "Enter")
    form.keyboard.type("1) no list - here")
    assert editor.markdown == (
        "**Wash** gently, *twice* a day. **Dry** it. 2\\*3_4\\_ [x\\](y) [@leaflet] {emergency number}\n\n"
        "1. no list - here"
    )
    expect(form.locator(".field-introduction .markdownx-preview strong")).to_have_count(2)
    article = save(form)
    assert article.introduction.startswith("**Wash** gently")


def test_lists_and_headings_are_made_by_keyboard(form: Page) -> None:
    editor = TextEditor(form, "introduction")
    editor.words.focus()
    form.keyboard.type("Care")
    use_tool(form, editor, "Heading")
    expect(editor.words).to_be_focused()
    keys(form, "Enter")
    use_tool(form, editor, "List")
    form.keyboard.type("Rest")
    keys(form, "Enter")
    form.keyboard.type("- Wash\nwith soap")
    keys(form, "Control+]", "Enter")
    form.keyboard.type("and water")
    keys(form, "Enter", "Control+[")
    form.keyboard.type("Sleep")
    keys(form, "Enter", "Enter")
    use_tool(form, editor, "Numbered list")
    form.keyboard.type("Call us")
    assert editor.markdown == (
        "# Care\n\n- Rest\n- Wash\n  - with soap\n  - and water\n- Sleep\n\n1. Call us"
    )
    expect(editor.button("Numbered list")).to_have_attribute("aria-pressed", "true")


def test_table_is_made_by_keyboard(form: Page) -> None:
    editor = TextEditor(form, "introduction")
    editor.words.focus()
    use_tool(form, editor, "More")
    keys(form, "Tab")
    use_tool(form, editor, "Table")
    for words in ("Day", "Do", "Call us if", "1", "Rest | wash", "it is numb"):
        form.keyboard.type(f"{words}\n")
    use_tool(form, editor, "Delete column")
    use_tool(form, editor, "Delete row")
    form.keyboard.type("late")
    assert editor.markdown == (
        "| Do | Call us if |\n| --- | --- |\n| Rest \\| wash | it is numb |\n\nlate"
    )
    expect(form.locator(".field-introduction .markdownx-preview th")).to_have_count(2)


def test_each_step_is_undone_and_redone(form: Page) -> None:
    editor = TextEditor(form, "introduction")
    reopen(form, introduction=ODD)
    editor.words.focus()
    keys(form, "Control+End")
    form.keyboard.type("!")
    editor.paste(plain="\n\n• pasted\n")
    changed = editor.markdown
    assert "pasted" in changed
    keys(form, "Control+Z")
    assert "pasted" not in editor.markdown
    keys(form, "Control+Z")
    assert editor.markdown == ODD
    keys(form, "Control+Y", "Control+Y")
    assert editor.markdown == changed
    expect(editor.button("Redo")).to_have_attribute("aria-disabled", "true")


def test_citation_is_found_and_put_in_by_keyboard(form: Page) -> None:
    editor = TextEditor(form, "introduction")
    editor.words.focus()
    form.keyboard.type("Most people get spots. ")
    use_tool(form, editor, "Source")
    window = form.get_by_role("dialog", name="Source")
    expect(window.get_by_role("textbox")).to_be_focused()
    form.keyboard.type("no such source")
    expect(window.get_by_role("status")).to_have_text(
        "No source has these words. Add it to the list of sources first."
    )
    keys(form, "Control+A")
    form.keyboard.type("clinic leaf")
    expect(window.get_by_role("status")).to_have_text("1 found")
    keys(form, "ArrowDown", "Enter")
    expect(window).to_have_count(0)
    expect(editor.words).to_be_focused()
    assert editor.markdown == "Most people get spots. [@leaflet]"
    expect(editor.words.locator(".citation")).to_have_text("[Source: The leaflet]")


def test_link_is_found_changed_and_taken_out(form: Page) -> None:
    editor = TextEditor(form, "introduction")
    editor.words.focus()
    form.keyboard.type("See oil")
    keys(form, "Control+Shift+ArrowLeft", "Control+K")
    window = form.get_by_role("dialog", name="Link")
    form.keyboard.type("oil")
    expect(window.get_by_role("status")).to_have_text("1 found")
    keys(form, "Enter", "Enter")
    assert editor.markdown == "See [oil](/causes/oil/)"
    keys(form, "ArrowLeft", "Control+K")
    form.keyboard.type("www.nhs.uk/acne")
    keys(form, "Enter")
    expect(form.get_by_role("button", name="Use https://www.nhs.uk/acne")).to_be_focused()
    keys(form, "Enter")
    assert editor.markdown == "See [oil](https://www.nhs.uk/acne)"
    keys(form, "ArrowLeft", "Control+K")
    form.get_by_role("button", name="Take the link out").press("Enter")
    assert editor.markdown == "See oil"
    keys(form, "Control+K")
    form.keyboard.type("javascript:alert(1)")
    expect(window.get_by_role("status")).to_have_text("No page has these words.")
    keys(form, "Escape")
    expect(editor.words).to_be_focused()


def test_picture_needs_words_before_it_is_put_in(form: Page, tmp_path: Any) -> None:
    picture = Image()
    picture.store(process_upload(sample_images.jpeg(80, 60)))
    editor = TextEditor(form, "introduction")
    editor.button("More").click()
    editor.button("Picture").click()
    form.get_by_role("button", name="A picture without words").click()
    form.get_by_role("button", name="Put the picture in").click()
    expect(form.get_by_role("dialog").get_by_role("status")).to_contain_text("Write what")
    form.get_by_label("What does it show?").fill("A [red] bump")
    keys(form, "Enter")
    assert editor.markdown == f"![A \\[red\\] bump]({picture.url})"
    editor.button("Picture").click()
    form.get_by_label("A file from this computer").set_input_files(staff_users.drawing(tmp_path))
    form.get_by_label("What does it show?").fill("A drawing")
    keys(form, "Enter")
    assert editor.markdown.endswith(f"![A drawing]({Image.objects.first().url})")
    expect(form.locator(".field-introduction .markdownx-preview img")).to_have_count(2)


def test_tab_key_leaves_a_text(form: Page) -> None:
    editor = TextEditor(form, "introduction")
    editor.words.focus()
    form.keyboard.type("- Rest")
    keys(form, "Tab")
    expect(editor.words).not_to_be_focused()
    assert editor.markdown == "- Rest"


def test_untouched_text_is_saved_as_it_was(form: Page) -> None:
    reopen(form, introduction=ODD)
    TextEditor(form, "summary").words.focus()
    form.keyboard.type("Now. ")
    article = save(form)
    assert "Now. " in article.summary
    assert article.introduction.replace("\r\n", "\n") == ODD


def test_only_the_touched_paragraph_is_written_anew(form: Page) -> None:
    reopen(form, introduction=ODD)
    editor = TextEditor(form, "introduction")
    editor.words.get_by_text("First").click()
    keys(form, "End")
    form.keyboard.type(" New.")
    assert editor.markdown == (
        "*  one\n*  two [@leaflet]\n\nFirst  line. Second **line**. New.\n\n# Next #"
    )


def test_text_that_cannot_be_kept_opens_as_markdown(form: Page) -> None:
    reopen(form, introduction=WITHOUT_WORDS)
    editor = TextEditor(form, "introduction")
    expect(editor.notice).to_contain_text("This text stays as Markdown")
    expect(editor.words).to_have_count(0)
    expect(editor.source).to_be_visible()
    editor.button("Text").click()
    expect(editor.words).to_have_count(0)
    assert editor.markdown == WITHOUT_WORDS
    editor.source.fill("- One\n")
    editor.button("Text").click()
    expect(editor.words.locator("li")).to_have_text("One")
    expect(editor.notice).to_have_text("")


def test_text_that_cannot_be_checked_opens_as_markdown(
    form: Page, console_messages: list[str]
) -> None:
    form.route("**/text-editor/compare/", lambda route: route.abort())
    reopen(form, introduction="__Bold__\n")
    editor = TextEditor(form, "introduction")
    expect(editor.notice).to_contain_text("could not be checked. The site does not answer.")
    expect(editor.source).to_be_visible()
    forget(console_messages, "ERR_FAILED")


def test_what_cannot_be_kept_as_it_looks_is_not_saved(form: Page) -> None:
    editor = TextEditor(form, "introduction")
    editor.words.focus()
    keys(form, "Control+B")
    form.keyboard.type("Note:")
    keys(form, "Control+B")
    form.keyboard.type("now")
    expect(editor.notice).to_contain_text("This cannot be kept as you see it here.")
    address = form.url
    press_save(form)
    expect(editor.words).to_be_focused()
    assert form.url == address
    # A moment after it got the focus the editor looks at its selection again.
    form.wait_for_timeout(500)
    keys(form, "Home", *["ArrowRight"] * len("Note:"))
    form.keyboard.type(" ")
    expect(editor.notice).to_have_text("")
    assert save(form).introduction == "**Note:** now"


def forget(console_messages: list[str], words: str) -> None:
    """The browser itself reports requests that fail, as these must."""
    console_messages[:] = [each for each in console_messages if words not in each]


def fail(route: Route) -> None:
    body = "<!doctype html><h1>Server Error</h1>"
    route.fulfill(status=500, body=body, headers={"Content-Type": "text/html; charset=utf-8"})


def test_error_of_the_preview_is_said_in_words(form: Page, console_messages: list[str]) -> None:
    form.route("**/markdownify/**", fail)
    editor = TextEditor(form, "introduction")
    editor.words.focus()
    form.keyboard.type("Rest.")
    preview = form.locator(".field-introduction .markdownx-preview")
    expect(preview).to_have_text(
        "There is no preview now. Something went wrong (error 500). What you typed is still here."
    )
    assert "Server Error" not in (preview.text_content() or "")
    form.unroute("**/markdownify/**")
    form.keyboard.type(" Wash.")
    expect(preview.locator("p").first).to_have_text("Rest. Wash.")
    forget(console_messages, "status of 500")


def test_late_preview_never_replaces_a_newer_one(form: Page) -> None:
    asked: list[Route] = []

    def hold_first(route: Route) -> None:
        asked.append(route)
        if len(asked) > 1:
            route.continue_()

    form.route("**/markdownify/**", hold_first)
    editor = TextEditor(form, "introduction")
    editor.words.focus()
    form.keyboard.type("Old.")
    form.wait_for_timeout(800)
    form.keyboard.type(" New.")
    preview = form.locator(".field-introduction .markdownx-preview p").first
    expect(preview).to_have_text("Old. New.")
    # The browser may have given up the first question already.
    with suppress(Error):
        asked[0].fulfill(body="<p>Old.</p>", content_type="text/html; charset=utf-8")
    form.wait_for_timeout(300)
    expect(preview).to_have_text("Old. New.")
    assert len(asked) == 2


def test_markdown_is_shown_and_remembered_on_demand(form: Page) -> None:
    editor = TextEditor(form, "summary")
    editor.button("Markdown").click()
    expect(editor.source).to_be_focused()
    expect(editor.words).to_have_count(0)
    editor.source.fill("**Bold**")
    form.once("dialog", lambda dialog: dialog.accept())
    form.reload()
    expect(editor.button("Markdown")).to_have_attribute("aria-pressed", "true")
    expect(form.locator(".text-editor-words")).to_have_count(0)
    editor.button("Text").click()
    expect(editor.words).to_be_focused()


def test_text_of_a_new_row_is_text_as_well(form: Page) -> None:
    form.get_by_text("Add another Cause").click()
    editor = TextEditor(form, "causes-1-what_happens")
    editor.words.focus()
    form.keyboard.type("Oil **stays** in.")
    assert editor.markdown == "Oil **stays** in."
    expect(form.locator("#causes-1 .field-what_happens .markdownx-preview strong")).to_have_text(
        "stays"
    )


def test_text_of_one_line_has_no_blocks(form: Page) -> None:
    editor = TextEditor(form, "first_step")
    expect(editor.words).to_have_attribute("aria-multiline", "false")
    expect(editor.button("List")).to_have_count(0)
    editor.empty()
    form.keyboard.type("- 1. Wash\n# it")
    editor.paste(html="<ul><li>a</li><li><b>b</b></li></ul>")
    assert editor.markdown == "- 1. Wash# ita **b**"


def test_form_without_scripts_is_a_plain_field(
    form: Page, browser: Browser, live_server: Any, console_messages: list[str]
) -> None:
    cookies = form.context.cookies()
    with staff_users.open_browser(browser, console_messages, java_script_enabled=False) as page:
        page.context.add_cookies(cookies)  # type: ignore[arg-type]
        page.goto(form.url)
        page.locator("#id_introduction").fill("**Plain**")
        press_save(page)
        expect(page.locator(".messagelist .success")).to_contain_text("Saved.")
    assert Article.objects.get(slug="spots").introduction == "**Plain**"


WRITTEN_BACK = """
async texts => {
  const { OriginalText, writeMarkdown } = await import("/static/staff/text_editor/markdown_writer.js");
  return texts.map(([text, isLine]) => writeMarkdown(new OriginalText(text, { isLine }).doc));
}
"""


def test_shipped_texts_are_written_back_letter_by_letter(
    browser: Browser, live_server: Any, console_messages: list[str]
) -> None:
    live_site.load()
    texts = [
        (text.text, text.inline)
        for document in Document.objects.all()
        for text in markdown_texts(document.working_copy().draft_content())
    ]
    assert len(texts) > 500
    with staff_users.open_browser(browser, console_messages) as page:
        page.goto(f"{live_server.url}/admin/login/")
        written = page.evaluate(WRITTEN_BACK, texts)
    assert written == [text for text, _inline in texts]


def test_editor_and_its_windows_have_no_accessibility_violation(
    browser: Browser, live_server: Any, console_messages: list[str]
) -> None:
    factories.make_small_site()
    picture = Image(alternative_text="A red bump.")
    picture.store(process_upload(sample_images.jpeg(80, 60)))
    text = (
        f"# Care\n\n- **a**\n  1. *b*\n\n| x | y |\n| --- | ---: |\n| 1 | [@leaflet] |\n\n"
        f"Word\n: Meaning\n\n> {picture.markdown} {{emergency number}} [oil](/causes/oil/)\n"
    )
    article = factories.article(introduction=text, summary=WITHOUT_WORDS)
    staff_users.create_nurse("nora")
    found = []
    with staff_users.open_browser(browser, console_messages, **WITH_AXE) as page:
        staff_users.sign_in(page, live_server.url, "nora")
        open_form(page, live_server.url, article)
        editor = TextEditor(page, "introduction")
        editor.button("More").click()
        editor.words.locator("td").first.click()
        found += violations_of(page, "editor")
        for tool in ("Link", "Source", "Picture"):
            editor.button(tool).click()
            page.locator(".text-editor-found button").first.wait_for()
            found += violations_of(page, tool)
            page.keyboard.press("Escape")
        page.set_viewport_size({"width": 1280, "height": 900})
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        found += violations_of(page, "letters of 200 %")
    assert found == []
