"""One word for one thing: words that the code no longer uses, see docs/glossary.md."""

from __future__ import annotations

import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# The word, and what is said for it now.
GONE = {
    "said": "content",
    "tell": "message",
    "say": "message",
    "alongside": "offered",
    "anew": "rebuild",
    "nowhere": "broken",
    "grave": "red flag",
    "mistake": "error",
    "mistakes": "errors",
    "waits": "pending",
    "prose": "markdown",
    "desk": "workflow",
    "door": "page cache",
}
# A column that the clinic's staff know by its label; the address for mail to them.
ALLOWED = {"desk_email"}
# They are to go as they are.
LEFT = {"renderer.py", "rendering.py"}
MODULES_GONE = {
    "publication",
    "keeping",
    "entering",
    "leading",
    "trying",
    "deciding",
    "guessing",
    "uses",
    "kinds",
}


def identifiers(path: Path) -> Iterator[str]:
    with path.open("rb") as file:
        for token in tokenize.tokenize(file.readline):
            if token.type == tokenize.NAME:
                yield token.string


MODULES = [
    path
    for path in (ROOT / "education").rglob("*.py")
    if path.name not in LEFT and "migrations" not in path.parts
]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_identifiers_use_no_word_of_the_old_vocabulary(path):
    names = set(identifiers(path)) - ALLOWED
    found = {name: word for name in names for word in name.lower().split("_") if word in GONE}
    assert not found, {name: f"{word}: say {GONE[word]}" for name, word in found.items()}
    assert not {name for name in names if name.startswith(("MOST_", "_MOST_"))}, "say MAX_…"


def test_modules_use_no_old_name():
    assert not {str(path) for path in MODULES if path.stem in MODULES_GONE}
