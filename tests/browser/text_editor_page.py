"""A form with texts in the text editor, and pasting into it as other programs would."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Locator, Page

from tests.browser.wait_helpers import wait_until

CLIPBOARD = Path(__file__).parent / "clipboard"

PASTING = """
(words, clipboard) => {
  const data = new DataTransfer();
  for (const [type, content] of Object.entries(clipboard)) data.setData(type, content);
  words.focus();
  words.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}
"""


class TextEditor:
    """One text of a form."""

    def __init__(self, page: Page, name: str):
        self.page = page
        self.name = name
        self.words = page.locator(f"#id_{name}").locator("xpath=..").locator(".text-editor-words")
        self.source = page.locator(f"#id_{name}")
        # A text becomes one when it comes near the part of the page that is seen.
        self.source.locator("xpath=..").scroll_into_view_if_needed()
        self.frame = page.locator(".text-editor", has=self.source)
        self.notice = self.frame.locator(".text-editor-notice")

    @property
    def markdown(self) -> str:
        """What the form would send."""
        return self.source.input_value()

    def button(self, name: str) -> Locator:
        """A button of its tools, whatever it looks like now."""
        return self.frame.get_by_role("button", name=name, exact=True)

    def paste(self, **clipboard: str) -> None:
        """Paste, as `html` and `plain`."""
        kinds = {f"text/{kind}": content for kind, content in clipboard.items()}
        self.words.evaluate(PASTING, kinds)

    def empty(self) -> None:
        """Delete all words, by keys."""
        self.words.focus()
        self.page.keyboard.press("Control+A")
        self.page.keyboard.press("Delete")


# Opens rows and folds, and brings each text into view.
SHOWING_ALL = """
async () => {
  const form = document.querySelector("#content-main form") || document.body;
  for (const fold of form.querySelectorAll("details")) if (!fold.closest(".empty-form")) fold.open = true;
  const waits = () => [...form.querySelectorAll(".row-fold[open] .row-fields > button[name=_open]")].length;
  while (waits()) await new Promise((done) => setTimeout(done, 50));
  for (const fold of form.querySelectorAll("details")) if (!fold.closest(".empty-form")) fold.open = true;
  for (const box of form.querySelectorAll(".markdownx")) {
    if (box.closest(".empty-form")) continue;
    box.scrollIntoView();
    await new Promise((done) => setTimeout(done, 30));
  }
  window.scrollTo(0, 0);
}
"""


def wait_for_editors(page: Page) -> None:
    """Until every text is shown as text, or says why not."""
    page.evaluate(SHOWING_ALL)
    wait_until(
        page,
        """() => [...document.querySelectorAll(".markdownx")].every(box => box.closest(".empty-form")
            || box.querySelector(".text-editor-words")
            || (box.querySelector(".text-editor-notice") || {}).textContent)""",
    )
