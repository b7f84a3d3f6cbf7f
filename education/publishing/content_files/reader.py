"""Reads a content file: bytes to values of its content type, or errors with their lines."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, get_args

from django.utils.translation import gettext as _

from education.publishing.content import ActionRefused, Content, ContentPart, Path
from education.publishing.content_files.errors import FileError, closest_match, quote_list
from education.publishing.content_files.markdown_sections import (
    SectionReader,
    section_heading,
    split_sections,
)
from education.publishing.content_files.parsed_file import ParsedFile, UnreadableFile
from education.publishing.content_files.yaml_reader import read_yaml
from education.publishing.file_layout import Layout, MarkdownLayout

MAX_BYTES = 1_000_000
_FENCE = "---"
_BOM = b"\xef\xbb\xbf"


def read_content(
    data: bytes, slug: str, layout: Layout, content_type: type[Content], display_path: str
) -> tuple[Content | None, ParsedFile, list[FileError]]:
    """The content of a file, None when it has errors; messages name the file `display_path`."""
    parsed = read_values(data, layout, content_type)
    content = None
    try:
        content = content_type.validate_values(slug, parsed.values)
    except ActionRefused as refusal:
        for problem in refusal.problems:
            parsed.add_problem(problem.path, problem.message)
    errors = [FileError(display_path, line, message) for line, message in parsed.errors]
    return None if errors else content, parsed, errors


def read_values(data: bytes, layout: Layout, content_type: type[Content]) -> ParsedFile:
    """The raw values of a file with this layout."""
    parsed = ParsedFile()
    try:
        parsed.lines = _split_lines(data)
        if isinstance(layout, MarkdownLayout):
            _read_markdown(parsed, layout, content_type)
        else:
            read_yaml(parsed.lines, parsed, first_line=1)
            _remove_unknown_fields(parsed, parsed.values, content_type, content_type.model_fields)
    except UnreadableFile as error:
        parsed.errors.append((error.line, error.message))
        parsed.reported.add(())
    return parsed


def _split_lines(data: bytes) -> list[str]:
    data = data.removeprefix(_BOM).replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if len(data) > MAX_BYTES:
        raise UnreadableFile(1, _("This file is larger than 1 MB. Split it, or shorten it."))
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UnreadableFile(
            data.count(b"\n", 0, error.start) + 1,
            _("A character here is not written in UTF-8. Save the file with the encoding UTF-8."),
        ) from error
    if "\0" in text:
        raise UnreadableFile(
            text.count("\n", 0, text.index("\0")) + 1,
            _("An invisible control character (NUL) stands here. Is this a text file? Delete it."),
        )
    if not text.strip():
        raise UnreadableFile(1, _("This file is empty. Write its content, or delete it."))
    return text.removesuffix("\n").split("\n")


def _read_markdown(parsed: ParsedFile, layout: MarkdownLayout, content_type: type[Content]) -> None:
    end = _end_of_front_matter(parsed.lines)
    front_matter = parsed.lines[1:end]
    try:
        if "".join(front_matter).strip():
            read_yaml(front_matter, parsed, first_line=2)
    except UnreadableFile as error:
        parsed.errors.append((error.line, error.message))
        parsed.reported |= {(name,) for name in layout.front}
    for spec in layout.body:
        if parsed.values.pop(spec.field, None) is not None:
            message = _("“{name}” is written as a section: “{heading}”.").format(
                name=spec.field, heading=f"## {section_heading(spec)}"
            )
            parsed.errors.append((parsed.line((spec.field,)), message))
    _remove_unknown_fields(parsed, parsed.values, content_type, layout.front)
    whole = split_sections(parsed.lines[end + 1 :], end + 2)
    parsed.values |= SectionReader(parsed).read(whole, layout.body)


def _end_of_front_matter(lines: Sequence[str]) -> int:
    """The index of the line that closes the front matter; raises UnreadableFile."""
    if lines[0].rstrip() != _FENCE:
        message = _("The first line must be “---”; then come the fields, and another line “---”.")
        raise UnreadableFile(1, message)
    for index, line in enumerate(lines[1:], start=1):
        if line.rstrip() == _FENCE:
            return index
        if line.startswith("## "):
            break
    message = _(
        "The fields that start here are not closed. Write a line “---” after the last of them."
    )
    raise UnreadableFile(1, message)


def _remove_unknown_fields(
    parsed: ParsedFile,
    values: dict[str, Any],
    part: type[ContentPart],
    allowed: Collection[str],
    path: Path = (),
) -> None:
    """Report and remove each field that the content type does not have, at every depth."""
    for name in list(values):
        here = (*path, name)
        if name in allowed:
            inner = _part_type(part.model_fields[name].annotation)
            entries = values[name] if inner and isinstance(values[name], list) else []
            for index, entry in enumerate(entries):
                if inner and isinstance(entry, dict):
                    _remove_unknown_fields(parsed, entry, inner, inner.model_fields, (*here, index))
            continue
        del values[name]
        closest = closest_match(name, [known for known in allowed if known not in values])
        if closest:
            message = _("There is no field “{name}” here. Did you mean “{near}”?")
            parsed.reported.add((*path, closest))
        else:
            message = _("There is no field “{name}” here. The fields are {known}.")
        message = message.format(name=name, near=closest, known=quote_list(allowed))
        parsed.errors.append((parsed.line(here), message))


def _part_type(annotation: Any) -> type[ContentPart] | None:
    """The type of part that a field holds, one or many."""
    if isinstance(annotation, type) and issubclass(annotation, ContentPart):
        return annotation
    return next((found for inner in get_args(annotation) if (found := _part_type(inner))), None)
