"""Keys that the program makes from words, so that nobody has to type one."""

from __future__ import annotations

from collections.abc import Container

from django.utils.text import slugify

# Content types allow 60 characters, a number at the end included.
MAX_LENGTH = 55


def unique_key(text: str, taken: Container[str], fallback: str) -> str:
    """A key of `text` that is not in `taken`; of `fallback` where the text has no Latin letter."""
    base = slugify(text)[:MAX_LENGTH].strip("-") or fallback
    number, key = 1, base
    while key in taken:
        number += 1
        key = f"{base}-{number}"
    return key
