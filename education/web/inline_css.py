"""The style sheets of the site: each page has one inline, allowed by its hash in the CSP."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.safestring import SafeString

CSS_FOLDER = Path(__file__).resolve().parents[2] / "static" / "css"


def _minify(css: str) -> str:
    """Remove comments, indentation and needless blanks; no string in our sheets contains these."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"\s*\n\s*", "\n", css)
    css = re.sub(r"\s*([{};,])\s*", r"\1", css).replace(";}", "}")
    css = re.sub(r":\s+", ":", css)
    css = re.sub(r'="([a-z-]+)"\]', r"=\1]", css)
    css = re.sub(r" ([>+]) ", r"\1", css)
    return re.sub(r"(?<![\d.])0\.(?=\d)", ".", css).strip()


@dataclass(frozen=True)
class InlineStylesheet:
    """One sheet, joined from its files; the print rules are part of it or linked."""

    css: str
    links_print_css: bool

    @property
    def csp_hash(self) -> str:
        """The hash as a source expression of the Content Security Policy."""
        return (
            "'sha256-" + base64.b64encode(hashlib.sha256(self.css.encode()).digest()).decode() + "'"
        )

    @property
    def style_tag(self) -> SafeString:
        """The `style` element. Safe: it holds our own files only."""
        return SafeString(f"<style>{self.css}</style>")


def _bundle(*parts: str, links_print_css: bool = False) -> InlineStylesheet:
    return InlineStylesheet(
        "".join(map(_read_minified, ("tokens", "base", *parts))), links_print_css
    )


@cache
def _read_minified(name: str) -> str:
    return _minify((CSS_FOLDER / f"{name}.css").read_text(encoding="utf-8"))


PRINT_CSS = "css/print_media.css"
STYLESHEETS = {
    # A saved page contains all it needs.
    "saved": _bundle("components", "article", "print_media", "saved_page"),
    "page": _bundle(
        "components",
        "cards",
        "beside",
        "entry_list",
        "lists",
        "forms",
        "choice_fields",
        "short_page",
        links_print_css=True,
    ),
    "checklist": _bundle(
        "components", "cards", "beside", "lists", "forms", "live_answer", links_print_css=True
    ),
    "article": _bundle("components", "article", links_print_css=True),
    "cause": _bundle(
        "components", "article", "beside", "cause", "entry_list", links_print_css=True
    ),
    # A page for printing, or for a PDF, contains all it needs.
    "printable": _bundle(
        "components",
        "cards",
        "article",
        "beside",
        "entry_list",
        "lists",
        "forms",
        "short_page",
        "print_media",
        "printable_page",
    ),
    "handout": _bundle("choice_fields", "handout"),
    # An error page loads no other file.
    "error": _bundle("components", "cards", "entry_list", "lists", "forms", "short_page"),
}
# A saved page is opened from a disk, without our headers.
CSP_HASHES = tuple(
    dict.fromkeys(sheet.csp_hash for name, sheet in STYLESHEETS.items() if name != "saved")
)
