"""`{emergency number}` in the texts of a document: what would reach readers unfilled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from education import markdown
from education.publishing.content import Content, Path, Problem, markdown_texts
from education.publishing.models import Edition


def placeholder_problems(edition: Edition) -> Iterator[Problem]:
    """One problem for each text that says the number in a way that is not filled in."""
    for text in markdown_texts(edition.content):
        for message in markdown.validate_placeholders(text.text):
            yield Problem(edition.key, text.path, message)
    for path, message in _line_messages(edition.content):
        yield Problem(edition.key, path, message)


def _line_messages(content: Content) -> Iterator[tuple[Path, str]]:
    """Names and titles stand in lists and addresses, too, and are shown as they were written."""
    markdown_paths = {text.path for text in markdown_texts(content)}
    names = {content.heading, *content.synonyms}
    for path, line in _strings(content.to_data()):
        # The title of a source may have the words: it is quoted as somebody else wrote it.
        if path not in markdown_paths and (
            markdown.EMERGENCY_NUMBER in line
            or (line in names and markdown.says_default_number(line))
        ):
            yield (
                path,
                _(
                    "The emergency number is not filled in in a name or a title. "
                    "Take it out here, and write {placeholder} in a text."
                ).format(placeholder=markdown.EMERGENCY_NUMBER),
            )


def _strings(value: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _strings(inner, (*path, name))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _strings(inner, (*path, index))
