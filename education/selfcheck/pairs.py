"""Two runs side by side: whether saying more at one question can end milder. Plain Python, no Django.

The runs are equal up to one question. There one says more than the other, and every question after it that
both are asked they answer alike. In the order of the graph every route leads on to a later place. So the run
that stands at the earlier place goes first: it can only come to where the other stands, or pass it for good.
A question that both are asked is therefore one at which both stand at the same time, and there one answer
moves both. Nothing must be remembered of earlier answers: the pairs of states are all there is to search, the
search is exact, and there are no more pairs than states times states.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import NamedTuple

from education.selfcheck.distinct import Said, says_more
from education.selfcheck.graph import Graph, State, Steps


class Lowering(NamedTuple):
    """A question at which saying more ends milder, and the two runs: who says less, and who says more."""

    question: str
    less: Steps
    more: Steps


class Pair(NamedTuple):
    """Where the run that said less stands, and where the one that said more does."""

    less: State
    more: State


class Move(NamedTuple):
    """A pair, what each run answers in it (None: this run waits), and the pair after that."""

    before: Pair
    less: Said | None
    more: Said | None
    after: Pair


def lowerings(graph: Graph) -> Iterator[Lowering]:
    """One for each question at which saying more can end milder. Only for a graph that has an order."""
    parted = list(_partings(graph))
    onward = _to_a_lowering(graph, [pair for _state, _less, _more, pair in parted])
    told = set[str]()
    for state, less, more, pair in parted:
        if pair not in onward or state.at in told:
            continue
        told.add(state.at)
        before = graph.path_to(state)
        runs = ([*before, (state.at, less)], [*before, (state.at, more)])
        while move := onward[pair]:
            for run, here, chosen in zip(runs, pair, (move.less, move.more), strict=True):
                if chosen is not None:
                    run.append((here.at, chosen))
            pair = move.after
        yield Lowering(state.at, tuple(runs[0]), tuple(runs[1]))


def _partings(graph: Graph) -> Iterator[tuple[State, Said, Said, Pair]]:
    """Where two runs part that may end the wrong way round."""
    chosen = {key: tuple(says_more(graph.flow.question[key])) for key in graph.asked}
    seen = set[tuple[str, Pair]]()
    for state in graph.onward:
        for less, more in chosen[state.at]:
            pair = Pair(graph.after(state, less), graph.after(state, more))
            if (state.at, pair) not in seen and _may_lower(graph, pair):
                seen.add((state.at, pair))
                yield state, less, more, pair


def _may_lower(graph: Graph, pair: Pair) -> bool:
    """Whether the run that said more can end milder, were each to answer as it likes; at two ends: does."""
    less, more = (graph.spans.get(state) for state in pair)
    return pair.less != pair.more and less is not None and more is not None and more[0] < less[1]


def _to_a_lowering(graph: Graph, pairs: list[Pair]) -> dict[Pair, Move | None]:
    """The pairs from which runs come to the wrong ends, and the move there; None for such ends themselves."""
    found: dict[Pair, Move | None] = {}
    came: dict[Pair, list[Move]] = {pair: [] for pair in pairs}
    todo = deque(came)
    while todo:
        pair = todo.popleft()
        if not any(state.at in graph.order for state in pair):
            found[pair] = None
        for move in _moves(graph, pair):
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


def _moves(graph: Graph, pair: Pair) -> Iterator[Move]:
    """What can come next: the run at the earlier question answers, or both do when they are at the same."""
    less, more = (graph.order.get(state.at, len(graph.order)) for state in pair)
    moves: Iterator[Move] = iter(())
    if less < more:
        moves = (Move(pair, a.chosen, None, Pair(a.after, pair.more)) for a in graph.onward[pair.less])
    elif more < less:
        moves = (Move(pair, None, a.chosen, Pair(pair.less, a.after)) for a in graph.onward[pair.more])
    elif pair.less.at in graph.order:
        both = {
            Pair(graph.after(pair.less, chosen), graph.after(pair.more, chosen)): chosen
            for chosen in graph.differing[pair.less.at]
        }
        moves = (Move(pair, chosen, chosen, after) for after, chosen in both.items())
    return (move for move in moves if _may_lower(graph, move.after))
