"""What was chosen for a print: paper, size of print, and which sections; as a query, and as one
number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Self
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

PAPERS = ("", "a4", "letter")
PRINT_SIZES = ("normal", "large")
SECTIONS = ("about", "medicines", "sources", "notes", "pictures")
CAUSE_CHOICES = ("all", "none", "chosen")
MAX_CAUSES = 20


class InvalidOptions(ValueError):
    """A choice that there is not. `str(error)` is one plain sentence."""


@dataclass(frozen=True)
class PrintOptions:
    """What was chosen. As it is made without arguments, it is what everybody gets who chooses
    nothing.

    `paper` is empty for the clinic's own. `causes` holds places in the list of causes of the one
    article, from 0: None for all of them, empty for no explanation of any.
    """

    paper: str = ""
    large: bool = False
    omitted_sections: frozenset[str] = field(default_factory=frozenset)
    causes: tuple[int, ...] | None = None

    @classmethod
    def from_query(cls, data: QueryDict, causes: Sequence[str] = ()) -> Self:
        """The choices in a query or a form; raises InvalidOptions for one that there is not.

        `causes` are the keys of the causes that can be chosen, in their order.
        """
        paper = _get_choice(data, "paper", PAPERS, PAPERS[0])
        large = _get_choice(data, "print", PRINT_SIZES, PRINT_SIZES[0]) == "large"
        kept = data.getlist("section")
        for name in kept:
            _validate_choice("section", name, SECTIONS)
        # A form tells of a box without a tick by saying nothing, so it says besides that it had
        # boxes.
        ticked = "section" in data or "sections" in data
        left_out = frozenset(SECTIONS) - set(kept) if ticked else frozenset[str]()
        return cls(paper, large, left_out, _cause_positions(data, causes))

    @property
    def print_size(self) -> str:
        """The size of print by name."""
        return PRINT_SIZES[self.large]

    @property
    def which_causes(self) -> str:
        """Which causes by name."""
        return "all" if self.causes is None else "chosen" if self.causes else "none"

    @property
    def sections(self) -> tuple[str, ...]:
        """The sections that are kept."""
        return tuple(name for name in SECTIONS if name not in self.omitted_sections)

    @property
    def as_int(self) -> int:
        """All choices in one number: 0 when nothing was chosen. Old numbers must keep their
        meaning.
        """
        left_out = sum(
            1 << position for position, name in enumerate(SECTIONS) if name in self.omitted_sections
        )
        causes = 0 if self.causes is None else 1 + sum(1 << position for position in self.causes)
        number = (causes << len(SECTIONS)) + left_out
        return (number * len(PRINT_SIZES) + self.large) * len(PAPERS) + PAPERS.index(self.paper)

    @classmethod
    def from_int(cls, number: int) -> Self:
        """The choices that `number` stands for; raises InvalidOptions for a number that no choices
        have.
        """
        rest, paper = divmod(number, len(PAPERS))
        rest, large = divmod(rest, len(PRINT_SIZES))
        causes, left_out = divmod(rest, 1 << len(SECTIONS))
        if number < 0 or causes > 1 << MAX_CAUSES:
            raise InvalidOptions(_("No print has this number."))
        return cls(
            PAPERS[paper],
            bool(large),
            frozenset(name for position, name in enumerate(SECTIONS) if left_out >> position & 1),
            tuple(position for position in range(MAX_CAUSES) if (causes - 1) >> position & 1)
            if causes
            else None,
        )

    def adapted_to(self, then: Sequence[str], now: Sequence[str]) -> Self:
        """The same choices where the causes were `then` and are `now`; all, when no chosen one is
        left.
        """
        if not self.causes:
            return self
        chosen = {then[position] for position in self.causes if position < len(then)}
        positions = tuple(position for position, key in enumerate(now) if key in chosen)
        return replace(self, causes=positions if 0 < len(positions) < len(now) else None)

    def query_pairs(self, causes: Sequence[str] = ()) -> list[tuple[str, str]]:
        """Names and values that `read` reads as these choices; none when nothing was chosen."""
        found = [("paper", self.paper)] if self.paper else []
        if self.large:
            found.append(("print", "large"))
        if self.omitted_sections:
            found += [("sections", "some"), *(("section", name) for name in self.sections)]
        if self.causes is not None and not self.causes:
            found.append(("causes", "none"))
        return found + [
            ("cause", causes[position]) for position in self.causes or () if position < len(causes)
        ]

    def query_string(self, causes: Sequence[str] = ()) -> str:
        """The same as the end of an address, with its question mark; empty when
        nothing was chosen.
        """
        pairs = self.query_pairs(causes)
        return f"?{urlencode(pairs)}" if pairs else ""


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
        if choices := ", ".join(f"“{one}”" for one in known if one):
            message += " " + _("Choose one of these: {choices}.").format(choices=choices)
        raise InvalidOptions(message)
    return value
