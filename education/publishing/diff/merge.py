"""Three-way merge of contents: the changes between two of them, applied to a third.

Rows are matched by their identity, texts are merged sentence by sentence. A sentence that both
sides changed is a conflict: the third content keeps its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from education.publishing.content import Content, ContentPart, Path
from education.publishing.diff.fields import content_field, pair_equal, row_label
from education.publishing.diff.text import differing_ranges

# A sentence or a line, or the white space between two.
_SENTENCE = re.compile(r"\s+|\S.*?(?:[.!?]+(?=\s)|(?=\n)|\Z)", re.DOTALL)
Edit = tuple[int, int, tuple[str, ...]]


@dataclass(frozen=True)
class ContentEdit:
    """A new value of one field of the third content, JSON-ready."""

    path: Path
    value: Any


@dataclass(frozen=True)
class ContentConflict:
    """A field that both sides changed, or whose row the third content does not have any more.

    `path` leads to it in the changed content; `theirs` is what the third content says, None for a
    row that is gone.
    """

    path: Path
    labels: tuple[str, ...]
    ours: str
    theirs: str | None


def merge_content(
    base: Content, ours: Content, theirs: Content
) -> tuple[list[ContentEdit], list[ContentConflict]]:
    """What to change in `theirs` so that it has what changed from `base` to `ours`.

    `ours` has the rows of `base`, in the same order: only their fields may differ.
    """
    edits: list[ContentEdit] = []
    conflicts: list[ContentConflict] = []
    for found in _part_changes(base, ours, theirs, (), (), ()):
        (edits if isinstance(found, ContentEdit) else conflicts).append(found)  # type: ignore[arg-type]
    return edits, conflicts


def _part_changes(
    base: ContentPart,
    ours: ContentPart,
    theirs: ContentPart | None,
    path: Path,
    their_path: Path,
    labels: tuple[str, ...],
) -> Iterator[ContentEdit | ContentConflict]:
    for name in type(base).model_fields:
        before, after = getattr(base, name), getattr(ours, name)
        if before == after:
            continue
        field = content_field(type(base), name)
        here, called = (*path, name), (*labels, field.label)
        if field.is_rows:
            rows = getattr(theirs, name) if theirs is not None else ()
            pairs = pair_equal((row.identity for row in before), (row.identity for row in rows))
            for index, (old, new) in enumerate(zip(before, after, strict=True)):
                place = pairs.get(index)
                yield from _part_changes(
                    old,
                    new,
                    None if place is None else rows[place],
                    (*here, index),
                    (*their_path, name, -1 if place is None else place),
                    (*called, row_label(old, index)),
                )
            continue
        theirs_value = getattr(theirs, name) if theirs is not None else None
        merged = None if theirs is None else merge_values(before, after, theirs_value)
        if merged is None:
            their_text = None if theirs is None else _as_text(theirs_value)
            yield ContentConflict(here, called, _as_text(after), their_text)
        elif merged != theirs_value:
            value = list(merged) if isinstance(merged, tuple) else merged
            yield ContentEdit((*their_path, name), value)


def merge_values(base: Any, ours: Any, theirs: Any) -> Any:
    """The value with the changes of both sides; None for a conflict."""
    if theirs in (base, ours):
        return ours
    if isinstance(base, tuple):
        lines = _merge_sequences(base, ours, theirs)
        return None if lines is None else tuple(lines)
    if not all(isinstance(value, str) for value in (base, ours, theirs)):
        return None
    merged = _merge_sequences(*(_SENTENCE.findall(text) for text in (base, ours, theirs)))
    return None if merged is None else "".join(merged)


def _merge_sequences(
    base: Sequence[str], ours: Sequence[str], theirs: Sequence[str]
) -> list[str] | None:
    """`base` with the edits of both sides; None if two of them touch the same items."""
    edits = [_edits(base, side) for side in (ours, theirs)]
    both = sorted({*edits[0], *edits[1]})
    for left, right in pairwise(both):
        if right[0] < left[1] or right[0] == left[0]:
            return None
    merged = list(base)
    for start, end, items in reversed(both):
        merged[start:end] = items
    return merged


def _edits(base: Sequence[str], side: Sequence[str]) -> list[Edit]:
    return [
        (start, end, tuple(side[first:last]))
        for start, end, first, last in differing_ranges(base, side)
    ]


def _as_text(value: Any) -> str:
    return "\n".join(map(str, value)) if isinstance(value, tuple) else str(value)
