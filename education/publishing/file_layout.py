"""The layout of each kind of document as a file, used for reading and writing."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Section:
    """A heading and the field whose text follows it; `items`: the bullets of one list."""

    heading: str
    field: str
    items: bool = False
    required: bool = True


@dataclass(frozen=True)
class RepeatedSection:
    """`## Word: key` for each entry of a list field, with its own sections one level down."""

    word: str
    field: str
    key: str
    sections: tuple[Section, ...]


@dataclass(frozen=True)
class MarkdownLayout:
    """Front matter with the named fields in this order, then the sections in this order."""

    folder: str
    front: tuple[str, ...]
    body: tuple[Section | RepeatedSection, ...]


@dataclass(frozen=True)
class YamlLayout:
    """A YAML file with the fields of the content type in their order.

    With a `folder` there is a file for each document; without one there is a single `<slug>.yaml`.
    """

    folder: str
    slug: str = ""


Layout = MarkdownLayout | YamlLayout
