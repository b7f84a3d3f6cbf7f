"""Paths that pass a question by, all at once for every question. Plain Python, no Django."""

from __future__ import annotations

from education.selfcheck.graph import Arrival, Graph, State, Steps


class PassingBy:
    """The paths to outcomes milder than `level`. Only for a graph that has an order.

    Every question has a place in the order, and every path goes from place to place. So a path passes a
    question by if, and only if, one of its answers leads from before that place to beyond it.
    """

    def __init__(self, graph: Graph, level: int):
        self._graph = graph
        self._mild = {end.after for end in graph.ends if graph.urgency(end) < level}
        self._toward: dict[State, Arrival] = {}
        # By the place it comes from, the arrival that goes furthest.
        furthest: dict[int, Arrival] = {}
        for state in graph.backwards:
            for arrival in graph.onward[state]:
                if arrival.after in self._mild or arrival.after in self._toward:
                    self._toward[state] = arrival
                    place = graph.order[state.at]
                    furthest[place] = max(furthest.get(place, arrival), arrival, key=self._reach)
        # By place, the arrival that goes furthest of all that come from before it.
        self._over: list[Arrival | None] = []
        best: Arrival | None = None
        for place in range(len(graph.order)):
            self._over.append(best)
            here = furthest.get(place)
            best = max((one for one in (best, here) if one), key=self._reach, default=None)

    def _reach(self, arrival: Arrival) -> int:
        return self._graph.order.get(arrival.after.at, len(self._graph.order))

    def path(self, question: str) -> Steps:
        """The answers of a whole path that passes `question` by; empty when there is none."""
        place = self._graph.order[question]
        if question in self._graph.asked:
            over = self._over[place]
            if over is None or self._reach(over) <= place:
                return ()
        else:
            over = self._toward.get(self._graph.start)
        return self._whole(over) if over else ()

    def _whole(self, arrival: Arrival) -> Steps:
        way = [*self._graph.path(arrival)]
        while arrival.after not in self._mild:
            arrival = self._toward[arrival.after]
            way.append((arrival.before.at, arrival.chosen))
        return tuple(way)

    def end(self, path: Steps) -> str:
        """The outcome at which such a path ends."""
        state = self._graph.start
        for _question, chosen in path:
            state = self._graph.after(state, chosen)
        return state.at
