"""What kind of change an edition is. The program decides, not a label that somebody chose.

A change is the same text, or advice, or else text that a reviewer has still to check. The rules are those of
`docs/decisions/0029-what-a-change-is.md`; nothing here asks a database.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from education import markdown
from education.markdown import MarkdownBlock
from education.publishing.comparison import (
    ContentField,
    content_field,
    pair_same,
    row_identity,
    row_name,
    still_in_order,
)
from education.publishing.content import Content, Part, Path
from education.publishing.text_changes import (
    ChangeKind,
    TextJudge,
    Vocabulary,
    block_of_line,
    words_of,
)

__all__ = ["ChangeKind", "ChangeReason", "Vocabulary", "classify_change", "explain_change"]


@dataclass(frozen=True)
class ChangeReason:
    """One place that makes a change more than the same text: where, how much, and one plain sentence.

    `path` leads to the field in the content after, or in the one before when it was removed; `labels` are its
    steps in words.
    """

    kind: ChangeKind
    path: Path
    labels: tuple[str, ...]
    message: str


def classify_change(before: Content, after: Content, *, language: str, vocabulary: Vocabulary) -> ChangeKind:
    """What readers of `before` would meet in `after`. Raises TypeError for contents of two kinds.

    `vocabulary`: the words of the other live texts; without them no changed word is a repaired misspelling.
    """
    reasons = explain_change(before, after, language=language, vocabulary=vocabulary)
    return max((reason.kind for reason in reasons), default=ChangeKind.SAME_TEXT)


def explain_change(
    before: Content, after: Content, *, language: str, vocabulary: Vocabulary
) -> tuple[ChangeReason, ...]:
    """Every place that makes a change more than the same text, in the order of the fields."""
    if type(before) is not type(after):
        raise TypeError("contents of two kinds have no fields in common")
    return tuple(_Comparison(before, after, language, vocabulary).reasons())


@dataclass(frozen=True)
class _Here:
    """Where in a content one stands."""

    path: Path = ()
    labels: tuple[str, ...] = ()

    def at(self, step: str | int, label: str) -> _Here:
        return replace(self, path=(*self.path, step), labels=(*self.labels, label))

    def reason(self, kind: ChangeKind, message: str) -> ChangeReason:
        return ChangeReason(kind, self.path, self.labels, message)


@dataclass
class _Comparison:
    before: Content
    after: Content
    language: str
    vocabulary: Vocabulary
    cited: Counter[str] = field(default_factory=Counter)

    @cached_property
    def judge(self) -> TextJudge:
        return TextJudge(self.language, self.vocabulary, lambda: self.own_words)

    @cached_property
    def own_words(self) -> tuple[frozenset[str], frozenset[str]]:
        sides = (frozenset(words_of("\n".join(_strings(side.plain())))) for side in (self.before, self.after))
        return next(sides), next(sides)

    def reasons(self) -> Iterator[ChangeReason]:
        found = list(self._of_parts(self.before, self.after, type(self.after), _Here()))
        if self.before.advice() != self.after.advice() and not any(
            reason.kind is ChangeKind.ADVICE for reason in found
        ):
            message = _("A sign, a level, a part of the page or a way through it is not what it was.")
            yield ChangeReason(ChangeKind.ADVICE, (), (), message)
        yield from found
        for key, number in self.cited.items():
            if number > 0:
                message = _("A mark of the source “{key}” was taken out.").format(key=key)
                yield ChangeReason(ChangeKind.CHECKED_TEXT, (), (), message)

    def _of_parts(
        self, before: Part | None, after: Part | None, part: type[Part], here: _Here
    ) -> Iterator[ChangeReason]:
        if before == after:
            return
        for name in part.model_fields:
            field_ = content_field(part, name)
            old, new = (None if side is None else getattr(side, name) for side in (before, after))
            if old != new:
                yield from self._of_field(field_, old, new, here.at(name, field_.label))

    def _of_field(self, field_: ContentField, old: Any, new: Any, here: _Here) -> Iterator[ChangeReason]:
        role = field_.part.CHANGE_ROLES.get(field_.name)
        if role == "citations":
            self.cited.update(old or ())
            self.cited.subtract(new or ())
        elif role == "address":
            if not all(address.startswith("https://") for address in (old, new) if address):
                yield here.reason(ChangeKind.CHECKED_TEXT, _("The address has no https."))
        elif role == "reference":
            if old:
                yield here.reason(ChangeKind.CHECKED_TEXT, _became(field_, old, new))
        elif role == "presentation":
            yield here.reason(ChangeKind.CHECKED_TEXT, _became(field_, old, new))
        elif field_.is_rows:
            yield from self._of_rows(field_, old or (), new or (), here)
        elif field_.is_text:
            yield from self._of_texts(field_, old, new, here)
        elif old or new:
            yield here.reason(ChangeKind.ADVICE, _became(field_, old, new))

    def _of_rows(
        self, field_: ContentField, before: Sequence[Part], after: Sequence[Part], here: _Here
    ) -> Iterator[ChangeReason]:
        pairs = pair_same(map(row_identity, before), map(row_identity, after))
        row = type((*before, *after)[0])
        is_ordered = row.CHANGE_ROLES.get(row.IDENTITY) != "reference"
        if is_ordered and len(still_in_order(pairs)) < len(pairs):
            yield here.reason(ChangeKind.CHECKED_TEXT, _("The order changed."))
        came_from = {new: old for old, new in pairs.items()}
        for place, new in enumerate(after):
            old = before[came_from[place]] if place in came_from else None
            there = here.at(place, row_name(new, place))
            found = self._of_parts(old, new, row, there)
            yield from found if old is not None else _as_one(found, there, _("This was added."))
        for place, old in enumerate(before):
            if place not in pairs:
                there = here.at(place, row_name(old, place))
                yield from _as_one(self._of_parts(old, None, row, there), there, _("This was taken out."))

    def _of_texts(self, field_: ContentField, old: Any, new: Any, here: _Here) -> Iterator[ChangeReason]:
        whole_items = field_.is_list and field_.markdown is not None
        sides = [_blocks(field_, value) for value in (old, new)]
        for times, blocks in zip((1, -1), sides, strict=True):
            for key in (key for block in blocks for key in block.cited):
                self.cited[key] += times
        for kind, message in self.judge.changes(*sides, whole_items=whole_items):
            yield here.reason(kind, message)


def _as_one(found: Iterable[ChangeReason], here: _Here, message: str) -> Iterator[ChangeReason]:
    """One reason for a whole row, as much as the most of its fields."""
    kinds = [reason.kind for reason in found]
    if kinds:
        yield here.reason(max(kinds), message)


def _blocks(field_: ContentField, value: Any) -> list[MarkdownBlock]:
    """The blocks of a text, or of the lines of a list, each of which is an item."""
    lines = () if not value else value if field_.is_list else (value,)
    blocks = [block for line in lines for block in _read(field_, line)]
    if field_.is_list:
        return [replace(block, structure=("bullet_list", *block.structure), group=1) for block in blocks]
    return blocks


def _read(field_: ContentField, text: str) -> Sequence[MarkdownBlock]:
    if field_.markdown is None:
        return [block_of_line(text)]
    try:
        return markdown.read_blocks(text, inline=field_.markdown.inline)
    except markdown.MarkdownLimitError:
        # Never published; compared as it is typed.
        return [block_of_line(text)]


def _became(field_: ContentField, old: Any, new: Any) -> str:
    before, after = (_in_words(field_, value) for value in (old, new))
    if before and after:
        return _("This changed from “{before}” to “{after}”.").format(before=before, after=after)
    if after:
        return _("“{text}” was added.").format(text=after)
    return _("“{text}” was taken out.").format(text=before)


def _in_words(field_: ContentField, value: Any) -> str:
    lines = value if isinstance(value, tuple) else (value,)
    return ", ".join(field_.text(line, as_read=True) for line in lines)


def _strings(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _strings(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from _strings(inner)
