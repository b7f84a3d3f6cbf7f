"""YAML as this program takes it: every value is text, a list or named fields, and nothing else.

The library's events are read one by one instead of letting it construct values: dates, numbers and
words such as `no` stay the text that was written; aliases, tags and deep nesting are refused before
they can do harm.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from ruamel.yaml.reader import ReaderError

from education.publishing.content import Path
from education.publishing.content_files.source_map import SourceMap

MAX_DEPTH = 10
_BLOCK_STYLES = ("|", ">")


class YamlError(Exception):
    """The text is no YAML that can be taken; `line` counts from 1."""

    def __init__(self, line: int, message: str):
        super().__init__(message)
        self.line = line
        self.message = message


@dataclass
class YamlResult:
    """The named fields of a YAML text, what is wrong with single ones, and the lines
    with comments.
    """

    values: dict[str, Any]
    errors: list[tuple[int, str]]
    comments: list[int]


def read_yaml(text: str, source_map: SourceMap, first_line: int = 1) -> YamlResult:
    """The fields that `text` gives, whose first line is `first_line` of its file;
    raises YamlError.
    """
    return _YamlParser(text, source_map, first_line).result()


class _YamlParser:
    """One text being read."""

    def __init__(self, text: str, source_map: SourceMap, first_line: int):
        self.text = text
        self.source_map = source_map
        self.first_line = first_line
        self.line_ends = [found.start() for found in re.finditer("\n", text)]
        self.events = self._events()
        self.errors: list[tuple[int, str]] = []
        self.scalars: list[tuple[int, int, bool]] = []

    def result(self) -> YamlResult:
        """Read the one document there should be."""
        root: dict[str, Any] | None = None
        for event in self.events:
            if isinstance(event, DocumentStartEvent):
                if event.version or event.tags:
                    raise self._error(
                        event, _("Lines that start with % cannot stand here. Delete this line.")
                    )
                if root is not None:
                    raise self._error(
                        event, _("A line “---” cannot stand here. Write one list of fields only.")
                    )
            elif isinstance(event, MappingStartEvent):
                root, _last = self._mapping(event, (), 1)
            elif isinstance(event, NodeEvent):
                raise self._error(
                    event, _("Write fields here, each as “name: value” on a line of its own.")
                )
        if root is None:
            raise YamlError(
                self.first_line,
                _("There is nothing here. Write the fields, each as “name: value”."),
            )
        return YamlResult(root, self.errors, self._comments())

    def _events(self) -> Iterator[Event]:
        """What the library reads, its errors turned into sentences."""
        try:
            yield from YAML(typ="safe", pure=True).parse(self.text)
        except ReaderError as error:
            line = self.first_line + self.text.count("\n", 0, error.position)
            raise YamlError(
                line, _("An invisible control character stands here. Delete it.")
            ) from error
        except MarkedYAMLError as error:
            raise self._explain(error) from error
        except (
            YAMLError,
            ValueError,
            OverflowError,
            LookupError,
            TypeError,
            AttributeError,
        ) as error:
            # The library trips over some broken texts, such as an escape beyond the last character
            # there is.
            raise YamlError(self.first_line, _unreadable_message(str(error))) from error

    def _explain(self, error: MarkedYAMLError) -> YamlError:
        problem, context = error.problem or "", error.context or ""
        mark = error.problem_mark or error.context_mark
        if "quoted scalar" in context and "end of stream" in problem and error.context_mark:
            mark, message = (
                error.context_mark,
                _("A quotation mark opens here and is never closed. Close it."),
            )
        elif "while parsing a flow" in context and error.context_mark:
            mark, message = (
                error.context_mark,
                _(
                    "A bracket opens here and is never closed. Close it, or put quotes around the value."
                ),
            )
        elif "expected <block end>" in problem:
            message = _(
                "This line does not fit: its indentation is wrong, or quotes end too early."
            )
        elif "mapping values are not allowed" in problem:
            message = _(
                "A second “: ” on a line needs quotes around the value; or the indentation is wrong here."
            )
        elif "'\\t'" in problem:
            message = _("A tab stands here. Use spaces to indent.")
        elif "escape" in context + problem:
            message = _(
                "A backslash in double quotes has a meaning of its own. Use single quotes around the value."
            )
        elif "cannot start any token" in problem:
            message = _("A value cannot start with this character. Put quotes around the value.")
        elif "undefined alias" in problem:
            message = _no_aliases_message()
        else:
            message = _unreadable_message(problem)
        last = self.first_line + max(0, len(self.line_ends) - 1)
        return YamlError(min(self._line_at(mark.index), last) if mark else self.first_line, message)

    def _error(self, event: Event, message: str) -> YamlError:
        return YamlError(self._line(event), message)

    def _line(self, event: Event) -> int:
        return self._line_at(event.start_mark.index)

    def _line_at(self, index: int) -> int:
        """The line of a character; the library's own count takes some rare characters for line
        ends.
        """
        return self.first_line + bisect_left(self.line_ends, index)

    def _node(self, event: Event, path: Path, depth: int) -> tuple[Any, int]:
        """The value that begins with `event`, and its last line."""
        if isinstance(event, AliasEvent) or getattr(event, "anchor", None):
            raise self._error(event, _no_aliases_message())
        if getattr(event, "tag", None):
            raise self._error(event, _("A value cannot start with “!”. Put quotes around it."))
        if depth > MAX_DEPTH:
            raise self._error(
                event, _("Fields stand too deep inside each other here. Take some levels out.")
            )
        if isinstance(event, MappingStartEvent):
            return self._mapping(event, path, depth)
        if isinstance(event, SequenceStartEvent):
            return self._sequence(event, path, depth)
        if isinstance(event, ScalarEvent):
            return self._scalar(event)
        raise self._error(event, _unreadable_message(type(event).__name__))

    def _scalar(self, event: ScalarEvent) -> tuple[str, int]:
        is_block = event.style in _BLOCK_STYLES
        self.scalars.append((event.start_mark.index, event.end_mark.index, is_block))
        last = self._line_at(event.end_mark.index) - (event.end_mark.column == 0 and is_block)
        return str(event.value), last

    def _sequence(self, start: Event, path: Path, depth: int) -> tuple[list[Any], int]:
        items: list[Any] = []
        last = self._line(start)
        for event in self.events:
            if isinstance(event, SequenceEndEvent):
                break
            line = self._line(event)
            inner = (*path, len(items))
            self.source_map.add(inner, line)
            value, last = self._node(event, inner, depth + 1)
            self.source_map.add(inner, line, last)
            items.append(value)
        return items, last

    def _mapping(self, start: Event, path: Path, depth: int) -> tuple[dict[str, Any], int]:
        if getattr(start, "anchor", None) or getattr(start, "tag", None):
            raise self._error(start, _no_aliases_message())
        fields: dict[str, Any] = {}
        lines: dict[str, int] = {}
        last = self._line(start)
        for event in self.events:
            if isinstance(event, MappingEndEvent):
                break
            if not isinstance(event, ScalarEvent):
                raise self._error(event, _("A field needs a name here, as in “name: value”."))
            name, line = self._node(event, path, depth)[0], self._line(event)
            if name in fields:
                last = self._node(next(self.events), ("",), depth + 1)[1]
                message = _(
                    "The field “{name}” stands in line {line} already. Keep one of the two."
                )
                self.errors.append((line, message.format(name=name, line=lines[name])))
                continue
            lines[name] = line
            self.source_map.add((*path, name), line)
            fields[name], last = self._node(next(self.events), (*path, name), depth + 1)
            self.source_map.add((*path, name), line, last)
        return fields, last

    def _comments(self) -> list[int]:
        """The lines with a comment: a `#` that stands in no value."""
        bare = list(self.text)
        for first, last, is_block in self.scalars:
            end = first + len(_strip_trailing_comments(self.text[first:last])) if is_block else last
            bare[first:end] = [
                "\n" if character == "\n" else "." for character in self.text[first:end]
            ]
        return [
            self.first_line + number
            for number, line in enumerate("".join(bare).split("\n"))
            if "#" in line
        ]


def _strip_trailing_comments(written: str) -> str:
    """The part of a block text that belongs to it: the library counts comments that
    follow it too.
    """
    lines = written.split("\n")
    indents = [len(line) - len(line.lstrip(" ")) for line in lines[1:] if line.strip()]
    if "#" in lines[0] or not indents:
        return lines[0].partition("#")[0]
    kept = [lines[0]]
    for line in lines[1:]:
        if line.strip() and len(line) - len(line.lstrip(" ")) < indents[0]:
            break
        kept.append(line)
    return "\n".join(kept)


def _no_aliases_message() -> str:
    return _("A value cannot start with “&” or “*”. Put quotes around it, or write the value out.")


def _unreadable_message(problem: str) -> str:
    plain = re.sub(r"\s+", " ", problem).strip()
    return _(
        "This cannot be read as YAML ({problem}). Check the indentation, the colons and the quotes."
    ).format(problem=plain)
