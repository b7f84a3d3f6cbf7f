"""The grammar of a Markdown content file below its front matter: headings and their texts.

Only a line that starts in its first column with one to three `#` and a space is a heading of the
file. Headings inside a text are three levels deeper in the file than in the working copy, so that
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
from education.publishing.content_files.parsed_file import ParsedFile
from education.publishing.file_layout import RepeatedSection, Section

LEVELS = 3
_HEADING = re.compile(rf"(#{{1,{LEVELS}}}) (.*)")
_TEXT_HEADING = re.compile(rf"^#{{{LEVELS}}}(#{{1,{LEVELS}}} )", re.MULTILINE)
_STORED_HEADING = re.compile(rf"^(#{{1,{LEVELS}}} )", re.MULTILINE)
_QUOTED = re.compile(r'["“](.*)["”]')
_INDENT = "  "

SectionSpec = Section | RepeatedSection


def promote_headings(text: str) -> str:
    """A text of a file as the working copy stores it: its headings three levels up."""
    return _TEXT_HEADING.sub(r"\1", text)


def demote_headings(text: str) -> str:
    """A text of the working copy as its file stores it: its headings three levels down."""
    return _STORED_HEADING.sub("#" * LEVELS + r"\1", text)


def section_heading(spec: SectionSpec) -> str:
    """The words of the heading that a section is written under."""
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
        """Its last line."""
        return self.inner[-1].last if self.inner else self.line + len(self.text)

    @property
    def heading(self) -> str:
        """The heading as it is written."""
        return f"{'#' * self.level} {self.title}"

    def lines_with_text(self) -> Iterator[int]:
        """The numbers of the lines that are not blank, inner headings aside."""
        return (n for n, line in enumerate(self.text, start=self.line + 1) if line.strip())


def split_sections(lines: Sequence[str], first_line: int) -> SectionBlock:
    """Cut a text at its headings; what is before the first is the text of the whole."""
    whole = current = SectionBlock(first_line - 1, 1, "")
    for number, line in enumerate(lines, start=first_line):
        found = _HEADING.match(line)
        if not found or not found[2].strip():
            current.text.append(line)
            continue
        current = SectionBlock(number, len(found[1]), found[2].strip())
        parent = whole.inner[-1] if current.level == LEVELS and whole.inner else whole
        parent.inner.append(current)
    return whole


class SectionReader:
    """Reads the sections of one file; their lines and errors go to `parsed`."""

    def __init__(self, parsed: ParsedFile):
        self.parsed = parsed

    def read(
        self, whole: SectionBlock, specs: Sequence[SectionSpec], path: Path = ()
    ) -> dict[str, Any]:
        """The fields that the sections of `whole` give, which may have `specs`, in this order."""
        level = "#" * (whole.level + 1)
        headings = {f"{level} {section_heading(spec)}": spec for spec in specs}
        for line in list(whole.lines_with_text())[:1]:
            message = (
                _("This text stands in no section. Put it under a heading such as “{first}”.")
                if whole.title
                else _(
                    "This text stands before the first section. Put it under a heading such as “{first}”."
                )
            )
            self._add_error(line, message, first=next(iter(headings)))
        found: dict[str, list[SectionBlock]] = {}
        guessed: set[str] = set()
        entry: SectionBlock | None = None
        for block in whole.inner:
            heading = _find_heading(block, headings)
            if heading:
                spec = headings[heading]
                self._check_order(block, heading, list(headings), found)
                found.setdefault(heading, []).append(block)
                entry = block if isinstance(spec, RepeatedSection) else None
            elif not (entry and self._move_into(entry, block, specs)):
                guessed.add(self._add_unknown(block, headings))
        for heading in guessed & {*headings} - {*found}:
            self.parsed.reported.add((*path, headings[heading].field))
        self._add_missing(whole, headings, found, path)
        fields: dict[str, Any] = {}
        for heading, spec in headings.items():
            if heading in found:
                value = self._value(spec, found[heading], (*path, spec.field))
                fields |= {} if value is None else {spec.field: value}
        return fields

    def _add_error(self, line: int, message: str, /, **values: object) -> None:
        self.parsed.errors.append((line, message.format(**values)))

    def _check_order(
        self, block: SectionBlock, heading: str, order: list[str], found: dict[str, Any]
    ) -> None:
        last = max(found, key=order.index, default=heading)
        if order.index(heading) < order.index(last):
            message = _("“{found}” stands too late. Put it before “{other}”.")
            self._add_error(block.line, message, found=block.heading, other=last)
        elif heading in found and block.heading == heading:
            message = _("“{found}” stands in line {line} already. Make one section of the two.")
            first = found[heading][0]
            self._add_error(block.line, message, found=block.heading, line=first.line)

    def _add_unknown(self, block: SectionBlock, headings: Mapping[str, SectionSpec]) -> str:
        """Report that there is no such section; the heading that was most likely meant, if any."""
        by_title = {section_heading(spec): heading for heading, spec in headings.items()}
        closest = closest_match(re.sub(r":.*", ": …", block.title), by_title)
        right = by_title[closest] if closest else ""
        if not right:
            message = _(
                "There is no section “{found}” here. The sections are {known}. Start a heading in a text with ####."
            )
        elif right.startswith(f"{'#' * block.level} "):
            message = _("There is no section “{found}” here. Did you mean “{right}”?")
        else:
            message = _("“{found}” has the wrong number of #. Write “{right}”.")
        known = quote_list(headings)
        self._add_error(block.line, message, found=block.heading, right=right, known=known)
        return right

    def _move_into(
        self, entry: SectionBlock, block: SectionBlock, specs: Sequence[SectionSpec]
    ) -> bool:
        """Treat a heading that lacks one # as a section of the entry above it."""
        repeated = [spec for spec in specs if isinstance(spec, RepeatedSection)]
        if not any(block.title == part.heading for spec in repeated for part in spec.sections):
            return False
        right = SectionBlock(block.line, entry.level + 1, block.title, block.text)
        message = _("“{found}” has the wrong number of #. Write “{right}”.")
        self._add_error(block.line, message, found=block.heading, right=right.heading)
        entry.inner += [right, *block.inner]
        return True

    def _add_missing(
        self,
        whole: SectionBlock,
        headings: Mapping[str, SectionSpec],
        found: Mapping[str, list[SectionBlock]],
        path: Path,
    ) -> None:
        """Report each required section that is missing, on the line where it belongs."""
        order = list(headings)
        for position, (heading, spec) in enumerate(headings.items()):
            if heading in found:
                continue
            here = (*path, spec.field)
            later = [found[other][0].line for other in order[position:] if other in found]
            line = min(later, default=max(1, whole.last))
            self.parsed.add_span(here, line, heading=heading)
            is_required = isinstance(spec, RepeatedSection) or spec.required
            if is_required and here not in self.parsed.reported:
                message = (
                    _("The section “{missing}” is missing. Write it here, after “{before}”.")
                    if position
                    else _("The section “{missing}” is missing. Write it here, before the others.")
                )
                self._add_error(line, message, missing=heading, before=order[position - 1])
                self.parsed.reported.add(here)

    def _value(self, spec: SectionSpec, blocks: Sequence[SectionBlock], path: Path) -> Any:
        if isinstance(spec, RepeatedSection):
            self.parsed.add_span(path, blocks[0].line, blocks[-1].last)
            return [self._entry(block, spec, (*path, n)) for n, block in enumerate(blocks)]
        self.parsed.add_span(path, blocks[0].line, blocks[0].last, blocks[0].heading)
        return self._section(blocks[0], spec, path)

    def _entry(self, block: SectionBlock, spec: RepeatedSection, path: Path) -> dict[str, Any]:
        key = block.title.partition(":")[2].strip()
        quoted = _QUOTED.fullmatch(key)
        self.parsed.add_span(path, block.line, block.last, block.heading)
        for name in (spec.key, spec.name):
            self.parsed.add_span((*path, name), block.line, heading=block.heading)
        if not key:
            message = _(
                "This heading says nothing after the colon. Write it as in “## {word}: short-name”."
            )
            self._add_error(block.line, message, word=spec.word)
            self.parsed.reported.add((*path, spec.key))
        named = {spec.name: quoted[1]} if quoted else {spec.key: key}
        return named | self.read(block, spec.sections, path)

    def _section(self, block: SectionBlock, spec: Section, path: Path) -> str | list[str] | None:
        for inner in block.inner:
            message = _(
                "“{found}” cannot stand under “{over}”. Start a heading inside a text with ####."
            )
            self._add_error(inner.line, message, found=inner.heading, over=block.heading)
        value = self._items(block, path) if spec.items else promote_headings("\n".join(block.text))
        if any(block.lines_with_text()):
            return value
        self.parsed.reported.add(path)
        if not block.inner:
            message = (
                _("“{found}” is empty. Write its text below it.")
                if spec.required
                else _("“{found}” is empty. Write its text below it, or take the heading out.")
            )
            self._add_error(block.line, message, found=block.heading)
        return None

    def _items(self, block: SectionBlock, path: Path) -> list[str]:
        items: list[str] = []
        is_open, first = False, block.line
        for number, line in enumerate(block.text, start=block.line + 1):
            written = line.rstrip()
            if written == "-" or written.startswith("- "):
                self.parsed.add_span((*path, len(items)), number)
                items.append(written[2:])
                is_open, first = True, number
            elif is_open and written.startswith(_INDENT) and written.lstrip()[:2] != "- ":
                items[-1] = f"{items[-1]} {written.strip()}"
                self.parsed.add_span((*path, len(items) - 1), first, number)
            elif written:
                message = _(
                    "Only lines that start with “- ” can stand in this list; indent the rest of a long one by two spaces."
                )
                self._add_error(number, message)
            else:
                is_open = False
        return items


def _find_heading(block: SectionBlock, headings: Mapping[str, SectionSpec]) -> str:
    """The one of `headings` that `block` has; empty when it has another."""
    word, colon, _key = block.heading.partition(":")
    spellings = [block.heading, *([f"{word.rstrip()}: …"] if colon else [])]
    return next((heading for heading in spellings if heading in headings), "")
