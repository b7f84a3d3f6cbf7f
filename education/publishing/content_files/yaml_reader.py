"""YAML restricted to text, lists and named fields.

Every scalar stays the text that was written, also dates, numbers and words such as `no`. Anchors,
aliases, tags and deep nesting are refused.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _
from ruamel.yaml import YAML
from ruamel.yaml.composer import Composer, ComposerError
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.events import AliasEvent
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError
from ruamel.yaml.scanner import Scanner

from education.publishing.content import Path
from education.publishing.content_files.parsed_file import ParsedFile, UnreadableFile

MAX_DEPTH = 10
_UNREADABLE = _(
    "This cannot be read as YAML ({problem}). Check the indentation, the colons and the quotes."
)
_NO_FIELDS = _("Write fields here, each as “name: value” on a line of its own.")
# Library messages (context and problem) about something never closed, and our own.
_UNCLOSED = {
    r"quoted scalar.*end of stream": _(
        "A quotation mark opens here and is never closed. Close it."
    ),
    r"while parsing a flow": _(
        "A bracket opens here and is never closed. Close it, or put quotes around the value."
    ),
}
_SYNTAX_ERRORS = {
    **_UNCLOSED,
    r"expected <block end>": _(
        "This line does not fit: its indentation is wrong, or quotes end too early."
    ),
    r"mapping values are not allowed": _(
        "A second “: ” on a line needs quotes around the value; or the indentation is wrong here."
    ),
    r"'\\t'": _("A tab stands here. Use spaces to indent."),
    r"escape": _(
        "A backslash in double quotes has a meaning of its own. Use single quotes around the value."
    ),
    r"cannot start any token": _(
        "A value cannot start with this character. Put quotes around the value."
    ),
    r"expected '<document start>'": _NO_FIELDS,
    r"^anchor or alias$": _(
        "A value cannot start with “&” or “*”. Put quotes around it, or write the value out."
    ),
    r"^tag$": _("A value cannot start with “!”. Put quotes around it."),
    r"maximum depth": _("Fields stand too deep inside each other here. Take some levels out."),
    r"another document": _("A line “---” cannot stand here. Write one list of fields only."),
}


def read_yaml(lines: Sequence[str], parsed: ParsedFile, first_line: int) -> None:
    """Add the fields in `lines`, which start on `first_line` of the file; raises UnreadableFile."""
    parsed.values |= _YamlReader("\n".join(lines) + "\n", parsed, first_line).read()


class _Scanner(Scanner):
    """Records where the library skips blanks and comments."""

    def scan_to_next_token(self) -> None:
        first = self.reader.index
        super().scan_to_next_token()
        self.loader.skipped.append((first, self.reader.index))

    def scan_block_scalar_ignored_line(self, start_mark: Any) -> None:
        first = self.reader.index
        super().scan_block_scalar_ignored_line(start_mark)
        self.loader.skipped.append((first, self.reader.index))


class _Composer(Composer):
    """Refuses anchors, aliases and tags."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        event = self.parser.peek_event()
        if isinstance(event, AliasEvent) or event.anchor:
            raise ComposerError(problem="anchor or alias", problem_mark=event.start_mark)
        if event.tag:
            raise ComposerError(problem="tag", problem_mark=event.start_mark)
        return super().compose_node(parent, index)


class _Yaml(YAML):
    """The library's loader without types, limited in depth."""

    def __init__(self) -> None:
        super().__init__(typ="base", pure=True)
        self.Scanner = _Scanner
        self.Composer = _Composer
        self.max_depth = MAX_DEPTH
        self.skipped: list[tuple[int, int]] = []


class _YamlReader:
    """Converts the nodes of one text to values and records their lines."""

    def __init__(self, text: str, parsed: ParsedFile, first_line: int):
        self.text = text
        self.parsed = parsed
        self.first_line = first_line
        self.line_ends = [found.start() for found in re.finditer("\n", text)]
        self.last_line = first_line

    def read(self) -> dict[str, Any]:
        directive = re.search(r"^%", self.text, re.MULTILINE)
        if directive:
            raise UnreadableFile(
                self._line(directive.start()),
                _("Lines that start with % cannot stand here. Delete this line."),
            )
        root = self._compose()
        if root is None:
            message = _("There is nothing here. Write the fields, each as “name: value”.")
            raise UnreadableFile(self.first_line, message)
        if not isinstance(root, MappingNode):
            raise UnreadableFile(self._line(root.start_mark.index), _NO_FIELDS)
        fields: dict[str, Any] = self._value(root, ())
        return fields

    def _compose(self) -> Node | None:
        yaml = _Yaml()
        try:
            root: Node | None = yaml.compose(self.text)
        except ReaderError as error:
            raise UnreadableFile(
                self._line(error.position),
                _("An invisible control character stands here. Delete it."),
            ) from error
        except MarkedYAMLError as error:
            raise self._explain(error) from error
        except Exception as error:
            # Some broken texts, such as an escape beyond the last character, crash the library.
            message = _UNREADABLE.format(problem=" ".join(str(error).split()))
            raise UnreadableFile(self.first_line, message) from error
        self.parsed.comments += [
            self._line(index.start() + first)
            for first, last in yaml.skipped
            for index in re.finditer("#.*", self.text[first:last])
        ]
        return root

    def _explain(self, error: MarkedYAMLError) -> UnreadableFile:
        problem = " ".join(f"{error.context or ''} {error.problem or ''}".split())
        pattern = next((found for found in _SYNTAX_ERRORS if re.search(found, problem)), "")
        message = _SYNTAX_ERRORS.get(pattern) or _UNREADABLE.format(problem=error.problem)
        marks = [error.problem_mark, error.context_mark]
        mark = next(filter(None, reversed(marks) if pattern in _UNCLOSED else marks), None)
        last = self.first_line + max(0, len(self.line_ends) - 1)
        return UnreadableFile(
            min(self._line(mark.index), last) if mark else self.first_line, message
        )

    def _line(self, index: int) -> int:
        """The line of a character; the library's own count takes more characters for line ends."""
        return self.first_line + bisect_left(self.line_ends, index)

    def _value(self, node: Node, path: Path, first_line: int = 0) -> Any:
        """The value of a node, whose span begins on `first_line` or where the node does."""
        line = self._line(node.start_mark.index)
        value: Any
        if isinstance(node, MappingNode):
            value = self._fields(node, path)
        elif isinstance(node, SequenceNode):
            value = [self._value(item, (*path, index)) for index, item in enumerate(node.value)]
        elif isinstance(node, ScalarNode):
            value = str(node.value)
            end = node.end_mark
            self.last_line = self._line(end.index) - (end.column == 0 and node.style in ("|", ">"))
        if path:
            self.parsed.add_span(path, first_line or line, self.last_line)
        return value

    def _fields(self, node: MappingNode, path: Path) -> dict[str, Any]:
        fields: dict[str, Any] = {}
        for key, value in node.value:
            line = self._line(key.start_mark.index)
            if not isinstance(key, ScalarNode):
                raise UnreadableFile(line, _("A field needs a name here, as in “name: value”."))
            name = self._value(key, ())
            here = (*path, name)
            if name in fields:
                message = _(
                    "The field “{name}” stands in line {line} already. Keep one of the two."
                ).format(name=name, line=self.parsed.line(here))
                self.parsed.errors.append((line, message))
            else:
                fields[name] = self._value(value, here, line)
        return fields
