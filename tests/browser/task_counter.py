"""Counts what a task costs whoever does it: pages that load, clicks, and fields that are filled."""

from __future__ import annotations

from playwright.sync_api import Frame, Locator, Page


class TaskCounter:
    """Does a task in `page` as a nurse would, and counts.

    `pages`: documents that the window shows, the first one included; frames inside it do not count.
    `clicks`: presses of buttons and links, and ticks. `fields`: texts typed and options chosen.
    """

    def __init__(self, page: Page):
        self.page = page
        self.pages = self.clicks = self.fields = 0
        page.on("framenavigated", self._count_page)

    def _count_page(self, frame: Frame) -> None:
        # A jump to another place of the same page has a fragment; it shows no other document.
        if frame == self.page.main_frame and "#" not in frame.url:
            self.pages += 1

    def click(self, target: Locator) -> None:
        """Press a button or a link."""
        target.click()
        self.clicks += 1

    def tick(self, target: Locator) -> None:
        """Tick a box, or take its tick away."""
        self.click(target)

    def fill(self, target: Locator, text: str) -> None:
        """Type a text."""
        target.fill(text)
        self.fields += 1

    def choose(self, target: Locator, label: str) -> None:
        """Choose an option by its words."""
        target.select_option(label=label)
        self.fields += 1
