"""Whether saying more at one question can end milder: two runs, side by side.

The runs are equal up to one question. There one says more than the other, and every later question
that both are asked they answer alike. In the order of the graph every route leads to a later
position. So the run at the earlier position moves first: it can only come to where the other is, or
pass it for good. Both are therefore asked the same question only when both are at it at the same
time, and there one answer moves both. No earlier answers need to be remembered: a search of the
pairs of states is exact, and there are at most states times states. Plain Python, no Django.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import NamedTuple

from education.selfcheck.safety.distinct_answers import ChosenKeys, stronger_answers
from education.selfcheck.safety.state_graph import FlowState, StateGraph, Steps


class Counterexample(NamedTuple):
    """A question at which saying more ends milder, and two whole paths that show it."""

    question: str
    less: Steps
    more: Steps


class RunPair(NamedTuple):
    """The state of the run that said less, and of the one that said more."""

    less: FlowState
    more: FlowState


class PairStep(NamedTuple):
    """A pair, the answers of both runs in it (None: this run does not move), and the next pair."""

    before: RunPair
    less: ChosenKeys | None
    more: ChosenKeys | None
    after: RunPair


def find_counterexamples(graph: StateGraph) -> Iterator[Counterexample]:
    """One for each question at which saying more can end milder; only for a graph with an order."""
    diverging = list(_diverging_runs(graph))
    next_step = _steps_to_counterexample(graph, [pair for _state, _less, _more, pair in diverging])
    found = set[str]()
    for state, less, more, pair in diverging:
        if pair not in next_step or state.key in found:
            continue
        found.add(state.key)
        before = graph.path_to(state)
        runs = ([*before, (state.key, less)], [*before, (state.key, more)])
        while step := next_step[pair]:
            for run, at, chosen in zip(runs, pair, (step.less, step.more), strict=True):
                if chosen is not None:
                    run.append((at.key, chosen))
            pair = step.after
        yield Counterexample(state.key, tuple(runs[0]), tuple(runs[1]))


def _diverging_runs(
    graph: StateGraph,
) -> Iterator[tuple[FlowState, ChosenKeys, ChosenKeys, RunPair]]:
    """Where two runs diverge, with the answers of each, that may end the wrong way round."""
    answer_pairs = {
        key: tuple(stronger_answers(graph.flow.questions_by_key[key]))
        for key in graph.reachable_questions
    }
    seen = set[tuple[str, RunPair]]()
    for state in graph.transitions_from:
        for less, more in answer_pairs[state.key]:
            pair = RunPair(graph.next_state(state, less), graph.next_state(state, more))
            if (state.key, pair) not in seen and _can_end_milder(graph, pair):
                seen.add((state.key, pair))
                yield state, less, more, pair


def _can_end_milder(graph: StateGraph, pair: RunPair) -> bool:
    """Whether the run that said more can end milder, if both answered independently from here on;
    if both are at outcomes, whether it does.
    """
    less, more = (graph.outcome_ranges.get(state) for state in pair)
    return pair.less != pair.more and less is not None and more is not None and more[0] < less[1]


def _steps_to_counterexample(
    graph: StateGraph, pairs: list[RunPair]
) -> dict[RunPair, PairStep | None]:
    """The pairs from which the run that said more can end milder, with the next step toward that.

    None for the pairs at which it has. A search forward for all pairs, and back from those.
    """
    next_step: dict[RunPair, PairStep | None] = {}
    steps_to: dict[RunPair, list[PairStep]] = {pair: [] for pair in pairs}
    todo = deque(steps_to)
    while todo:
        pair = todo.popleft()
        if not any(state.key in graph.order for state in pair):
            next_step[pair] = None
        for step in _next_steps(graph, pair):
            if step.after not in steps_to:
                steps_to[step.after] = []
                todo.append(step.after)
            steps_to[step.after].append(step)
    todo.extend(next_step)
    while todo:
        for step in steps_to[todo.popleft()]:
            if step.before not in next_step:
                next_step[step.before] = step
                todo.append(step.before)
    return next_step


def _next_steps(graph: StateGraph, pair: RunPair) -> Iterator[PairStep]:
    """The run at the earlier question answers, or both do if they are at the same question."""
    less, more = (graph.order.get(state.key, len(graph.order)) for state in pair)
    steps: Iterator[PairStep] = iter(())
    if less < more:
        steps = (
            PairStep(pair, one.chosen, None, RunPair(one.after, pair.more))
            for one in graph.transitions_from[pair.less]
        )
    elif more < less:
        steps = (
            PairStep(pair, None, one.chosen, RunPair(pair.less, one.after))
            for one in graph.transitions_from[pair.more]
        )
    elif pair.less.key in graph.order:
        both = {
            RunPair(
                graph.next_state(pair.less, chosen), graph.next_state(pair.more, chosen)
            ): chosen
            for chosen in graph.distinct_answers[pair.less.key]
        }
        steps = (PairStep(pair, chosen, chosen, after) for after, chosen in both.items())
    return (step for step in steps if _can_end_milder(graph, step.after))
