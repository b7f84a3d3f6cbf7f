"""The grammar of a Markdown content file below its front matter: headings that name fields, and their texts.

Only a line that starts in its first column with one to three `#` and a space is a heading of the file. The
headings of a text stand three levels deeper in the file than in the working copy, so that neither can be
taken for the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from education.publishing.content import Path
from education.publishing.files.layout import Repeated, Section
from education.publishing.files.mistakes import nearest, quoted
from education.publishing.files.positions import Positions

LEVELS = 3
_HEADING = re.compile(rf"(#{{1,{LEVELS}}}) (.*)")
_TEXT_HEADING = re.compile(rf"^#{{{LEVELS}}}(#{{1,{LEVELS}}} )", re.MULTILINE)
_STORED_HEADING = re.compile(rf"^(#{{1,{LEVELS}}} )", re.MULTILINE)
_INDENT = "  "

Slot = Section | Repeated


def to_stored(text: str) -> str:
    """A text of a file as the working copy has it: its headings three levels up."""
    return _TEXT_HEADING.sub(r"\1", text)


def to_file(text: str) -> str:
    """A text of the working copy as its file has it: its headings three levels down."""
    return _STORED_HEADING.sub("#" * LEVELS + r"\1", text)


def slot_heading(slot: Slot) -> str:
    """The words of the heading that `slot` is written under."""
    return slot.heading if isinstance(slot, Section) else f"{slot.word}: …"


@dataclass
class Block:
    """A heading, the lines of text under it, and the headings one level down."""

    line: int
    level: int
    words: str
    text: list[str] = field(default_factory=list)
    inner: list[Block] = field(default_factory=list)

    @property
    def last(self) -> int:
        """The last line that belongs to it."""
        return self.inner[-1].last if self.inner else self.line + len(self.text)

    def heading(self) -> str:
        """The heading as it is written."""
        return f"{'#' * self.level} {self.words}"


def cut(lines: Sequence[str], first_line: int) -> Block:
    """The text of a file, cut at its headings; what stands before the first is the text of the whole."""
    whole = Block(first_line - 1, 1, "")
    here = whole
    for number, line in enumerate(lines, start=first_line):
        found = _HEADING.match(line)
        if not found or not found[2].strip():
            here.text.append(line)
            continue
        level = max(2, len(found[1]))
        over = whole.inner[-1] if level == LEVELS and whole.inner else whole
        here = Block(number, len(found[1]), found[2].strip())
        over.inner.append(here)
    return whole


class Sections:
    """The fields read from the sections of one file, with where they stand and what is wrong."""

    def __init__(self, positions: Positions):
        self.positions = positions
        self.mistakes: list[tuple[int, str]] = []
        self.told: set[Path] = set()

    def read(self, whole: Block, slots: Sequence[Slot], path: Path = ()) -> dict[str, Any]:
        """The fields that the sections of `whole` give, by the sections there may be."""
        for line in _lines_with_text(whole):
            self.mistakes.append((line, _stray_text(whole, slots)))
            break
        found: dict[str, list[Block]] = {}
        guessed: set[str] = set()
        furthest = 0
        over: Block | None = None
        for block in whole.inner:
            number = _slot_of(block, slots, whole.level + 1)
            if number is None:
                if not (over and self._moved_into(over, block, slots)):
                    guessed.add(self._unknown(block, slots, whole.level + 1))
                continue
            slot = slots[number]
            over = block if isinstance(slot, Repeated) else None
            if number < furthest:
                self._say(block.line, _too_late(block, slots[furthest]))
            elif slot.field in found and isinstance(slot, Section):
                self._say(block.line, _twice(block, found[slot.field][0]))
            furthest = max(furthest, number)
            found.setdefault(slot.field, []).append(block)
        self.told |= {(*path, name) for name in guessed - set(found)}
        self._missing(whole, slots, found, path)
        return self._values(slots, found, path)

    def _say(self, line: int, message: str) -> None:
        self.mistakes.append((line, message))

    def _unknown(self, block: Block, slots: Sequence[Slot], level: int) -> str:
        """Say that there is no such section; the field that was most likely meant, or nothing."""
        by_heading = {slot_heading(slot): slot for slot in slots}
        near = nearest(re.sub(r":.*", ": …", block.words), by_heading)
        self._say(block.line, _no_such_section(block, slots, near, level))
        return by_heading[near].field if near else ""

    def _moved_into(self, over: Block, block: Block, slots: Sequence[Slot]) -> bool:
        """Take a heading that lacks one # as the section of the entry above it that it was meant to be."""
        inner = {section.heading for slot in slots if isinstance(slot, Repeated) for section in slot.sections}
        if block.words not in inner:
            return False
        right = Block(block.line, over.level + 1, block.words, block.text)
        self._say(block.line, _wrong_level(block, right.heading()))
        over.inner += [right, *block.inner]
        return True

    def _missing(
        self, whole: Block, slots: Sequence[Slot], found: Mapping[str, list[Block]], path: Path
    ) -> None:
        for number, slot in enumerate(slots):
            here = (*path, slot.field)
            if slot.field in found:
                continue
            after = [blocks[0].line for later in slots[number + 1 :] if (blocks := found.get(later.field))]
            line = min(after, default=max(1, whole.last))
            self.positions.put(here, line, name="#" * (whole.level + 1) + " " + slot_heading(slot))
            if (isinstance(slot, Repeated) or slot.required) and here not in self.told:
                self._say(line, _is_missing(slots, number, whole.level + 1))
                self.told.add(here)

    def _values(self, slots: Sequence[Slot], found: Mapping[str, list[Block]], path: Path) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for slot in slots:
            here = (*path, slot.field)
            blocks = found.get(slot.field)
            if not blocks:
                continue
            if isinstance(slot, Repeated):
                self.positions.put(here, blocks[0].line, blocks[-1].last)
                values[slot.field] = [
                    self._entry(block, slot, (*here, index)) for index, block in enumerate(blocks)
                ]
            else:
                self.positions.put(here, blocks[0].line, blocks[0].last, name=blocks[0].heading())
                value = self._section(blocks[0], slot, here)
                if value is not None:
                    values[slot.field] = value
        return values

    def _entry(self, block: Block, slot: Repeated, path: Path) -> dict[str, Any]:
        key = block.words.partition(":")[2].strip()
        self.positions.put(path, block.line, block.last, name=block.heading())
        self.positions.put((*path, slot.key), block.line, name=block.heading())
        if not key:
            self._say(block.line, _no_key(slot))
            self.told.add((*path, slot.key))
        return {slot.key: key, **self.read(block, slot.sections, path)}

    def _section(self, block: Block, slot: Section, path: Path) -> str | list[str] | None:
        for inner in block.inner:
            self._say(inner.line, _no_room_inside(inner, block))
        value = self._items(block, path) if slot.items else to_stored("\n".join(block.text))
        if any(_lines_with_text(block)):
            return value
        self.told.add(path)
        if not block.inner:
            self._say(block.line, _empty(block, slot))
        return None

    def _items(self, block: Block, path: Path) -> list[str]:
        items: list[str] = []
        open_item, first = False, block.line
        for number, line in enumerate(block.text, start=block.line + 1):
            written = line.rstrip()
            if written == "-" or written.startswith("- "):
                self.positions.put((*path, len(items)), number)
                items.append(written[2:])
                open_item, first = True, number
            elif open_item and written.startswith(_INDENT) and not written.lstrip().startswith("- "):
                items[-1] = f"{items[-1]} {written.strip()}"
                self.positions.put((*path, len(items) - 1), first, number)
            elif written:
                self._say(number, _no_item())
            else:
                open_item = False
        return items


def _lines_with_text(block: Block) -> Iterator[int]:
    return (number for number, line in enumerate(block.text, start=block.line + 1) if line.strip())


def _slot_of(block: Block, slots: Sequence[Slot], level: int) -> int | None:
    """Which of `slots` the heading of `block` names."""
    if block.level != level:
        return None
    for number, slot in enumerate(slots):
        if isinstance(slot, Section) and block.words == slot.heading:
            return number
        word, colon, _key = block.words.partition(":")
        if isinstance(slot, Repeated) and colon and word.rstrip() == slot.word:
            return number
    return None


def _no_such_section(block: Block, slots: Sequence[Slot], near: str | None, level: int) -> str:
    marks = "#" * level
    if near and block.level != level:
        return _wrong_level(block, f"{marks} {near}")
    if near:
        return _("There is no section “{found}” here. Did you mean “{right}”?").format(
            found=block.heading(), right=f"{marks} {near}"
        )
    known = quoted(f"{marks} {slot_heading(slot)}" for slot in slots)
    return _(
        "There is no section “{found}” here. The sections are {known}. Start a heading in a text with ####."
    ).format(found=block.heading(), known=known)


def _wrong_level(block: Block, right: str) -> str:
    return _("“{found}” has the wrong number of #. Write “{right}”.").format(
        found=block.heading(), right=right
    )


def _stray_text(whole: Block, slots: Sequence[Slot]) -> str:
    first = f"{'#' * (whole.level + 1)} {slot_heading(slots[0])}"
    if whole.words:
        return _("This text stands in no section. Put it under a heading such as “{first}”.").format(
            first=first
        )
    return _("This text stands before the first section. Put it under a heading such as “{first}”.").format(
        first=first
    )


def _too_late(block: Block, other: Slot) -> str:
    return _("“{found}” stands too late. Put it before “{other}”.").format(
        found=block.heading(), other=f"{'#' * block.level} {slot_heading(other)}"
    )


def _twice(block: Block, first: Block) -> str:
    return _("“{found}” stands in line {line} already. Make one section of the two.").format(
        found=block.heading(), line=first.line
    )


def _is_missing(slots: Sequence[Slot], number: int, level: int) -> str:
    marks = "#" * level
    missing = f"{marks} {slot_heading(slots[number])}"
    if number == 0:
        return _("The section “{missing}” is missing. Write it here, before the others.").format(
            missing=missing
        )
    return _("The section “{missing}” is missing. Write it here, after “{before}”.").format(
        missing=missing, before=f"{marks} {slot_heading(slots[number - 1])}"
    )


def _no_room_inside(inner: Block, block: Block) -> str:
    return _("“{found}” cannot stand under “{over}”. Start a heading inside a text with ####.").format(
        found=inner.heading(), over=block.heading()
    )


def _empty(block: Block, slot: Section) -> str:
    if slot.required:
        return _("“{found}” is empty. Write its text below it.").format(found=block.heading())
    return _("“{found}” is empty. Write its text below it, or take the heading out.").format(
        found=block.heading()
    )


def _no_key(slot: Repeated) -> str:
    return _("This heading says nothing after the colon. Write it as in “## {word}: short-name”.").format(
        word=slot.word
    )


def _no_item() -> str:
    return _(
        "Only lines that start with “- ” can stand in this list; indent the rest of a long one by two spaces."
    )
