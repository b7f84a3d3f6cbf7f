"""Compares two contents field by field and word by word.

Rows are matched by their identity (`ContentPart.IDENTITY`), not by position; the lines of a list
are matched by their words.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

from django.utils.translation import gettext as _

from education import markdown
from education.publishing.content import (
    Content,
    ContentPart,
    Key,
    MarkdownField,
    OptionalKey,
    Path,
)
from education.publishing.diff.text import SIMILARITY_THRESHOLD, Piece, diff_text, similarity
from education.urgency import BY_KEY

FieldChangeKind = Literal["changed", "added", "removed", "moved"]

MAX_LINE_PAIRS = 2_500


@dataclass(frozen=True)
class FieldChange:
    """One field, row or line that differs.

    `path` leads to it in the new content, or in the old one if it was removed; `labels` are the
    steps in words. An added or removed row is one change; its text has every non-empty field on a
    line. "moved" is about a whole list: its texts name the rows that moved, with their neighbors.
    """

    path: Path
    labels: tuple[str, ...]
    kind: FieldChangeKind
    before: tuple[Piece, ...] = ()
    after: tuple[Piece, ...] = ()


def diff_content(
    before: Content | None, after: Content | None, *, for_readers: bool = False
) -> tuple[FieldChange, ...]:
    """The differences, in the order of the fields; None counts as empty.

    Markdown source is compared, or with `for_readers` the rendered words, so that a citation or
    bold type is no change. Raises TypeError for contents of two types.
    """
    if before is not None and after is not None and type(before) is not type(after):
        raise TypeError("contents of two kinds have no fields in common")
    return tuple(_part_changes(before, after, _FieldPosition(for_readers=for_readers)))


@dataclass(frozen=True)
class _FieldPosition:
    """A position in a content, and how texts are compared there."""

    path: Path = ()
    labels: tuple[str, ...] = ()
    for_readers: bool = False

    def at(self, step: str | int, label: str) -> _FieldPosition:
        return replace(self, path=(*self.path, step), labels=(*self.labels, label))

    def change(
        self, kind: FieldChangeKind, before: Iterable[Piece] = (), after: Iterable[Piece] = ()
    ) -> FieldChange:
        return FieldChange(self.path, self.labels, kind, tuple(before), tuple(after))

    def text_changes(self, before: str, after: str) -> Iterator[FieldChange]:
        if before == after:
            return
        if before and after:
            yield self.change("changed", *diff_text(before, after))
        elif after:
            yield self.change("added", after=[(after, True)])
        else:
            yield self.change("removed", before=[(before, True)])


def _part_changes(
    before: ContentPart | None, after: ContentPart | None, position: _FieldPosition
) -> Iterator[FieldChange]:
    part = after if after is not None else before
    for name in type(part).model_fields if part is not None and before != after else ():
        field = content_field(type(part), name)  # type: ignore[arg-type]  # some part is there
        old, new = (None if side is None else getattr(side, name) for side in (before, after))
        field_position = position.at(name, field.label)
        if not field.is_list:
            yield from field_position.text_changes(
                field.text(old, field_position.for_readers),
                field.text(new, field_position.for_readers),
            )
        elif old != new and field.is_rows:
            yield from _row_changes(old or (), new or (), field_position)
        elif old != new:
            lines = [
                [field.text(line, field_position.for_readers) for line in side or ()]
                for side in (old, new)
            ]
            yield from _line_changes(lines[0], lines[1], field_position)


def _row_changes(
    before: Sequence[ContentPart], after: Sequence[ContentPart], position: _FieldPosition
) -> Iterator[FieldChange]:
    pairs = pair_equal((row.identity for row in before), (row.identity for row in after))
    names = [[row_label(row, index) for index, row in enumerate(side)] for side in (before, after)]
    yield from _move_changes(pairs, names[0], names[1], position)
    for old, new in _merge_positions(pairs, len(before), len(after)):
        if new is not None:
            row_position = position.at(new, names[1][new])
            if old is None:
                yield row_position.change("added", after=_render_row(after[new], row_position))
            else:
                yield from _part_changes(before[old], after[new], row_position)
        elif old is not None:
            row_position = position.at(old, names[0][old])
            yield row_position.change("removed", before=_render_row(before[old], row_position))


def _line_changes(
    before: Sequence[str], after: Sequence[str], position: _FieldPosition
) -> Iterator[FieldChange]:
    pairs = pair_equal(before, after)
    _pair_similar(pairs, before, after)
    yield from _move_changes(pairs, before, after, position)
    for old, new in _merge_positions(pairs, len(before), len(after)):
        index = new if new is not None else old or 0
        line_position = position.at(index, _("line {number}").format(number=index + 1))
        yield from line_position.text_changes(
            "" if old is None else before[old], "" if new is None else after[new]
        )


def pair_equal(before: Iterable[Hashable], after: Iterable[Hashable]) -> dict[int, int]:
    """The positions of equal items, before and after; among equal items in their order."""
    position = {key: index for index, key in enumerate(_number_duplicates(after))}
    return {
        index: position[key]
        for index, key in enumerate(_number_duplicates(before))
        if key in position
    }


def _number_duplicates(keys: Iterable[Hashable]) -> Iterator[tuple[Hashable, int]]:
    seen: Counter[Hashable] = Counter()
    for key in keys:
        yield key, seen[key]
        seen[key] += 1


def _pair_similar(pairs: dict[int, int], before: Sequence[str], after: Sequence[str]) -> None:
    """Add reworded lines to `pairs`, unless there are too many to compare."""
    unpaired_before = [index for index in range(len(before)) if index not in pairs]
    taken = set(pairs.values())
    unpaired_after = [index for index in range(len(after)) if index not in taken]
    if len(unpaired_before) * len(unpaired_after) > MAX_LINE_PAIRS:
        return
    for old in unpaired_before:
        score, position = max(
            ((similarity(before[old], after[new]), -new) for new in unpaired_after), default=(0, 0)
        )
        if score >= SIMILARITY_THRESHOLD:
            pairs[old] = -position
            unpaired_after.remove(-position)


def _merge_positions(
    pairs: Mapping[int, int], before: int, after: int
) -> list[tuple[int | None, int | None]]:
    """The positions of each item before and after, in the new order; removed ones stay in place."""
    came_from = {new: old for old, new in pairs.items()}
    present = [(new, (came_from.get(new), new)) for new in range(after)]
    removed = [(old, (old, None)) for old in range(before) if old not in pairs]
    return [
        positions for _place, positions in sorted([*removed, *present], key=lambda item: item[0])
    ]


def _move_changes(
    pairs: Mapping[int, int], before: Sequence[str], after: Sequence[str], position: _FieldPosition
) -> Iterator[FieldChange]:
    """One change for the list if the order of its common items differs."""
    moved = set(pairs) - find_unmoved(pairs)
    if moved:
        new_positions = {pairs[index] for index in moved}
        yield position.change(
            "moved", _render_order(before, moved), _render_order(after, new_positions)
        )


def find_unmoved(pairs: Mapping[int, int]) -> set[int]:
    """The old positions that stayed in order: the longest increasing run of new positions."""
    ends: list[int] = []
    last: list[int] = []
    came_after: dict[int, int | None] = {}
    for old in sorted(pairs):
        length = bisect_left(ends, pairs[old])
        came_after[old] = last[length - 1] if length else None
        ends[length : length + 1] = [pairs[old]]
        last[length : length + 1] = [old]
    stayed = set()
    step = last[-1] if last else None
    while step is not None:
        stayed.add(step)
        step = came_after[step]
    return stayed


def _render_order(names: Sequence[str], moved: set[int]) -> Iterator[Piece]:
    """The rows that moved, numbered, each between its neighbors."""
    visible = {index + step for index in moved for step in (-1, 0, 1)}
    gap = ""
    for index, name in enumerate(names):
        if index in visible:
            yield f"{gap}{index + 1}. ", False
            yield name, index in moved
            gap = "\n"
        elif not gap.endswith("…\n"):
            gap += "…\n"
    if gap.endswith("…\n"):
        yield gap.removesuffix("\n"), False


def _render_row(row: ContentPart, position: _FieldPosition) -> Iterator[Piece]:
    """Every non-empty field of a row, under its label."""
    for number, (labels, text) in enumerate(_row_texts(row, position.for_readers, ())):
        yield "\n" * bool(number) + " › ".join(labels) + ": ", False
        yield text, True


def _row_texts(
    row: ContentPart, for_readers: bool, labels: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], str]]:
    for name in type(row).model_fields:
        field, value = content_field(type(row), name), getattr(row, name)
        if for_readers and name == row.IDENTITY and (field.is_key or name == "key"):
            # Readers never see the keys that identify rows.
            continue
        field_labels = (*labels, field.label)
        if field.is_rows:
            for index, inner in enumerate(value):
                yield from _row_texts(inner, for_readers, (*field_labels, row_label(inner, index)))
        elif value:
            lines = value if field.is_list else (value,)
            yield field_labels, ", ".join(field.text(line, for_readers) for line in lines)


def row_label(row: ContentPart, index: int) -> str:
    """The label of a row: its title, its identity in words, its name, or its number."""
    for name in ("title", row.IDENTITY, "name"):
        value = getattr(row, name, "")
        # A title may consist of marks only, and then has no text.
        label = content_field(type(row), name).display_name(value).strip() if value else ""
        if label:
            return label
    return _("number {number}").format(number=index + 1)


@dataclass(frozen=True)
class ContentField:
    """How a field of a content type is compared and displayed."""

    part: type[ContentPart]
    name: str
    is_list: bool
    is_rows: bool
    is_key: bool
    is_choice: bool
    is_text: bool
    markdown: MarkdownField | None

    @property
    def label(self) -> str:
        return self.part.get_label(self.name)

    def text(self, value: object, for_readers: bool) -> str:
        """A value in words; nothing for None."""
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        text = "" if value is None else str(value)
        if for_readers and self.markdown:
            # A text beyond the limits is never published; its source is shown.
            with suppress(markdown.MarkdownLimitError):
                words = markdown.plain_text(text, inline=self.markdown.inline)
                return markdown.fill_placeholders(words)
        if self.is_choice:
            level = {text: BY_KEY[text].labels.label} if text in BY_KEY else {}
            return str({**level, **self.part.LABELS.get(self.name, {})}.get(text, text))
        return text

    def display_name(self, value: str) -> str:
        """The label of a row by this value of its field."""
        return (
            value.replace("-", " ").capitalize()
            if self.is_key
            else self.text(value, for_readers=True)
        )


@cache
def content_field(part: type[ContentPart], name: str) -> ContentField:
    hint, marks = _split_annotated(get_type_hints(part, include_extras=True)[name])
    is_list = get_origin(hint) is tuple
    item, item_marks = _split_annotated(get_args(hint)[0]) if is_list else (hint, marks)
    is_key = item_marks in (get_args(Key)[1:], get_args(OptionalKey)[1:])
    return ContentField(
        part=part,
        name=name,
        is_list=is_list,
        is_rows=isinstance(item, type) and issubclass(item, ContentPart),
        is_key=is_key,
        is_text=item is str and not is_key,
        markdown=next((mark for mark in item_marks if isinstance(mark, MarkdownField)), None),
        is_choice=get_origin(item) is Literal,
    )


def _split_annotated(hint: Any) -> tuple[Any, tuple[Any, ...]]:
    """The type without its annotations, and the annotations."""
    if get_origin(hint) is not Annotated:
        return hint, ()
    inner, *marks = get_args(hint)
    return inner, tuple(marks)
