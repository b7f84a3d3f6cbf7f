"""The style sheets of the site: each page holds one, which the security policy allows
by its hash.
"""

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
    """Without comments, indentation and needless blanks; strings in our sheets hold
    none of these.
    """
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"\s*\n\s*", "\n", css)
    css = re.sub(r"\s*([{};,])\s*", r"\1", css).replace(";}", "}")
    css = re.sub(r":\s+", ":", css)
    css = re.sub(r'="([a-z-]+)"\]', r"=\1]", css)
    css = re.sub(r" ([>+]) ", r"\1", css)
    return re.sub(r"(?<![\d.])0\.(?=\d)", ".", css).strip()


@dataclass(frozen=True)
class InlineStylesheet:
    """The files of one sheet, joined; what is only for printing comes with it or is
    fetched later.
    """

    css: str
    links_print_css: bool

    @property
    def csp_hash(self) -> str:
        """As the policy names it."""
        return (
            "'sha256-" + base64.b64encode(hashlib.sha256(self.css.encode()).digest()).decode() + "'"
        )

    @property
    def style_tag(self) -> SafeString:
        """As a page holds it. Our own files, whole: nothing that anybody typed is in it."""
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
    "page": _bundle(
        "components",
        "entry_list",
        "lists",
        "forms",
        "choice_fields",
        "short_page",
        links_print_css=True,
    ),
    "article": _bundle("components", "article", links_print_css=True),
    "cause": _bundle("components", "article", "cause", "entry_list", links_print_css=True),
    # A page that is made to be printed, or to become a PDF, holds all it needs.
    "printable": _bundle(
        "components",
        "article",
        "entry_list",
        "lists",
        "forms",
        "short_page",
        "print_media",
        "printable_page",
    ),
    "handout": _bundle("choice_fields", "handout"),
    # A page that tells that something broke asks for no other file.
    "error": _bundle("components", "entry_list", "lists", "forms", "short_page"),
}
CSP_HASHES = tuple(dict.fromkeys(sheet.csp_hash for sheet in STYLESHEETS.values()))
