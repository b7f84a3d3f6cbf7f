"""Everyday words that readers type, with the word of our texts that means the same.

They are in `data/<language>/everyday_words.toml`, and are used only for a typed word that no live
text has. A language without such a file has none.
"""

from __future__ import annotations

import tomllib
from functools import cache

from education.search.red_flags import data_file


@cache
def everyday_words(language: str) -> dict[str, str]:
    """The word of our texts by the typed word."""
    path = data_file(language, "everyday_words.toml")
    if not path.is_file():
        return {}
    return tomllib.loads(path.read_text("utf-8"))
