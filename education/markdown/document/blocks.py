"""A text as typed blocks: read once from the tokens, and written from here by each format."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from education.markdown.citations import CitationMark


@dataclass(frozen=True)
class Text:
    """Words as they are; a line break is an empty text with `breaks`."""

    words: str
    breaks: bool = False


@dataclass(frozen=True)
class Styled:
    """Runs in one style: "strong", "em" or "code"."""

    style: str
    runs: Runs


@dataclass(frozen=True)
class Link:
    """Runs that lead to an allowed target."""

    target: str
    runs: Runs


@dataclass(frozen=True)
class Citation:
    """The mark of a source; without one its key was not found."""

    key: str
    mark: CitationMark | None


@dataclass(frozen=True)
class Image:
    """An uploaded picture with its words."""

    source: str
    alt: str


Run = Text | Styled | Link | Citation | Image
Runs = tuple[Run, ...]


@dataclass(frozen=True)
class Heading:
    """A heading that has words; `level` from 1."""

    level: int
    id: str
    runs: Runs


@dataclass(frozen=True)
class Paragraph:
    """Runs that belong together."""

    runs: Runs


@dataclass(frozen=True)
class ListBlock:
    """Items, each with blocks of its own; a numbered list has the `start` of its numbers."""

    start: int | None
    items: tuple[Blocks, ...]


@dataclass(frozen=True)
class Quote:
    """Blocks that are set in."""

    blocks: Blocks


@dataclass(frozen=True)
class Definitions:
    """Words, each with the blocks that explain it, in their order."""

    entries: tuple[tuple[Runs, tuple[Blocks, ...]], ...]


@dataclass(frozen=True)
class Table:
    """Rows of cells; `alignments` has "left", "center", "right" or "" for each column."""

    head: tuple[Runs, ...]
    rows: tuple[tuple[Runs, ...], ...]
    alignments: tuple[str, ...]


@dataclass(frozen=True)
class Rule:
    """A line between blocks."""


Block = Heading | Paragraph | ListBlock | Quote | Definitions | Table | Rule
Blocks = tuple[Block, ...]


def find_tables(blocks: Blocks) -> Iterator[Table]:
    """The tables of a text, also those inside other blocks."""
    for block in blocks:
        match block:
            case Table():
                yield block
            case ListBlock(_, items):
                for item in items:
                    yield from find_tables(item)
            case Quote(inner):
                yield from find_tables(inner)
            case Definitions(entries):
                for _word, meanings in entries:
                    for meaning in meanings:
                        yield from find_tables(meaning)
