"""Everything that can happen in a flow: the graph of question x highest urgency.

Plain Python, no Django.
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
    """At a question or an outcome, with the highest urgency affirmed so far."""

    key: str
    highest: float


class Transition(NamedTuple):
    """An answer in a state, and the state that it leads to."""

    before: FlowState
    chosen: frozenset[str]
    after: FlowState


class StateGraph:
    """The states of a flow that can be reached, how each is first reached, and what follows it.

    `order` is a topological order: the position of each question, such that all routes lead to
    later positions. It is empty if the routes have a cycle. `transitions_from` has the states at
    questions only.
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
            for transition in self.transitions_from[state]:
                after = transition.after
                if after.key in flow.questions_by_key and after not in self.first_transition_to:
                    self.first_transition_to[after] = transition
                    todo.append(after)

    def next_state(self, state: FlowState, chosen: frozenset[str]) -> FlowState:
        """Where an answer in `state` leads; its key is "" if no route fits."""
        if (state, chosen) not in self._after:
            question = self.flow.questions_by_key[state.key]
            highest = self.flow.highest_after(state.highest, question, chosen)
            self._after[state, chosen] = FlowState(question.next_key(chosen, highest), highest)
        return self._after[state, chosen]

    def _find_transitions(self, state: FlowState) -> list[Transition]:
        """One transition to each state that can follow `state`."""
        found: dict[FlowState, Transition] = {}
        for chosen in self.distinct_answers[state.key]:
            after = self.next_state(state, chosen)
            found.setdefault(after, Transition(state, chosen, after))
        return list(found.values())

    @cached_property
    def reachable_questions(self) -> set[str]:
        """The keys of the questions that can be asked."""
        return {state.key for state in self.transitions_from}

    @cached_property
    def transitions(self) -> list[Transition]:
        """All transitions, those that take fewer answers first."""
        return [one for transitions in self.transitions_from.values() for one in transitions]

    @cached_property
    def final_transitions(self) -> list[Transition]:
        """The transitions to an outcome."""
        return [one for one in self.transitions if one.after.key in self.flow.outcomes_by_key]

    def outcome_urgency(self, transition: Transition) -> int:
        """The urgency of the outcome that a final transition leads to."""
        return self.flow.outcomes_by_key[transition.after.key].urgency

    @cached_property
    def states_reversed(self) -> list[FlowState]:
        """The states at questions, later ones first; raises KeyError for a flow without order."""
        return sorted(self.transitions_from, key=lambda state: self.order[state.key], reverse=True)

    @cached_property
    def outcome_ranges(self) -> dict[FlowState, tuple[int, int]]:
        """The lowest and highest urgency of the outcomes that can follow a state, if any can."""
        ranges = {
            end.after: (self.outcome_urgency(end), self.outcome_urgency(end))
            for end in self.final_transitions
        }
        for state in self.states_reversed:
            following = [
                ranges[transition.after]
                for transition in self.transitions_from[state]
                if transition.after in ranges
            ]
            if following:
                ranges[state] = (
                    min(lowest for lowest, _highest in following),
                    max(highest for _lowest, highest in following),
                )
        return ranges

    def path(self, transition: Transition) -> Steps:
        """The answers that lead from the start through `transition`."""
        return (*self.path_to(transition.before), (transition.before.key, transition.chosen))

    def path_to(self, state: FlowState) -> Steps:
        """The answers that lead from the start to `state`."""
        steps = []
        while transition := self.first_transition_to[state]:
            steps.append((transition.before.key, transition.chosen))
            state = transition.before
        return tuple(reversed(steps))


def question_successors(flow: Flow) -> dict[str, set[str]]:
    """The questions that the routes of each question lead to, even if no answer takes them."""
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
