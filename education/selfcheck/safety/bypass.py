"""Paths that pass a question by, found for all questions at once. Plain Python, no Django."""

from __future__ import annotations

from education.selfcheck.safety.state_graph import FlowState, StateGraph, Steps, Transition


class BypassPaths:
    """The paths to outcomes milder than `level`; only for a graph that has an order.

    Every path leads from position to later position in that order. So it passes a question by if,
    and only if, one of its transitions leads from before the position of the question to beyond it.
    """

    def __init__(self, graph: StateGraph, level: int):
        self._graph = graph
        self._mild_ends = {
            end.after for end in graph.final_transitions if graph.outcome_urgency(end) < level
        }
        # For each state from which such an outcome can be reached, a transition toward one.
        self._toward_end: dict[FlowState, Transition] = {}
        furthest_from: dict[int, Transition] = {}
        for state in graph.states_reversed:
            for transition in graph.transitions_from[state]:
                if transition.after in self._mild_ends or transition.after in self._toward_end:
                    self._toward_end[state] = transition
                    position = graph.order[state.key]
                    furthest_from[position] = self._furthest(
                        furthest_from.get(position), transition
                    )
        # For each position, the furthest of the transitions from all positions before it.
        self._furthest_before: list[Transition | None] = []
        furthest: Transition | None = None
        for position in range(len(graph.order)):
            self._furthest_before.append(furthest)
            if position in furthest_from:
                furthest = self._furthest(furthest, furthest_from[position])

    def _furthest(self, one: Transition | None, other: Transition) -> Transition:
        return one if one and self._reach(one) >= self._reach(other) else other

    def _reach(self, transition: Transition) -> int:
        """The position that a transition leads to; outcomes come after all questions."""
        return self._graph.order.get(transition.after.key, len(self._graph.order))

    def path(self, question: str) -> Steps:
        """The answers of a whole path that passes `question` by; empty if there is none."""
        position = self._graph.order[question]
        if question not in self._graph.reachable_questions:
            transition = self._toward_end.get(self._graph.start)
            return self._complete_path(transition) if transition else ()
        transition = self._furthest_before[position]
        if transition is None or self._reach(transition) <= position:
            return ()
        return self._complete_path(transition)

    def _complete_path(self, transition: Transition) -> Steps:
        steps = [*self._graph.path(transition)]
        while transition.after not in self._mild_ends:
            transition = self._toward_end[transition.after]
            steps.append((transition.before.key, transition.chosen))
        return tuple(steps)

    def outcome_of(self, path: Steps) -> str:
        """The key of the outcome at which such a path ends."""
        state = self._graph.start
        for _question, chosen in path:
            state = self._graph.next_state(state, chosen)
        return state.key
