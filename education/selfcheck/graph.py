"""Everything that can happen in a flow: the graph of question x highest urgency. Plain Python, no Django."""

from __future__ import annotations

from collections import deque
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from typing import NamedTuple

from education.selfcheck.distinct import distinct_answers
from education.selfcheck.flow import Flow

Steps = tuple[tuple[str, frozenset[str]], ...]


class State(NamedTuple):
    """Standing at a question or an outcome, with the highest urgency affirmed so far."""

    at: str
    highest: float


class Arrival(NamedTuple):
    """An answer given in a state, and what it led to."""

    before: State
    chosen: frozenset[str]
    after: State


class Graph:
    """The states of a flow that can be reached, how each is first reached, and what can follow each.

    `order` gives every question a place, such that all routes lead to later places; it is empty when some
    routes lead in a circle.
    """

    def __init__(self, flow: Flow):
        self.flow = flow
        self.differing = {question.key: distinct_answers(question) for question in flow.questions}
        self.order = _order(flow)
        self._after: dict[tuple[State, frozenset[str]], State] = {}
        self.start = State(flow.questions[0].key, 0)
        self.came: dict[State, Arrival | None] = {self.start: None}
        self.onward: dict[State, list[Arrival]] = {}
        todo = deque([self.start])
        while todo:
            state = todo.popleft()
            self.onward[state] = self._arrivals(state)
            for arrival in self.onward[state]:
                if arrival.after.at in flow.question and arrival.after not in self.came:
                    self.came[arrival.after] = arrival
                    todo.append(arrival.after)

    def after(self, state: State, chosen: frozenset[str]) -> State:
        """Where an answer in `state` leads; nowhere, which is "", when no route fits it."""
        if (state, chosen) not in self._after:
            question = self.flow.question[state.at]
            highest = self.flow.reached(state.highest, question, chosen)
            self._after[state, chosen] = State(question.leads_to(chosen, highest), highest)
        return self._after[state, chosen]

    def _arrivals(self, state: State) -> list[Arrival]:
        """What can come of `state`, once for each different thing that can."""
        found: dict[State, Arrival] = {}
        for chosen in self.differing[state.at]:
            after = self.after(state, chosen)
            found.setdefault(after, Arrival(state, chosen, after))
        return list(found.values())

    @cached_property
    def asked(self) -> set[str]:
        """The questions that somebody can be asked."""
        return {state.at for state in self.onward}

    @cached_property
    def arrivals(self) -> list[Arrival]:
        """All arrivals, those that take fewer answers first."""
        return [arrival for arrivals in self.onward.values() for arrival in arrivals]

    @cached_property
    def ends(self) -> list[Arrival]:
        """The arrivals at an outcome."""
        return [arrival for arrival in self.arrivals if arrival.after.at in self.flow.outcome]

    def urgency(self, arrival: Arrival) -> int:
        """How urgent the outcome is that was arrived at."""
        return self.flow.outcome[arrival.after.at].urgency

    @cached_property
    def backwards(self) -> list[State]:
        """The states at questions, later ones first; only for a flow that has an order."""
        return sorted(self.onward, key=lambda state: self.order[state.at], reverse=True)

    @cached_property
    def spans(self) -> dict[State, tuple[int, int]]:
        """How urgent the mildest and the gravest end is that can follow a state, where any can."""
        found = {end.after: (self.urgency(end), self.urgency(end)) for end in self.ends}
        for state in self.backwards:
            after = [found[arrival.after] for arrival in self.onward[state] if arrival.after in found]
            if after:
                found[state] = min(least for least, _most in after), max(most for _least, most in after)
        return found

    def path(self, arrival: Arrival) -> Steps:
        """The answers that lead from the start through `arrival`."""
        return (*self.path_to(arrival.before), (arrival.before.at, arrival.chosen))

    def path_to(self, state: State) -> Steps:
        """The answers that lead from the start to `state`."""
        steps = []
        while last := self.came[state]:
            steps.append((last.before.at, last.chosen))
            state = last.before
        return tuple(reversed(steps))


def routes_on(flow: Flow) -> dict[str, set[str]]:
    """The questions that the routes of each question lead to, whether or not any answer takes them."""
    return {q.key: {route.to for route in q.routes if route.to in flow.question} for q in flow.questions}


def _order(flow: Flow) -> dict[str, int]:
    try:
        last_first = list(TopologicalSorter(routes_on(flow)).static_order())
    except CycleError:
        return {}
    return {key: place for place, key in enumerate(reversed(last_first))}
