"""A flow on paper: numbered boxes that send the reader from one to the next. Plain Python, no Django.

Where a route leads may hang on the highest urgency affirmed so far, and paper does not remember. So a box is
a question together with what was affirmed before it: the same question stands in two boxes where it leads
on differently, and in one where it does not. What is followed box by box ends where `flow.walk` ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from string import ascii_uppercase
from typing import Self

from education.selfcheck.flow import Flow, Outcome, Question
from education.selfcheck.graph import Graph, State


@dataclass(frozen=True)
class Line:
    """A way on: it fits when one of `ticked` was ticked and, unless that is empty, one of `and_any` too.

    Both hold keys of choices, in their order in the box; `to` is the number of a box or the letter of an end.
    """

    ticked: tuple[str, ...]
    and_any: tuple[str, ...]
    to: str

    def fits(self, chosen: frozenset[str]) -> bool:
        """Whether it fits what was ticked."""
        return not chosen.isdisjoint(self.ticked) and (
            not self.and_any or not chosen.isdisjoint(self.and_any)
        )


@dataclass(frozen=True)
class Box:
    """A question on paper. Of its lines the first that fits is followed."""

    number: str
    question: Question
    lines: tuple[Line, ...]

    def leads_to(self, chosen: frozenset[str]) -> str:
        """Where somebody goes who ticked these choices; empty when no line fits."""
        return _first(self.lines, chosen)


@dataclass(frozen=True)
class End:
    """An outcome on paper."""

    letter: str
    outcome: Outcome


@dataclass(frozen=True)
class Paper:
    """A whole flow on paper. It begins in the first box."""

    boxes: tuple[Box, ...]
    ends: tuple[End, ...]

    @classmethod
    def of(cls, flow: Flow) -> Self:
        """A flow that was proved safe, in the order of its questions; every box can be reached."""
        lines = _lines_by_state(flow)
        places = {question.key: place for place, question in enumerate(flow.questions)}
        order = sorted(lines, key=lambda state: (places[state.at], state.highest))
        names = {_name(state): str(number) for number, state in enumerate(order, 1)}
        names |= {outcome.key: letters(place) for place, outcome in enumerate(flow.outcomes)}
        boxes = (
            Box(
                names[_name(state)],
                flow.question[state.at],
                tuple(replace(line, to=names[line.to]) for line in lines[state]),
            )
            for state in order
        )
        return cls(tuple(boxes), tuple(End(names[outcome.key], outcome) for outcome in flow.outcomes))

    @cached_property
    def box(self) -> dict[str, Box]:
        """The boxes by number."""
        return {box.number: box for box in self.boxes}

    @cached_property
    def end(self) -> dict[str, End]:
        """The outcomes by letter."""
        return {end.letter: end for end in self.ends}


def letters(place: int) -> str:
    """A, B … Z, AA, AB …"""
    above, here = divmod(place, len(ascii_uppercase))
    return (letters(above - 1) if above else "") + ascii_uppercase[here]


def _name(state: State) -> str:
    # No key has this sign in it, so no question is taken for an outcome.
    return f"{state.at}@{state.highest}"


def _lines_by_state(flow: Flow) -> dict[State, tuple[Line, ...]]:
    """The lines of every state that can be reached; of states that lead on alike only the mildest stands."""
    graph = Graph(flow)
    names = {outcome.key: outcome.key for outcome in flow.outcomes}
    alike: dict[tuple[str, tuple[Line, ...]], State] = {}
    for state in sorted(graph.backwards, key=lambda state: (-graph.order[state.at], state.highest)):
        raw = [replace(line, to=names[line.to]) for line in _raw_lines(flow, state) if line.to in names]
        lines = _plain(raw, graph.differing[state.at])
        names[_name(state)] = _name(alike.setdefault((state.at, lines), state))
    return {state: lines for (_key, lines), state in alike.items()}


def _raw_lines(flow: Flow, state: State) -> Iterator[Line]:
    """The routes of a question in their order, each once for every level that its answer may bring about."""
    question = flow.question[state.at]
    everything = tuple(question.by_key)
    levels = {choice.affirms for choice in question.choices if choice.affirms > state.highest}
    for route in question.routes:
        for level in (*sorted(levels, reverse=True), state.highest):
            if level < route.at_least:
                break
            raising = [choice for choice in question.choices if choice.affirms >= level]
            to = _name(State(route.to, level)) if route.to in flow.question else route.to
            if not route.choice:
                yield Line(tuple(c.key for c in raising) if level > state.highest else everything, (), to)
            elif level == state.highest or question.by_key[route.choice] in raising:
                yield Line((route.choice,), (), to)
            elif beside := tuple(choice.key for choice in raising if not choice.exclusive):
                yield Line((route.choice,), beside, to)


def _plain(raw: list[Line], answers: tuple[frozenset[str], ...]) -> tuple[Line, ...]:
    """The same ways in as few words as will do: no line that changes nothing, no choice twice."""
    lines = raw
    led = [_first(lines, chosen) for chosen in answers]
    for line in raw:
        without = [other for other in lines if other is not line]
        if [_first(without, chosen) for chosen in answers] == led:
            lines = without
    settled = set[str]()
    shorter = []
    for line in lines:
        ticked = tuple(key for key in line.ticked if key not in settled)
        shorter.append(Line(ticked, tuple(key for key in line.and_any if key not in settled), line.to))
        settled.update(() if line.and_any else ticked)
    return tuple(shorter)


def _first(lines: Iterable[Line], chosen: frozenset[str]) -> str:
    return next((line.to for line in lines if line.fits(chosen)), "")
