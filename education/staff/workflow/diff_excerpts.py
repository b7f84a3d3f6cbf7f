"""Excerpts of long compared texts, without the paragraphs far from every change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from education.publishing.diff.fields import FieldChange
from education.publishing.diff.text import Piece

# Paragraphs on each side of a change that are shown with it.
CONTEXT_PARAGRAPHS = 2
ELLIPSIS = "[…]"

Span = tuple[int, int]


def excerpt_change(change: FieldChange) -> FieldChange:
    """`change` with “[…]” in place of equal paragraphs that are far from every difference."""
    common = _unmarked_text(change.before)
    if not common or common != _unmarked_text(change.after):
        return change
    omitted = list(
        _distant_spans(
            common, _difference_offsets(change.before) | _difference_offsets(change.after)
        )
    )
    return replace(
        change,
        before=tuple(_excerpt(change.before, omitted)),
        after=tuple(_excerpt(change.after, omitted)),
    )


def _unmarked_text(pieces: Sequence[Piece]) -> str:
    return "".join(text for text, is_marked in pieces if not is_marked)


def _difference_offsets(pieces: Sequence[Piece]) -> set[int]:
    """The offsets of differences, counted in the text common to both sides."""
    found, offset = set(), 0
    for text, is_marked in pieces:
        if is_marked:
            found.add(offset)
        else:
            offset += len(text)
    return found


def _distant_spans(common: str, offsets: set[int]) -> Iterator[Span]:
    """The spans of the common text that are far from every difference."""
    for start, end in pairwise(sorted({0, *offsets, len(common)})):
        paragraphs = common[start:end].split("\n\n")
        head, tail = CONTEXT_PARAGRAPHS * (start in offsets), CONTEXT_PARAGRAPHS * (end in offsets)
        if len(paragraphs) > head + tail + 1:
            first = start + sum(len(text) + 2 for text in paragraphs[:head])
            last = end - sum(len(text) + 2 for text in paragraphs[len(paragraphs) - tail :])
            yield first, last


def _excerpt(pieces: Sequence[Piece], omitted: Sequence[Span]) -> Iterator[Piece]:
    offset = 0
    for text, is_marked in pieces:
        if is_marked:
            yield text, True
            continue
        shown, begin = "", offset
        for start, end in omitted:
            if offset <= start < offset + len(text):
                shown += text[begin - offset : start - offset] + ELLIPSIS
                begin = end
        yield shown + text[begin - offset :], False
        offset += len(text)
