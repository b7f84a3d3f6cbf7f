"""The texts of a content one by one, in words, in the order of the fields."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from education.publishing.content import Content, ContentPart, Path
from education.publishing.diff.fields import content_field, row_label


@dataclass(frozen=True)
class Passage:
    """One text: where it stands, the steps there in words, and what it says to a person."""

    path: Path
    labels: tuple[str, ...]
    text: str


def passages(content: Content) -> list[Passage]:
    """Every text, name and choice that is not empty; keys as words, Markdown without its signs."""
    return list(_part_passages(content, (), ()))


def same_words(text: str) -> str:
    """A text with each run of white space as one space: words as they were selected on a page."""
    return " ".join(text.split())


def find_passage(found: list[Passage], path: Path, quote: str) -> Passage | None:
    """The passage that a comment is about, wherever its row stands now; None if it is gone.

    With a quote: where the words stand, in the same field if they do; else the field itself.
    """
    words = same_words(quote)
    field = [step for step in path if isinstance(step, str)]
    ranked = sorted(
        (one for one in found if words in same_words(one.text)),
        key=lambda one: (
            one.path != path,
            [step for step in one.path if isinstance(step, str)] != field,
        ),
    )
    if words:
        return ranked[0] if ranked else None
    return next((one for one in found if one.path == path), None)


def _part_passages(part: ContentPart, path: Path, labels: tuple[str, ...]) -> Iterator[Passage]:
    for name in type(part).model_fields:
        field, value = content_field(type(part), name), getattr(part, name)
        here, called = (*path, name), (*labels, field.label)
        if field.is_rows:
            for index, row in enumerate(value):
                yield from _part_passages(row, (*here, index), (*called, row_label(row, index)))
        elif name == part.IDENTITY and name == "key":
            continue
        elif field.is_list:
            for index, line in enumerate(value):
                text = field.display_name(line) if field.is_key else field.text(line, True)
                if text:
                    yield Passage((*here, index), called, text)
        elif value:
            text = field.display_name(value) if field.is_key else field.text(value, True)
            if text:
                yield Passage(here, called, text)
