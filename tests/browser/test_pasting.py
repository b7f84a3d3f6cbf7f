"""What comes from other programs: kept or left out, and said; and nothing in it runs."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import factories
from tests.browser import staff_users
from tests.browser.test_hostile_text import SHOWN, Watched, signed_in, watched
from tests.browser.text_editor_page import CLIPBOARD, TextEditor, wait_for_editors

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.ignore_template_errors,
    pytest.mark.usefixtures("uploads"),
]

__all__ = ["signed_in", "watched"]

ADD = "/admin/articles/article/add/"
LEFT_OUT = {
    "word": "Pictures left out: 1 (“A sore toe”). Put them in with the button Picture. "
    "Crossed-out passages left out: 1. Comments left out.",
    "google_docs": "Pictures left out: 1 (“Hands under a tap”). Put them in with the button Picture. "
    "Crossed-out passages left out: 1. Comments left out.",
    "outlook": "Pictures left out: 1 (“Clinic logo”). Put them in with the button Picture.",
    "web_page": "Pictures left out: 2 (“toe.jpg”, “x”). Put them in with the button Picture.",
}


@pytest.fixture
def form(browser: Browser, live_server: Any, console_messages: list[str]) -> Iterator[Page]:
    """A nurse at a new article, under the policy."""
    factories.make_small_site()
    staff_users.create_nurse("nora")
    with staff_users.open_browser(browser, console_messages) as page:
        staff_users.sign_in(page, live_server.url, "nora")
        page.goto(live_server.url + ADD)
        wait_for_editors(page)
        yield page


def test_paste_of_each_program_keeps_its_structure(form: Page) -> None:
    editor = TextEditor(form, "introduction")
    for program, left_out in LEFT_OUT.items():
        editor.empty()
        editor.paste(html=(CLIPBOARD / f"{program}.html").read_text(), plain="not this")
        assert f"{editor.markdown}\n" == (CLIPBOARD / f"{program}.md").read_text(), program
        expect(editor.notice).to_have_text(left_out)
    assert form.evaluate("window.hits") is None


def test_paste_of_a_pdf_joins_its_lines(form: Page) -> None:
    editor = TextEditor(form, "introduction")
    editor.words.focus()
    editor.paste(plain=(CLIPBOARD / "pdf.txt").read_text().replace("\n", "\r\n"))
    assert f"{editor.markdown}\n" == (CLIPBOARD / "pdf.md").read_text()
    expect(editor.notice).to_have_text("")


def test_words_copied_in_the_editor_come_back_whole(form: Page) -> None:
    editor = TextEditor(form, "introduction")
    editor.words.focus()
    editor.paste(html=(CLIPBOARD / "word.html").read_text())
    form.keyboard.type(" [@leaflet] {emergency number}")
    before = editor.markdown
    for key in ("Control+A", "Control+X"):
        form.keyboard.press(key)
        form.wait_for_timeout(50)
    assert editor.markdown == ""
    form.keyboard.press("Control+V")
    assert editor.markdown == before
    line = TextEditor(form, "first_step")
    line.words.focus()
    form.keyboard.press("Control+V")
    assert line.markdown.startswith("Ingrown toenail")
    assert line.markdown.endswith("[@leaflet] {emergency number}")
    assert "\n" not in line.markdown


def test_paste_of_styles_and_handlers_breaks_no_policy(form: Page) -> None:
    """The console stays empty: the browser reports there what the policy has to stop."""
    editor = TextEditor(form, "introduction")
    for html in (
        "<p style=color:red onclick=alert(1)>a</p>",
        "<p/style='color:red'/onclick='alert(1)'>b</p>",
        '<p title="x"style="font-weight:700">c</p>',
        '<p title=">" STYLE = "font-weight:bold">d > e</p>',
        "<style>p{color:red}",
        '<p style="color:red',
        "<a " * 50_000,
        "<b style=font-weight:bold>" * 600 + "deep",
    ):
        editor.words.focus()
        editor.paste(html=html)
    assert editor.markdown == "ab**cd > edeep**"


HOSTILE_PASTING = """
([name, texts]) => {
  const words = document.querySelector(`#id_${name}`).parentElement.querySelector(".text-editor-words");
  const kinds = ["text/html", "text/plain"];
  for (const text of texts) for (const kind of kinds) {
    const data = new DataTransfer();
    data.setData(kind, text);
    const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
    words.focus();
    words.dispatchEvent(event);
    const enter = new KeyboardEvent("keydown", { key: "Enter", code: "Enter", keyCode: 13, bubbles: true });
    words.dispatchEvent(enter);
  }
}
"""


@pytest.mark.parametrize("watched", [True], ids=["without the policy"], indirect=True)
def test_hostile_paste_never_runs(signed_in: Watched) -> None:
    factories.make_small_site()
    shown = SHOWN if "PROVE_EXAMPLES" in os.environ else SHOWN[::8]
    for start in range(0, len(shown), 25):
        signed_in.read(ADD)
        wait_for_editors(signed_in.page)
        texts = shown[start : start + 25]
        signed_in.page.evaluate(HOSTILE_PASTING, ["introduction", texts])
        expect(
            signed_in.page.locator(".field-introduction .markdownx-preview > *").first
        ).to_be_attached()
        found = signed_in.provoked(".text-editor-words, .field-introduction .markdownx-preview")
        assert found == []
        signed_in.page.evaluate(
            "document.querySelector('#content-main form').dispatchEvent(new Event('submit'))"
        )
