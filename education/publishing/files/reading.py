"""A content file read: bytes in, values of its content type and the line of each out, or what is wrong."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from education.publishing.content import ActionRefused, Content, Path
from education.publishing.files.fields import drop_unknown
from education.publishing.files.layout import Layout, MarkdownLayout
from education.publishing.files.mistakes import FileMistake
from education.publishing.files.positions import Positions
from education.publishing.files.sections import Sections, cut, slot_heading
from education.publishing.files.yaml_values import YamlMistake, read_yaml

MAX_BYTES = 1_000_000
_FENCE = "---"
_BOM = b"\xef\xbb\xbf"


@dataclass
class Reading:
    """What one file says: raw values, the line of each, and the mistakes found before any type is asked."""

    values: dict[str, Any]
    positions: Positions
    mistakes: list[tuple[int, str]] = field(default_factory=list)
    told: set[Path] = field(default_factory=set)
    comments: list[int] = field(default_factory=list)

    def tell(self, path: Path, message: str) -> None:
        """Add what the content type says of `path`, unless the file's own grammar has spoken of it."""
        if not any(path[:length] in self.told for length in range(len(path) + 1)):
            name = self.positions.name(path)
            self.mistakes.append(
                (self.positions.line(path, message), f"{name}: {message}" if name else message)
            )


def read_content(
    data: bytes, slug: str, layout: Layout, content_type: type[Content], shown: str
) -> tuple[Content | None, Reading, list[FileMistake]]:
    """The content of a file that is called `shown` in messages; None when anything is wrong with it."""
    reading = read_values(data, layout, content_type)
    content = None
    try:
        content = content_type.validate_values(slug, reading.values)
    except ActionRefused as refusal:
        for problem in refusal.problems:
            reading.tell(problem.path, problem.message)
    mistakes = [FileMistake(shown, line, message) for line, message in reading.mistakes]
    return None if mistakes else content, reading, mistakes


def read_values(data: bytes, layout: Layout, content_type: type[Content]) -> Reading:
    """The raw values of a file, laid out as `layout` says."""
    lines, mistake = _lines(data)
    reading = Reading({}, Positions(lines))
    if mistake:
        reading.mistakes.append(mistake)
        reading.told.add(())
    elif isinstance(layout, MarkdownLayout):
        _read_markdown(lines, layout, content_type, reading)
    else:
        _read_fields(lines, 1, list(content_type.model_fields), content_type, reading)
    return reading


def _lines(data: bytes) -> tuple[list[str], tuple[int, str] | None]:
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
    lines: list[str], layout: MarkdownLayout, content_type: type[Content], reading: Reading
) -> None:
    end = _end_of_front_matter(lines)
    if isinstance(end, str):
        reading.mistakes.append((1, end))
        reading.told.add(())
        return
    written_as = {slot.field: f"## {slot_heading(slot)}" for slot in layout.body}
    _read_fields(lines[1:end], 2, layout.front, content_type, reading, written_as)
    sections = Sections(reading.positions)
    found = sections.read(cut(lines[end + 1 :], end + 2), layout.body)
    reading.values |= found
    reading.mistakes += sections.mistakes
    reading.told |= sections.told


def _end_of_front_matter(lines: Sequence[str]) -> int | str:
    """The index of the line that closes the front matter; or what is wrong with it."""
    if lines[0].rstrip() != _FENCE:
        return _("The first line must be “---”; then come the fields, and another line “---”.")
    for index, line in enumerate(lines[1:], start=1):
        if line.rstrip() == _FENCE:
            return index
        if line.startswith("## "):
            break
    return _("The fields that start here are not closed. Write a line “---” after the last of them.")


def _read_fields(
    lines: Sequence[str],
    first_line: int,
    allowed: Collection[str],
    content_type: type[Content],
    reading: Reading,
    written_as: dict[str, str] | None = None,
) -> None:
    if not "".join(lines).strip():
        return
    try:
        found = read_yaml("\n".join(lines) + "\n", reading.positions, first_line)
    except YamlMistake as mistake:
        reading.mistakes.append((mistake.line, mistake.message))
        reading.told |= {(name,) for name in allowed}
        return
    reading.mistakes += found.mistakes
    reading.comments += found.comments
    reading.values |= found.values
    for path, message, meant in drop_unknown(reading.values, content_type, allowed):
        if written_as and len(path) == 1 and path[0] in written_as:
            message = _("“{name}” is written as a section: “{heading}”.").format(
                name=path[0], heading=written_as[str(path[0])]
            )
        reading.mistakes.append((reading.positions.line(path), message))
        if meant:
            reading.told.add(meant)
