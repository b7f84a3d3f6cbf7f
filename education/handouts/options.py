"""What was chosen for a print: paper, size of print, and which sections; as a query, and as one number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Self
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

PAPERS = ("", "a4", "letter")
PRINTS = ("normal", "large")
SECTIONS = ("about", "medicines", "sources", "notes", "pictures")
CAUSES = ("all", "none", "chosen")
MAX_CAUSES = 20


class OptionsError(ValueError):
    """A choice that there is not. `str(error)` is one plain sentence."""


@dataclass(frozen=True)
class Options:
    """What was chosen. As it is made without arguments, it is what everybody gets who chooses nothing.

    `paper` is empty for the clinic's own. `causes` holds places in the list of causes of the one article,
    from 0: None for all of them, empty for no explanation of any.
    """

    paper: str = ""
    large: bool = False
    left_out: frozenset[str] = field(default_factory=frozenset)
    causes: tuple[int, ...] | None = None

    @classmethod
    def read(cls, data: QueryDict, causes: Sequence[str] = ()) -> Self:
        """The choices in a query or a form; raises OptionsError for one that there is not.

        `causes` are the keys of the causes that can be chosen, in their order.
        """
        paper = _one(data, "paper", PAPERS, PAPERS[0])
        large = _one(data, "print", PRINTS, PRINTS[0]) == "large"
        kept = data.getlist("section")
        for name in kept:
            _known("section", name, SECTIONS)
        # A form tells of a box without a tick by saying nothing, so it says besides that it had boxes.
        ticked = "section" in data or "sections" in data
        left_out = frozenset(SECTIONS) - set(kept) if ticked else frozenset[str]()
        return cls(paper, large, left_out, _causes_of(data, causes))

    @property
    def print_size(self) -> str:
        """The size of print by name."""
        return PRINTS[self.large]

    @property
    def which_causes(self) -> str:
        """Which causes by name."""
        return "all" if self.causes is None else "chosen" if self.causes else "none"

    @property
    def sections(self) -> tuple[str, ...]:
        """The sections that are kept."""
        return tuple(name for name in SECTIONS if name not in self.left_out)

    @property
    def number(self) -> int:
        """All choices in one number: 0 when nothing was chosen. Old numbers must keep their meaning."""
        left_out = sum(1 << place for place, name in enumerate(SECTIONS) if name in self.left_out)
        causes = 0 if self.causes is None else 1 + sum(1 << place for place in self.causes)
        number = (causes << len(SECTIONS)) + left_out
        return (number * len(PRINTS) + self.large) * len(PAPERS) + PAPERS.index(self.paper)

    @classmethod
    def from_number(cls, number: int) -> Self:
        """The choices that `number` stands for; raises OptionsError for a number that no choices have."""
        rest, paper = divmod(number, len(PAPERS))
        rest, large = divmod(rest, len(PRINTS))
        causes, left_out = divmod(rest, 1 << len(SECTIONS))
        if number < 0 or causes > 1 << MAX_CAUSES:
            raise OptionsError(_("No print has this number."))
        return cls(
            PAPERS[paper],
            bool(large),
            frozenset(name for place, name in enumerate(SECTIONS) if left_out >> place & 1),
            tuple(place for place in range(MAX_CAUSES) if (causes - 1) >> place & 1) if causes else None,
        )

    def carried_over(self, then: Sequence[str], now: Sequence[str]) -> Self:
        """The same choices where the causes were `then` and are `now`; all, when no chosen one is left."""
        if not self.causes:
            return self
        chosen = {then[place] for place in self.causes if place < len(then)}
        places = tuple(place for place, key in enumerate(now) if key in chosen)
        return replace(self, causes=places if 0 < len(places) < len(now) else None)

    def pairs(self, causes: Sequence[str] = ()) -> list[tuple[str, str]]:
        """Names and values that `read` reads as these choices; none when nothing was chosen."""
        found = [("paper", self.paper)] if self.paper else []
        if self.large:
            found.append(("print", "large"))
        if self.left_out:
            found += [("sections", "some"), *(("section", name) for name in self.sections)]
        if self.causes is not None and not self.causes:
            found.append(("causes", "none"))
        return found + [("cause", causes[place]) for place in self.causes or () if place < len(causes)]

    def query(self, causes: Sequence[str] = ()) -> str:
        """The same as the end of an address, with its question mark; empty when nothing was chosen."""
        pairs = self.pairs(causes)
        return f"?{urlencode(pairs)}" if pairs else ""


def _causes_of(data: QueryDict, causes: Sequence[str]) -> tuple[int, ...] | None:
    chosen = data.getlist("cause")
    which = _one(data, "causes", CAUSES, "chosen" if chosen else "all")
    if which != "chosen":
        return None if which == "all" else ()
    for key in chosen:
        _known("cause", key, causes)
    places = tuple(place for place, key in enumerate(causes) if key in chosen)
    return None if len(places) == len(causes) else places


def _one(data: QueryDict, name: str, known: Sequence[str], default: str) -> str:
    return _known(name, data.get(name, default), known)


def _known(name: str, value: str, known: Sequence[str]) -> str:
    if value not in known:
        words = _("“{value}” is no choice for “{name}”.").format(value=value[:40], name=name)
        if choices := ", ".join(f"“{one}”" for one in known if one):
            words += " " + _("Choose one of these: {choices}.").format(choices=choices)
        raise OptionsError(words)
    return value
