"""A flow on paper: numbered boxes that send the reader from one to the next. Plain Python, no Django.

Where a route leads may hang on the highest urgency affirmed so far, and paper does not remember. So a box is
a question together with what was affirmed before it: the same question stands in two boxes where it leads
on differently, and in one where it does not. What is followed box by box ends where `flow.walk` ends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from string import ascii_uppercase
from typing import Self

from education.selfcheck.distinct import answers_by
from education.selfcheck.flow import NOT_SURE, Choice, Flow, Outcome, Question
from education.selfcheck.graph import Graph, State

# With more sorts of answers than this, lines are not gone through for idle ones: that would take too long.
MOST_TRIED = 2_000


@dataclass(frozen=True)
class Line:
    """A way on: it fits when of each group of choices at least one was ticked.

    A group holds keys of choices, in their order in the box; `to` is the number of a box or the letter of an
    end.
    """

    groups: tuple[tuple[str, ...], ...]
    to: str

    def fits(self, chosen: frozenset[str]) -> bool:
        """Whether it fits what was ticked."""
        return not any(chosen.isdisjoint(group) for group in self.groups)

    def follows_from(self, other: Line) -> bool:
        """Whether it fits whenever `other` does."""
        return all(any(set(theirs) <= set(mine) for theirs in other.groups) for mine in self.groups)


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
    """An outcome on paper; `in_doubt`: for those who are not sure whether they have an emergency sign."""

    letter: str
    outcome: Outcome
    in_doubt: bool


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
        led_to = {line.to for state in order for line in lines[state]}
        ends = [
            (name, outcome, is_in_doubt)
            for outcome in flow.outcomes
            for name, is_in_doubt in ((f"{outcome.key}?", True), (outcome.key, False))
            if name in led_to
        ]
        names |= {name: letters(place) for place, (name, _outcome, _doubt) in enumerate(ends)}
        boxes = (
            Box(
                names[_name(state)],
                flow.question[state.at],
                tuple(replace(line, to=names[line.to]) for line in lines[state]),
            )
            for state in order
        )
        return cls(tuple(boxes), tuple(End(names[name], outcome, doubt) for name, outcome, doubt in ends))

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
    # No key has this sign in it.
    return f"{state.at}@{state.highest}"


def _end_name(flow: Flow, state: State) -> str:
    """The same for two arrivals at an outcome, unless one is in doubt about an emergency."""
    outcome = flow.outcome[state.at]
    is_in_doubt = outcome.urgency < flow.emergency and state.highest >= flow.in_doubt
    return f"{state.at}?" if is_in_doubt else state.at


def _lines_by_state(flow: Flow) -> dict[State, tuple[Line, ...]]:
    """The lines of every state that can be reached; of states that lead on alike only the mildest stands."""
    graph = Graph(flow)
    names = {_name(end.after): _end_name(flow, end.after) for end in graph.ends}
    alike: dict[tuple[str, tuple[Line, ...]], State] = {}
    for state in sorted(graph.backwards, key=lambda state: (-graph.order[state.at], state.highest)):
        raw = [replace(line, to=names[line.to]) for line in _raw_lines(flow, state) if line.to in names]
        lines = _plain(raw, flow.question[state.at])
        names[_name(state)] = _name(alike.setdefault((state.at, lines), state))
    return {state: lines for (_key, lines), state in alike.items()}


def _raw_lines(flow: Flow, state: State) -> Iterator[Line]:
    """The routes of a question in their order, each once for every level that its answer may bring about."""
    question = flow.question[state.at]
    together = (level for one in question.combinations for level in (one.affirms, one.in_doubt))
    levels = {*(choice.affirms for choice in question.choices), *together, flow.in_doubt}
    higher = sorted((level for level in levels if level > state.highest), reverse=True)
    for route in question.routes:
        chosen = [(route.choice,)] if route.choice else []
        for level in (*higher, state.highest):
            if level < route.at_least:
                break
            to = State(route.to, level)
            for raised in _raising(flow, question, level) if level > state.highest else [()]:
                yield _line(question, [*chosen, *raised], _name(to))


def _raising(flow: Flow, question: Question, level: float) -> Iterator[tuple[tuple[str, ...], ...]]:
    """What must be ticked to reach at least `level`: groups, of each of which one; any of these will do."""
    if by_itself := _keys(question, lambda choice: choice.affirms >= level):
        yield (by_itself,)
    for one in question.combinations:
        if one.affirms >= level:
            yield tuple(_standing_for(question, sign) for sign in one.signs)
    if level <= flow.in_doubt and any(choice.affirms >= flow.emergency for choice in question.choices):
        yield (_keys(question, _is_unsure),)
    doubted = (
        one.signs
        for one in question.combinations
        if one.in_doubt >= level or (one.affirms >= flow.emergency and level <= flow.in_doubt)
    )
    if signs := frozenset[str]().union(*doubted):
        yield (_keys(question, _is_unsure), _keys(question, lambda choice: choice.sign in signs))


def _is_unsure(choice: Choice) -> bool:
    return choice.answer == NOT_SURE


def _keys(question: Question, which: Callable[[Choice], bool]) -> tuple[str, ...]:
    return tuple(choice.key for choice in question.choices if which(choice))


def _standing_for(question: Question, sign: str) -> tuple[str, ...]:
    return _keys(question, lambda choice: choice.sign == sign)


def _line(question: Question, groups: list[tuple[str, ...]], to: str) -> Line:
    """A line for these groups; a group that needs nothing more than another one is left out."""
    needed: list[tuple[str, ...]] = []
    for group in sorted(groups, key=len):
        if not any(set(other) <= set(group) for other in needed):
            needed.append(group)
    if len(needed) > 1:
        needed = [_beside_others(question, group) for group in needed]
    places = {key: place for place, key in enumerate(question.by_key)}
    needed.sort(key=lambda group: [places.get(key, 0) for key in group])
    return Line(tuple(needed) or (tuple(question.by_key),), to)


def _beside_others(question: Question, group: tuple[str, ...]) -> tuple[str, ...]:
    """Of some choices those that can be ticked together with others."""
    alone = {c.key for c in question.choices if c.exclusive and not (question.combinations and _is_unsure(c))}
    return tuple(key for key in group if key not in alone)


def _plain(raw: list[Line], question: Question) -> tuple[Line, ...]:
    """The same ways in as few words as will do: no line that changes nothing, no choice twice."""
    lines: list[Line] = []
    for line in raw:
        if all(line.groups) and not any(earlier.follows_from(line) for earlier in lines):
            lines.append(line)
    lines = _joined(_without_the_idle(lines, question))
    settled = set[str]()
    shorter = []
    for line in lines:
        groups = tuple(tuple(key for key in group if key not in settled) for group in line.groups)
        if all(groups):
            shorter.append(Line(groups, line.to))
        if len(line.groups) == 1:
            settled.update(*groups)
    return tuple(shorter)


def _joined(lines: list[Line]) -> list[Line]:
    """With one line for two that follow each other to the same place and differ in one of two groups."""
    joined: list[Line] = []
    for line in lines:
        last = joined[-1] if joined and joined[-1].to == line.to else None
        if last and len(line.groups) == len(last.groups) == 2 and set(line.groups) & set(last.groups):
            (same,) = {*line.groups} & {*last.groups}
            others = [key for group in (*last.groups, *line.groups) if group != same for key in group]
            joined[-1] = Line((same, tuple(dict.fromkeys(others))), line.to)
        else:
            joined.append(line)
    return joined


def _without_the_idle(lines: list[Line], question: Question) -> list[Line]:
    """Without the lines that lead nobody elsewhere than the lines behind them would."""
    groups = list(dict.fromkeys(group for line in lines for group in line.groups))

    def met(yes: frozenset[str]) -> tuple[bool, ...]:
        return tuple(yes.isdisjoint(group) for group in groups)

    answers = answers_by(question, met, MOST_TRIED)
    led = [_first(lines, chosen) for chosen in answers]
    for line in list(lines) if answers else ():
        without = [other for other in lines if other is not line]
        if [_first(without, chosen) for chosen in answers] == led:
            lines = without
    return lines


def _first(lines: Iterable[Line], chosen: frozenset[str]) -> str:
    return next((line.to for line in lines if line.fits(chosen)), "")
