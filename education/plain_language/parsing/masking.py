"""A Markdown text with everything but its words blanked out, each word still in its place."""

from __future__ import annotations

import re
from collections.abc import Iterable

from education.plain_language.parsing.blocks import BlockMap, Span

# Every repetition is possessive or stops at the sign that it began with, so that no text takes
# long.
_PROTECTED = re.compile(
    r"\\[!-/:-@\[-`{-~]|(?<!`)(?P<ticks>`{1,3})(?!`)(?P<code>[^`\n]++)(?P=ticks)(?!`)"
)
_CITATION = re.compile(r"\[@[^\[\]\n]{0,80}\]")
_TARGET = (
    r"[ \n]*+(?:<[^<>\n]*+>|[^\s()<]*+(?:\([^\s()]*+\)[^\s()]*+)*+)"
    r"(?:\s++(?:\"[^\"\n]*+\"|'[^'\n]*+'))?\s*+"
)
_LINK = re.compile(rf"!?\[((?:[^\[\]\n]|\n(?!\n))*+)\]\({_TARGET}\)")
_EMPHASIS = re.compile(r"\*++|(?<![^\W_])_++|_++(?![^\W_])")
_SPACE = re.compile(
    r"&(?:nbsp|ensp|emsp|thinsp|shy|zwnj|#160|#8239|#x0{0,4}a0|#x202f);", re.IGNORECASE
)
_NOT_LINE_END = re.compile(r"[^\n]")


def mask_markdown(text: str, block_map: BlockMap) -> str:
    """`text` with spaces for citations, link targets, and marks of emphasis, headings, lists and
    images.

    It has the same length, and its line ends, so that an offset into one is an offset into the
    other. The words of links, images and code stay.
    """
    kept: list[Span] = []

    def protect(found: re.Match[str]) -> str:
        if found["code"] is None:
            kept.append((found.end() - 1, found.end()))
            return " x"
        kept.append(found.span("code"))
        ticks = " " * len(found["ticks"])
        return f"{ticks}{'x' * len(found['code'])}{ticks}"

    text = _blank_outside(text, (span for block in block_map.blocks for span in block.lines))
    shown = _PROTECTED.sub(protect, text)
    for pattern in (_CITATION, _SPACE):
        shown = pattern.sub(_blank, shown)
    # Twice, for an image may stand in the words of a link.
    shown = _LINK.sub(_keep_link_text, _LINK.sub(_keep_link_text, shown))
    return _restore(_EMPHASIS.sub(_blank, shown), text, kept)


def _blank(found: re.Match[str]) -> str:
    return _NOT_LINE_END.sub(" ", found[0])


def _keep_link_text(link: re.Match[str]) -> str:
    words = link[1]
    before = link.start(1) - link.start()
    after = link[0][before + len(words) :]
    return f"{' ' * before}{words}{_NOT_LINE_END.sub(' ', after)}"


def _blank_outside(text: str, spans: Iterable[Span]) -> str:
    return _restore(_NOT_LINE_END.sub(" ", text), text, spans)


def _restore(shown: str, text: str, kept: Iterable[Span]) -> str:
    pieces = []
    at = 0
    for start, end in kept:
        pieces += [shown[at:start], text[start:end]]
        at = end
    return "".join([*pieces, shown[at:]])
