"""A flow as a drawing: boxes with their words, arrows, and what is wrong. It draws unfinished flows, too.

What a drawing shows can also be read as a list: `parts_of` gives all of it in words.
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
from education.selfcheck.flow import Choice, Flow, Question, Route, in_doubt
from education.selfcheck.layering import Arrangement, Point, Size, arrange
from education.urgency import Urgency

QUESTION_WIDTH, OUTCOME_WIDTH = 560, 260
PADDING, LINE_HEIGHT = 16, 20
# How wide a letter is at 14 pixels, on average, in the widest of the fonts that browsers choose.
LETTER, BOLD_LETTER = 8.0, 9.0
MOST_LINES = {"key": 4, "choice": 2, "way": 2, "problem": 1, "level": 1}

# How many letters the lines stand in that are set in.
INDENT = 3
BOLD = {"key", "level", "problem"}

LineKind = Literal["key", "choice", "way", "problem", "level"]


@dataclass(frozen=True)
class Target:
    """Where a way leads: the key, and the place of that question or outcome; None when there is none."""

    key: str
    kind: Literal["question", "outcome"] = "question"
    place: int | None = None

    def __str__(self) -> str:
        if self.place is not None:
            return self.key
        return _("nowhere yet (there is no “{key}”)").format(key=self.key) if self.key else _("nowhere yet")


@dataclass(frozen=True)
class Onward:
    """Where a choice leads, from a certain urgency so far on; an empty condition is the usual case."""

    target: Target
    condition: str = ""

    def __str__(self) -> str:
        return f"→ {self.target} ({self.condition})" if self.condition else f"→ {self.target}"


@dataclass(frozen=True)
class ChoicePart:
    """A choice in words, and where it leads when nothing else is chosen with it."""

    text: str
    onward: tuple[Onward, ...]


@dataclass(frozen=True)
class WayPart:
    """A route in words: when it is taken, and where it leads."""

    condition: str
    target: Target


@dataclass(frozen=True)
class QuestionPart:
    """A question in words."""

    place: int
    key: str
    text: str
    choices: tuple[ChoicePart, ...]
    ways: tuple[WayPart, ...]
    problems: tuple[str, ...]


@dataclass(frozen=True)
class OutcomePart:
    """An outcome in words; without an urgency while none was chosen."""

    place: int
    key: str
    text: str
    urgency: Urgency | None
    problems: tuple[str, ...]

    @property
    def level(self) -> str:
        """How urgent it is, in words."""
        return str(self.urgency.labels.label) if self.urgency else _("No urgency yet")


@dataclass(frozen=True)
class Parts:
    """Everything in a flow, in words."""

    questions: tuple[QuestionPart, ...]
    outcomes: tuple[OutcomePart, ...]


@dataclass(frozen=True)
class TextLine:
    """A line of words in a box: what sort, and how far down."""

    kind: LineKind
    text: str
    y: int


@dataclass(frozen=True)
class Box:
    """A question or an outcome as it is drawn."""

    part: QuestionPart | OutcomePart
    is_outcome: bool
    x: int
    y: int
    width: int
    height: int
    lines: tuple[TextLine, ...]

    @property
    def name(self) -> str:
        """What the link of the box is called, with the number of its problems."""
        words = f"{self.part.key}: {self.part.text}"
        if isinstance(self.part, OutcomePart):
            words = f"{words} ({self.part.level})"
        return f"{words}. {_marked(self.part.problems)}" if self.part.problems else words


@dataclass(frozen=True)
class Arrow:
    """An arrow as the path of an SVG, where it leaves its box, and the first route that it stands for."""

    path: str
    backward: bool
    start: Point
    question: QuestionPart
    route: int

    @property
    def target(self) -> Target:
        """Where it leads."""
        return self.question.ways[self.route].target


@dataclass(frozen=True)
class Drawing:
    """Boxes and arrows on a page of this size, in pixels."""

    parts: Parts
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    width: int
    height: int


def parts_of(flow: Flow, problems: Mapping[Path, Sequence[str]]) -> Parts:
    """`flow` in words. `problems`: sentences, by ("questions", place) or ("outcomes", place)."""
    before = _urgencies_before(flow)
    targets = {outcome.key: Target(outcome.key, "outcome", at) for at, outcome in enumerate(flow.outcomes)}
    targets |= {
        question.key: Target(question.key, "question", at) for at, question in enumerate(flow.questions)
    }
    targets.pop("", None)
    questions = tuple(
        QuestionPart(
            at,
            question.key,
            _plain(question.text),
            tuple(_choices(flow, question, before, targets)),
            tuple(_way(question, route, targets) for route in question.routes),
            tuple(problems.get(("questions", at), ())),
        )
        for at, question in enumerate(flow.questions)
    )
    outcomes = tuple(
        OutcomePart(
            at,
            outcome.key,
            _plain(outcome.title),
            _urgency(outcome.urgency),
            tuple(problems.get(("outcomes", at), ())),
        )
        for at, outcome in enumerate(flow.outcomes)
    )
    return Parts(questions, outcomes)


def draw(flow: Flow, problems: Mapping[Path, Sequence[str]]) -> Drawing:
    """The drawing of `flow`, however unfinished; see `parts_of` for `problems`."""
    parts = parts_of(flow, problems)
    shown: list[QuestionPart | OutcomePart] = [*parts.questions, *parts.outcomes]
    lines = [tuple(_lines(part)) for part in shown]
    sizes = [
        Size(_width(part), 2 * PADDING + LINE_HEIGHT * len(text))
        for part, text in zip(shown, lines, strict=True)
    ]
    # The first route from a question to each of its targets: one arrow stands for all of them.
    routes: dict[tuple[int, int], int] = {}
    for question in parts.questions:
        for number, way in enumerate(question.ways):
            if way.target.place is not None:
                behind = len(parts.questions) if way.target.kind == "outcome" else 0
                routes.setdefault((question.place, way.target.place + behind), number)
    arranged = arrange(sizes, routes)
    boxes = tuple(
        Box(part, isinstance(part, OutcomePart), *corner, size.width, size.height, text)
        for part, corner, size, text in zip(shown, arranged.corners, sizes, lines, strict=True)
    )
    arrows = tuple(
        Arrow(
            _path(arranged, edge),
            edge in arranged.backward,
            points[0],
            parts.questions[edge[0]],
            routes[edge],
        )
        for edge, points in arranged.arrows.items()
    )
    return Drawing(parts, boxes, arrows, arranged.width, arranged.height)


def _plain(text: str) -> str:
    with suppress(markdown.MarkdownLimitError):
        return markdown.plain_text(text, inline=True)
    return text


def _urgency(level: float) -> Urgency | None:
    return Urgency(int(level)) if level in set(Urgency) else None


def _label(level: float) -> str:
    urgency = _urgency(level)
    if level == in_doubt(Urgency.EMERGENCY):
        return _("not sure about an emergency")
    return str(urgency.labels.label) if urgency else str(level)


def _urgencies_before(flow: Flow) -> Mapping[str, set[float]]:
    """For each question the highest urgencies that people can bring to it; perhaps some that nobody does."""
    before: defaultdict[str, set[float]] = defaultdict(set)
    todo = [(flow.questions[0].key, 0.0)] if flow.questions else []
    while todo:
        key, highest = todo.pop()
        if key not in flow.question or highest in before[key]:
            continue
        before[key].add(highest)
        question = flow.question[key]
        for choice in question.choices:
            after = flow.reached(highest, question, frozenset([choice.key]))
            todo += [(to, after) for to in _possible(question, choice, after)]
        for one in question.combinations:
            todo += [(route.to, max(highest, one.affirms)) for route in question.routes]
            todo += [(route.to, max(highest, flow.in_doubt)) for route in question.routes]
    return before


def _possible(question: Question, choice: Choice, highest: float) -> Iterator[str]:
    """Where an answer with this choice can lead, whatever else is chosen with it."""
    for route in question.routes:
        fits = not route.choice or route.choice == choice.key or question.several
        if fits and highest >= route.at_least:
            yield route.to
            if not route.choice or route.choice == choice.key:
                return


def _choices(
    flow: Flow, question: Question, before: Mapping[str, set[float]], targets: Mapping[str, Target]
) -> Iterator[ChoicePart]:
    """The choices, and the combinations of them that count for more."""
    for choice in question.choices:
        chosen = frozenset([choice.key])
        onward = _onward(flow, question, chosen, before, targets)
        yield ChoicePart(_plain(choice.text) or choice.sign or choice.key, onward)
    for one in question.combinations:
        chosen = frozenset(choice.key for choice in question.choices if choice.sign in one.signs)
        onward = _onward(flow, question, chosen, before, targets)
        words = _("Together ({level}): {text}").format(level=_label(one.affirms), text=_plain(one.text))
        yield ChoicePart(words, onward)


def _onward(
    flow: Flow,
    question: Question,
    chosen: frozenset[str],
    before: Mapping[str, set[float]],
    targets: Mapping[str, Target],
) -> tuple[Onward, ...]:
    found: list[Onward] = []
    for highest in sorted({flow.reached(level, question, chosen) for level in before.get(question.key, {0})}):
        key = question.leads_to(chosen, highest)
        target = targets.get(key, Target(key))
        if not found or found[-1].target != target:
            words = _("if so far at least: {level}").format(level=_label(highest)) if found else ""
            found.append(Onward(target, words))
    return tuple(found)


def _way(question: Question, route: Route, targets: Mapping[str, Target]) -> WayPart:
    conditions = []
    if route.choice:
        choice = question.by_key.get(route.choice)
        # S6: a choice without words is called by what else it has.
        words = (choice and (_plain(choice.text) or choice.sign)) or route.choice
        conditions.append(_("when “{choice}” was chosen").format(choice=words))
    if route.at_least:
        conditions.append(_("when so far at least: {level}").format(level=_label(route.at_least)))
    return WayPart(_(" and ").join(conditions) or _("else"), targets.get(route.to, Target(route.to)))


def _marked(problems: Sequence[str]) -> str:
    return ngettext("{number} problem", "{number} problems", len(problems)).format(number=len(problems))


def _width(part: QuestionPart | OutcomePart) -> int:
    return OUTCOME_WIDTH if isinstance(part, OutcomePart) else QUESTION_WIDTH


def _lines(part: QuestionPart | OutcomePart) -> Iterator[TextLine]:
    """The words of a box, broken into lines that fit."""
    texts: list[tuple[LineKind, str]] = []
    if part.problems:
        texts.append(("problem", f"! {_marked(part.problems)}"))
    if isinstance(part, OutcomePart):
        texts += [("level", part.level), ("key", f"{part.key}: {part.text}")]
    else:
        texts.append(("key", f"{part.key}: {part.text}"))
        for choice in part.choices:
            texts.append(("choice", f"• {choice.text}"))
            texts += [("way", str(onward)) for onward in choice.onward]
    y = PADDING
    for kind, line in _broken(texts, _width(part) - 2 * PADDING):
        y += LINE_HEIGHT
        yield TextLine(kind, line, y - LINE_HEIGHT // 4)


def _broken(texts: Sequence[tuple[LineKind, str]], width: int) -> list[tuple[LineKind, str]]:
    """Texts in lines of at most this width; a way stands behind its choice where there is room."""
    lines: list[tuple[LineKind, str]] = []
    for kind, text in texts:
        letters = int(width / (BOLD_LETTER if kind in BOLD else LETTER))
        if kind == "way" and lines[-1][0] == "choice" and len(lines[-1][1]) + len(text) < letters:
            lines[-1] = ("choice", f"{lines[-1][1]} {text}")
            continue
        room = letters - (INDENT if kind in {"way", "level"} else 0)
        broken = wrap(text, room, max_lines=MOST_LINES[kind], placeholder=" …")
        lines += [(kind, line) for line in broken]
    return lines


def _path(arranged: Arrangement, edge: tuple[int, int]) -> str:
    points = arranged.arrows[edge]
    if edge in arranged.backward:
        (x, y), (to_x, to_y) = points
        beside = arranged.width - PADDING // 2
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
