"""The options of a handout, as a query and as a number."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Self
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from education.handouts.codes import NEWER_OPTIONS

PAPERS = ("", "a4", "letter")
# As the page, and the number, name them. An empty one is the clinic's own.
PRINT_SIZES = ("", "normal", "clear", "large")
EXTENTS = ("sheet", "everything")
SIDES = ("one", "both")
SECTIONS = ("about", "medicines", "sources", "notes", "pictures")
CAUSE_CHOICES = ("all", "none", "chosen")
# An article has at most 20 causes.
MAX_CAUSES = 20
# The sizes of the numbers below `codes.NEWER_OPTIONS`: these were given before there was the sheet,
# and mean everything, on one side.
_OLD_PRINT_SIZES = ("normal", "large")


class InvalidOptions(ValueError):
    """An unknown option or value. `str(error)` is one plain sentence for readers."""


@dataclass(frozen=True)
class PrintOptions:
    """The options of a handout, by default those of a reader who chose nothing.

    `paper`, `print_size`: empty for the clinic's own; `extent`: the sheet, or everything; `causes`:
    positions, from 0, in the article's list of
    causes, None for all of them, empty for none.
    """

    paper: str = ""
    print_size: str = ""
    extent: str = EXTENTS[0]
    both_sides: bool = False
    omitted_sections: frozenset[str] = field(default_factory=frozenset)
    causes: tuple[int, ...] | None = None

    @classmethod
    def from_query(cls, data: QueryDict, causes: Sequence[str] = ()) -> Self:
        """Read a query string or a form; raises InvalidOptions.

        `causes`: the keys of the causes of the article, in their order.
        """
        paper = _get_choice(data, "paper", PAPERS, PAPERS[0])
        size = _get_choice(data, "print", PRINT_SIZES, PRINT_SIZES[0])
        extent = _get_choice(data, "extent", EXTENTS, EXTENTS[0])
        both_sides = _get_choice(data, "sides", SIDES, SIDES[0]) == "both"
        ticked = data.getlist("section")
        for name in ticked:
            _validate_choice("section", name, SECTIONS)
        # A form without any ticked section sends none, so the hidden field "sections" says that
        # the form had these check boxes.
        has_choice = "section" in data or "sections" in data
        omitted = frozenset(SECTIONS) - set(ticked) if has_choice else frozenset[str]()
        return cls(paper, size, extent, both_sides, omitted, _cause_positions(data, causes))

    @property
    def sides(self) -> str:
        """One of SIDES."""
        return SIDES[self.both_sides]

    @property
    def which_causes(self) -> str:
        """ "all", "none" or "chosen"."""
        return "all" if self.causes is None else "chosen" if self.causes else "none"

    @property
    def sections(self) -> tuple[str, ...]:
        """The sections that are printed."""
        return tuple(name for name in SECTIONS if name not in self.omitted_sections)

    @property
    def as_int(self) -> int:
        """All options in one number, `codes.NEWER_OPTIONS` for the defaults.

        The numbers are in printed codes, so they must keep their meaning.
        """
        omitted = _to_bits(SECTIONS.index(name) for name in self.omitted_sections)
        causes = 0 if self.causes is None else 1 + _to_bits(self.causes)
        number, paper = (causes << len(SECTIONS)) + omitted, PAPERS.index(self.paper)
        if self._is_of_old_kind:
            size = _OLD_PRINT_SIZES.index(self.print_size)
            return (number * len(_OLD_PRINT_SIZES) + size) * len(PAPERS) + paper
        number = number * len(EXTENTS) + EXTENTS.index(self.extent)
        number = number * len(SIDES) + self.both_sides
        number = number * len(PRINT_SIZES) + PRINT_SIZES.index(self.print_size)
        return NEWER_OPTIONS + number * len(PAPERS) + paper

    @property
    def _is_of_old_kind(self) -> bool:
        return (
            self.extent == "everything"
            and self.print_size in _OLD_PRINT_SIZES
            and not self.both_sides
        )

    @classmethod
    def from_int(cls, number: int) -> Self:
        """The reverse of `as_int`; raises InvalidOptions for a number that no options have."""
        is_newer = number >= NEWER_OPTIONS
        rest, paper = divmod(number - NEWER_OPTIONS * is_newer, len(PAPERS))
        sizes = PRINT_SIZES if is_newer else _OLD_PRINT_SIZES
        rest, size = divmod(rest, len(sizes))
        extent, both_sides = EXTENTS.index("everything"), 0
        if is_newer:
            rest, both_sides = divmod(rest, len(SIDES))
            rest, extent = divmod(rest, len(EXTENTS))
        causes, omitted = divmod(rest, 1 << len(SECTIONS))
        options = cls(
            PAPERS[paper],
            sizes[size],
            EXTENTS[extent],
            bool(both_sides),
            frozenset(SECTIONS[position] for position in _from_bits(omitted)),
            _from_bits(causes - 1) if causes > 0 else None,
        )
        if number < 0 or causes > 1 << MAX_CAUSES or options.as_int != number:
            raise InvalidOptions(_("No print has this number."))
        return options

    def adapted_to(self, then: Sequence[str], now: Sequence[str]) -> Self:
        """The same options after the causes changed from `then` to `now`.

        All causes if no chosen one is left.
        """
        if not self.causes:
            return self
        chosen = {then[position] for position in self.causes if position < len(then)}
        positions = tuple(position for position, key in enumerate(now) if key in chosen)
        return replace(self, causes=positions if 0 < len(positions) < len(now) else None)

    def query_pairs(self, causes: Sequence[str] = ()) -> list[tuple[str, str]]:
        """Names and values that `from_query` reads as these options; none for the defaults."""
        pairs = [("paper", self.paper)] if self.paper else []
        if self.print_size:
            pairs.append(("print", self.print_size))
        if self.extent != EXTENTS[0]:
            pairs.append(("extent", self.extent))
        if self.both_sides:
            pairs.append(("sides", "both"))
        if self.omitted_sections:
            pairs += [("sections", "some"), *(("section", name) for name in self.sections)]
        if self.which_causes == "none":
            pairs.append(("causes", "none"))
        chosen = (position for position in self.causes or () if position < len(causes))
        return pairs + [("cause", causes[position]) for position in chosen]

    def query_string(self, causes: Sequence[str] = ()) -> str:
        """The same as a query string with its question mark; empty for the defaults."""
        pairs = self.query_pairs(causes)
        return f"?{urlencode(pairs)}" if pairs else ""


def _to_bits(positions: Iterable[int]) -> int:
    return sum(1 << position for position in positions)


def _from_bits(bits: int) -> tuple[int, ...]:
    return tuple(position for position in range(bits.bit_length()) if bits >> position & 1)


def _cause_positions(data: QueryDict, causes: Sequence[str]) -> tuple[int, ...] | None:
    chosen = data.getlist("cause")
    which = _get_choice(data, "causes", CAUSE_CHOICES, "chosen" if chosen else "all")
    if which != "chosen":
        return None if which == "all" else ()
    for key in chosen:
        _validate_choice("cause", key, causes)
    positions = tuple(position for position, key in enumerate(causes) if key in chosen)
    return None if len(positions) == len(causes) else positions


def _get_choice(data: QueryDict, name: str, known: Sequence[str], default: str) -> str:
    return _validate_choice(name, data.get(name, default), known)


def _validate_choice(name: str, value: str, known: Sequence[str]) -> str:
    if value not in known:
        message = _("“{value}” is no choice for “{name}”.").format(value=value[:40], name=name)
        if choices := ", ".join(f"“{choice}”" for choice in known if choice):
            message += " " + _("Choose one of these: {choices}.").format(choices=choices)
        raise InvalidOptions(message)
    return value
