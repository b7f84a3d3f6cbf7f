"""Everything that can happen in a flow: the graph of question x highest urgency. Plain Python, no
Django.
"""

from __future__ import annotations

from collections import deque
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from typing import NamedTuple

from education.selfcheck.flow import Flow
from education.selfcheck.safety.distinct_answers import distinct_answers

Steps = tuple[tuple[str, frozenset[str]], ...]


class FlowState(NamedTuple):
    """Standing at a question or an outcome, with the highest urgency affirmed so far."""

    key: str
    highest: float


class Transition(NamedTuple):
    """An answer given in a state, and what it led to."""

    before: FlowState
    chosen: frozenset[str]
    after: FlowState


class StateGraph:
    """The states of a flow that can be reached, how each is first reached, and what can follow
    each.

    `order` gives every question a place, such that all routes lead to later places; it is empty
    when some routes lead in a circle.
    """

    def __init__(self, flow: Flow):
        self.flow = flow
        self.distinct_answers = {
            question.key: distinct_answers(question) for question in flow.questions
        }
        self.order = _topological_order(flow)
        self._after: dict[tuple[FlowState, frozenset[str]], FlowState] = {}
        self.start = FlowState(flow.questions[0].key, 0)
        self.first_transition_to: dict[FlowState, Transition | None] = {self.start: None}
        self.transitions_from: dict[FlowState, list[Transition]] = {}
        todo = deque([self.start])
        while todo:
            state = todo.popleft()
            self.transitions_from[state] = self._find_transitions(state)
            for arrival in self.transitions_from[state]:
                if (
                    arrival.after.key in flow.questions_by_key
                    and arrival.after not in self.first_transition_to
                ):
                    self.first_transition_to[arrival.after] = arrival
                    todo.append(arrival.after)

    def next_state(self, state: FlowState, chosen: frozenset[str]) -> FlowState:
        """Where an answer in `state` leads; nowhere, which is "", when no route fits it."""
        if (state, chosen) not in self._after:
            question = self.flow.questions_by_key[state.key]
            highest = self.flow.highest_after(state.highest, question, chosen)
            self._after[state, chosen] = FlowState(question.next_key(chosen, highest), highest)
        return self._after[state, chosen]

    def _find_transitions(self, state: FlowState) -> list[Transition]:
        """What can come of `state`, once for each different thing that can."""
        found: dict[FlowState, Transition] = {}
        for chosen in self.distinct_answers[state.key]:
            after = self.next_state(state, chosen)
            found.setdefault(after, Transition(state, chosen, after))
        return list(found.values())

    @cached_property
    def reachable_questions(self) -> set[str]:
        """The questions that somebody can be asked."""
        return {state.key for state in self.transitions_from}

    @cached_property
    def transitions(self) -> list[Transition]:
        """All arrivals, those that take fewer answers first."""
        return [arrival for arrivals in self.transitions_from.values() for arrival in arrivals]

    @cached_property
    def final_transitions(self) -> list[Transition]:
        """The arrivals at an outcome."""
        return [
            arrival
            for arrival in self.transitions
            if arrival.after.key in self.flow.outcomes_by_key
        ]

    def outcome_urgency(self, arrival: Transition) -> int:
        """How urgent the outcome is that was arrived at."""
        return self.flow.outcomes_by_key[arrival.after.key].urgency

    @cached_property
    def states_reversed(self) -> list[FlowState]:
        """The states at questions, later ones first; only for a flow that has an order."""
        return sorted(self.transitions_from, key=lambda state: self.order[state.key], reverse=True)

    @cached_property
    def outcome_ranges(self) -> dict[FlowState, tuple[int, int]]:
        """How urgent the mildest and the gravest end is that can follow a state, where any can."""
        found = {
            end.after: (self.outcome_urgency(end), self.outcome_urgency(end))
            for end in self.final_transitions
        }
        for state in self.states_reversed:
            after = [
                found[arrival.after]
                for arrival in self.transitions_from[state]
                if arrival.after in found
            ]
            if after:
                found[state] = (
                    min(least for least, _most in after),
                    max(most for _least, most in after),
                )
        return found

    def path(self, arrival: Transition) -> Steps:
        """The answers that lead from the start through `arrival`."""
        return (*self.path_to(arrival.before), (arrival.before.key, arrival.chosen))

    def path_to(self, state: FlowState) -> Steps:
        """The answers that lead from the start to `state`."""
        steps = []
        while last := self.first_transition_to[state]:
            steps.append((last.before.key, last.chosen))
            state = last.before
        return tuple(reversed(steps))


def question_successors(flow: Flow) -> dict[str, set[str]]:
    """The questions that the routes of each question lead to, whether or not any
    answer takes them.
    """
    return {
        q.key: {route.target for route in q.routes if route.target in flow.questions_by_key}
        for q in flow.questions
    }


def _topological_order(flow: Flow) -> dict[str, int]:
    try:
        last_first = list(TopologicalSorter(question_successors(flow)).static_order())
    except CycleError:
        return {}
    return {key: position for position, key in enumerate(reversed(last_first))}
