"""Levels and ids of a text's headings on its page."""

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

from markdown_it.token import Token

from education.markdown.text_extraction import inline_text

_NOT_IN_SLUG = re.compile(r"[\W_]+")
_MAX_SLUG_CHARS = 60
_MAX_LEVEL = 6


class Heading(NamedTuple):
    """The `tag` ("h3") and `id` of a heading; the id is unique in its text, or empty."""

    tag: str
    id: str


def heading_outline(
    tokens: Sequence[Token], level: int, id_prefix: str | None
) -> dict[int, Heading]:
    """Return the tag and id of each heading with words, by the index of its opening token.

    The highest heading is at `level`. A heading is at most one level below the one above it,
    however many `#` it has: screen reader users take a gap for a missing section.
    """
    found: dict[int, Heading] = {}
    ids = None if id_prefix is None else _UniqueIds(id_prefix)
    above: list[int] = []
    for index, token in enumerate(tokens):
        if token.type != "heading_open":
            continue
        words = inline_text(tokens[index + 1].children or ())
        if not words:
            continue
        depth = int(token.tag[1:])
        while above and above[-1] >= depth:
            above.pop()
        found[index] = Heading(
            f"h{min(level + len(above), _MAX_LEVEL)}", ids.add(words) if ids else ""
        )
        above.append(depth)
    return found


def _slug(words: str) -> str:
    plain = unicodedata.normalize("NFKC", words).lower()
    return _NOT_IN_SLUG.sub("-", plain).strip("-")[:_MAX_SLUG_CHARS].strip("-") or "section"


class _UniqueIds:
    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._taken: set[str] = set()
        self._counts: dict[str, int] = {}

    def add(self, words: str) -> str:
        slug = candidate = _slug(words)
        while candidate in self._taken:
            self._counts[slug] = self._counts.get(slug, 1) + 1
            candidate = f"{slug}-{self._counts[slug]}"
        self._taken.add(candidate)
        return self._prefix + candidate
