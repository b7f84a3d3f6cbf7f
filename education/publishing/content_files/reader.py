"""A content file read: bytes in, values of its content type and the line of each out, or what is
wrong.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from education.publishing.content import ActionRefused, Content, Path
from education.publishing.content_files.errors import FileError
from education.publishing.content_files.markdown_sections import (
    SectionReader,
    section_heading,
    split_sections,
)
from education.publishing.content_files.source_map import SourceMap
from education.publishing.content_files.unknown_fields import pop_unknown_fields
from education.publishing.content_files.yaml_reader import YamlError, read_yaml
from education.publishing.file_layout import Layout, MarkdownLayout

MAX_BYTES = 1_000_000
_FENCE = "---"
_BOM = b"\xef\xbb\xbf"


@dataclass
class ParsedFile:
    """What one file says: raw values, the line of each, and the mistakes found before any type is
    asked.
    """

    values: dict[str, Any]
    source_map: SourceMap
    errors: list[tuple[int, str]] = field(default_factory=list)
    reported: set[Path] = field(default_factory=set)
    comments: list[int] = field(default_factory=list)

    def add_error(self, path: Path, message: str) -> None:
        """Add what the content type says of `path`, unless the file's own grammar has
        spoken of it.
        """
        if not any(path[:length] in self.reported for length in range(len(path) + 1)):
            name = self.source_map.name(path)
            self.errors.append(
                (self.source_map.line(path, message), f"{name}: {message}" if name else message)
            )


def read_content(
    data: bytes, slug: str, layout: Layout, content_type: type[Content], display_path: str
) -> tuple[Content | None, ParsedFile, list[FileError]]:
    """The content of a file that is called `shown` in messages; None when anything is wrong with
    it.
    """
    parsed = read_values(data, layout, content_type)
    content = None
    try:
        content = content_type.validate_values(slug, parsed.values)
    except ActionRefused as refusal:
        for problem in refusal.problems:
            parsed.add_error(problem.path, problem.message)
    errors = [FileError(display_path, line, message) for line, message in parsed.errors]
    return None if errors else content, parsed, errors


def read_values(data: bytes, layout: Layout, content_type: type[Content]) -> ParsedFile:
    """The raw values of a file, laid out as `layout` says."""
    lines, error = _split_lines(data)
    parsed = ParsedFile({}, SourceMap(lines))
    if error:
        parsed.errors.append(error)
        parsed.reported.add(())
    elif isinstance(layout, MarkdownLayout):
        _read_markdown(lines, layout, content_type, parsed)
    else:
        _read_fields(lines, 1, list(content_type.model_fields), content_type, parsed)
    return parsed


def _split_lines(data: bytes) -> tuple[list[str], tuple[int, str] | None]:
    """The lines of a file; or the line and the reason why it is no text."""
    data = data.removeprefix(_BOM).replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if len(data) > MAX_BYTES:
        return [], (1, _("This file is larger than 1 MB. Split it, or shorten it."))
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return [], (
            line,
            _("A character here is not written in UTF-8. Save the file with the encoding UTF-8."),
        )
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        return [], (
            line,
            _("An invisible control character (NUL) stands here. Is this a text file? Delete it."),
        )
    if not text.strip():
        return [], (1, _("This file is empty. Write its content, or delete it."))
    return text.removesuffix("\n").split("\n"), None


def _read_markdown(
    lines: list[str], layout: MarkdownLayout, content_type: type[Content], parsed: ParsedFile
) -> None:
    end = _end_of_front_matter(lines)
    if isinstance(end, str):
        parsed.errors.append((1, end))
        parsed.reported.add(())
        return
    written_as = {spec.field: f"## {section_heading(spec)}" for spec in layout.body}
    _read_fields(lines[1:end], 2, layout.front, content_type, parsed, written_as)
    sections = SectionReader(parsed.source_map)
    found = sections.read(split_sections(lines[end + 1 :], end + 2), layout.body)
    parsed.values |= found
    parsed.errors += sections.errors
    parsed.reported |= sections.reported


def _end_of_front_matter(lines: Sequence[str]) -> int | str:
    """The index of the line that closes the front matter; or what is wrong with it."""
    if lines[0].rstrip() != _FENCE:
        return _("The first line must be “---”; then come the fields, and another line “---”.")
    for index, line in enumerate(lines[1:], start=1):
        if line.rstrip() == _FENCE:
            return index
        if line.startswith("## "):
            break
    return _(
        "The fields that start here are not closed. Write a line “---” after the last of them."
    )


def _read_fields(
    lines: Sequence[str],
    first_line: int,
    allowed: Collection[str],
    content_type: type[Content],
    parsed: ParsedFile,
    written_as: dict[str, str] | None = None,
) -> None:
    if not "".join(lines).strip():
        return
    try:
        found = read_yaml("\n".join(lines) + "\n", parsed.source_map, first_line)
    except YamlError as error:
        parsed.errors.append((error.line, error.message))
        parsed.reported |= {(name,) for name in allowed}
        return
    parsed.errors += found.errors
    parsed.comments += found.comments
    parsed.values |= found.values
    for path, message, meant in pop_unknown_fields(parsed.values, content_type, allowed):
        if written_as and len(path) == 1 and path[0] in written_as:
            message = _("“{name}” is written as a section: “{heading}”.").format(
                name=path[0], heading=written_as[str(path[0])]
            )
        parsed.errors.append((parsed.source_map.line(path), message))
        if meant:
            parsed.reported.add(meant)
