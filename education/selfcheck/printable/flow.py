"""A flow on paper: numbered boxes that send the reader from one to the next.

Where a route leads may depend on the highest urgency affirmed so far, which paper does not
remember. So a box is a question together with that urgency: a question has several boxes where it
leads on differently, and one where it does not. Following the boxes ends where `flow.walk` ends.
Plain Python, no Django.
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

# With more kinds of answers than this, redundant lines are not looked for: it would take too long.
MAX_ANSWERS_TRIED = 2_000

# Keys of choices, in the order of the question; at least one of them must be ticked.
Group = tuple[str, ...]


@dataclass(frozen=True)
class FlowLine:
    """A line of a box: whoever ticked a choice of each group goes to `target`.

    That is the number of a box or the letter of an end.
    """

    groups: tuple[Group, ...]
    target: str

    def fits(self, chosen: frozenset[str]) -> bool:
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
        """Where to go after ticking these choices; empty if no line fits."""
        return _first_target(self.lines, chosen)


@dataclass(frozen=True)
class FlowEnd:
    """An outcome on paper; the same outcome has another letter for those who are unsure about an
    emergency.
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
        states = sorted(lines, key=lambda state: (positions[state.key], state.highest))
        numbers = {_state_name(state): str(number) for number, state in enumerate(states, 1)}
        targets = {line.target for state in states for line in lines[state]}
        ends = [
            (name, outcome, in_doubt)
            for outcome in flow.outcomes
            for name, in_doubt in ((f"{outcome.key}?", True), (outcome.key, False))
            if name in targets
        ]
        letters = {name: letter_label(position) for position, (name, *_end) in enumerate(ends)}
        labels = numbers | letters
        return cls(
            tuple(
                FlowBox(
                    labels[_state_name(state)],
                    flow.questions_by_key[state.key],
                    tuple(replace(line, target=labels[line.target]) for line in lines[state]),
                )
                for state in states
            ),
            tuple(FlowEnd(labels[name], outcome, in_doubt) for name, outcome, in_doubt in ends),
        )

    @cached_property
    def boxes_by_number(self) -> dict[str, FlowBox]:
        return {box.number: box for box in self.boxes}

    @cached_property
    def ends_by_letter(self) -> dict[str, FlowEnd]:
        return {end.letter: end for end in self.ends}


def letter_label(position: int) -> str:
    """A, B … Z, AA, AB …"""
    above, here = divmod(position, len(ascii_uppercase))
    return (letter_label(above - 1) if above else "") + ascii_uppercase[here]


def _state_name(state: FlowState) -> str:
    # No key has an "@" in it.
    return f"{state.key}@{state.highest}"


def _end_name(flow: Flow, state: FlowState) -> str:
    """The same for all ways to reach an outcome, but another for those in doubt."""
    in_doubt = flow.ends_in_doubt(flow.outcomes_by_key[state.key], state.highest)
    return f"{state.key}?" if in_doubt else state.key


def _lines_by_state(flow: Flow) -> dict[FlowState, tuple[FlowLine, ...]]:
    """The lines of every state that can be reached; of states with the same lines, the mildest
    stands for all.
    """
    graph = StateGraph(flow)
    names = {_state_name(end.after): _end_name(flow, end.after) for end in graph.final_transitions}
    mildest: dict[tuple[str, tuple[FlowLine, ...]], FlowState] = {}
    for state in sorted(
        graph.states_reversed, key=lambda state: (-graph.order[state.key], state.highest)
    ):
        reachable = [
            replace(line, target=names[line.target])
            for line in _lines_of_routes(flow, state)
            if line.target in names
        ]
        lines = _simplify_lines(reachable, flow.questions_by_key[state.key])
        names[_state_name(state)] = _state_name(mildest.setdefault((state.key, lines), state))
    return {state: lines for (_key, lines), state in mildest.items()}


def _lines_of_routes(flow: Flow, state: FlowState) -> Iterator[FlowLine]:
    """The routes of a question in order, each once for every urgency its answer may bring about."""
    question = flow.questions_by_key[state.key]
    levels = {
        flow.not_sure_level,
        *(choice.affirms for choice in question.choices),
        *(combination.affirms for combination in question.combinations),
        *(combination.affirms_in_part for combination in question.combinations),
    }
    higher = sorted((level for level in levels if level > state.highest), reverse=True)
    for route in question.routes:
        chosen = [(route.choice,)] if route.choice else []
        for level in (*higher, state.highest):
            if level < route.at_least:
                break
            target = _state_name(FlowState(route.target, level))
            conditions = [()] if level == state.highest else _conditions(flow, question, level)
            for groups in conditions:
                yield _build_line(question, [*chosen, *groups], target)


def _conditions(flow: Flow, question: Question, level: float) -> Iterator[tuple[Group, ...]]:
    """The ways to affirm at least `level`: each a list of groups to tick one choice of."""
    not_sure = _choice_keys(question, lambda choice: choice.answer == NOT_SURE)
    if by_itself := _choice_keys(question, lambda choice: choice.affirms >= level):
        yield (by_itself,)
    for combination in question.combinations:
        if combination.affirms >= level:
            yield tuple(_keys_of_signs(question, {sign}) for sign in combination.signs)
    asks_emergency = any(choice.affirms >= flow.emergency for choice in question.choices)
    if level <= flow.not_sure_level and asks_emergency:
        yield (not_sure,)
    doubted_signs = {
        sign
        for combination in question.combinations
        if combination.affirms_in_part >= level
        or (combination.affirms >= flow.emergency and level <= flow.not_sure_level)
        for sign in combination.signs
    }
    if doubted_signs:
        yield not_sure, _keys_of_signs(question, doubted_signs)


def _choice_keys(question: Question, matches: Callable[[Choice], bool]) -> Group:
    return tuple(choice.key for choice in question.choices if matches(choice))


def _keys_of_signs(question: Question, signs: set[str]) -> Group:
    return _choice_keys(question, lambda choice: choice.sign in signs)


def _build_line(question: Question, groups: list[Group], target: str) -> FlowLine:
    """A line for these groups, without those that another group already implies."""
    needed: list[Group] = []
    for group in sorted(groups, key=len):
        if not any(set(other) <= set(group) for other in needed):
            needed.append(group)
    if len(needed) > 1:
        needed = [_combinable_keys(question, group) for group in needed]
    positions = {key: position for position, key in enumerate(question.choices_by_key)}
    needed.sort(key=lambda group: [positions.get(key, 0) for key in group])
    return FlowLine(tuple(needed) or (tuple(question.choices_by_key),), target)


def _combinable_keys(question: Question, group: Group) -> Group:
    """The choices of a group that can be ticked together with others."""
    exclusive = question.exclusive_keys
    if question.combinations:
        exclusive -= question.not_sure_keys
    return tuple(key for key in group if key not in exclusive)


def _simplify_lines(lines: Iterable[FlowLine], question: Question) -> tuple[FlowLine, ...]:
    """The same in as few words as possible: no line that changes nothing, no choice twice."""
    distinct: list[FlowLine] = []
    for line in lines:
        if all(line.groups) and not any(earlier.follows_from(line) for earlier in distinct):
            distinct.append(line)
    settled = set[str]()
    shorter = []
    for line in _join_lines(_remove_redundant_lines(distinct, question)):
        groups = tuple(tuple(key for key in group if key not in settled) for group in line.groups)
        if all(groups):
            shorter.append(FlowLine(groups, line.target))
        if len(line.groups) == 1:
            settled.update(*groups)
    return tuple(shorter)


def _join_lines(lines: Iterable[FlowLine]) -> list[FlowLine]:
    """Lines of which two that follow each other are one, if they lead to the same target and differ
    in one of two groups.
    """
    joined: list[FlowLine] = []
    for line in lines:
        last = joined[-1] if joined and joined[-1].target == line.target else None
        shared = set(line.groups) & set(last.groups) if last else set()
        if last and shared and len(line.groups) == len(last.groups) == 2:
            (same,) = shared
            others = [
                key for group in (*last.groups, *line.groups) if group != same for key in group
            ]
            joined[-1] = FlowLine((same, tuple(dict.fromkeys(others))), line.target)
        else:
            joined.append(line)
    return joined


def _remove_redundant_lines(lines: list[FlowLine], question: Question) -> list[FlowLine]:
    """Without the lines whose removal leads no answer elsewhere."""
    groups = list(dict.fromkeys(group for line in lines for group in line.groups))

    def unmet_groups(chosen: frozenset[str]) -> tuple[bool, ...]:
        return tuple(chosen.isdisjoint(group) for group in groups)

    answers = distinct_answers_by(question, unmet_groups, MAX_ANSWERS_TRIED)
    targets = [_first_target(lines, chosen) for chosen in answers]
    for line in list(lines) if answers else ():
        without = [other for other in lines if other is not line]
        if [_first_target(without, chosen) for chosen in answers] == targets:
            lines = without
    return lines


def _first_target(lines: Iterable[FlowLine], chosen: frozenset[str]) -> str:
    return next((line.target for line in lines if line.fits(chosen)), "")
