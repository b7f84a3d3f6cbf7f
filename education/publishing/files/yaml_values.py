"""YAML as this program takes it: every value is text, a list or named fields, and nothing else.

The library's events are read one by one instead of letting it construct values: dates, numbers and words such
as `no` stay the text that was written; aliases, tags and deep nesting are refused before they can do harm.
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
from education.publishing.files.positions import Positions

MAX_DEPTH = 10
_BLOCK_STYLES = ("|", ">")


class YamlMistake(Exception):
    """The text is no YAML that can be taken; `line` counts from 1."""

    def __init__(self, line: int, message: str):
        super().__init__(message)
        self.line = line
        self.message = message


@dataclass
class YamlValues:
    """The named fields of a YAML text, what is wrong with single ones, and the lines with comments."""

    values: dict[str, Any]
    mistakes: list[tuple[int, str]]
    comments: list[int]


def read_yaml(text: str, positions: Positions, first_line: int = 1) -> YamlValues:
    """The fields that `text` gives, whose first line is `first_line` of its file; raises YamlMistake."""
    return _Reading(text, positions, first_line).result()


class _Reading:
    """One text being read."""

    def __init__(self, text: str, positions: Positions, first_line: int):
        self.text = text
        self.positions = positions
        self.first_line = first_line
        self.line_ends = [found.start() for found in re.finditer("\n", text)]
        self.events = self._events()
        self.mistakes: list[tuple[int, str]] = []
        self.scalars: list[tuple[int, int, bool]] = []

    def result(self) -> YamlValues:
        """Read the one document there should be."""
        root: dict[str, Any] | None = None
        for event in self.events:
            if isinstance(event, DocumentStartEvent):
                if event.version or event.tags:
                    raise self._mistake(
                        event, _("Lines that start with % cannot stand here. Delete this line.")
                    )
                if root is not None:
                    raise self._mistake(
                        event, _("A line “---” cannot stand here. Write one list of fields only.")
                    )
            elif isinstance(event, MappingStartEvent):
                root, _last = self._mapping(event, (), 1)
            elif isinstance(event, NodeEvent):
                raise self._mistake(
                    event, _("Write fields here, each as “name: value” on a line of its own.")
                )
        if root is None:
            raise YamlMistake(
                self.first_line, _("There is nothing here. Write the fields, each as “name: value”.")
            )
        return YamlValues(root, self.mistakes, self._comments())

    def _events(self) -> Iterator[Event]:
        """What the library reads, its errors turned into sentences."""
        try:
            yield from YAML(typ="safe", pure=True).parse(self.text)
        except ReaderError as error:
            line = self.first_line + self.text.count("\n", 0, error.position)
            raise YamlMistake(line, _("An invisible control character stands here. Delete it.")) from error
        except MarkedYAMLError as error:
            raise self._explained(error) from error
        except (YAMLError, ValueError, OverflowError, LookupError, TypeError, AttributeError) as error:
            # The library trips over some broken texts, such as an escape beyond the last character there is.
            raise YamlMistake(self.first_line, _cannot_be_read(str(error))) from error

    def _explained(self, error: MarkedYAMLError) -> YamlMistake:
        problem, context = error.problem or "", error.context or ""
        mark = error.problem_mark or error.context_mark
        if "quoted scalar" in context and "end of stream" in problem and error.context_mark:
            mark, sentence = (
                error.context_mark,
                _("A quotation mark opens here and is never closed. Close it."),
            )
        elif "while parsing a flow" in context and error.context_mark:
            mark, sentence = (
                error.context_mark,
                _("A bracket opens here and is never closed. Close it, or put quotes around the value."),
            )
        elif "expected <block end>" in problem:
            sentence = _("This line does not fit: its indentation is wrong, or quotes end too early.")
        elif "mapping values are not allowed" in problem:
            sentence = _(
                "A second “: ” on a line needs quotes around the value; or the indentation is wrong here."
            )
        elif "'\\t'" in problem:
            sentence = _("A tab stands here. Use spaces to indent.")
        elif "escape" in context + problem:
            sentence = _(
                "A backslash in double quotes has a meaning of its own. Use single quotes around the value."
            )
        elif "cannot start any token" in problem:
            sentence = _("A value cannot start with this character. Put quotes around the value.")
        elif "undefined alias" in problem:
            sentence = _no_aliases()
        else:
            sentence = _cannot_be_read(problem)
        last = self.first_line + max(0, len(self.line_ends) - 1)
        return YamlMistake(min(self._line_at(mark.index), last) if mark else self.first_line, sentence)

    def _mistake(self, event: Event, message: str) -> YamlMistake:
        return YamlMistake(self._line(event), message)

    def _line(self, event: Event) -> int:
        return self._line_at(event.start_mark.index)

    def _line_at(self, index: int) -> int:
        """The line of a character; the library's own count takes some rare characters for line ends."""
        return self.first_line + bisect_left(self.line_ends, index)

    def _node(self, event: Event, path: Path, depth: int) -> tuple[Any, int]:
        """The value that begins with `event`, and its last line."""
        if isinstance(event, AliasEvent) or getattr(event, "anchor", None):
            raise self._mistake(event, _no_aliases())
        if getattr(event, "tag", None):
            raise self._mistake(event, _("A value cannot start with “!”. Put quotes around it."))
        if depth > MAX_DEPTH:
            raise self._mistake(
                event, _("Fields stand too deep inside each other here. Take some levels out.")
            )
        if isinstance(event, MappingStartEvent):
            return self._mapping(event, path, depth)
        if isinstance(event, SequenceStartEvent):
            return self._sequence(event, path, depth)
        if isinstance(event, ScalarEvent):
            return self._scalar(event)
        raise self._mistake(event, _cannot_be_read(type(event).__name__))

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
            self.positions.put(inner, line)
            value, last = self._node(event, inner, depth + 1)
            self.positions.put(inner, line, last)
            items.append(value)
        return items, last

    def _mapping(self, start: Event, path: Path, depth: int) -> tuple[dict[str, Any], int]:
        if getattr(start, "anchor", None) or getattr(start, "tag", None):
            raise self._mistake(start, _no_aliases())
        fields: dict[str, Any] = {}
        lines: dict[str, int] = {}
        last = self._line(start)
        for event in self.events:
            if isinstance(event, MappingEndEvent):
                break
            if not isinstance(event, ScalarEvent):
                raise self._mistake(event, _("A field needs a name here, as in “name: value”."))
            name, line = self._node(event, path, depth)[0], self._line(event)
            if name in fields:
                last = self._node(next(self.events), ("",), depth + 1)[1]
                sentence = _("The field “{name}” stands in line {line} already. Keep one of the two.")
                self.mistakes.append((line, sentence.format(name=name, line=lines[name])))
                continue
            lines[name] = line
            self.positions.put((*path, name), line)
            fields[name], last = self._node(next(self.events), (*path, name), depth + 1)
            self.positions.put((*path, name), line, last)
        return fields, last

    def _comments(self) -> list[int]:
        """The lines with a comment: a `#` that stands in no value."""
        bare = list(self.text)
        for first, last, is_block in self.scalars:
            end = first + len(_of_block(self.text[first:last])) if is_block else last
            bare[first:end] = ["\n" if character == "\n" else "." for character in self.text[first:end]]
        return [
            self.first_line + number for number, line in enumerate("".join(bare).split("\n")) if "#" in line
        ]


def _of_block(written: str) -> str:
    """The part of a block text that belongs to it: the library counts comments that follow it too."""
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


def _no_aliases() -> str:
    return _("A value cannot start with “&” or “*”. Put quotes around it, or write the value out.")


def _cannot_be_read(problem: str) -> str:
    plain = re.sub(r"\s+", " ", problem).strip()
    return _(
        "This cannot be read as YAML ({problem}). Check the indentation, the colons and the quotes."
    ).format(problem=plain)
