"""A browser used with the keyboard alone: Tab to a named control, type, choose, press."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

# What a screen reader would call the control that has the focus, and the words around it.
FOCUSED = """
() => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const clean = text => (text || "").replace(/\\s+/g, " ").trim();
  const label = e.labels && e.labels.length ? e.labels[0].textContent : "";
  const own = e.tagName === "INPUT" && ["submit", "button"].includes(e.type) ? e.value : "";
  const text = ["A", "BUTTON", "SUMMARY", "SECTION"].includes(e.tagName) ? e.textContent : "";
  const around = e.closest(".inline-related, tr, .editions > li, .submit-row, section, form, main, header");
  return {
    name: clean(e.getAttribute("aria-label") || label || own || text).replace(/:$/, ""),
    around: clean(around && around.textContent),
    id: e.id,
    type: e.type || "",
    value: e.value === undefined ? "" : e.value,
    chosen: e.tagName === "SELECT" ? clean(e.selectedOptions[0] && e.selectedOptions[0].text) : "",
    checked: !!e.checked,
  };
}
"""
MOST_STEPS = 400


class Keyboard:
    """The hands of a person who never touches a mouse."""

    def __init__(self, page: Page):
        self.page = page

    @property
    def focused(self) -> dict[str, Any]:
        """The control that has the focus."""
        return self.page.evaluate(FOCUSED) or dict.fromkeys(
            ("name", "around", "id", "type", "value"), ""
        )

    def press(self, *keys: str) -> None:
        """Press keys one after another."""
        for key in keys:
            self.page.keyboard.press(key)

    def to(self, name: str, *, near: str = "", kind: str = "") -> dict[str, Any]:
        """Tab on until a control of this name has the focus, with `near` among the
        words around it.
        """
        # Whoever presses keys has this window in front of all others, and its page whole.
        self.page.bring_to_front()
        self.page.wait_for_load_state("load")
        passed = []
        for _step in range(MOST_STEPS):
            self.press("Tab")
            focused = self.focused
            if (
                focused["name"] == name
                and near in focused["around"]
                and kind in {"", focused["type"]}
            ):
                return focused
            passed.append(focused["name"])
        raise AssertionError(
            f"Tab never comes to {name!r} near {near!r} on {self.page.url}: {self.page.title()!r}; "
            f"in {len(passed)} presses only to {list(dict.fromkeys(passed))}"
        )

    def open(self, name: str, *, near: str = "") -> None:
        """Follow a link, or press a button that leads to another page."""
        self.to(name, near=near)
        with self.page.expect_navigation(wait_until="load"):
            self.press("Enter")

    def write(self, name: str, text: str, *, near: str = "") -> None:
        """Put a text into a field in place of what stands there."""
        self.to(name, near=near)
        self.press("Control+A", "Delete")
        self.add(text)

    def add(self, text: str) -> None:
        """Type where the focus is."""
        self.page.keyboard.type(text)

    def choose(self, name: str, option: str, *, near: str = "") -> None:
        """Choose from a list by its first letters, as browsers let one."""
        self.to(name, near=near)
        self.add(option)
        assert self.focused["chosen"] == option, self.focused

    def tick(self, name: str, *, near: str = "") -> None:
        """Tick a box that is not ticked yet."""
        if not self.to(name, near=near, kind="checkbox")["checked"]:
            self.press("Space")
        assert self.focused["checked"], self.focused

    def choose_file(self, name: str, file: Path) -> None:
        """Open the file dialog of a field and take a file."""
        self.to(name)
        with self.page.expect_file_chooser() as chooser:
            self.press("Enter")
        chooser.value.set_files(file)
