"""A flow in words, question by question, and where each choice leads. It may be unfinished."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from django.utils.translation import gettext as _

from education.publishing.content import Path
from education.selfcheck.flow import MAX_CHOICES, Flow, Question, Route, not_sure_level
from education.selfcheck.flow_names import choice_name, outcome_name, plain_text
from education.selfcheck.safety.state_graph import StateGraph
from education.urgency import Urgency


def row_name(part: str, position: int) -> str:
    """What a question or result is called: by its number."""
    name = _("Question {number}") if part == "questions" else _("Result {number}")
    return name.format(number=position + 1)


@dataclass(frozen=True)
class Target:
    """Where a route leads: a key, and the position of that question or outcome; None if there is
    none.
    """

    key: str
    kind: Literal["question", "outcome"] = "question"
    position: int | None = None
    name: str = ""

    def __str__(self) -> str:
        if self.position is not None:
            return self.name
        if self.key:
            return _("nowhere yet (there is no “{key}”)").format(key=self.key)
        return _("nowhere yet")


@dataclass(frozen=True)
class NextStep:
    """Where a choice leads, and from which urgency on; without a condition in the usual case."""

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

    @property
    def name(self) -> str:
        """What staff call it."""
        return row_name("questions", self.position)


@dataclass(frozen=True)
class OutcomeDescription:
    """An outcome in words; without an urgency until one is chosen."""

    position: int
    key: str
    text: str
    urgency: Urgency | None
    problems: tuple[str, ...]

    @property
    def name(self) -> str:
        """What staff call it."""
        return row_name("outcomes", self.position)

    @property
    def level(self) -> str:
        return str(self.urgency.labels.label) if self.urgency else _("No urgency yet")


@dataclass(frozen=True)
class FlowDescription:
    """Everything in a flow, in words."""

    questions: tuple[QuestionDescription, ...]
    outcomes: tuple[OutcomeDescription, ...]


def describe_flow(flow: Flow, problems: Mapping[Path, Sequence[str]]) -> FlowDescription:
    """Describe `flow`; `problems` are sentences by ("questions" or "outcomes", position)."""
    describer = _FlowDescriber(flow)
    return FlowDescription(
        tuple(
            QuestionDescription(
                position,
                question.key,
                plain_text(question.text),
                tuple(describer.choices(question)),
                tuple(describer.route(question, route) for route in question.routes),
                tuple(problems.get(("questions", position), ())),
            )
            for position, question in enumerate(flow.questions)
        ),
        tuple(
            OutcomeDescription(
                position,
                outcome.key,
                plain_text(outcome.title),
                _to_urgency(outcome.urgency),
                tuple(problems.get(("outcomes", position), ())),
            )
            for position, outcome in enumerate(flow.outcomes)
        ),
    )


@dataclass(frozen=True)
class _FlowDescriber:
    flow: Flow

    @cached_property
    def _targets(self) -> dict[str, Target]:
        """Everything that a route can lead to; of two with one key the question that comes last."""
        outcomes = (
            Target(end.key, "outcome", at, outcome_name(self.flow, end.key))
            for at, end in enumerate(self.flow.outcomes)
        )
        questions = (
            Target(one.key, "question", at, row_name("questions", at))
            for at, one in enumerate(self.flow.questions)
        )
        return {target.key: target for target in (*outcomes, *questions) if target.key}

    def _target(self, key: str) -> Target:
        return self._targets.get(key, Target(key))

    @cached_property
    def _levels_before(self) -> Mapping[str, set[float]]:
        """For each question that can be reached, the highest urgencies that people bring to it.

        Empty for a flow without questions, or with so many choices that the proof refuses it, too.
        """
        levels: defaultdict[str, set[float]] = defaultdict(set)
        largest = max((len(question.choices) for question in self.flow.questions), default=None)
        if largest is not None and largest <= MAX_CHOICES:
            for state in StateGraph(self.flow).transitions_from:
                levels[state.key].add(state.highest)
        return levels

    def choices(self, question: Question) -> Iterator[ChoiceDescription]:
        """The choices, then the combinations of them that count for more."""
        for choice in question.choices:
            text = choice_name(question, choice)
            yield ChoiceDescription(text, self._next_steps(question, frozenset([choice.key])))
        for combination in question.combinations:
            chosen = frozenset(
                choice.key for choice in question.choices if choice.sign in combination.signs
            )
            text = _("Together ({level}): {text}").format(
                level=_urgency_label(combination.affirms), text=plain_text(combination.text)
            )
            yield ChoiceDescription(text, self._next_steps(question, chosen))

    def _next_steps(self, question: Question, chosen: frozenset[str]) -> tuple[NextStep, ...]:
        """Where an answer leads, from the lowest urgency that people bring to it to the highest."""
        before = self._levels_before.get(question.key, {0})
        steps: list[NextStep] = []
        for highest in sorted({self.flow.highest_after(at, question, chosen) for at in before}):
            target = self._target(question.next_key(chosen, highest))
            if not steps:
                steps.append(NextStep(target))
            elif steps[-1].target != target:
                condition = _("if so far at least: {level}").format(level=_urgency_label(highest))
                steps.append(NextStep(target, condition))
        return tuple(steps)

    def route(self, question: Question, route: Route) -> RouteDescription:
        conditions = []
        if route.choice:
            choice = question.choices_by_key.get(route.choice)
            text = choice_name(question, choice) if choice else route.choice
            conditions.append(_("when “{choice}” was chosen").format(choice=text))
        if route.at_least:
            level = _urgency_label(route.at_least)
            conditions.append(_("when so far at least: {level}").format(level=level))
        return RouteDescription(
            _(" and ").join(conditions) or _("else"), self._target(route.target)
        )


def _to_urgency(level: float) -> Urgency | None:
    return Urgency(int(level)) if level in set(Urgency) else None


def _urgency_label(level: float) -> str:
    urgency = _to_urgency(level)
    if level == not_sure_level(Urgency.EMERGENCY):
        return _("not sure about an emergency")
    return str(urgency.labels.label) if urgency else str(level)
