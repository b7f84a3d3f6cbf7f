"""What a browser prints."""

from __future__ import annotations

import re

from playwright.sync_api import Page


def sheets(page: Page) -> int:
    """On how many sheets of A4 a page prints."""
    return len(
        re.findall(rb"/Type\s*/Page\b(?!s)", page.pdf(format="A4", prefer_css_page_size=True))
    )
