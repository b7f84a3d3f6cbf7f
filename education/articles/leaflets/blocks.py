"""A leaflet as typed blocks, how they are sent between programs, and their Markdown.

A `line` is inline Markdown of one block; a line break in it is a backslash and a line end.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, get_type_hints

from education import markdown

LINE_BREAK = "\\\n"


@dataclass(frozen=True)
class Heading:
    """A heading; level 1 is the most important."""

    level: int
    line: str


@dataclass(frozen=True)
class Paragraph:
    """Words in sentences."""

    line: str


@dataclass(frozen=True)
class Item:
    """An item of a list: its line, and the blocks in it."""

    line: str
    inner: tuple[Block, ...] = ()


@dataclass(frozen=True)
class Items:
    """A list; `first` is the number of its first item, 0 for one with bullets."""

    items: tuple[Item, ...]
    first: int = 0


@dataclass(frozen=True)
class Table:
    """Rows of lines, the first of them the head. `repeated`: the lines of merged cells, said again
    in each cell that they stood in.
    """

    rows: tuple[tuple[str, ...], ...]
    repeated: tuple[str, ...] = ()


@dataclass(frozen=True)
class Picture:
    """The picture with this number, and what it tells in words."""

    number: int
    alternative_text: str = ""


Block = Heading | Paragraph | Items | Table | Picture


@dataclass(frozen=True)
class Passage:
    """Words as they stand in the file, and where: see `reading.PLACES`."""

    place: str
    text: str


@dataclass(frozen=True)
class Note:
    """What could not be read: why (see `reading.NOTES`), more about it, and the words before it."""

    why: str
    detail: str = ""
    after: str = ""


@dataclass(frozen=True)
class Footnote:
    """What a note says, and the words that it belongs to."""

    after: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Leaflet:
    """A leaflet as it was read. `marks`: words that became structure, such as typed numbers."""

    blocks: tuple[Block, ...]
    passages: tuple[Passage, ...] = ()
    notes: tuple[Note, ...] = ()
    marks: tuple[str, ...] = ()
    footnotes: tuple[Footnote, ...] = ()
    pictures: tuple[bytes, ...] = field(default=(), repr=False)


_TYPES: dict[str, Any] = {
    kind.__name__: kind
    for kind in (Heading, Paragraph, Item, Items, Table, Picture, Passage, Note, Footnote)
}


def to_json(value: Any) -> Any:
    """Blocks and what is said of them, or tuples of these, as JSON can carry it."""
    if isinstance(value, tuple):
        return [to_json(one) for one in value]
    if type(value).__name__ in _TYPES:
        fields = {name: to_json(getattr(value, name)) for name in get_type_hints(type(value))}
        return {"is": type(value).__name__, **fields}
    return value


def from_json(value: Any) -> Any:
    """The opposite of `to_json`."""
    if isinstance(value, list):
        return tuple(from_json(one) for one in value)
    if isinstance(value, dict):
        fields = {name: from_json(one) for name, one in value.items() if name != "is"}
        return _TYPES[value["is"]](**fields)
    return value


def plain(line: str) -> str:
    """The words of a line."""
    return markdown.plain_text(one_line(line), inline=True)


def one_line(line: str) -> str:
    """A line for a field that has no line breaks."""
    return line.replace(LINE_BREAK, " ")


def to_markdown(blocks: Sequence[Block], pictures: Mapping[int, str]) -> str:
    """Blocks as Markdown; `pictures` has the Markdown of each that is shown."""
    written: list[str] = []
    lists = 0
    before: Block | None = None
    for block in blocks:
        # Adjacent lists need different markers, or they would be one list.
        lists = lists + 1 if isinstance(block, Items) and isinstance(before, Items) else 0
        before = block
        written.append(_to_markdown(block, pictures, lists % 2))
    return "\n\n".join(filter(None, written))


def _to_markdown(block: Block, pictures: Mapping[int, str], turn: int) -> str:
    match block:
        case Heading(level, line):
            return f"{'#' * min(level, 3)} {one_line(line)}"
        case Paragraph(line):
            return line
        case Picture(number):
            return pictures.get(number, "")
        case Table(rows):
            return _table(rows)
        case Items(items, first):
            marks = (
                [f"{first + at}{'.)'[turn]} " for at in range(len(items))]
                if first
                else ["-*"[turn] + " "] * len(items)
            )
            return "\n".join(
                markdown.indent_item(mark, _item(item, pictures))
                for mark, item in zip(marks, items, strict=True)
            )


def _item(item: Item, pictures: Mapping[int, str]) -> str:
    return "\n\n".join(filter(None, (item.line, to_markdown(item.inner, pictures))))


def _table(rows: tuple[tuple[str, ...], ...]) -> str:
    head, *body = ([one_line(cell) for cell in row] for row in rows)
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *body))


def texts(blocks: Iterable[Block], *, once: bool = False) -> Iterator[str]:
    """The words of blocks, piece by piece; with `once`, those of merged cells a single time."""
    for block in blocks:
        match block:
            case Heading(_, line) | Paragraph(line):
                yield plain(line)
            case Items(items):
                for item in items:
                    yield plain(item.line)
                    yield from texts(item.inner, once=once)
            case Table(rows, repeated):
                cells = Counter(cell for row in rows for cell in row)
                if once:
                    cells -= Counter(repeated)
                yield from (plain(cell) for cell in cells.elements())
            case Picture():
                pass


_WORD = re.compile(r"\w+|[^\w\s]")
_DO_NOT = re.compile("\\bdon['’]t\\b")
# Soft hyphens and other marks without width, which may stand inside a word.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")


def words(text: str) -> list[str]:
    """The words of a text for comparison; signs such as ≥ and % are words, commas are not.

    Letters and digits are compared without case and in their plain form: “10²” is “102”. “Don't”
    is “do not”, as it is written in a draft.
    """
    bare = unicodedata.normalize("NFKC", without_invisible(text)).casefold()
    found = _WORD.findall(_DO_NOT.sub("do not", bare))
    return [word for word in found if len(word) > 1 or _says_something(word)]


def without_invisible(text: str) -> str:
    """A text without marks that nobody sees."""
    return _INVISIBLE.sub("", text)


def _says_something(sign: str) -> bool:
    category = unicodedata.category(sign)
    return category[0] in "LNS" or category == "Co" or sign in "%‰"
