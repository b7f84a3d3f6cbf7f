"""Classifies a change of content: same text, checked text or advice.

The kind is computed, not chosen by an editor. The rules are those of
`docs/decisions/0029-change-classification.md`; nothing here queries the database.
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
from education.publishing.changes.text_changes import (
    ChangeKind,
    TextComparator,
    block_from_line,
)
from education.publishing.changes.vocabulary import Vocabulary, normalized_words
from education.publishing.content import Content, ContentPart, Path
from education.publishing.diff.fields import (
    ContentField,
    content_field,
    find_unmoved,
    pair_equal,
    row_label,
)

__all__ = ["ChangeKind", "ChangeReason", "classify_change", "explain_change"]


@dataclass(frozen=True)
class ChangeReason:
    """One place that makes a change more than the same text, with its kind and a sentence.

    `path` leads to the field in the new content, or in the old one if it was removed; `labels` are
    the steps of the path in words.
    """

    kind: ChangeKind
    path: Path
    labels: tuple[str, ...]
    message: str


def classify_change(
    before: Content, after: Content, *, language: str, vocabulary: Vocabulary
) -> ChangeKind:
    """The kind of the change from `before` to `after`; TypeError for contents of two types.

    `vocabulary`: the words of the other live texts; if it is empty, no changed word counts as a
    spelling correction.
    """
    reasons = explain_change(before, after, language=language, vocabulary=vocabulary)
    return max((reason.kind for reason in reasons), default=ChangeKind.SAME_TEXT)


def explain_change(
    before: Content, after: Content, *, language: str, vocabulary: Vocabulary
) -> tuple[ChangeReason, ...]:
    """Every place that makes a change more than the same text, in the order of the fields."""
    if type(before) is not type(after):
        raise TypeError("contents of two kinds have no fields in common")
    return tuple(_ChangeAnalysis(before, after, language, vocabulary).reasons())


@dataclass(frozen=True)
class _ReasonPosition:
    """A position in a content."""

    path: Path = ()
    labels: tuple[str, ...] = ()

    def at(self, step: str | int, label: str) -> _ReasonPosition:
        return replace(self, path=(*self.path, step), labels=(*self.labels, label))

    def reason(self, kind: ChangeKind, message: str) -> ChangeReason:
        return ChangeReason(kind, self.path, self.labels, message)


@dataclass
class _ChangeAnalysis:
    before: Content
    after: Content
    language: str
    vocabulary: Vocabulary
    citation_counts: Counter[str] = field(default_factory=Counter)

    @cached_property
    def comparator(self) -> TextComparator:
        return TextComparator(self.language, self.vocabulary, lambda: self.document_words)

    @cached_property
    def document_words(self) -> tuple[frozenset[str], frozenset[str]]:
        sides = (
            frozenset(normalized_words("\n".join(_iter_strings(side.to_data()))))
            for side in (self.before, self.after)
        )
        return next(sides), next(sides)

    def reasons(self) -> Iterator[ChangeReason]:
        found = list(
            self._part_reasons(self.before, self.after, type(self.after), _ReasonPosition())
        )
        if self.before.clinical_meaning() != self.after.clinical_meaning() and not any(
            reason.kind is ChangeKind.ADVICE for reason in found
        ):
            message = _(
                "A sign, a level, a part of the page or a way through it is not what it was."
            )
            yield ChangeReason(ChangeKind.ADVICE, (), (), message)
        yield from found
        for key, number in self.citation_counts.items():
            if number > 0:
                message = _("A mark of the source “{key}” was taken out.").format(key=key)
                yield ChangeReason(ChangeKind.CHECKED_TEXT, (), (), message)

    def _part_reasons(
        self,
        before: ContentPart | None,
        after: ContentPart | None,
        part: type[ContentPart],
        position: _ReasonPosition,
    ) -> Iterator[ChangeReason]:
        if before == after:
            return
        for name in part.model_fields:
            field_ = content_field(part, name)
            old, new = (None if side is None else getattr(side, name) for side in (before, after))
            if old != new:
                yield from self._field_reasons(field_, old, new, position.at(name, field_.label))

    def _field_reasons(
        self, field_: ContentField, old: Any, new: Any, position: _ReasonPosition
    ) -> Iterator[ChangeReason]:
        role = field_.part.CHANGE_ROLES.get(field_.name)
        if role == "citations":
            self.citation_counts.update(old or ())
            self.citation_counts.subtract(new or ())
        elif role == "url":
            if not all(address.startswith("https://") for address in (old, new) if address):
                yield position.reason(ChangeKind.CHECKED_TEXT, _("The address has no https."))
        elif role == "reference":
            if old:
                yield position.reason(ChangeKind.CHECKED_TEXT, _change_message(field_, old, new))
        elif role == "presentation":
            yield position.reason(ChangeKind.CHECKED_TEXT, _change_message(field_, old, new))
        elif field_.is_rows:
            yield from self._row_reasons(field_, old or (), new or (), position)
        elif field_.is_text:
            yield from self._text_reasons(field_, old, new, position)
        elif old or new:
            yield position.reason(ChangeKind.ADVICE, _change_message(field_, old, new))

    def _row_reasons(
        self,
        field_: ContentField,
        before: Sequence[ContentPart],
        after: Sequence[ContentPart],
        position_here: _ReasonPosition,
    ) -> Iterator[ChangeReason]:
        pairs = pair_equal((row.identity for row in before), (row.identity for row in after))
        row = type((*before, *after)[0])
        is_ordered = row.CHANGE_ROLES.get(row.IDENTITY) != "reference"
        if is_ordered and len(find_unmoved(pairs)) < len(pairs):
            yield position_here.reason(ChangeKind.CHECKED_TEXT, _("The order changed."))
        came_from = {new: old for old, new in pairs.items()}
        for position, new in enumerate(after):
            old = before[came_from[position]] if position in came_from else None
            row_position = position_here.at(position, row_label(new, position))
            found = self._part_reasons(old, new, row, row_position)
            yield from (
                found
                if old is not None
                else _merge_reasons(found, row_position, _("This was added."))
            )
        for position, old in enumerate(before):
            if position not in pairs:
                row_position = position_here.at(position, row_label(old, position))
                yield from _merge_reasons(
                    self._part_reasons(old, None, row, row_position),
                    row_position,
                    _("This was taken out."),
                )

    def _text_reasons(
        self, field_: ContentField, old: Any, new: Any, position: _ReasonPosition
    ) -> Iterator[ChangeReason]:
        whole_items = field_.is_list and field_.markdown is not None
        sides = [_value_blocks(field_, value) for value in (old, new)]
        for times, blocks in zip((1, -1), sides, strict=True):
            for key in (key for block in blocks for key in block.cited):
                self.citation_counts[key] += times
        for kind, message in self.comparator.changes(*sides, whole_items=whole_items):
            yield position.reason(kind, message)


def _merge_reasons(
    found: Iterable[ChangeReason], position: _ReasonPosition, message: str
) -> Iterator[ChangeReason]:
    """One reason for a whole row, of the highest kind among its fields."""
    kinds = [reason.kind for reason in found]
    if kinds:
        yield position.reason(max(kinds), message)


def _value_blocks(field_: ContentField, value: Any) -> list[MarkdownBlock]:
    """The blocks of a text, or of the lines of a list, where each line is an item."""
    lines = () if not value else value if field_.is_list else (value,)
    blocks = [block for line in lines for block in _parse_blocks(field_, line)]
    if field_.is_list:
        return [
            replace(block, structure=("bullet_list", *block.structure), group=1) for block in blocks
        ]
    return blocks


def _parse_blocks(field_: ContentField, text: str) -> Sequence[MarkdownBlock]:
    if field_.markdown is None:
        return [block_from_line(text)]
    try:
        return markdown.read_blocks(text, inline=field_.markdown.inline)
    except markdown.MarkdownLimitError:
        # Such a text is never published; its source is compared.
        return [block_from_line(text)]


def _change_message(field_: ContentField, old: Any, new: Any) -> str:
    before, after = (_display_value(field_, value) for value in (old, new))
    if before and after:
        return _("This changed from “{before}” to “{after}”.").format(before=before, after=after)
    if after:
        return _("“{text}” was added.").format(text=after)
    return _("“{text}” was taken out.").format(text=before)


def _display_value(field_: ContentField, value: Any) -> str:
    lines = value if isinstance(value, tuple) else (value,)
    return ", ".join(field_.text(line, for_readers=True) for line in lines)


def _iter_strings(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _iter_strings(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from _iter_strings(inner)
