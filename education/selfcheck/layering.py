"""Boxes and the arrows between them, put on a page: in layers, each below what leads to it. Plain Python.

Arrows that cross several layers run through places kept free for them; all that lead to one box share these.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

Edge = tuple[int, int]
Point = tuple[int, int]

MARGIN = 24
BESIDE = 28
BELOW = 76
# Wider than this, a printed page cannot be read.
WIDEST = 1200
# How wide a place is that is kept free for arrows.
LANE = 12
EXITS_APART = 40
SWEEPS = 8


@dataclass(frozen=True)
class Size:
    """The size of a box, in pixels."""

    width: int
    height: int


@dataclass(frozen=True)
class Arrangement:
    """Where each box has its upper left corner, the points of each arrow, and how large it all is.

    The first two points of an arrow leave its box, and every further pair crosses a layer in a straight line.
    `backward` arrows lead to a box that stands above, or to their own: these have the two ends only.
    """

    corners: tuple[Point, ...]
    arrows: Mapping[Edge, tuple[Point, ...]]
    backward: frozenset[Edge]
    width: int
    height: int


@dataclass
class _Page:
    """The boxes, and behind them in number the lanes: the layer of each, and what it is tied to."""

    widths: list[int]
    layer: list[int]
    above: defaultdict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    below: defaultdict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    lanes: dict[tuple[int, int], int] = field(default_factory=dict)

    def run(self, edge: Edge) -> list[int]:
        """The lanes of an arrow and the box it leads to, each one layer below the one before."""
        start, end = edge
        return [*(self.lanes[end, row] for row in range(self.layer[start] + 1, self.layer[end])), end]

    def lay(self, edges: Iterable[Edge]) -> None:
        """Make the lanes that these arrows need, and tie what follows each other."""
        ties: set[Edge] = set()
        for start, end in edges:
            for row in range(self.layer[start] + 1, self.layer[end]):
                if (end, row) not in self.lanes:
                    self.lanes[end, row] = len(self.layer)
                    self.layer.append(row)
                    self.widths.append(LANE)
            steps = [start, *self.run((start, end))]
            ties.update(pairwise(steps))
        for upper, lower in sorted(ties):
            self.below[upper].append(lower)
            self.above[lower].append(upper)

    def rows(self) -> list[list[int]]:
        """What stands in each layer, in the order it came."""
        rows: list[list[int]] = [[] for _row in range(max(self.layer, default=-1) + 1)]
        for one, row in enumerate(self.layer):
            rows[row].append(one)
        return rows


def arrange(sizes: Sequence[Size], edges: Iterable[Edge]) -> Arrangement:
    """Put boxes of these `sizes` on a page; the first is where everything begins. Any graph will do."""
    wanted = list(dict.fromkeys(edges))
    backward = _backward(len(sizes), wanted)
    forward = [edge for edge in wanted if edge not in backward]
    page = _Page([size.width for size in sizes], _narrowed(_layers(len(sizes), forward), forward, sizes))
    page.lay(forward)
    rows = _ordered(page)
    middles = _middles(page, rows)
    tops, bottoms = _heights(rows, sizes)
    corners = tuple((middles[one] - size.width // 2, tops[page.layer[one]]) for one, size in enumerate(sizes))
    exits = _exits(page, forward, sizes, middles)
    arrows: dict[Edge, tuple[Point, ...]] = {}
    for edge in forward:
        row = page.layer[edge[0]]
        points = [(exits[edge], tops[row] + sizes[edge[0]].height), (exits[edge], bottoms[row])]
        *lanes, end = page.run(edge)
        for lane in lanes:
            row = page.layer[lane]
            points += [(middles[lane], tops[row]), (middles[lane], bottoms[row])]
        arrows[edge] = (*points, (middles[end], tops[page.layer[end]]))
    for start, end in backward:
        ends = ((corners[one], sizes[one]) for one in (start, end))
        arrows[start, end] = tuple((x + size.width, y + size.height // 2) for (x, y), size in ends)
    right = max((x + size.width for (x, _y), size in zip(corners, sizes, strict=True)), default=0)
    lane_right = max(middles, default=0)
    # A backward arrow bulges to the right of everything.
    width = max(right, lane_right) + MARGIN * (4 if backward else 1)
    return Arrangement(corners, arrows, frozenset(backward), width, max(bottoms, default=0) + MARGIN)


def _backward(count: int, edges: Sequence[Edge]) -> set[Edge]:
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


def _layers(count: int, edges: Sequence[Edge]) -> list[int]:
    """For each box how many arrows the longest way to it has."""
    layer = [0] * count
    waits = [0] * count
    onward: dict[int, list[int]] = defaultdict(list)
    for start, end in edges:
        onward[start].append(end)
        waits[end] += 1
    todo = [one for one in range(count) if not waits[one]]
    while todo:
        one = todo.pop()
        for after in onward[one]:
            layer[after] = max(layer[after], layer[one] + 1)
            waits[after] -= 1
            if not waits[after]:
                todo.append(after)
    return layer


def _narrowed(layer: list[int], edges: Sequence[Edge], sizes: Sequence[Size]) -> list[int]:
    """The same layers, but where one is too wide, boxes that lead nowhere stand further down."""
    leading = {start for start, _end in edges}
    row = 0
    while row <= max(layer, default=-1):
        here = [one for one, at in enumerate(layer) if at == row]
        width = sum(sizes[one].width + BESIDE for one in here)
        for one in [one for one in here[1:] if one not in leading][::-1]:
            if width > WIDEST:
                layer[one] += 1
                width -= sizes[one].width + BESIDE
        row += 1
    return layer


def _ordered(page: _Page) -> list[list[int]]:
    """Each layer in the order that lets few arrows cross: all near the middle of what it is tied to."""
    rows = page.rows()
    place = {one: float(at) for row in rows for at, one in enumerate(row)}

    def middle(one: int, ties: Mapping[int, list[int]]) -> float:
        near = [place[other] for other in ties.get(one, ())]
        return sum(near) / len(near) if near else place[one]

    for sweep in range(SWEEPS):
        ties, order = (page.above, rows) if sweep % 2 == 0 else (page.below, rows[::-1])
        for row in order:
            wanted = {one: middle(one, ties) for one in row}
            row.sort(key=lambda one: (wanted[one], place[one]))
            place.update((one, float(at)) for at, one in enumerate(row))
    return rows


def _middles(page: _Page, rows: Sequence[Sequence[int]]) -> list[int]:
    """Where the middle of everything is: as near below what leads to it as the others in its layer allow.

    What nothing leads to stands on the left, so that a small screen shows where everything begins.
    """
    middles = [0.0] * len(page.layer)
    for row in rows:
        near = [[middles[other] for other in page.above[one]] for one in row]
        _place(page, row, middles, [sum(some) / len(some) if some else 0.0 for some in near])
    return [round(middle) + MARGIN for middle in middles]


def _place(page: _Page, row: Sequence[int], middles: list[float], wanted: Sequence[float]) -> None:
    """Give a row the middles nearest to those `wanted` (least squares) at which nothing overlaps."""
    offsets, at = [], 0.0
    for before, one in zip([None, *row], row, strict=False):
        if before is not None:
            at += (page.widths[before] + page.widths[one]) / 2 + BESIDE
        offsets.append(at)
    # Neighbors that would overlap become one block, which stands at the mean of what they want.
    blocks: list[tuple[float, int]] = []
    for want, offset in zip(wanted, offsets, strict=True):
        mean, size = want - offset, 1
        while blocks and blocks[-1][0] > mean:
            other, more = blocks.pop()
            mean, size = (mean * size + other * more) / (size + more), size + more
        blocks.append((mean, size))
    leftmost = page.widths[row[0]] / 2
    means = [max(mean, leftmost) for mean, size in blocks for _one in range(size)]
    for one, mean, offset in zip(row, means, offsets, strict=True):
        middles[one] = mean + offset


def _heights(rows: Sequence[Sequence[int]], sizes: Sequence[Size]) -> tuple[list[int], list[int]]:
    """Where each layer begins and ends."""
    tops, bottoms, y = [], [], MARGIN
    for row in rows:
        tops.append(y)
        y += max((sizes[one].height for one in row if one < len(sizes)), default=0)
        bottoms.append(y)
        y += BELOW
    return tops, bottoms


def _exits(
    page: _Page, edges: Sequence[Edge], sizes: Sequence[Size], middles: Sequence[int]
) -> dict[Edge, int]:
    """Where each arrow leaves its box: side by side, in the order of where they go next."""
    leaving: dict[int, list[Edge]] = defaultdict(list)
    for edge in edges:
        leaving[edge[0]].append(edge)
    exits = {}
    for start, out in leaving.items():
        apart = min(EXITS_APART, sizes[start].width // len(out))
        in_order = sorted(out, key=lambda edge: (middles[page.run(edge)[0]], edge))
        for number, edge in enumerate(in_order):
            exits[edge] = middles[start] + round((number - (len(out) - 1) / 2) * apart)
    return exits
