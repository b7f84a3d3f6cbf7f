"""A flow as a drawing: boxes with their words, arrows, and what is wrong. It draws unfinished
flows, too.

What a drawing shows can also be read as a list: `describe_flow` gives all of it in words.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from textwrap import wrap
from typing import Literal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from education import markdown
from education.publishing.content import Path
from education.selfcheck.flow import Choice, Flow, Question, Route, not_sure_level
from education.selfcheck.graph_layout import GraphLayout, Point, Size, layout_graph
from education.urgency import Urgency

QUESTION_WIDTH, OUTCOME_WIDTH = 560, 260
PADDING, LINE_HEIGHT = 16, 20
# How wide a letter is at 14 pixels, on average, in the widest of the fonts that browsers choose.
CHAR_WIDTH, BOLD_CHAR_WIDTH = 8.0, 9.0
MAX_LINES = {"key": 4, "choice": 2, "way": 2, "problem": 1, "level": 1}

# How many letters the lines stand in that are set in.
INDENT_CHARS = 3
BOLD = {"key", "level", "problem"}

LineKind = Literal["key", "choice", "way", "problem", "level"]


@dataclass(frozen=True)
class Target:
    """Where a way leads: the key, and the place of that question or outcome; None when there is
    none.
    """

    key: str
    kind: Literal["question", "outcome"] = "question"
    position: int | None = None

    def __str__(self) -> str:
        if self.position is not None:
            return self.key
        return (
            _("nowhere yet (there is no “{key}”)").format(key=self.key)
            if self.key
            else _("nowhere yet")
        )


@dataclass(frozen=True)
class NextStep:
    """Where a choice leads, from a certain urgency so far on; an empty condition is
    the usual case.
    """

    target: Target
    condition: str = ""

    def __str__(self) -> str:
        return f"→ {self.target} ({self.condition})" if self.condition else f"→ {self.target}"


@dataclass(frozen=True)
class ChoiceDescription:
    """A choice in words, and where it leads when nothing else is chosen with it."""

    text: str
    next_steps: tuple[NextStep, ...]


@dataclass(frozen=True)
class RouteDescription:
    """A route in words: when it is taken, and where it leads."""

    condition: str
    target: Target


@dataclass(frozen=True)
class QuestionDescription:
    """A question in words."""

    position: int
    key: str
    text: str
    choices: tuple[ChoiceDescription, ...]
    routes: tuple[RouteDescription, ...]
    problems: tuple[str, ...]


@dataclass(frozen=True)
class OutcomeDescription:
    """An outcome in words; without an urgency while none was chosen."""

    position: int
    key: str
    text: str
    urgency: Urgency | None
    problems: tuple[str, ...]

    @property
    def level(self) -> str:
        """How urgent it is, in words."""
        return str(self.urgency.labels.label) if self.urgency else _("No urgency yet")


@dataclass(frozen=True)
class FlowDescription:
    """Everything in a flow, in words."""

    questions: tuple[QuestionDescription, ...]
    outcomes: tuple[OutcomeDescription, ...]


@dataclass(frozen=True)
class TextLine:
    """A line of words in a box: what sort, and how far down."""

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
        """What the link of the box is called, with the number of its problems."""
        text = f"{self.description.key}: {self.description.text}"
        if isinstance(self.description, OutcomeDescription):
            text = f"{text} ({self.description.level})"
        return (
            f"{text}. {_problem_count(self.description.problems)}"
            if self.description.problems
            else text
        )


@dataclass(frozen=True)
class EdgeLine:
    """An arrow as the path of an SVG, where it leaves its box, and the first route that it stands
    for.
    """

    path: str
    is_backward: bool
    start: Point
    question: QuestionDescription
    route: int

    @property
    def target(self) -> Target:
        """Where it leads."""
        return self.question.routes[self.route].target


@dataclass(frozen=True)
class Flowchart:
    """Boxes and arrows on a page of this size, in pixels."""

    description: FlowDescription
    nodes: tuple[Node, ...]
    edges: tuple[EdgeLine, ...]
    width: int
    height: int


def describe_flow(flow: Flow, problems: Mapping[Path, Sequence[str]]) -> FlowDescription:
    """`flow` in words. `problems`: sentences, by ("questions", place) or ("outcomes", place)."""
    before = _urgencies_before(flow)
    targets = {
        outcome.key: Target(outcome.key, "outcome", at) for at, outcome in enumerate(flow.outcomes)
    }
    targets |= {
        question.key: Target(question.key, "question", at)
        for at, question in enumerate(flow.questions)
    }
    targets.pop("", None)
    questions = tuple(
        QuestionDescription(
            at,
            question.key,
            _plain_text(question.text),
            tuple(_describe_choices(flow, question, before, targets)),
            tuple(_describe_route(question, route, targets) for route in question.routes),
            tuple(problems.get(("questions", at), ())),
        )
        for at, question in enumerate(flow.questions)
    )
    outcomes = tuple(
        OutcomeDescription(
            at,
            outcome.key,
            _plain_text(outcome.title),
            _to_urgency(outcome.urgency),
            tuple(problems.get(("outcomes", at), ())),
        )
        for at, outcome in enumerate(flow.outcomes)
    )
    return FlowDescription(questions, outcomes)


def build_flowchart(flow: Flow, problems: Mapping[Path, Sequence[str]]) -> Flowchart:
    """The drawing of `flow`, however unfinished; see `describe_flow` for `problems`."""
    description = describe_flow(flow, problems)
    shown: list[QuestionDescription | OutcomeDescription] = [
        *description.questions,
        *description.outcomes,
    ]
    lines = [tuple(_text_lines(part)) for part in shown]
    sizes = [
        Size(_width(part), 2 * PADDING + LINE_HEIGHT * len(text))
        for part, text in zip(shown, lines, strict=True)
    ]
    # The first route from a question to each of its targets: one arrow stands for all of them.
    routes: dict[tuple[int, int], int] = {}
    for question in description.questions:
        for number, way in enumerate(question.routes):
            if way.target.position is not None:
                behind = len(description.questions) if way.target.kind == "outcome" else 0
                routes.setdefault((question.position, way.target.position + behind), number)
    layout = layout_graph(sizes, routes)
    nodes = tuple(
        Node(part, isinstance(part, OutcomeDescription), *corner, size.width, size.height, text)
        for part, corner, size, text in zip(shown, layout.corners, sizes, lines, strict=True)
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


def _plain_text(text: str) -> str:
    with suppress(markdown.MarkdownLimitError):
        return markdown.plain_text(text, inline=True)
    return text


def _to_urgency(level: float) -> Urgency | None:
    return Urgency(int(level)) if level in set(Urgency) else None


def _urgency_label(level: float) -> str:
    urgency = _to_urgency(level)
    if level == not_sure_level(Urgency.EMERGENCY):
        return _("not sure about an emergency")
    return str(urgency.labels.label) if urgency else str(level)


def _urgencies_before(flow: Flow) -> Mapping[str, set[float]]:
    """For each question the highest urgencies that people can bring to it; perhaps some that nobody
    does.
    """
    before: defaultdict[str, set[float]] = defaultdict(set)
    todo = [(flow.questions[0].key, 0.0)] if flow.questions else []
    while todo:
        key, highest = todo.pop()
        if key not in flow.questions_by_key or highest in before[key]:
            continue
        before[key].add(highest)
        question = flow.questions_by_key[key]
        for choice in question.choices:
            after = flow.highest_after(highest, question, frozenset([choice.key]))
            todo += [(to, after) for to in _possible_targets(question, choice, after)]
        for one in question.combinations:
            todo += [(route.target, max(highest, one.affirms)) for route in question.routes]
            todo += [(route.target, max(highest, flow.not_sure_level)) for route in question.routes]
    return before


def _possible_targets(question: Question, choice: Choice, highest: float) -> Iterator[str]:
    """Where an answer with this choice can lead, whatever else is chosen with it."""
    for route in question.routes:
        fits = not route.choice or route.choice == choice.key or question.several
        if fits and highest >= route.at_least:
            yield route.target
            if not route.choice or route.choice == choice.key:
                return


def _describe_choices(
    flow: Flow, question: Question, before: Mapping[str, set[float]], targets: Mapping[str, Target]
) -> Iterator[ChoiceDescription]:
    """The choices, and the combinations of them that count for more."""
    for choice in question.choices:
        chosen = frozenset([choice.key])
        onward = _next_steps(flow, question, chosen, before, targets)
        yield ChoiceDescription(_plain_text(choice.text) or choice.sign or choice.key, onward)
    for one in question.combinations:
        chosen = frozenset(choice.key for choice in question.choices if choice.sign in one.signs)
        onward = _next_steps(flow, question, chosen, before, targets)
        text = _("Together ({level}): {text}").format(
            level=_urgency_label(one.affirms), text=_plain_text(one.text)
        )
        yield ChoiceDescription(text, onward)


def _next_steps(
    flow: Flow,
    question: Question,
    chosen: frozenset[str],
    before: Mapping[str, set[float]],
    targets: Mapping[str, Target],
) -> tuple[NextStep, ...]:
    found: list[NextStep] = []
    for highest in sorted(
        {flow.highest_after(level, question, chosen) for level in before.get(question.key, {0})}
    ):
        key = question.next_key(chosen, highest)
        target = targets.get(key, Target(key))
        if not found or found[-1].target != target:
            condition = (
                _("if so far at least: {level}").format(level=_urgency_label(highest))
                if found
                else ""
            )
            found.append(NextStep(target, condition))
    return tuple(found)


def _describe_route(
    question: Question, route: Route, targets: Mapping[str, Target]
) -> RouteDescription:
    conditions = []
    if route.choice:
        choice = question.choices_by_key.get(route.choice)
        # S6: a choice without words is called by what else it has.
        text = (choice and (_plain_text(choice.text) or choice.sign)) or route.choice
        conditions.append(_("when “{choice}” was chosen").format(choice=text))
    if route.at_least:
        conditions.append(
            _("when so far at least: {level}").format(level=_urgency_label(route.at_least))
        )
    return RouteDescription(
        _(" and ").join(conditions) or _("else"), targets.get(route.target, Target(route.target))
    )


def _problem_count(problems: Sequence[str]) -> str:
    return ngettext("{number} problem", "{number} problems", len(problems)).format(
        number=len(problems)
    )


def _width(part: QuestionDescription | OutcomeDescription) -> int:
    return OUTCOME_WIDTH if isinstance(part, OutcomeDescription) else QUESTION_WIDTH


def _text_lines(part: QuestionDescription | OutcomeDescription) -> Iterator[TextLine]:
    """The words of a box, broken into lines that fit."""
    texts: list[tuple[LineKind, str]] = []
    if part.problems:
        texts.append(("problem", f"! {_problem_count(part.problems)}"))
    if isinstance(part, OutcomeDescription):
        texts += [("level", part.level), ("key", f"{part.key}: {part.text}")]
    else:
        texts.append(("key", f"{part.key}: {part.text}"))
        for choice in part.choices:
            texts.append(("choice", f"• {choice.text}"))
            texts += [("way", str(onward)) for onward in choice.next_steps]
    y = PADDING
    for kind, line in _wrap_lines(texts, _width(part) - 2 * PADDING):
        y += LINE_HEIGHT
        yield TextLine(kind, line, y - LINE_HEIGHT // 4)


def _wrap_lines(texts: Sequence[tuple[LineKind, str]], width: int) -> list[tuple[LineKind, str]]:
    """Texts in lines of at most this width; a way stands behind its choice where there is room."""
    lines: list[tuple[LineKind, str]] = []
    for kind, text in texts:
        letters = int(width / (BOLD_CHAR_WIDTH if kind in BOLD else CHAR_WIDTH))
        if kind == "way" and lines[-1][0] == "choice" and len(lines[-1][1]) + len(text) < letters:
            lines[-1] = ("choice", f"{lines[-1][1]} {text}")
            continue
        room = letters - (INDENT_CHARS if kind in {"way", "level"} else 0)
        broken = wrap(text, room, max_lines=MAX_LINES[kind], placeholder=" …")
        lines += [(kind, line) for line in broken]
    return lines


def _svg_path(layout: GraphLayout, edge: tuple[int, int]) -> str:
    points = layout.edges[edge]
    if edge in layout.backward:
        (x, y), (to_x, to_y) = points
        beside = layout.width - PADDING // 2
        return f"M {x} {y} C {beside} {y} {beside} {to_y} {to_x} {to_y}"
    steps = [f"M {points[0][0]} {points[0][1]}"]
    # Straight through each layer, and in a curve from one to the next.
    for number, (x, y) in enumerate(points[1:], start=1):
        if number % 2:
            steps.append(f"L {x} {y}")
        else:
            before_x, before_y = points[number - 1]
            half = (before_y + y) // 2
            steps.append(f"C {before_x} {half} {x} {half} {x} {y}")
    return " ".join(steps)
