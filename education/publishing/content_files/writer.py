"""Writes content as its canonical file: the same content always gives the same bytes.

Fields are in the order of the content type, empty ones are left out, no line is folded, and a value
has quotes only where another program would otherwise read it as something else than text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.emitter import Emitter
from ruamel.yaml.nodes import ScalarNode
from ruamel.yaml.representer import SafeRepresenter

from education.publishing.content import Content
from education.publishing.content_files.markdown_sections import demote_headings
from education.publishing.file_layout import Layout, MarkdownLayout, Section

# What YAML, in one version or another, reads as a number, a date, a yes or no, or nothing at all.
_LOOKS_LIKE_OTHER = re.compile(
    r"~|null|true|false|yes|no|on|off|y|n|=|<<|[-+]?\.(inf|nan)|[-+]?\.?[0-9][0-9a-f_.,:eox+-]*",
    re.IGNORECASE,
)
# What YAML reads as a line break, or does not allow, unless it is escaped.
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
            key = entry[spec.key] if spec.key in entry else f'"{entry[spec.name]}"'
            parts.append(f"## {spec.word}: {key}\n")
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
    yaml.Representer = _Representer
    yaml.Emitter = _Emitter
    yaml.default_flow_style = False
    yaml.sort_base_mapping_type_on_output = False  # type: ignore[assignment]
    yaml.width = _NO_WIDTH
    yaml.allow_unicode = True
    written = StringIO()
    yaml.dump(values, written)
    return written.getvalue()


class _Representer(SafeRepresenter):
    """The library's, with a text in the plainest style that every reader of YAML takes for text."""

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def represent_str(self, data: str) -> ScalarNode:
        style = None
        if _NEEDS_ESCAPES.search(data) or ("\n" in data and data[0].isspace()):
            style = '"'
        elif "\n" in data:
            style = "|"
        elif _LOOKS_LIKE_OTHER.fullmatch(data):
            style = "'"
        return self.represent_scalar("tag:yaml.org,2002:str", data, style=style)


_Representer.add_representer(str, _Representer.represent_str)


class _Emitter(Emitter):
    """The library's, which quotes what would not be read back as the same plain text."""

    def choose_scalar_style(self) -> Any:
        """Use double quotes for a text with an apostrophe, and '' for an empty one."""
        if self.event.value == "":
            return "'"
        style = super().choose_scalar_style()
        return '"' if style == "'" and "'" in self.event.value else style
