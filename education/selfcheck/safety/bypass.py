"""Paths that pass a question by, all at once for every question. Plain Python, no Django."""

from __future__ import annotations

from education.selfcheck.safety.state_graph import FlowState, StateGraph, Steps, Transition


class BypassPaths:
    """The paths to outcomes milder than `level`. Only for a graph that has an order.

    Every question has a place in the order, and every path goes from place to place. So a path
    passes a question by if, and only if, one of its answers leads from before that place to beyond
    it.
    """

    def __init__(self, graph: StateGraph, level: int):
        self._graph = graph
        self._mild = {
            end.after for end in graph.final_transitions if graph.outcome_urgency(end) < level
        }
        self._toward: dict[FlowState, Transition] = {}
        # By the place it comes from, the arrival that goes furthest.
        furthest: dict[int, Transition] = {}
        for state in graph.states_reversed:
            for arrival in graph.transitions_from[state]:
                if arrival.after in self._mild or arrival.after in self._toward:
                    self._toward[state] = arrival
                    position = graph.order[state.key]
                    furthest[position] = max(
                        furthest.get(position, arrival), arrival, key=self._reach
                    )
        # By place, the arrival that goes furthest of all that come from before it.
        self._over: list[Transition | None] = []
        best: Transition | None = None
        for position in range(len(graph.order)):
            self._over.append(best)
            here = furthest.get(position)
            best = max((one for one in (best, here) if one), key=self._reach, default=None)

    def _reach(self, arrival: Transition) -> int:
        return self._graph.order.get(arrival.after.key, len(self._graph.order))

    def path(self, question: str) -> Steps:
        """The answers of a whole path that passes `question` by; empty when there is none."""
        position = self._graph.order[question]
        if question in self._graph.reachable_questions:
            over = self._over[position]
            if over is None or self._reach(over) <= position:
                return ()
        else:
            over = self._toward.get(self._graph.start)
        return self._complete_path(over) if over else ()

    def _complete_path(self, arrival: Transition) -> Steps:
        way = [*self._graph.path(arrival)]
        while arrival.after not in self._mild:
            arrival = self._toward[arrival.after]
            way.append((arrival.before.key, arrival.chosen))
        return tuple(way)

    def outcome_of(self, path: Steps) -> str:
        """The outcome at which such a path ends."""
        state = self._graph.start
        for _question, chosen in path:
            state = self._graph.next_state(state, chosen)
        return state.key
