"""Long texts that are compared, without the paragraphs that are far from every change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from education.publishing.diff.fields import FieldChange
from education.publishing.diff.text import Piece

# Paragraphs on each side of a change that are shown with it.
NEAR = 2
LEFT_OUT = "[…]"

Stretch = tuple[int, int]


def without_far_paragraphs(change: FieldChange) -> FieldChange:
    """`change` with “[…]” in place of the same paragraphs on both sides, where they are far from a change."""
    common = _common(change.before)
    if not common or common != _common(change.after):
        return change
    far = list(_far_stretches(common, _places(change.before) | _places(change.after)))
    return replace(
        change, before=tuple(_shortened(change.before, far)), after=tuple(_shortened(change.after, far))
    )


def _common(pieces: Sequence[Piece]) -> str:
    return "".join(text for text, is_marked in pieces if not is_marked)


def _places(pieces: Sequence[Piece]) -> set[int]:
    """Where something differs, counted in what both sides have in common."""
    found, place = set(), 0
    for text, is_marked in pieces:
        if is_marked:
            found.add(place)
        else:
            place += len(text)
    return found


def _far_stretches(common: str, places: set[int]) -> Iterator[Stretch]:
    """The stretches of what both have in common that are more than `NEAR` paragraphs from each place."""
    for start, end in pairwise(sorted({0, *places, len(common)})):
        paragraphs = common[start:end].split("\n\n")
        head, tail = NEAR * (start in places), NEAR * (end in places)
        if len(paragraphs) > head + tail + 1:
            first = start + sum(len(text) + 2 for text in paragraphs[:head])
            last = end - sum(len(text) + 2 for text in paragraphs[len(paragraphs) - tail :])
            yield first, last


def _shortened(pieces: Sequence[Piece], far: Sequence[Stretch]) -> Iterator[Piece]:
    place = 0
    for text, is_marked in pieces:
        if is_marked:
            yield text, True
            continue
        shown, begin = "", place
        for start, end in far:
            if place <= start < place + len(text):
                shown += text[begin - place : start - place] + LEFT_OUT
                begin = end
        yield shown + text[begin - place :], False
        place += len(text)
