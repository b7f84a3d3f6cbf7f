"""The grammar of a Markdown content file below its front matter: headings that name fields, and
their texts.

Only a line that starts in its first column with one to three `#` and a space is a heading of the
file. The headings of a text stand three levels deeper in the file than in the working copy, so that
neither can be taken for the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from education.publishing.content import Path
from education.publishing.content_files.errors import closest_match, quote_list
from education.publishing.content_files.source_map import SourceMap
from education.publishing.file_layout import RepeatedSection, Section

LEVELS = 3
_HEADING = re.compile(rf"(#{{1,{LEVELS}}}) (.*)")
_TEXT_HEADING = re.compile(rf"^#{{{LEVELS}}}(#{{1,{LEVELS}}} )", re.MULTILINE)
_STORED_HEADING = re.compile(rf"^(#{{1,{LEVELS}}} )", re.MULTILINE)
_INDENT = "  "

SectionSpec = Section | RepeatedSection


def promote_headings(text: str) -> str:
    """A text of a file as the working copy has it: its headings three levels up."""
    return _TEXT_HEADING.sub(r"\1", text)


def demote_headings(text: str) -> str:
    """A text of the working copy as its file has it: its headings three levels down."""
    return _STORED_HEADING.sub("#" * LEVELS + r"\1", text)


def section_heading(spec: SectionSpec) -> str:
    """The words of the heading that `slot` is written under."""
    return spec.heading if isinstance(spec, Section) else f"{spec.word}: …"


@dataclass
class SectionBlock:
    """A heading, the lines of text under it, and the headings one level down."""

    line: int
    level: int
    title: str
    text: list[str] = field(default_factory=list)
    inner: list[SectionBlock] = field(default_factory=list)

    @property
    def last(self) -> int:
        """The last line that belongs to it."""
        return self.inner[-1].last if self.inner else self.line + len(self.text)

    def heading(self) -> str:
        """The heading as it is written."""
        return f"{'#' * self.level} {self.title}"


def split_sections(lines: Sequence[str], first_line: int) -> SectionBlock:
    """The text of a file, cut at its headings; what stands before the first is the text of the
    whole.
    """
    whole = SectionBlock(first_line - 1, 1, "")
    here = whole
    for number, line in enumerate(lines, start=first_line):
        found = _HEADING.match(line)
        if not found or not found[2].strip():
            here.text.append(line)
            continue
        level = max(2, len(found[1]))
        over = whole.inner[-1] if level == LEVELS and whole.inner else whole
        here = SectionBlock(number, len(found[1]), found[2].strip())
        over.inner.append(here)
    return whole


class SectionReader:
    """The fields read from the sections of one file, with where they stand and what is wrong."""

    def __init__(self, source_map: SourceMap):
        self.source_map = source_map
        self.errors: list[tuple[int, str]] = []
        self.reported: set[Path] = set()

    def read(
        self, whole: SectionBlock, specs: Sequence[SectionSpec], path: Path = ()
    ) -> dict[str, Any]:
        """The fields that the sections of `whole` give, by the sections there may be."""
        for line in _lines_with_text(whole):
            self.errors.append((line, _stray_text(whole, specs)))
            break
        found: dict[str, list[SectionBlock]] = {}
        guessed: set[str] = set()
        furthest = 0
        over: SectionBlock | None = None
        for block in whole.inner:
            number = _find_spec(block, specs, whole.level + 1)
            if number is None:
                if not (over and self._moved_into(over, block, specs)):
                    guessed.add(self._add_unknown(block, specs, whole.level + 1))
                continue
            spec = specs[number]
            over = block if isinstance(spec, RepeatedSection) else None
            if number < furthest:
                self._add_error(block.line, _too_late(block, specs[furthest]))
            elif spec.field in found and isinstance(spec, Section):
                self._add_error(block.line, _twice(block, found[spec.field][0]))
            furthest = max(furthest, number)
            found.setdefault(spec.field, []).append(block)
        self.reported |= {(*path, name) for name in guessed - set(found)}
        self._add_missing(whole, specs, found, path)
        return self._values(specs, found, path)

    def _add_error(self, line: int, message: str) -> None:
        self.errors.append((line, message))

    def _add_unknown(self, block: SectionBlock, specs: Sequence[SectionSpec], level: int) -> str:
        """Say that there is no such section; the field that was most likely meant, or nothing."""
        by_heading = {section_heading(spec): spec for spec in specs}
        closest = closest_match(re.sub(r":.*", ": …", block.title), by_heading)
        self._add_error(block.line, _no_such_section(block, specs, closest, level))
        return by_heading[closest].field if closest else ""

    def _moved_into(
        self, over: SectionBlock, block: SectionBlock, specs: Sequence[SectionSpec]
    ) -> bool:
        """Take a heading that lacks one # as the section of the entry above it that it was meant to
        be.
        """
        inner = {
            section.heading
            for spec in specs
            if isinstance(spec, RepeatedSection)
            for section in spec.sections
        }
        if block.title not in inner:
            return False
        right = SectionBlock(block.line, over.level + 1, block.title, block.text)
        self._add_error(block.line, _wrong_level(block, right.heading()))
        over.inner += [right, *block.inner]
        return True

    def _add_missing(
        self,
        whole: SectionBlock,
        specs: Sequence[SectionSpec],
        found: Mapping[str, list[SectionBlock]],
        path: Path,
    ) -> None:
        for number, spec in enumerate(specs):
            here = (*path, spec.field)
            if spec.field in found:
                continue
            after = [
                blocks[0].line
                for later in specs[number + 1 :]
                if (blocks := found.get(later.field))
            ]
            line = min(after, default=max(1, whole.last))
            self.source_map.add(
                here, line, name="#" * (whole.level + 1) + " " + section_heading(spec)
            )
            if (isinstance(spec, RepeatedSection) or spec.required) and here not in self.reported:
                self._add_error(line, _is_missing(specs, number, whole.level + 1))
                self.reported.add(here)

    def _values(
        self, specs: Sequence[SectionSpec], found: Mapping[str, list[SectionBlock]], path: Path
    ) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for spec in specs:
            here = (*path, spec.field)
            blocks = found.get(spec.field)
            if not blocks:
                continue
            if isinstance(spec, RepeatedSection):
                self.source_map.add(here, blocks[0].line, blocks[-1].last)
                values[spec.field] = [
                    self._entry(block, spec, (*here, index)) for index, block in enumerate(blocks)
                ]
            else:
                self.source_map.add(here, blocks[0].line, blocks[0].last, name=blocks[0].heading())
                value = self._section(blocks[0], spec, here)
                if value is not None:
                    values[spec.field] = value
        return values

    def _entry(self, block: SectionBlock, spec: RepeatedSection, path: Path) -> dict[str, Any]:
        key = block.title.partition(":")[2].strip()
        self.source_map.add(path, block.line, block.last, name=block.heading())
        self.source_map.add((*path, spec.key), block.line, name=block.heading())
        if not key:
            self._add_error(block.line, _no_key(spec))
            self.reported.add((*path, spec.key))
        return {spec.key: key, **self.read(block, spec.sections, path)}

    def _section(self, block: SectionBlock, spec: Section, path: Path) -> str | list[str] | None:
        for inner in block.inner:
            self._add_error(inner.line, _no_room_inside(inner, block))
        value = self._items(block, path) if spec.items else promote_headings("\n".join(block.text))
        if any(_lines_with_text(block)):
            return value
        self.reported.add(path)
        if not block.inner:
            self._add_error(block.line, _empty(block, spec))
        return None

    def _items(self, block: SectionBlock, path: Path) -> list[str]:
        items: list[str] = []
        open_item, first = False, block.line
        for number, line in enumerate(block.text, start=block.line + 1):
            written = line.rstrip()
            if written == "-" or written.startswith("- "):
                self.source_map.add((*path, len(items)), number)
                items.append(written[2:])
                open_item, first = True, number
            elif (
                open_item and written.startswith(_INDENT) and not written.lstrip().startswith("- ")
            ):
                items[-1] = f"{items[-1]} {written.strip()}"
                self.source_map.add((*path, len(items) - 1), first, number)
            elif written:
                self._add_error(number, _no_item())
            else:
                open_item = False
        return items


def _lines_with_text(block: SectionBlock) -> Iterator[int]:
    return (number for number, line in enumerate(block.text, start=block.line + 1) if line.strip())


def _find_spec(block: SectionBlock, specs: Sequence[SectionSpec], level: int) -> int | None:
    """Which of `slots` the heading of `block` names."""
    if block.level != level:
        return None
    for number, spec in enumerate(specs):
        if isinstance(spec, Section) and block.title == spec.heading:
            return number
        word, colon, _key = block.title.partition(":")
        if isinstance(spec, RepeatedSection) and colon and word.rstrip() == spec.word:
            return number
    return None


def _no_such_section(
    block: SectionBlock, specs: Sequence[SectionSpec], closest: str | None, level: int
) -> str:
    marks = "#" * level
    if closest and block.level != level:
        return _wrong_level(block, f"{marks} {closest}")
    if closest:
        return _("There is no section “{found}” here. Did you mean “{right}”?").format(
            found=block.heading(), right=f"{marks} {closest}"
        )
    known = quote_list(f"{marks} {section_heading(spec)}" for spec in specs)
    return _(
        "There is no section “{found}” here. The sections are {known}. Start a heading in a text with ####."
    ).format(found=block.heading(), known=known)


def _wrong_level(block: SectionBlock, right: str) -> str:
    return _("“{found}” has the wrong number of #. Write “{right}”.").format(
        found=block.heading(), right=right
    )


def _stray_text(whole: SectionBlock, specs: Sequence[SectionSpec]) -> str:
    first = f"{'#' * (whole.level + 1)} {section_heading(specs[0])}"
    if whole.title:
        return _(
            "This text stands in no section. Put it under a heading such as “{first}”."
        ).format(first=first)
    return _(
        "This text stands before the first section. Put it under a heading such as “{first}”."
    ).format(first=first)


def _too_late(block: SectionBlock, other: SectionSpec) -> str:
    return _("“{found}” stands too late. Put it before “{other}”.").format(
        found=block.heading(), other=f"{'#' * block.level} {section_heading(other)}"
    )


def _twice(block: SectionBlock, first: SectionBlock) -> str:
    return _("“{found}” stands in line {line} already. Make one section of the two.").format(
        found=block.heading(), line=first.line
    )


def _is_missing(specs: Sequence[SectionSpec], number: int, level: int) -> str:
    marks = "#" * level
    missing = f"{marks} {section_heading(specs[number])}"
    if number == 0:
        return _("The section “{missing}” is missing. Write it here, before the others.").format(
            missing=missing
        )
    return _("The section “{missing}” is missing. Write it here, after “{before}”.").format(
        missing=missing, before=f"{marks} {section_heading(specs[number - 1])}"
    )


def _no_room_inside(inner: SectionBlock, block: SectionBlock) -> str:
    return _(
        "“{found}” cannot stand under “{over}”. Start a heading inside a text with ####."
    ).format(found=inner.heading(), over=block.heading())


def _empty(block: SectionBlock, spec: Section) -> str:
    if spec.required:
        return _("“{found}” is empty. Write its text below it.").format(found=block.heading())
    return _("“{found}” is empty. Write its text below it, or take the heading out.").format(
        found=block.heading()
    )


def _no_key(spec: RepeatedSection) -> str:
    return _(
        "This heading says nothing after the colon. Write it as in “## {word}: short-name”."
    ).format(word=spec.word)


def _no_item() -> str:
    return _(
        "Only lines that start with “- ” can stand in this list; indent the rest of a long one by two spaces."
    )
