"""How each kind of document is laid out as a file: declared as data, read and written by the same
rules.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Section:
    """A heading and the field whose text stands under it; `items` are the bullets of one list."""

    heading: str
    field: str
    items: bool = False
    required: bool = True


@dataclass(frozen=True)
class RepeatedSection:
    """`## Word: key`, once for each entry of a list field, with sections of its own
    one level down.
    """

    word: str
    field: str
    key: str
    sections: tuple[Section, ...]


@dataclass(frozen=True)
class MarkdownLayout:
    """Front matter with the named fields, in this order, then the sections, in this order."""

    folder: str
    front: tuple[str, ...]
    body: tuple[Section | RepeatedSection, ...]


@dataclass(frozen=True)
class YamlLayout:
    """A YAML file whose fields are those of the content type, in its order.

    With a `folder` there is a file for each document; without one there is a single `<slug>.yaml`.
    """

    folder: str
    slug: str = ""


Layout = MarkdownLayout | YamlLayout
