"""What changed between two contents, field by field and word by word.

Rows are matched by what identifies them (`Part.IDENTITY`), not by their place; the lines of a list are
matched by their words.
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
from education.publishing.content import Content, Key, Markdown, Part, Path
from education.publishing.word_by_word import ALIKE, Piece, alike, word_by_word
from education.urgency import BY_KEY

Kind = Literal["changed", "added", "removed", "moved"]

MOST_LINES_TO_PAIR = 2_500


@dataclass(frozen=True)
class FieldChange:
    """One field, row or line that is not the same on both sides.

    `path` leads to it in the content after, or in the one before when it was removed; `labels` are the steps
    in words. An added or removed row is one change, its text every field that says something, one below the
    other. "moved" is of a whole list: its texts name the rows that stand elsewhere, and their neighbors.
    """

    path: Path
    labels: tuple[str, ...]
    kind: Kind
    before: tuple[Piece, ...] = ()
    after: tuple[Piece, ...] = ()


def compare(
    before: Content | None, after: Content | None, *, as_read: bool = False
) -> tuple[FieldChange, ...]:
    """What differs, in the order of the fields; None says nothing at all.

    Markdown is compared as it is typed, for those who type it; with `as_read` the words that readers see are,
    so that a citation or a bold word is no change. Raises TypeError for contents of two kinds.
    """
    if before is not None and after is not None and type(before) is not type(after):
        raise TypeError("contents of two kinds have no fields in common")
    return tuple(_part_changes(before, after, _Place(as_read=as_read)))


@dataclass(frozen=True)
class _Place:
    """Where in a content one stands, and how texts are compared there."""

    path: Path = ()
    labels: tuple[str, ...] = ()
    as_read: bool = False

    def at(self, step: str | int, label: str) -> _Place:
        return replace(self, path=(*self.path, step), labels=(*self.labels, label))

    def change(self, kind: Kind, before: Iterable[Piece] = (), after: Iterable[Piece] = ()) -> FieldChange:
        return FieldChange(self.path, self.labels, kind, tuple(before), tuple(after))

    def of_texts(self, before: str, after: str) -> Iterator[FieldChange]:
        if before == after:
            return
        if before and after:
            yield self.change("changed", *word_by_word(before, after))
        elif after:
            yield self.change("added", after=[(after, True)])
        else:
            yield self.change("removed", before=[(before, True)])


def _part_changes(before: Part | None, after: Part | None, place: _Place) -> Iterator[FieldChange]:
    part = after if after is not None else before
    for name in type(part).model_fields if part is not None and before != after else ():
        field = content_field(type(part), name)  # type: ignore[arg-type]  # some part is there
        old, new = (None if side is None else getattr(side, name) for side in (before, after))
        here = place.at(name, field.label)
        if not field.is_list:
            yield from here.of_texts(field.text(old, here.as_read), field.text(new, here.as_read))
        elif old != new and field.is_rows:
            yield from _row_changes(old or (), new or (), here)
        elif old != new:
            lines = [[field.text(line, here.as_read) for line in side or ()] for side in (old, new)]
            yield from _line_changes(lines[0], lines[1], here)


def _row_changes(before: Sequence[Part], after: Sequence[Part], place: _Place) -> Iterator[FieldChange]:
    pairs = pair_same(map(row_identity, before), map(row_identity, after))
    names = [[row_name(row, index) for index, row in enumerate(side)] for side in (before, after)]
    yield from _moves(pairs, names[0], names[1], place)
    for old, new in _all_places(pairs, len(before), len(after)):
        if new is not None:
            here = place.at(new, names[1][new])
            if old is None:
                yield here.change("added", after=_whole_row(after[new], here))
            else:
                yield from _part_changes(before[old], after[new], here)
        elif old is not None:
            here = place.at(old, names[0][old])
            yield here.change("removed", before=_whole_row(before[old], here))


def _line_changes(before: Sequence[str], after: Sequence[str], place: _Place) -> Iterator[FieldChange]:
    pairs = pair_same(before, after)
    _pair_alike(pairs, before, after)
    yield from _moves(pairs, before, after, place)
    for old, new in _all_places(pairs, len(before), len(after)):
        index = new if new is not None else old or 0
        here = place.at(index, _("line {number}").format(number=index + 1))
        yield from here.of_texts("" if old is None else before[old], "" if new is None else after[new])


def pair_same(before: Iterable[Hashable], after: Iterable[Hashable]) -> dict[int, int]:
    """The places of what is the same, before and after; of equal ones the first goes with the first."""
    place = {key: index for index, key in enumerate(_counted(after))}
    return {index: place[key] for index, key in enumerate(_counted(before)) if key in place}


def _counted(keys: Iterable[Hashable]) -> Iterator[tuple[Hashable, int]]:
    seen: Counter[Hashable] = Counter()
    for key in keys:
        yield key, seen[key]
        seen[key] += 1


def _pair_alike(pairs: dict[int, int], before: Sequence[str], after: Sequence[str]) -> None:
    """Add to `pairs` the lines that were only written anew, unless there are too many to look at."""
    left = [index for index in range(len(before)) if index not in pairs]
    taken = set(pairs.values())
    right = [index for index in range(len(after)) if index not in taken]
    if len(left) * len(right) > MOST_LINES_TO_PAIR:
        return
    for old in left:
        likeness, place = max(((alike(before[old], after[new]), -new) for new in right), default=(0, 0))
        if likeness >= ALIKE:
            pairs[old] = -place
            right.remove(-place)


def _all_places(pairs: Mapping[int, int], before: int, after: int) -> list[tuple[int | None, int | None]]:
    """Each item as its places before and after, in the order after; what is gone stands where it stood."""
    came_from = {new: old for old, new in pairs.items()}
    there = [(new, (came_from.get(new), new)) for new in range(after)]
    gone = [(old, (old, None)) for old in range(before) if old not in pairs]
    return [places for _place, places in sorted([*gone, *there], key=lambda item: item[0])]


def _moves(
    pairs: Mapping[int, int], before: Sequence[str], after: Sequence[str], place: _Place
) -> Iterator[FieldChange]:
    """One change for the list when what is on both sides stands in another order."""
    moved = set(pairs) - still_in_order(pairs)
    if moved:
        there = {pairs[index] for index in moved}
        yield place.change("moved", _order(before, moved), _order(after, there))


def still_in_order(pairs: Mapping[int, int]) -> set[int]:
    """The places before of as many as can be said to have stayed: the longest rising run of places after."""
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


def _order(names: Sequence[str], moved: set[int]) -> Iterator[Piece]:
    """The rows that moved, with the number of their place, each between its neighbors."""
    shown = {index + step for index in moved for step in (-1, 0, 1)}
    gap = ""
    for index, name in enumerate(names):
        if index in shown:
            yield f"{gap}{index + 1}. ", False
            yield name, index in moved
            gap = "\n"
        elif not gap.endswith("…\n"):
            gap += "…\n"
    if gap.endswith("…\n"):
        yield gap.removesuffix("\n"), False


def _whole_row(row: Part, place: _Place) -> Iterator[Piece]:
    """Every field of a row that says something, under its label."""
    for number, (labels, text) in enumerate(_told(row, place.as_read, ())):
        yield "\n" * bool(number) + " › ".join(labels) + ": ", False
        yield text, True


def _told(row: Part, as_read: bool, labels: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    for name in type(row).model_fields:
        field, value = content_field(type(row), name), getattr(row, name)
        if as_read and name == row.IDENTITY and (field.is_key or name == "key"):
            # Readers never see the keys by which rows are told apart.
            continue
        here = (*labels, field.label)
        if field.is_rows:
            for index, inner in enumerate(value):
                yield from _told(inner, as_read, (*here, row_name(inner, index)))
        elif value:
            lines = value if field.is_list else (value,)
            yield here, ", ".join(field.text(line, as_read) for line in lines)


def row_identity(row: Part) -> str:
    """By what a row is the same row on both sides; empty where its place decides."""
    return str(getattr(row, row.IDENTITY)).casefold() if row.IDENTITY else ""


def row_name(row: Part, index: int) -> str:
    """What a row is called: its title, or what identifies it in words, or its number."""
    for name in ("title", row.IDENTITY):
        value = getattr(row, name, "")
        # A title may be made of marks alone, and has no words then.
        words = content_field(type(row), name).name_of(value).strip() if value else ""
        if words:
            return words
    return _("number {number}").format(number=index + 1)


@dataclass(frozen=True)
class ContentField:
    """How a field of a content type is compared and told."""

    part: type[Part]
    name: str
    is_list: bool
    is_rows: bool
    is_key: bool
    is_choice: bool
    is_text: bool
    markdown: Markdown | None

    @property
    def label(self) -> str:
        """What people call it."""
        return self.part.label_of(self.name)

    def text(self, value: object, as_read: bool) -> str:
        """A value in words; nothing for None."""
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        text = "" if value is None else str(value)
        if as_read and self.markdown:
            # What is beyond the limits of prose is never published; it is shown as it is typed.
            with suppress(markdown.MarkdownLimitError):
                return markdown.plain_text(text, inline=self.markdown.inline)
        if self.is_choice:
            level = {text: BY_KEY[text].labels.label} if text in BY_KEY else {}
            return str({**level, **self.part.WORDS.get(self.name, {})}.get(text, text))
        return text

    def name_of(self, value: str) -> str:
        """What a row is called by this value of its field."""
        return value.replace("-", " ").capitalize() if self.is_key else self.text(value, as_read=True)


@cache
def content_field(part: type[Part], name: str) -> ContentField:
    """How the field `name` of a content type is compared and told."""
    hint, marks = _bare(get_type_hints(part, include_extras=True)[name])
    is_list = get_origin(hint) is tuple
    item, item_marks = _bare(get_args(hint)[0]) if is_list else (hint, marks)
    is_key = item_marks == get_args(Key)[1:]
    return ContentField(
        part=part,
        name=name,
        is_list=is_list,
        is_rows=isinstance(item, type) and issubclass(item, Part),
        is_key=is_key,
        is_text=item is str and not is_key,
        markdown=next((mark for mark in item_marks if isinstance(mark, Markdown)), None),
        is_choice=get_origin(item) is Literal,
    )


def _bare(hint: Any) -> tuple[Any, tuple[Any, ...]]:
    """A type without what is noted on it, and the notes."""
    if get_origin(hint) is not Annotated:
        return hint, ()
    inner, *marks = get_args(hint)
    return inner, tuple(marks)
