"""The blocks of a leaflet, sorted into the parts of an article by their headings.

Nothing is thrown away: a block goes into a part or beside, with the reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from education import markdown
from education.articles.leaflets.blocks import (
    Block,
    Heading,
    Item,
    Items,
    Leaflet,
    Paragraph,
    one_line,
    plain,
)
from education.articles.leaflets.headings import (
    CausePart,
    Part,
    find_cause_part,
    find_part,
    find_urgency,
    says_more,
    simplified,
)
from education.articles.leaflets.sections import (
    Section,
    lead_words,
    read_sections,
    units,
    with_plain_headings,
)
from education.urgency import Urgency

MAX_LINE = 300
MAX_NAME = 80
MAX_TITLE = 120
_ALSO_CALLED = re.compile(r"(also (?:called|known as)|other names?)\s*:\s*(.+)", re.I | re.S)
_NAMED = re.compile(r"(?P<name>[^:–—]{2,80}?)\s*(?::|\s[–—-]\s)\s*(?P<text>.+)", re.S)

WHY_BESIDE: dict[str, str | Promise] = {
    "says-more": _("Its heading says more than which part this is, so it must not be lost."),
    "heading": _("Its heading is no part of an article that this site knows."),
    "urgency": _("It does not say how urgent this is. Choose that yourself."),
    "sign": _("This is no single warning sign, or it is longer than 300 characters."),
    "line": _("This does not fit on one line of a list, of at most 300 characters."),
    "cause": _("This belongs to no single cause."),
    "may-help": _("This belongs to one of the causes. Choose which."),
    "source": _("The list of sources is shared. Add this there, and name it where it holds."),
    "footnote": _("This is a footnote."),
    "number": _("This stood among names."),
}


@dataclass(frozen=True)
class Beside:
    """What has no place in the article: its heading, why, and the blocks."""

    heading: str
    why: str
    blocks: tuple[Block, ...]


@dataclass
class DraftCause:
    """A cause without a page of its own."""

    name: str
    texts: dict[CausePart, list[Block]] = field(default_factory=dict)


@dataclass
class SortedLeaflet:
    """The parts of an article, and what has no place in it.

    `headings`: those that became a part, and which.
    """

    title: str = ""
    also_called: list[str] = field(default_factory=list)
    summary: list[Block] = field(default_factory=list)
    introduction: list[Block] = field(default_factory=list)
    signs: list[tuple[Urgency, str]] = field(default_factory=list)
    causes: list[DraftCause] = field(default_factory=list)
    do: list[str] = field(default_factory=list)
    do_not: list[str] = field(default_factory=list)
    in_easy_words: list[str] = field(default_factory=list)
    beside: list[Beside] = field(default_factory=list)
    headings: list[tuple[str, Part]] = field(default_factory=list)


def sort_leaflet(leaflet: Leaflet) -> SortedLeaflet:
    """The parts of an article that a leaflet has."""
    return _Sorter(leaflet).result


class _Sorter:
    def __init__(self, leaflet: Leaflet):
        self.result = SortedLeaflet()
        self._may_help: list[Section] = []
        whole = read_sections(with_plain_headings(leaflet.blocks))
        self._take_title(whole)
        self._place_introduction(whole.blocks)
        for section in whole.inner:
            self._place(section)
        self._place_what_may_help()
        for note in leaflet.footnotes:
            self._put_beside(f"… {note.after}" if note.after else "", "footnote", note.blocks)
        self.result.signs.sort(key=lambda sign: -sign[0])

    def _take_title(self, whole: Section) -> None:
        """The first heading is the title, unless it announces a part; or else the first line."""
        first = whole.inner[0] if whole.inner else None
        line = whole.blocks[0] if whole.blocks else None
        is_alone = first and all(other.level > first.level for other in whole.inner[1:])
        if first and find_part(plain(first.heading)) is None and (not whole.blocks or is_alone):
            self.result.title = plain(first.heading)
            whole.blocks += first.blocks
            whole.inner = [*first.inner, *whole.inner[1:]]
        elif isinstance(line, Paragraph):
            words = plain(line.line)
            if len(words) <= MAX_TITLE and not words.endswith((".", "!", ":")):
                self.result.title = words
                del whole.blocks[0]

    def _put_beside(self, heading: str, why: str, blocks: Iterable[Block]) -> None:
        kept = tuple(blocks)
        if kept or heading:
            self.result.beside.append(Beside(plain(heading), why, kept))

    def _place_introduction(self, blocks: Sequence[Block]) -> None:
        for block in blocks:
            line = plain(block.line) if isinstance(block, Paragraph) else ""
            if found := _ALSO_CALLED.fullmatch(line):
                self._add_names(found[2])
                self._took(found[1], Part.ALSO_CALLED)
            else:
                self.result.introduction.append(block)

    def _place(self, section: Section) -> None:
        part = find_part(plain(section.heading))
        if part is Part.INTRODUCTION:
            self._place_in_introduction(section)
        elif part is Part.MAY_HELP:
            self._may_help.append(section)
        elif part is None or self._says_more(section) or not (section.blocks or section.inner):
            self._place_unknown(section, "heading" if part is None else "says-more")
        elif part is Part.SOURCES:
            self._put_beside(section.heading, "source", section.all_blocks())
        else:
            self._took(section.heading, part)
            self._place_known(section, part)

    def _place_known(self, section: Section, part: Part) -> None:
        match part:
            case Part.SUMMARY:
                self.result.summary += section.all_blocks()
            case Part.WARNING_SIGNS:
                self._place_signs(section)
            case Part.CAUSES:
                self._place_causes(section)
            case Part.ALSO_CALLED:
                self._place_names(section)
            case _:
                self._place_lines(section, part)

    def _took(self, heading: str, part: Part) -> None:
        self.result.headings.append((plain(heading), part))

    def _says_more(self, section: Section) -> bool:
        return says_more(plain(section.heading), self.result.title)

    def _place_unknown(self, section: Section, why: str) -> None:
        """Keep a section beside, unless it only holds together others that are known."""
        known = [inner for inner in section.inner if find_part(plain(inner.heading))]
        rest = Section(section.heading, section.level, section.blocks)
        rest.inner = [inner for inner in section.inner if inner not in known]
        self._put_beside(rest.heading, why, rest.all_blocks())
        for inner in known:
            self._place(inner)

    def _place_in_introduction(self, section: Section) -> None:
        level = 0
        if _names_introduction(section):
            self._took(section.heading, Part.INTRODUCTION)
        else:
            self.result.introduction.append(Heading(1, section.heading))
            level = 1
        self._place_introduction(section.blocks)
        for inner in section.inner:
            if find_part(plain(inner.heading)) in {None, Part.INTRODUCTION}:
                self.result.introduction += [
                    Heading(level + 1, inner.heading),
                    *inner.all_blocks(level=level + 1),
                ]
            else:
                self._place(inner)

    def _place_signs(self, section: Section) -> None:
        """The items of lists become signs, each as urgent as what stands above it says."""
        urgency = find_urgency(plain(section.heading))
        left: list[Block] = []
        for unit in units(section.blocks):
            lead = lead_words(unit[0])
            is_plain = not lead or not (says_more(lead, "") or find_part(lead))
            if isinstance(unit[-1], Items) and urgency is not None and is_plain:
                if lead:
                    self._took(lead, Part.WARNING_SIGNS)
                left += self._signs(unit[-1], urgency)
            else:
                left += unit
        if left:
            self._put_beside(section.heading, "urgency" if urgency is None else "sign", left)
        for inner in section.inner:
            if find_urgency(plain(inner.heading)) is not None and inner.blocks:
                self._took(inner.heading, Part.WARNING_SIGNS)
                self._place_signs(inner)
            else:
                self._place(inner)

    def _signs(self, block: Items, urgency: Urgency) -> list[Block]:
        """Add the signs of a list; what is none is returned."""
        left: list[Item] = []
        for item in block.items:
            line = one_line(item.line)
            if item.inner or not line or len(line) > MAX_LINE:
                left.append(item)
            else:
                self.result.signs.append((urgency, line))
        return [Items(tuple(left))] if left else []

    def _place_causes(self, section: Section) -> None:
        left: list[Block] = []
        for unit in units(section.blocks):
            left += self._listed_causes(unit[0]) if isinstance(unit[0], Items) else unit
        self._put_beside(section.heading if left else "", "cause", left)
        for inner in section.inner:
            if find_part(plain(inner.heading)) not in {None, Part.INTRODUCTION, Part.CAUSES}:
                self._place(inner)
            else:
                self._place_cause(inner)

    def _listed_causes(self, block: Items) -> list[Block]:
        """Add the causes that a list names, with what it says about each."""
        left: list[Item] = []
        for item in block.items:
            found = _NAMED.fullmatch(one_line(item.line))
            name = found["name"] if found else one_line(item.line)
            name = name.strip("* ")
            if not name or len(plain(name)) > MAX_NAME:
                left.append(item)
                continue
            cause = DraftCause(plain(name))
            text = markdown.escape_line_starts(found["text"].strip("* ")) if found else ""
            explained: list[Block] = [Paragraph(text)] if text else []
            cause.texts[CausePart.WHAT_HAPPENS] = [*explained, *item.inner]
            self.result.causes.append(cause)
        return [Items(tuple(left))] if left else []

    def _place_cause(self, section: Section) -> None:
        name = plain(section.heading)
        if len(name) > MAX_NAME:
            self._put_beside(section.heading, "cause", section.all_blocks())
            return
        cause = DraftCause(name, {CausePart.WHAT_HAPPENS: list(section.blocks)})
        self.result.causes.append(cause)
        for inner in section.inner:
            part = find_cause_part(plain(inner.heading))
            text = cause.texts.setdefault(part or CausePart.WHAT_HAPPENS, [])
            if part is None or says_more(plain(inner.heading), name):
                text += [Heading(1, inner.heading), *inner.all_blocks(level=1)]
            else:
                self._took(inner.heading, Part.CAUSES)
                text += inner.all_blocks()

    def _place_names(self, section: Section) -> None:
        left: list[Block] = []
        for block in section.blocks:
            if isinstance(block, Paragraph):
                self._add_names(plain(block.line))
            elif isinstance(block, Items) and not any(item.inner for item in block.items):
                self.result.also_called += [plain(item.line) for item in block.items]
            else:
                left.append(block)
        self._put_beside(section.heading if left else "", "number", left)
        for inner in section.inner:
            self._place(inner)

    def _add_names(self, words: str) -> None:
        self.result.also_called += filter(
            None, (name.strip(" .") for name in re.split("[,;]", words))
        )

    def _place_lines(self, section: Section, part: Part) -> None:
        """The lines of Do, Do not, and In easy words: items of lists, and short paragraphs."""
        left: list[Block] = []
        for unit in units(section.blocks):
            left += self._lines(unit[0], part) if len(unit) == 1 else unit
        self._put_beside(section.heading if left else "", "line", left)
        for inner in section.inner:
            self._place(inner)

    def _lines(self, block: Block, part: Part) -> list[Block]:
        if isinstance(block, Paragraph):
            is_lead = plain(block.line).endswith(":")
            return [block] if is_lead or not self._add_line(one_line(block.line), part) else []
        if not isinstance(block, Items):
            return [block]
        left: list[Block] = []
        for item in block.items:
            line = one_line(item.line)
            if item.inner or not self._add_line(line, part):
                left.append(Items((item,)))
        return left

    def _add_line(self, line: str, part: Part) -> bool:
        if not line or len(line) > MAX_LINE:
            return False
        is_forbidden = plain(line).casefold().startswith(("do not ", "don't ", "don’t ", "never "))
        lines = {
            Part.DO: self.result.do_not if is_forbidden else self.result.do,
            Part.DO_NOT: self.result.do_not,
            Part.EASY_WORDS: self.result.in_easy_words,
        }[part]
        lines.append(re.sub(r"^(\**)Don['’]t ", r"\1Do not ", line))
        return True

    def _place_what_may_help(self) -> None:
        """It belongs to a cause: to the only one, or to one that staff choose."""
        for section in self._may_help:
            if len(self.result.causes) == 1:
                # The heading may say for whom it is, so it stays.
                blocks = [Heading(1, section.heading), *section.all_blocks(level=1)]
                texts = self.result.causes[0].texts
                texts.setdefault(CausePart.MAY_SUGGEST, []).extend(blocks)
            else:
                self._put_beside(section.heading, "may-help", section.all_blocks())


def _names_introduction(section: Section) -> bool:
    """Whether a heading says no more than “Introduction”, and so need not stand in it."""
    return simplified(plain(section.heading)) in {"introduction", "overview", "background", "about"}
