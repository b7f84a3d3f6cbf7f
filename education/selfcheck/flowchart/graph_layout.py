"""Layered (Sugiyama) layout of a directed graph: each box in a layer below all that lead to it.

Plain Python. An edge that crosses layers runs through a dummy node in each of them; all edges to
the same box share these. Why no library: docs/decisions/0036-flowchart-layout.md.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from graphlib import TopologicalSorter
from itertools import accumulate, pairwise
from statistics import fmean

Edge = tuple[int, int]
Point = tuple[int, int]

# All in pixels.
MARGIN = 24
NODE_GAP = 28
LAYER_GAP = 76
# A printed page wider than this is too small to read.
MAX_WIDTH = 1200
DUMMY_WIDTH = 12
PORT_GAP = 40
# Room on the right for the curves of backward edges.
BACKWARD_MARGIN = 96

SWEEPS = 8


@dataclass(frozen=True)
class Size:
    """The size of a box, in pixels."""

    width: int
    height: int


@dataclass(frozen=True)
class GraphLayout:
    """The upper left corner of each box, the points of each edge, and the size of the drawing.

    The first two points of an edge leave its box, every further pair crosses a layer in a straight
    line, and the last point is on the target. A `backward` edge leads to a box above it or to its
    own box, and has its two ends only.
    """

    corners: tuple[Point, ...]
    edges: Mapping[Edge, tuple[Point, ...]]
    backward: frozenset[Edge]
    width: int
    height: int


@dataclass
class _LayeredGraph:
    """Nodes are numbered: first the boxes, then the dummy nodes. Every link joins two layers that
    are next to each other.
    """

    widths: list[int]
    layer_of: list[int]
    above: defaultdict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    below: defaultdict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    # By the target of the edges, and the layer.
    dummies: dict[tuple[int, int], int] = field(default_factory=dict)

    def add_edges(self, edges: Iterable[Edge]) -> None:
        links: set[Edge] = set()
        for source, target in edges:
            for layer in range(self.layer_of[source] + 1, self.layer_of[target]):
                if (target, layer) not in self.dummies:
                    self.dummies[target, layer] = len(self.layer_of)
                    self.layer_of.append(layer)
                    self.widths.append(DUMMY_WIDTH)
            links.update(pairwise([source, *self.path_below((source, target))]))
        for upper, lower in sorted(links):
            self.below[upper].append(lower)
            self.above[lower].append(upper)

    def path_below(self, edge: Edge) -> list[int]:
        """The dummy nodes of an edge and its target, one for each layer below its source."""
        source, target = edge
        between = range(self.layer_of[source] + 1, self.layer_of[target])
        return [*(self.dummies[target, layer] for layer in between), target]

    def layers(self) -> list[list[int]]:
        """The nodes of each layer, by number."""
        layers: list[list[int]] = [[] for _layer in range(max(self.layer_of, default=-1) + 1)]
        for node, layer in enumerate(self.layer_of):
            layers[layer].append(node)
        return layers


def layout_graph(sizes: Sequence[Size], edges: Iterable[Edge]) -> GraphLayout:
    """Lay out boxes of these `sizes`, numbered from 0, where everything begins; cycles are fine."""
    distinct = list(dict.fromkeys(edges))
    backward = _feedback_edges(len(sizes), distinct)
    forward = [edge for edge in distinct if edge not in backward]
    layer_of = _limit_width(_assign_layers(len(sizes), forward), forward, sizes)
    graph = _LayeredGraph([size.width for size in sizes], layer_of)
    graph.add_edges(forward)
    layers = _reduce_crossings(graph)
    centers = _x_centers(graph, layers)
    tops, bottoms = _y_ranges(layers, sizes)
    corners = tuple(
        (centers[node] - size.width // 2, tops[graph.layer_of[node]])
        for node, size in enumerate(sizes)
    )
    ports = _edge_ports(graph, forward, sizes, centers)
    points: dict[Edge, tuple[Point, ...]] = {}
    for source, target in forward:
        port, layer = ports[source, target], graph.layer_of[source]
        way = [(port, tops[layer] + sizes[source].height), (port, bottoms[layer])]
        *dummies, _target = graph.path_below((source, target))
        for dummy in dummies:
            layer = graph.layer_of[dummy]
            way += [(centers[dummy], tops[layer]), (centers[dummy], bottoms[layer])]
        points[source, target] = (*way, (centers[target], tops[graph.layer_of[target]]))
    for source, target in backward:
        points[source, target] = tuple(
            (corners[end][0] + sizes[end].width, corners[end][1] + sizes[end].height // 2)
            for end in (source, target)
        )
    right = max((x + size.width for (x, _y), size in zip(corners, sizes, strict=True)), default=0)
    width = max(right, *centers, 0) + (BACKWARD_MARGIN if backward else MARGIN)
    return GraphLayout(
        corners, points, frozenset(backward), width, max(bottoms, default=0) + MARGIN
    )


def _targets_by_source(edges: Iterable[Edge]) -> dict[int, list[int]]:
    targets: defaultdict[int, list[int]] = defaultdict(list)
    for source, target in edges:
        targets[source].append(target)
    return targets


def _feedback_edges(count: int, edges: Sequence[Edge]) -> set[Edge]:
    """The edges whose removal leaves no cycle: those that a depth-first search finds closing one.

    A stack of its own, for a chain of questions may be longer than Python recurses.
    """
    targets = _targets_by_source(edges)
    backward: set[Edge] = set()
    done, on_path = set[int](), set[int]()
    for root in range(count):
        stack = [] if root in done else [(root, iter(targets.get(root, ())))]
        on_path.update(node for node, _rest in stack)
        while stack:
            node, rest = stack[-1]
            target = next(rest, None)
            if target is None:
                stack.pop()
                on_path.discard(node)
                done.add(node)
            elif target in on_path:
                backward.add((node, target))
            elif target not in done:
                on_path.add(target)
                stack.append((target, iter(targets.get(target, ()))))
    return backward


def _assign_layers(count: int, edges: Iterable[Edge]) -> list[int]:
    """For each box the number of edges on the longest path to it."""
    sources: dict[int, list[int]] = {node: [] for node in range(count)}
    for source, target in edges:
        sources[target].append(source)
    layer_of = [0] * count
    for node in TopologicalSorter(sources).static_order():
        layer_of[node] = max((layer_of[source] + 1 for source in sources[node]), default=0)
    return layer_of


def _limit_width(layer_of: list[int], edges: Iterable[Edge], sizes: Sequence[Size]) -> list[int]:
    """The same layers, but where one is too wide, boxes that lead nowhere move further down."""
    sources = {source for source, _target in edges}
    layer = 0
    while layer <= max(layer_of, default=-1):
        nodes = [node for node, at in enumerate(layer_of) if at == layer]
        width = sum(sizes[node].width + NODE_GAP for node in nodes)
        for node in reversed([node for node in nodes[1:] if node not in sources]):
            if width > MAX_WIDTH:
                layer_of[node] += 1
                width -= sizes[node].width + NODE_GAP
        layer += 1
    return layer_of


def _reduce_crossings(graph: _LayeredGraph) -> list[list[int]]:
    """The nodes of each layer in an order with few crossings (barycenter heuristic)."""
    layers = graph.layers()
    position = {node: at for layer in layers for at, node in enumerate(layer)}
    for sweep in range(SWEEPS):
        links, order = (graph.below, layers[::-1]) if sweep % 2 else (graph.above, layers)
        for layer in order:
            barycenter = {
                node: fmean(position[other] for other in links.get(node, [node])) for node in layer
            }
            layer.sort(key=lambda node: (barycenter[node], position[node]))
            position.update((node, at) for at, node in enumerate(layer))
    return layers


def _x_centers(graph: _LayeredGraph, layers: Iterable[Sequence[int]]) -> list[int]:
    """The horizontal center of each node: as near below its sources as its layer allows.

    What nothing leads to stays on the left, so that a small screen shows where everything begins.
    """
    centers = [0.0] * len(graph.layer_of)
    for layer in layers:
        wanted = [fmean([centers[other] for other in graph.above[node]] or [0.0]) for node in layer]
        widths = [graph.widths[node] for node in layer]
        for node, center in zip(layer, _place_in_row(widths, wanted), strict=True):
            centers[node] = center
    return [round(center) + MARGIN for center in centers]


def _place_in_row(widths: Sequence[int], wanted: Sequence[float]) -> list[float]:
    """The centers nearest to those `wanted` (least squares) at which nothing overlaps."""
    gaps = [(left + right) / 2 + NODE_GAP for left, right in pairwise(widths)]
    offsets = list(accumulate(gaps, initial=0.0))
    # Isotonic regression by pooling: neighbors that would overlap become one block, which stands
    # at the mean of what its members want.
    blocks: list[tuple[float, int]] = []
    for center, offset in zip(wanted, offsets, strict=True):
        mean, size = center - offset, 1
        while blocks and blocks[-1][0] > mean:
            left_mean, left_size = blocks.pop()
            mean = (mean * size + left_mean * left_size) / (size + left_size)
            size += left_size
        blocks.append((mean, size))
    means = [max(mean, widths[0] / 2) for mean, size in blocks for _member in range(size)]
    return [mean + offset for mean, offset in zip(means, offsets, strict=True)]


def _y_ranges(
    layers: Iterable[Sequence[int]], sizes: Sequence[Size]
) -> tuple[list[int], list[int]]:
    """The top and the bottom of each layer."""
    tops, bottoms, y = [], [], MARGIN
    for layer in layers:
        tops.append(y)
        y += max((sizes[node].height for node in layer if node < len(sizes)), default=0)
        bottoms.append(y)
        y += LAYER_GAP
    return tops, bottoms


def _edge_ports(
    graph: _LayeredGraph, edges: Iterable[Edge], sizes: Sequence[Size], centers: Sequence[int]
) -> dict[Edge, int]:
    """Where each edge leaves its box: side by side, in the order of where they go next."""
    ports = {}
    for source, targets in _targets_by_source(edges).items():
        gap = min(PORT_GAP, sizes[source].width // len(targets))
        leaving = [(source, target) for target in targets]
        leaving.sort(key=lambda edge: (centers[graph.path_below(edge)[0]], edge))
        for number, edge in enumerate(leaving):
            ports[edge] = centers[source] + round((number - (len(leaving) - 1) / 2) * gap)
    return ports
