"""The style sheets of the site: each page holds one, which the security policy allows by its hash."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.safestring import SafeString

FOLDER = Path(__file__).resolve().parent.parent / "static" / "css"


def _small(css: str) -> str:
    """Without comments, indentation and needless blanks; strings in our sheets hold none of these."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"\s*\n\s*", "\n", css)
    css = re.sub(r"\s*([{};,])\s*", r"\1", css).replace(";}", "}")
    css = re.sub(r":\s+", ":", css)
    css = re.sub(r'="([a-z-]+)"\]', r"=\1]", css)
    css = re.sub(r" ([>+]) ", r"\1", css)
    return re.sub(r"(?<![\d.])0\.(?=\d)", ".", css).strip()


@dataclass(frozen=True)
class Sheet:
    """The files of one sheet, joined; what is only for printing comes with it or is fetched later."""

    css: str
    fetches_print: bool

    @property
    def hash(self) -> str:
        """As the policy names it."""
        return "'sha256-" + base64.b64encode(hashlib.sha256(self.css.encode()).digest()).decode() + "'"

    @property
    def element(self) -> SafeString:
        """As a page holds it. Our own files, whole: nothing that anybody typed is in it."""
        return SafeString(f"<style>{self.css}</style>")


def _sheet(*parts: str, fetches_print: bool = False) -> Sheet:
    return Sheet("".join(map(_part, ("tokens", "base", *parts))), fetches_print)


@cache
def _part(name: str) -> str:
    return _small((FOLDER / f"{name}.css").read_text(encoding="utf-8"))


PRINT = "css/print.css"
SHEETS = {
    "page": _sheet("components", "entries", "lists", "forms", "choices", "short", fetches_print=True),
    "article": _sheet("components", "article", fetches_print=True),
    "cause": _sheet("components", "article", "cause", "entries", fetches_print=True),
    # A page that is made to be printed, or to become a PDF, holds all it needs.
    "paper": _sheet("components", "article", "entries", "lists", "forms", "short", "print", "paper"),
    "handout": _sheet("choices", "handout"),
    # A page that tells that something broke asks for no other file.
    "bare": _sheet("components", "entries", "lists", "forms", "short"),
}
HASHES = tuple(dict.fromkeys(sheet.hash for sheet in SHEETS.values()))
