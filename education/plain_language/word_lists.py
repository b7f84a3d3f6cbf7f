"""The lists of words that rules about texts go by: a folder for each language, a TOML file for each
list.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

_DATA = Path(__file__).parent / "data"
_CODE = re.compile(r"[a-z]{2,3}")


def language_code(language: str) -> str:
    """The language without its region: "en" for "en-us" and "EN_GB"."""
    return language.casefold().replace("_", "-").split("-")[0]


def load_list(name: str, language: str = "") -> dict[str, Any] | None:
    """The list called `name` of a language, or, without one, of all; None where nobody wrote it."""
    return _load(name, language_code(language))


@cache
def _load(name: str, code: str) -> dict[str, Any] | None:
    if code and not _CODE.fullmatch(code):
        return None
    path = _DATA / code / f"{name}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else None
