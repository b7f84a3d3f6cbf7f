"""Words that readers type, and the word of our texts that means the same.

They stand in `data/<language>/everyday_words.toml`, and are used only where no live text has what
was typed. A language without such a file has none.
"""

from __future__ import annotations

import tomllib
from functools import cache

from education.search.red_flags import data_file


@cache
def everyday_words(language: str) -> dict[str, str]:
    """The word of our texts by what is typed."""
    path = data_file(language, "everyday_words.toml")
    if not path.is_file():
        return {}
    return {typed: str(meant) for typed, meant in tomllib.loads(path.read_text("utf-8")).items()}
