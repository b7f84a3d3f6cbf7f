"""A flow as a drawing of boxes and arrows that marks what is wrong. It takes unfinished flows.

Everything in it is also in its `description`, in words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Literal

from django.utils.translation import ngettext

from education.publishing.content import Path
from education.selfcheck.flow import Flow
from education.selfcheck.flowchart.description import (
    FlowDescription,
    OutcomeDescription,
    QuestionDescription,
    Target,
    describe_flow,
)
from education.selfcheck.flowchart.graph_layout import Edge, GraphLayout, Point, Size, layout_graph

# All in pixels.
QUESTION_WIDTH, OUTCOME_WIDTH = 560, 260
PADDING, LINE_HEIGHT = 16, 20
# The average letter at 14 pixels, in the widest of the fonts that browsers choose.
CHAR_WIDTH, BOLD_CHAR_WIDTH = 8.0, 9.0

LineKind = Literal["key", "choice", "next-step", "problem", "level"]
MAX_LINES: Mapping[LineKind, int] = {
    "key": 4,
    "choice": 2,
    "next-step": 2,
    "problem": 1,
    "level": 1,
}
BOLD: set[LineKind] = {"key", "level", "problem"}
INDENTED: set[LineKind] = {"next-step", "level"}
INDENT_CHARS = 3


@dataclass(frozen=True)
class TextLine:
    """A line of text in a box; `y` is the distance of its baseline from the top of the box."""

    kind: LineKind
    text: str
    y: int


@dataclass(frozen=True)
class Node:
    """A question or an outcome as it is drawn."""

    description: QuestionDescription | OutcomeDescription
    is_outcome: bool
    x: int
    y: int
    width: int
    height: int
    lines: tuple[TextLine, ...]

    @property
    def label(self) -> str:
        """The accessible name of the box."""
        text = f"{self.description.name}: {self.description.text}"
        if isinstance(self.description, OutcomeDescription):
            text = f"{text} ({self.description.level})"
        if self.description.problems:
            text = f"{text}. {_problem_count(self.description.problems)}"
        return text


@dataclass(frozen=True)
class EdgeLine:
    """An arrow as an SVG path; `route` is the position of the first route that it stands for."""

    path: str
    is_backward: bool
    start: Point
    question: QuestionDescription
    route: int

    @property
    def target(self) -> Target:
        return self.question.routes[self.route].target


@dataclass(frozen=True)
class Flowchart:
    """Boxes and arrows, and the size of the drawing in pixels."""

    description: FlowDescription
    nodes: tuple[Node, ...]
    edges: tuple[EdgeLine, ...]
    width: int
    height: int


def build_flowchart(flow: Flow, problems: Mapping[Path, Sequence[str]]) -> Flowchart:
    """Draw `flow`, however unfinished; see `describe_flow` for `problems`."""
    description = describe_flow(flow, problems)
    parts: list[QuestionDescription | OutcomeDescription] = [
        *description.questions,
        *description.outcomes,
    ]
    lines = [tuple(_text_lines(part)) for part in parts]
    sizes = [
        Size(_width(part), 2 * PADDING + LINE_HEIGHT * len(text))
        for part, text in zip(parts, lines, strict=True)
    ]
    routes = _first_routes(description)
    layout = layout_graph(sizes, routes)
    nodes = tuple(
        Node(part, isinstance(part, OutcomeDescription), *corner, size.width, size.height, text)
        for part, corner, size, text in zip(parts, layout.corners, sizes, lines, strict=True)
    )
    edges = tuple(
        EdgeLine(
            _svg_path(layout, edge),
            edge in layout.backward,
            points[0],
            description.questions[edge[0]],
            routes[edge],
        )
        for edge, points in layout.edges.items()
    )
    return Flowchart(description, nodes, edges, layout.width, layout.height)


def _first_routes(description: FlowDescription) -> dict[Edge, int]:
    """The arrows between boxes, numbered questions first, each with the first route it stands for.

    One arrow stands for all routes from a question to the same target.
    """
    routes: dict[Edge, int] = {}
    for question in description.questions:
        for number, route in enumerate(question.routes):
            if route.target.position is not None:
                offset = len(description.questions) if route.target.kind == "outcome" else 0
                routes.setdefault((question.position, route.target.position + offset), number)
    return routes


def _problem_count(problems: Sequence[str]) -> str:
    return ngettext("{number} problem", "{number} problems", len(problems)).format(
        number=len(problems)
    )


def _width(part: QuestionDescription | OutcomeDescription) -> int:
    return OUTCOME_WIDTH if isinstance(part, OutcomeDescription) else QUESTION_WIDTH


def _text_lines(part: QuestionDescription | OutcomeDescription) -> Iterator[TextLine]:
    """The text of a box, broken into lines that fit."""
    texts: list[tuple[LineKind, str]] = []
    if part.problems:
        texts.append(("problem", f"! {_problem_count(part.problems)}"))
    if isinstance(part, OutcomeDescription):
        texts.append(("level", part.level))
    texts.append(("key", f"{part.name}: {part.text}"))
    if isinstance(part, QuestionDescription):
        for choice in part.choices:
            texts.append(("choice", f"• {choice.text}"))
            texts += [("next-step", str(next_step)) for next_step in choice.next_steps]
    lines = _wrap_lines(texts, _width(part) - 2 * PADDING)
    for number, (kind, line) in enumerate(lines, start=1):
        yield TextLine(kind, line, PADDING + number * LINE_HEIGHT - LINE_HEIGHT // 4)


def _wrap_lines(texts: Sequence[tuple[LineKind, str]], width: int) -> list[tuple[LineKind, str]]:
    """Lines of at most `width` pixels; a next step follows its choice on one line if it fits."""
    lines: list[tuple[LineKind, str]] = []
    for kind, text in texts:
        max_chars = int(width / (BOLD_CHAR_WIDTH if kind in BOLD else CHAR_WIDTH))
        if kind == "next-step" and lines[-1][0] == "choice":
            choice = lines[-1][1]
            if len(choice) + len(text) < max_chars:
                lines[-1] = ("choice", f"{choice} {text}")
                continue
        indent = INDENT_CHARS if kind in INDENTED else 0
        wrapped = wrap(text, max_chars - indent, max_lines=MAX_LINES[kind], placeholder=" …")
        lines += [(kind, line) for line in wrapped]
    return lines


def _svg_path(layout: GraphLayout, edge: Edge) -> str:
    """Straight through each layer, and in a curve from one to the next; backward in one curve."""
    points = layout.edges[edge]
    x, y = points[0]
    if edge in layout.backward:
        to_x, to_y = points[1]
        right = layout.width - PADDING // 2
        return f"M {x} {y} C {right} {y} {right} {to_y} {to_x} {to_y}"
    commands = [f"M {x} {y}"]
    for number, (to_x, to_y) in enumerate(points[1:], start=1):
        if number % 2:
            commands.append(f"L {to_x} {to_y}")
        else:
            middle = (y + to_y) // 2
            commands.append(f"C {x} {middle} {to_x} {middle} {to_x} {to_y}")
        x, y = to_x, to_y
    return " ".join(commands)
