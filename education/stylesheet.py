"""The one style sheet of the site, sent inside each page and allowed by its hash in the security policy."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

from django.utils.safestring import SafeString

FOLDER = Path(__file__).resolve().parent.parent / "static" / "css"
PARTS = ("tokens.css", "base.css", "components.css", "print.css")


def _small(css: str) -> str:
    """Without comments, indentation and blank lines; strings in our sheets hold none of these."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"\s*\n\s*", "\n", css)
    return re.sub(r"\s*([{};,])\s*", r"\1", css).strip()


CSS = _small("\n".join((FOLDER / part).read_text(encoding="utf-8") for part in PARTS))
HASH = "'sha256-" + base64.b64encode(hashlib.sha256(CSS.encode()).digest()).decode() + "'"

# Our own file, whole: nothing that anybody typed is in it.
ELEMENT = SafeString(f"<style>{CSS}</style>")
