"""The style sheets of the site, each sent inside a page and allowed by its hash in the security policy."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from django.utils.safestring import SafeString

FOLDER = Path(__file__).resolve().parent.parent / "static" / "css"
PARTS = ("tokens.css", "base.css", "components.css", "print.css")


def _small(css: str) -> str:
    """Without comments, indentation and blank lines; strings in our sheets hold none of these."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"\s*\n\s*", "\n", css)
    return re.sub(r"\s*([{};,])\s*", r"\1", css).strip()


@dataclass(frozen=True)
class Sheet:
    """Some of our CSS files as one sheet."""

    parts: tuple[str, ...]

    @cached_property
    def css(self) -> str:
        """The sheet as it is sent."""
        return _small("\n".join((FOLDER / part).read_text(encoding="utf-8") for part in self.parts))

    @cached_property
    def hash(self) -> str:
        """How the security policy names it."""
        return "'sha256-" + base64.b64encode(hashlib.sha256(self.css.encode()).digest()).decode() + "'"

    @cached_property
    def element(self) -> SafeString:
        """The sheet in a page. It is our own file, whole: nothing that anybody typed is in it."""
        return SafeString(f"<style>{self.css}</style>")


# The views of a page with a sheet of its own allow its hash beside the one of the site.
SHEETS = {"site": Sheet(PARTS), "handout": Sheet(("tokens.css", "base.css", "handout.css"))}
CSS, HASH, ELEMENT = SHEETS["site"].css, SHEETS["site"].hash, SHEETS["site"].element
