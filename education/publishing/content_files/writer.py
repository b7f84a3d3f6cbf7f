"""Content written as the one file that says it: the same content always gives the same bytes.

Fields stand in the order of the content type, those left empty are left out, no line is folded, and
a value has quotes only where another program would otherwise take it for something else than text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.emitter import Emitter
from ruamel.yaml.events import (
    DocumentEndEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
    StreamStartEvent,
)

from education.publishing.content import Content
from education.publishing.content_files.markdown_sections import demote_headings
from education.publishing.file_layout import Layout, MarkdownLayout, Section

# What YAML, in one version or another, takes for a number, a date, a yes or no, or nothing at all.
_LOOKS_LIKE_OTHER = re.compile(
    r"~|null|true|false|yes|no|on|off|y|n|=|<<|[-+]?\.(inf|nan)|[-+]?\.?[0-9][0-9a-f_.,:eox+-]*",
    re.IGNORECASE,
)
# What YAML takes for a line break, or does not allow, unless it is written as an escape.
_NEEDS_ESCAPES = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]"
)
_NO_WIDTH = 1_000_000_000


def write_content(content: Content, layout: Layout) -> bytes:
    """The canonical file of `content`."""
    values = content.to_data()
    text = _markdown(values, layout) if isinstance(layout, MarkdownLayout) else _yaml(values)
    return text.encode("utf-8")


def _markdown(values: Mapping[str, Any], layout: MarkdownLayout) -> str:
    front = {name: values[name] for name in layout.front if name in values}
    parts = [f"---\n{_yaml(front) if front else ''}---\n"]
    for spec in layout.body:
        if isinstance(spec, Section):
            parts += _section(values, spec, "##")
            continue
        for entry in values.get(spec.field, ()):
            parts.append(f"## {spec.word}: {entry[spec.key]}\n")
            for section in spec.sections:
                parts += _section(entry, section, "###")
    return "\n".join(parts)


def _section(values: Mapping[str, Any], section: Section, marks: str) -> Iterator[str]:
    if section.field not in values:
        return
    value = values[section.field]
    text = (
        "\n".join(f"- {item}".rstrip() for item in value)
        if section.items
        else demote_headings(value)
    )
    yield f"{marks} {section.heading}\n\n{text}\n"


def _yaml(values: Mapping[str, Any]) -> str:
    yaml = YAML(typ="safe", pure=True)
    yaml.Emitter = _Emitter
    yaml.width = _NO_WIDTH
    yaml.allow_unicode = True
    yaml.indent(mapping=2, sequence=2, offset=0)
    written = StringIO()
    yaml.emit(_document(values), written)
    return written.getvalue()


def _document(values: Mapping[str, Any]) -> Iterator[Event]:
    yield StreamStartEvent()
    yield DocumentStartEvent(explicit=False)
    yield from _node(values)
    yield DocumentEndEvent(explicit=False)
    yield StreamEndEvent()


def _node(value: Any) -> Iterator[Event]:
    if isinstance(value, Mapping):
        yield MappingStartEvent(anchor=None, tag=None, implicit=True, flow_style=False)
        for name, inner in value.items():
            yield _scalar(name)
            yield from _node(inner)
        yield MappingEndEvent()
    elif isinstance(value, list):
        yield SequenceStartEvent(anchor=None, tag=None, implicit=True, flow_style=False)
        for inner in value:
            yield from _node(inner)
        yield SequenceEndEvent()
    elif isinstance(value, bool):
        yield _scalar("true" if value else "false", plain=True)
    else:
        yield _scalar(str(value), plain=not isinstance(value, str))


def _scalar(text: str, *, plain: bool = False) -> ScalarEvent:
    """A value in the plainest style that every reader of YAML takes for this text."""
    if _NEEDS_ESCAPES.search(text) or ("\n" in text and text[0].isspace()):
        style = '"'
    elif "\n" in text:
        style = "|"
    elif not plain and _LOOKS_LIKE_OTHER.fullmatch(text):
        style = "'"
    else:
        style = None
    return ScalarEvent(anchor=None, tag=None, implicit=(True, True), value=text, style=style)


class _Emitter(Emitter):
    """The library's, which itself quotes what would not come back the same as plain text."""

    def choose_scalar_style(self) -> Any:
        """Spare a text with an apostrophe the doubling of it, and write nothing as two quotes."""
        if self.event.value == "":
            return "'"
        style = super().choose_scalar_style()
        return '"' if style == "'" and "'" in self.event.value else style
