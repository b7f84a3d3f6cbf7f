"""Boxes and the arrows between them, put on a page: in layers, each below what leads to it. Plain
Python.

Arrows that cross several layers run through places kept free for them; all that lead to one box
share these.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

Edge = tuple[int, int]
Point = tuple[int, int]

MARGIN = 24
NODE_GAP = 28
LAYER_GAP = 76
# Wider than this, a printed page cannot be read.
MAX_WIDTH = 1200
# How wide a place is that is kept free for arrows.
LANE_WIDTH = 12
PORT_GAP = 40
SWEEPS = 8


@dataclass(frozen=True)
class Size:
    """The size of a box, in pixels."""

    width: int
    height: int


@dataclass(frozen=True)
class GraphLayout:
    """Where each box has its upper left corner, the points of each arrow, and how large it all is.

    The first two points of an arrow leave its box, and every further pair crosses a layer in a
    straight line. `backward` arrows lead to a box that stands above, or to their own: these have
    the two ends only.
    """

    corners: tuple[Point, ...]
    edges: Mapping[Edge, tuple[Point, ...]]
    backward: frozenset[Edge]
    width: int
    height: int


@dataclass
class _LayeredGraph:
    """The boxes, and behind them in number the lanes: the layer of each, and what it is tied to."""

    widths: list[int]
    layer: list[int]
    above: defaultdict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    below: defaultdict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    lanes: dict[tuple[int, int], int] = field(default_factory=dict)

    def lane_path(self, edge: Edge) -> list[int]:
        """The lanes of an arrow and the box it leads to, each one layer below the one before."""
        start, end = edge
        return [
            *(self.lanes[end, row] for row in range(self.layer[start] + 1, self.layer[end])),
            end,
        ]

    def add_edges(self, edges: Iterable[Edge]) -> None:
        """Make the lanes that these arrows need, and tie what follows each other."""
        ties: set[Edge] = set()
        for start, end in edges:
            for row in range(self.layer[start] + 1, self.layer[end]):
                if (end, row) not in self.lanes:
                    self.lanes[end, row] = len(self.layer)
                    self.layer.append(row)
                    self.widths.append(LANE_WIDTH)
            steps = [start, *self.lane_path((start, end))]
            ties.update(pairwise(steps))
        for upper, lower in sorted(ties):
            self.below[upper].append(lower)
            self.above[lower].append(upper)

    def layers(self) -> list[list[int]]:
        """What stands in each layer, in the order it came."""
        rows: list[list[int]] = [[] for _row in range(max(self.layer, default=-1) + 1)]
        for one, row in enumerate(self.layer):
            rows[row].append(one)
        return rows


def layout_graph(sizes: Sequence[Size], edges: Iterable[Edge]) -> GraphLayout:
    """Put boxes of these `sizes` on a page; the first is where everything begins. Any graph will
    do.
    """
    wanted = list(dict.fromkeys(edges))
    backward = _feedback_edges(len(sizes), wanted)
    forward = [edge for edge in wanted if edge not in backward]
    graph = _LayeredGraph(
        [size.width for size in sizes],
        _limit_width(_assign_layers(len(sizes), forward), forward, sizes),
    )
    graph.add_edges(forward)
    rows = _reduce_crossings(graph)
    middles = _x_positions(graph, rows)
    tops, bottoms = _y_ranges(rows, sizes)
    corners = tuple(
        (middles[one] - size.width // 2, tops[graph.layer[one]]) for one, size in enumerate(sizes)
    )
    exits = _edge_ports(graph, forward, sizes, middles)
    arrows: dict[Edge, tuple[Point, ...]] = {}
    for edge in forward:
        row = graph.layer[edge[0]]
        points = [(exits[edge], tops[row] + sizes[edge[0]].height), (exits[edge], bottoms[row])]
        *lanes, end = graph.lane_path(edge)
        for lane in lanes:
            row = graph.layer[lane]
            points += [(middles[lane], tops[row]), (middles[lane], bottoms[row])]
        arrows[edge] = (*points, (middles[end], tops[graph.layer[end]]))
    for start, end in backward:
        ends = ((corners[one], sizes[one]) for one in (start, end))
        arrows[start, end] = tuple((x + size.width, y + size.height // 2) for (x, y), size in ends)
    right = max((x + size.width for (x, _y), size in zip(corners, sizes, strict=True)), default=0)
    lane_right = max(middles, default=0)
    # A backward arrow bulges to the right of everything.
    width = max(right, lane_right) + MARGIN * (4 if backward else 1)
    return GraphLayout(
        corners, arrows, frozenset(backward), width, max(bottoms, default=0) + MARGIN
    )


def _feedback_edges(count: int, edges: Sequence[Edge]) -> set[Edge]:
    """The arrows without which nothing leads back to where it came from."""
    onward: dict[int, list[int]] = defaultdict(list)
    for start, end in edges:
        onward[start].append(end)
    backward: set[Edge] = set()
    done, open_ = set[int](), set[int]()
    for first in range(count):
        todo = [] if first in done else [(first, iter(onward[first]))]
        open_.update(one for one, _rest in todo)
        while todo:
            one, rest = todo[-1]
            after = next(rest, None)
            if after is None:
                todo.pop()
                open_.discard(one)
                done.add(one)
            elif after in open_:
                backward.add((one, after))
            elif after not in done:
                open_.add(after)
                todo.append((after, iter(onward[after])))
    return backward


def _assign_layers(count: int, edges: Sequence[Edge]) -> list[int]:
    """For each box how many arrows the longest way to it has."""
    layer = [0] * count
    pending = [0] * count
    onward: dict[int, list[int]] = defaultdict(list)
    for start, end in edges:
        onward[start].append(end)
        pending[end] += 1
    todo = [one for one in range(count) if not pending[one]]
    while todo:
        one = todo.pop()
        for after in onward[one]:
            layer[after] = max(layer[after], layer[one] + 1)
            pending[after] -= 1
            if not pending[after]:
                todo.append(after)
    return layer


def _limit_width(layer: list[int], edges: Sequence[Edge], sizes: Sequence[Size]) -> list[int]:
    """The same layers, but where one is too wide, boxes that lead nowhere stand further down."""
    leading = {start for start, _end in edges}
    row = 0
    while row <= max(layer, default=-1):
        here = [one for one, at in enumerate(layer) if at == row]
        width = sum(sizes[one].width + NODE_GAP for one in here)
        for one in [one for one in here[1:] if one not in leading][::-1]:
            if width > MAX_WIDTH:
                layer[one] += 1
                width -= sizes[one].width + NODE_GAP
        row += 1
    return layer


def _reduce_crossings(graph: _LayeredGraph) -> list[list[int]]:
    """Each layer in the order that lets few arrows cross: all near the middle of what it is tied
    to.
    """
    rows = graph.layers()
    position = {one: float(at) for row in rows for at, one in enumerate(row)}

    def middle(one: int, ties: Mapping[int, list[int]]) -> float:
        near = [position[other] for other in ties.get(one, ())]
        return sum(near) / len(near) if near else position[one]

    for sweep in range(SWEEPS):
        ties, order = (graph.above, rows) if sweep % 2 == 0 else (graph.below, rows[::-1])
        for row in order:
            wanted = {one: middle(one, ties) for one in row}
            row.sort(key=lambda one: (wanted[one], position[one]))
            position.update((one, float(at)) for at, one in enumerate(row))
    return rows


def _x_positions(graph: _LayeredGraph, rows: Sequence[Sequence[int]]) -> list[int]:
    """Where the middle of everything is: as near below what leads to it as the others in its layer
    allow.

    What nothing leads to stands on the left, so that a small screen shows where everything begins.
    """
    middles = [0.0] * len(graph.layer)
    for row in rows:
        near = [[middles[other] for other in graph.above[one]] for one in row]
        _place_layer(graph, row, middles, [sum(some) / len(some) if some else 0.0 for some in near])
    return [round(middle) + MARGIN for middle in middles]


def _place_layer(
    graph: _LayeredGraph, row: Sequence[int], middles: list[float], wanted: Sequence[float]
) -> None:
    """Give a row the middles nearest to those `wanted` (least squares) at which
    nothing overlaps.
    """
    offsets, at = [], 0.0
    for before, one in zip([None, *row], row, strict=False):
        if before is not None:
            at += (graph.widths[before] + graph.widths[one]) / 2 + NODE_GAP
        offsets.append(at)
    # Neighbors that would overlap become one block, which stands at the mean of what they want.
    blocks: list[tuple[float, int]] = []
    for want, offset in zip(wanted, offsets, strict=True):
        mean, size = want - offset, 1
        while blocks and blocks[-1][0] > mean:
            other, more = blocks.pop()
            mean, size = (mean * size + other * more) / (size + more), size + more
        blocks.append((mean, size))
    leftmost = graph.widths[row[0]] / 2
    means = [max(mean, leftmost) for mean, size in blocks for _one in range(size)]
    for one, mean, offset in zip(row, means, offsets, strict=True):
        middles[one] = mean + offset


def _y_ranges(rows: Sequence[Sequence[int]], sizes: Sequence[Size]) -> tuple[list[int], list[int]]:
    """Where each layer begins and ends."""
    tops, bottoms, y = [], [], MARGIN
    for row in rows:
        tops.append(y)
        y += max((sizes[one].height for one in row if one < len(sizes)), default=0)
        bottoms.append(y)
        y += LAYER_GAP
    return tops, bottoms


def _edge_ports(
    graph: _LayeredGraph, edges: Sequence[Edge], sizes: Sequence[Size], middles: Sequence[int]
) -> dict[Edge, int]:
    """Where each arrow leaves its box: side by side, in the order of where they go next."""
    leaving: dict[int, list[Edge]] = defaultdict(list)
    for edge in edges:
        leaving[edge[0]].append(edge)
    exits = {}
    for start, out in leaving.items():
        apart = min(PORT_GAP, sizes[start].width // len(out))
        in_order = sorted(out, key=lambda edge: (middles[graph.lane_path(edge)[0]], edge))
        for number, edge in enumerate(in_order):
            exits[edge] = middles[start] + round((number - (len(out) - 1) / 2) * apart)
    return exits
