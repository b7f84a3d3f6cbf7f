"""Two runs side by side: whether saying more at one question can end milder. Plain Python, no
Django.

The runs are equal up to one question. There one says more than the other, and every question after
it that both are asked they answer alike. In the order of the graph every route leads on to a later
place. So the run that stands at the earlier place goes first: it can only come to where the other
stands, or pass it for good. A question that both are asked is therefore one at which both stand at
the same time, and there one answer moves both. Nothing must be remembered of earlier answers: the
pairs of states are all there is to search, the search is exact, and there are no more pairs than
states times states.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import NamedTuple

from education.selfcheck.safety.distinct_answers import ChosenKeys, stronger_answers
from education.selfcheck.safety.state_graph import FlowState, StateGraph, Steps


class Counterexample(NamedTuple):
    """A question at which saying more ends milder, and the two runs: who says less, and who says
    more.
    """

    question: str
    less: Steps
    more: Steps


class RunPair(NamedTuple):
    """Where the run that said less stands, and where the one that said more does."""

    less: FlowState
    more: FlowState


class PairStep(NamedTuple):
    """A pair, what each run answers in it (None: this run waits), and the pair after that."""

    before: RunPair
    less: ChosenKeys | None
    more: ChosenKeys | None
    after: RunPair


def find_counterexamples(graph: StateGraph) -> Iterator[Counterexample]:
    """One for each question at which saying more can end milder. Only for a graph that has an
    order.
    """
    parted = list(_diverging_runs(graph))
    onward = _steps_to_counterexample(graph, [pair for _state, _less, _more, pair in parted])
    told = set[str]()
    for state, less, more, pair in parted:
        if pair not in onward or state.key in told:
            continue
        told.add(state.key)
        before = graph.path_to(state)
        runs = ([*before, (state.key, less)], [*before, (state.key, more)])
        while move := onward[pair]:
            for run, here, chosen in zip(runs, pair, (move.less, move.more), strict=True):
                if chosen is not None:
                    run.append((here.key, chosen))
            pair = move.after
        yield Counterexample(state.key, tuple(runs[0]), tuple(runs[1]))


def _diverging_runs(
    graph: StateGraph,
) -> Iterator[tuple[FlowState, ChosenKeys, ChosenKeys, RunPair]]:
    """Where two runs part that may end the wrong way round."""
    chosen = {
        key: tuple(stronger_answers(graph.flow.questions_by_key[key]))
        for key in graph.reachable_questions
    }
    seen = set[tuple[str, RunPair]]()
    for state in graph.transitions_from:
        for less, more in chosen[state.key]:
            pair = RunPair(graph.next_state(state, less), graph.next_state(state, more))
            if (state.key, pair) not in seen and _can_end_milder(graph, pair):
                seen.add((state.key, pair))
                yield state, less, more, pair


def _can_end_milder(graph: StateGraph, pair: RunPair) -> bool:
    """Whether the run that said more can end milder, were each to answer as it likes; at two ends:
    does.
    """
    less, more = (graph.outcome_ranges.get(state) for state in pair)
    return pair.less != pair.more and less is not None and more is not None and more[0] < less[1]


def _steps_to_counterexample(
    graph: StateGraph, pairs: list[RunPair]
) -> dict[RunPair, PairStep | None]:
    """The pairs from which runs come to the wrong ends, and the move there; None for such ends
    themselves.
    """
    found: dict[RunPair, PairStep | None] = {}
    came: dict[RunPair, list[PairStep]] = {pair: [] for pair in pairs}
    todo = deque(came)
    while todo:
        pair = todo.popleft()
        if not any(state.key in graph.order for state in pair):
            found[pair] = None
        for move in _next_steps(graph, pair):
            if move.after not in came:
                came[move.after] = []
                todo.append(move.after)
            came[move.after].append(move)
    todo.extend(found)
    while todo:
        for move in came[todo.popleft()]:
            if move.before not in found:
                found[move.before] = move
                todo.append(move.before)
    return found


def _next_steps(graph: StateGraph, pair: RunPair) -> Iterator[PairStep]:
    """What can come next: the run at the earlier question answers, or both do when they are at the
    same.
    """
    less, more = (graph.order.get(state.key, len(graph.order)) for state in pair)
    moves: Iterator[PairStep] = iter(())
    if less < more:
        moves = (
            PairStep(pair, a.chosen, None, RunPair(a.after, pair.more))
            for a in graph.transitions_from[pair.less]
        )
    elif more < less:
        moves = (
            PairStep(pair, None, a.chosen, RunPair(pair.less, a.after))
            for a in graph.transitions_from[pair.more]
        )
    elif pair.less.key in graph.order:
        both = {
            RunPair(
                graph.next_state(pair.less, chosen), graph.next_state(pair.more, chosen)
            ): chosen
            for chosen in graph.distinct_answers[pair.less.key]
        }
        moves = (PairStep(pair, chosen, chosen, after) for after, chosen in both.items())
    return (move for move in moves if _can_end_milder(graph, move.after))
