"""Markdown source with everything but its words blanked out."""

from __future__ import annotations

import re
from collections.abc import Iterable

from education.plain_language.parsing.blocks import BlockMap, Span

# Every repetition is possessive or stops at the character it began with, to stay linear.
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
    """Return `text` with spaces for its marks, citations and link targets.

    It has the same length and line ends, so that offsets are valid in both. The words of links,
    images and code stay.
    """
    protected: list[Span] = []

    def protect(found: re.Match[str]) -> str:
        if found["code"] is None:
            protected.append((found.end() - 1, found.end()))
            return " x"
        protected.append(found.span("code"))
        ticks = " " * len(found["ticks"])
        return f"{ticks}{'x' * len(found['code'])}{ticks}"

    text = _blank_outside(text, (span for block in block_map.blocks for span in block.lines))
    masked = _PROTECTED.sub(protect, text)
    for pattern in (_CITATION, _SPACE):
        masked = pattern.sub(_blank, masked)
    # Twice, because the words of a link may contain an image.
    masked = _LINK.sub(_keep_link_text, _LINK.sub(_keep_link_text, masked))
    return _restore(_EMPHASIS.sub(_blank, masked), text, protected)


def _blank(found: re.Match[str]) -> str:
    return _NOT_LINE_END.sub(" ", found[0])


def _keep_link_text(link: re.Match[str]) -> str:
    label = link[1]
    before = link.start(1) - link.start()
    after = link[0][before + len(label) :]
    return f"{' ' * before}{label}{_NOT_LINE_END.sub(' ', after)}"


def _blank_outside(text: str, spans: Iterable[Span]) -> str:
    return _restore(_NOT_LINE_END.sub(" ", text), text, spans)


def _restore(masked: str, text: str, protected: Iterable[Span]) -> str:
    pieces = []
    at = 0
    for start, end in protected:
        pieces += [masked[at:start], text[start:end]]
        at = end
    return "".join([*pieces, masked[at:]])
