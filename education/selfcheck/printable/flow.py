"""A flow on paper: numbered boxes that send the reader from one to the next. Plain Python, no
Django.

Where a route leads may hang on the highest urgency affirmed so far, and paper does not remember. So
a box is a question together with what was affirmed before it: the same question stands in two boxes
where it leads on differently, and in one where it does not. What is followed box by box ends where
`flow.walk` ends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from string import ascii_uppercase
from typing import Self

from education.selfcheck.flow import NOT_SURE, Choice, Flow, Outcome, Question
from education.selfcheck.safety.distinct_answers import distinct_answers_by
from education.selfcheck.safety.state_graph import FlowState, StateGraph

# With more sorts of answers than this, lines are not gone through for idle ones: that would take
# too long.
MAX_ANSWERS_TRIED = 2_000


@dataclass(frozen=True)
class FlowLine:
    """A way on: it fits when of each group of choices at least one was ticked.

    A group holds keys of choices, in their order in the box; `to` is the number of a box or the
    letter of an end.
    """

    groups: tuple[tuple[str, ...], ...]
    target: str

    def fits(self, chosen: frozenset[str]) -> bool:
        """Whether it fits what was ticked."""
        return not any(chosen.isdisjoint(group) for group in self.groups)

    def follows_from(self, other: FlowLine) -> bool:
        """Whether it fits whenever `other` does."""
        return all(any(set(theirs) <= set(mine) for theirs in other.groups) for mine in self.groups)


@dataclass(frozen=True)
class FlowBox:
    """A question on paper. Of its lines the first that fits is followed."""

    number: str
    question: Question
    lines: tuple[FlowLine, ...]

    def next_target(self, chosen: frozenset[str]) -> str:
        """Where somebody goes who ticked these choices; empty when no line fits."""
        return _first_target(self.lines, chosen)


@dataclass(frozen=True)
class FlowEnd:
    """An outcome on paper; `in_doubt`: for those who are not sure whether they have an emergency
    sign.
    """

    letter: str
    outcome: Outcome
    is_unsure_about_emergency: bool


@dataclass(frozen=True)
class PrintableFlow:
    """A whole flow on paper. It begins in the first box."""

    boxes: tuple[FlowBox, ...]
    ends: tuple[FlowEnd, ...]

    @classmethod
    def from_flow(cls, flow: Flow) -> Self:
        """A flow that was proved safe, in the order of its questions; every box can be reached."""
        lines = _lines_by_state(flow)
        positions = {question.key: position for position, question in enumerate(flow.questions)}
        order = sorted(lines, key=lambda state: (positions[state.key], state.highest))
        names = {_state_name(state): str(number) for number, state in enumerate(order, 1)}
        led_to = {line.target for state in order for line in lines[state]}
        ends = [
            (name, outcome, is_in_doubt)
            for outcome in flow.outcomes
            for name, is_in_doubt in ((f"{outcome.key}?", True), (outcome.key, False))
            if name in led_to
        ]
        names |= {
            name: letter_label(position) for position, (name, _outcome, _doubt) in enumerate(ends)
        }
        boxes = (
            FlowBox(
                names[_state_name(state)],
                flow.questions_by_key[state.key],
                tuple(replace(line, target=names[line.target]) for line in lines[state]),
            )
            for state in order
        )
        return cls(
            tuple(boxes),
            tuple(FlowEnd(names[name], outcome, doubt) for name, outcome, doubt in ends),
        )

    @cached_property
    def boxes_by_number(self) -> dict[str, FlowBox]:
        """The boxes by number."""
        return {box.number: box for box in self.boxes}

    @cached_property
    def ends_by_letter(self) -> dict[str, FlowEnd]:
        """The outcomes by letter."""
        return {end.letter: end for end in self.ends}


def letter_label(position: int) -> str:
    """A, B … Z, AA, AB …"""
    above, here = divmod(position, len(ascii_uppercase))
    return (letter_label(above - 1) if above else "") + ascii_uppercase[here]


def _state_name(state: FlowState) -> str:
    # No key has this sign in it.
    return f"{state.key}@{state.highest}"


def _end_name(flow: Flow, state: FlowState) -> str:
    """The same for two arrivals at an outcome, unless one is in doubt about an emergency."""
    outcome = flow.outcomes_by_key[state.key]
    is_in_doubt = outcome.urgency < flow.emergency and state.highest >= flow.not_sure_level
    return f"{state.key}?" if is_in_doubt else state.key


def _lines_by_state(flow: Flow) -> dict[FlowState, tuple[FlowLine, ...]]:
    """The lines of every state that can be reached; of states that lead on alike only the mildest
    stands.
    """
    graph = StateGraph(flow)
    names = {_state_name(end.after): _end_name(flow, end.after) for end in graph.final_transitions}
    alike: dict[tuple[str, tuple[FlowLine, ...]], FlowState] = {}
    for state in sorted(
        graph.states_reversed, key=lambda state: (-graph.order[state.key], state.highest)
    ):
        raw = [
            replace(line, target=names[line.target])
            for line in _raw_lines(flow, state)
            if line.target in names
        ]
        lines = _simplify_lines(raw, flow.questions_by_key[state.key])
        names[_state_name(state)] = _state_name(alike.setdefault((state.key, lines), state))
    return {state: lines for (_key, lines), state in alike.items()}


def _raw_lines(flow: Flow, state: FlowState) -> Iterator[FlowLine]:
    """The routes of a question in their order, each once for every level that its answer may bring
    about.
    """
    question = flow.questions_by_key[state.key]
    together = (
        level for one in question.combinations for level in (one.affirms, one.affirms_in_part)
    )
    levels = {*(choice.affirms for choice in question.choices), *together, flow.not_sure_level}
    higher = sorted((level for level in levels if level > state.highest), reverse=True)
    for route in question.routes:
        chosen = [(route.choice,)] if route.choice else []
        for level in (*higher, state.highest):
            if level < route.at_least:
                break
            to = FlowState(route.target, level)
            for raised in (
                _groups_reaching(flow, question, level) if level > state.highest else [()]
            ):
                yield _build_line(question, [*chosen, *raised], _state_name(to))


def _groups_reaching(
    flow: Flow, question: Question, level: float
) -> Iterator[tuple[tuple[str, ...], ...]]:
    """What must be ticked to reach at least `level`: groups, of each of which one; any of these
    will do.
    """
    if by_itself := _choice_keys(question, lambda choice: choice.affirms >= level):
        yield (by_itself,)
    for one in question.combinations:
        if one.affirms >= level:
            yield tuple(_choices_for_sign(question, sign) for sign in one.signs)
    if level <= flow.not_sure_level and any(
        choice.affirms >= flow.emergency for choice in question.choices
    ):
        yield (_choice_keys(question, _is_not_sure),)
    doubted = (
        one.signs
        for one in question.combinations
        if one.affirms_in_part >= level
        or (one.affirms >= flow.emergency and level <= flow.not_sure_level)
    )
    if signs := frozenset[str]().union(*doubted):
        yield (
            _choice_keys(question, _is_not_sure),
            _choice_keys(question, lambda choice: choice.sign in signs),
        )


def _is_not_sure(choice: Choice) -> bool:
    return choice.answer == NOT_SURE


def _choice_keys(question: Question, which: Callable[[Choice], bool]) -> tuple[str, ...]:
    return tuple(choice.key for choice in question.choices if which(choice))


def _choices_for_sign(question: Question, sign: str) -> tuple[str, ...]:
    return _choice_keys(question, lambda choice: choice.sign == sign)


def _build_line(question: Question, groups: list[tuple[str, ...]], target: str) -> FlowLine:
    """A line for these groups; a group that needs nothing more than another one is left out."""
    needed: list[tuple[str, ...]] = []
    for group in sorted(groups, key=len):
        if not any(set(other) <= set(group) for other in needed):
            needed.append(group)
    if len(needed) > 1:
        needed = [_combinable_keys(question, group) for group in needed]
    positions = {key: position for position, key in enumerate(question.choices_by_key)}
    needed.sort(key=lambda group: [positions.get(key, 0) for key in group])
    return FlowLine(tuple(needed) or (tuple(question.choices_by_key),), target)


def _combinable_keys(question: Question, group: tuple[str, ...]) -> tuple[str, ...]:
    """Of some choices those that can be ticked together with others."""
    alone = {
        c.key
        for c in question.choices
        if c.is_exclusive and not (question.combinations and _is_not_sure(c))
    }
    return tuple(key for key in group if key not in alone)


def _simplify_lines(raw: list[FlowLine], question: Question) -> tuple[FlowLine, ...]:
    """The same ways in as few words as will do: no line that changes nothing, no choice twice."""
    lines: list[FlowLine] = []
    for line in raw:
        if all(line.groups) and not any(earlier.follows_from(line) for earlier in lines):
            lines.append(line)
    lines = _join_lines(_remove_redundant_lines(lines, question))
    settled = set[str]()
    shorter = []
    for line in lines:
        groups = tuple(tuple(key for key in group if key not in settled) for group in line.groups)
        if all(groups):
            shorter.append(FlowLine(groups, line.target))
        if len(line.groups) == 1:
            settled.update(*groups)
    return tuple(shorter)


def _join_lines(lines: list[FlowLine]) -> list[FlowLine]:
    """With one line for two that follow each other to the same place and differ in one of two
    groups.
    """
    joined: list[FlowLine] = []
    for line in lines:
        last = joined[-1] if joined and joined[-1].target == line.target else None
        if (
            last
            and len(line.groups) == len(last.groups) == 2
            and set(line.groups) & set(last.groups)
        ):
            (same,) = {*line.groups} & {*last.groups}
            others = [
                key for group in (*last.groups, *line.groups) if group != same for key in group
            ]
            joined[-1] = FlowLine((same, tuple(dict.fromkeys(others))), line.target)
        else:
            joined.append(line)
    return joined


def _remove_redundant_lines(lines: list[FlowLine], question: Question) -> list[FlowLine]:
    """Without the lines that lead nobody elsewhere than the lines behind them would."""
    groups = list(dict.fromkeys(group for line in lines for group in line.groups))

    def met(yes: frozenset[str]) -> tuple[bool, ...]:
        return tuple(yes.isdisjoint(group) for group in groups)

    answers = distinct_answers_by(question, met, MAX_ANSWERS_TRIED)
    led = [_first_target(lines, chosen) for chosen in answers]
    for line in list(lines) if answers else ():
        without = [other for other in lines if other is not line]
        if [_first_target(without, chosen) for chosen in answers] == led:
            lines = without
    return lines


def _first_target(lines: Iterable[FlowLine], chosen: frozenset[str]) -> str:
    return next((line.target for line in lines if line.fits(chosen)), "")
