"""What the styles and lists of a Word file say about a paragraph or a run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from education.articles.leaflets.word_file import W

_HEADING = re.compile(r"heading ([1-9])")
_CONTENTS = re.compile(r"toc( heading| \d)|contents (heading|\d)")
_NO = {"0", "false", "off", "none"}
MAX_LEVEL = 4


def value(element: Element | None, name: str) -> str | None:
    """The `w:val` of a child such as "w:pStyle"; "" if it has none, None without the child."""
    child = element.find(f"{W}{name}") if element is not None else None
    return None if child is None else child.get(f"{W}val", "")


class Styles:
    """The styles of a file, by their id; a style has what the one it is based on has."""

    def __init__(self, root: Element | None):
        found = root.iter(f"{W}style") if root is not None else ()
        self._by_id: dict[str, Element] = {}
        self._default = ""
        for style in found:
            self._by_id.setdefault(style.get(f"{W}styleId", ""), style)
            if style.get(f"{W}type") == "paragraph" and style.get(f"{W}default") in {"1", "true"}:
                self._default = style.get(f"{W}styleId", "")

    def chain(self, name: str | None) -> Iterator[Element]:
        """A style and those that it is based on, nearest first."""
        seen: set[str] = set()
        while name and name in self._by_id and name not in seen:
            seen.add(name)
            yield self._by_id[name]
            name = value(self._by_id[name], "basedOn")

    def names(self, paragraph: Element | None) -> list[str]:
        """The names of the styles of a paragraph, in small letters, nearest first.

        Word's own styles keep their English name in every language; their ids do not.
        """
        name = value(paragraph, "pStyle")
        return [(value(style, "name") or "").casefold() for style in self.chain(name)]

    def heading_level(self, paragraph: Element | None) -> int:
        """The level of a heading, 1 to 9; 0 for other paragraphs."""
        names = self.names(paragraph)
        if any(name in {"title", "titel"} for name in names):
            return 1
        for name in names:
            if found := _HEADING.fullmatch(name):
                return int(found[1])
        for level in self.paragraph_values(paragraph, "outlineLvl"):
            return int(level) + 1 if level.isdecimal() and int(level) < 9 else 0
        return 0

    def is_contents(self, paragraph: Element | None) -> bool:
        """Whether it is a line of a table of contents."""
        return any(_CONTENTS.fullmatch(name) for name in self.names(paragraph))

    def is_table_head(self, paragraph: Element | None) -> bool:
        """Whether it has LibreOffice's style for heads of tables."""
        return any(name in {"table heading", "table header"} for name in self.names(paragraph))

    def paragraph_values(self, paragraph: Element | None, name: str) -> Iterator[str]:
        """The values of a property of a paragraph, nearest first."""
        for properties in self.paragraph_properties(paragraph):
            if (found := value(properties, name)) is not None:
                yield found

    def paragraph_properties(self, paragraph: Element | None) -> Iterator[Element]:
        """The properties of a paragraph and of its styles, nearest first."""
        if paragraph is not None:
            yield paragraph
        for style in self.chain(value(paragraph, "pStyle") or self._default):
            if (properties := style.find(f"{W}pPr")) is not None:
                yield properties

    def run_properties(self, run: Element, paragraph: Element | None) -> list[Element]:
        """The properties of a run, of its style and of its paragraph's style, nearest first."""
        own = run.find(f"{W}rPr")
        styles = [
            *self.chain(value(own, "rStyle")),
            *self.chain(value(paragraph, "pStyle") or self._default),
        ]
        inherited = (style.find(f"{W}rPr") for style in styles)
        return [properties for properties in (own, *inherited) if properties is not None]


def is_on(properties: list[Element], name: str) -> bool:
    """Whether a property such as "b" is on; the nearest that has it decides."""
    for one in properties:
        if (found := value(one, name)) is not None:
            return found not in _NO
    return False


def first_value(properties: list[Element], name: str, attribute: str = "val") -> str:
    """An attribute of the nearest such property; empty without one."""
    for one in properties:
        child = one.find(f"{W}{name}")
        if child is not None and (found := child.get(f"{W}{attribute}")):
            return found
    return ""


class Lists:
    """The numbers of list items, counted through the whole document as Word counts them."""

    def __init__(self, root: Element | None, styles: Styles):
        self._styles = styles
        self._abstract = (
            {one.get(f"{W}abstractNumId", ""): one for one in root.iter(f"{W}abstractNum")}
            if root is not None
            else {}
        )
        self._lists = (
            {one.get(f"{W}numId", ""): one for one in root.findall(f"{W}num")}
            if root is not None
            else {}
        )
        self._counts: dict[str, dict[int, int]] = {}
        self._started: set[tuple[str, int]] = set()

    def item(self, paragraph: Element | None) -> tuple[int, int] | None:
        """Level (from 0) and number of a list item; number 0 for bullets. None for no item."""
        number, level = self._place(paragraph)
        abstract = self._find(number)
        if not number or abstract is None:
            return None
        described = self._level(abstract, level)
        kind = value(described, "numFmt") or "bullet"
        if kind == "none":
            return None
        shown = min(level, MAX_LEVEL)
        if kind == "bullet":
            return shown, 0
        return shown, self._count(number, abstract, level)

    def _place(self, paragraph: Element | None) -> tuple[str, int]:
        number, level = "", ""
        for properties in self._styles.paragraph_properties(paragraph):
            listed = properties.find(f"{W}numPr")
            if listed is not None:
                number = number or value(listed, "numId") or ""
                level = level or value(listed, "ilvl") or ""
        return ("" if number == "0" else number), int(level) if level.isdecimal() else 0

    def _find(self, number: str, seen: int = 0) -> Element | None:
        """What describes a list, also where a style stands between."""
        listed = self._lists.get(number)
        abstract = self._abstract.get(value(listed, "abstractNumId") or "")
        style = value(abstract, "numStyleLink")
        if not style or seen > 5:
            return abstract
        for one in self._styles.chain(style):
            linked = one.find(f"{W}pPr/{W}numPr")
            return self._find(value(linked, "numId") or "", seen + 1)
        return abstract

    def _level(self, abstract: Element, level: int) -> Element | None:
        for one in abstract.iter(f"{W}lvl"):
            if one.get(f"{W}ilvl", "0") == str(level):
                return one
        return None

    def _count(self, number: str, abstract: Element, level: int) -> int:
        counts = self._counts.setdefault(abstract.get(f"{W}abstractNumId", ""), {})
        override = self._override(number, level)
        if override is not None and (number, level) not in self._started:
            counts.pop(level, None)
        self._started.add((number, level))
        start = value(self._level(abstract, level), "start") or "1"
        first = override if override is not None else int(start) if start.isdecimal() else 1
        counts[level] = counts[level] + 1 if level in counts else first
        for deeper in [one for one in counts if one > level]:
            del counts[deeper]
        # 0 would be a bullet.
        return max(1, counts[level])

    def _override(self, number: str, level: int) -> int | None:
        for one in self._lists[number].iter(f"{W}lvlOverride"):
            start = value(one, "startOverride")
            if one.get(f"{W}ilvl", "0") == str(level) and start and start.isdecimal():
                return int(start)
        return None
