"""Word lists in `data/<language>/<name>.toml`, each read when it is first needed.

Comments in each file say what the list is for and where it is from.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

_DATA = Path(__file__).parent / "data"
_CODE = re.compile(r"[a-z]{2,3}")


def language_code(language: str) -> str:
    """Return the language without its region: "en" for "en-us" and "EN_GB"."""
    return language.casefold().replace("_", "-").split("-")[0]


def load_list(name: str, language: str = "") -> dict[str, Any] | None:
    """Return the file `name` of a language, or the file that all share; None if there is none."""
    return _load(name, language_code(language))


@cache
def load_word_sets(name: str) -> Mapping[str, frozenset[str]]:
    """Return the arrays of an English list as sets, by their keys."""
    data = load_list(name, "en") or {}
    return {key: frozenset(words) for key, words in data.items() if isinstance(words, list)}


@cache
def _load(name: str, code: str) -> dict[str, Any] | None:
    if code and not _CODE.fullmatch(code):
        return None
    path = _DATA / code / f"{name}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else None
