"""The layouts of content files, as data that one reader and one writer share."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Section:
    """A heading and the field of the text under it; with `items` the text is a bullet list."""

    heading: str
    field: str
    items: bool = False
    required: bool = True


@dataclass(frozen=True)
class RepeatedSection:
    """`## Word: key` for each entry of a list field, with sections one level down.

    `name`: the field in place of `key` of an entry with `## Word: "Name"`.
    """

    word: str
    field: str
    key: str
    name: str
    sections: tuple[Section, ...]


@dataclass(frozen=True)
class MarkdownLayout:
    """A Markdown file: front matter with these fields, then the sections, both in this order."""

    folder: str
    front: tuple[str, ...]
    body: tuple[Section | RepeatedSection, ...]


@dataclass(frozen=True)
class YamlLayout:
    """A YAML file with the fields of the content type, in its order.

    One file for each document in `folder`; without a folder, the only file `<slug>.yaml`.
    """

    folder: str
    slug: str = ""


Layout = MarkdownLayout | YamlLayout
