"""A branching questionnaire as data, and the proof that it is safe on every path. Plain Python, no Django.

A flow asks questions. What a person chooses affirms urgencies; routes lead on by what was chosen, or by the
highest urgency affirmed so far, and by nothing else. So everything that can happen is a walk on the graph of
question x highest urgency, which is small: what holds on that graph holds for every person.

Urgencies are whole numbers here, 0 for "nothing affirmed"; the flow says which number is an emergency.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

MOST_CHOICES = 9


@dataclass(frozen=True)
class Choice:
    """Something to choose: the urgency that it affirms (0: none), and the warning sign it stands for, if any.

    `answer` is "no" for "None of these", "not-sure" for "I'm not sure", and empty for all others. Those two
    stand alone: neither can be chosen together with anything else.
    """

    key: str
    text: str
    affirms: int = 0
    sign: str = ""
    answer: str = ""

    @property
    def exclusive(self) -> bool:
        """Whether nothing else can be chosen with it."""
        return bool(self.answer)


@dataclass(frozen=True)
class Route:
    """A way on: taken when `choice` was chosen (empty: any) and at least `at_least` was affirmed so far."""

    to: str
    choice: str = ""
    at_least: int = 0


@dataclass(frozen=True)
class Question:
    """A question and its choices, one or several of which are chosen; the first fitting route is taken."""

    key: str
    text: str
    choices: tuple[Choice, ...]
    routes: tuple[Route, ...]
    several: bool = False

    @cached_property
    def by_key(self) -> dict[str, Choice]:
        """The choices by key."""
        return {choice.key: choice for choice in self.choices}

    def accepts(self, chosen: frozenset[str]) -> bool:
        """Whether these keys are an answer to this question."""
        known = [self.by_key[key] for key in chosen if key in self.by_key]
        if not chosen or len(known) != len(chosen):
            return False
        return len(chosen) == 1 or (self.several and not any(choice.exclusive for choice in known))

    def affirmed(self, chosen: frozenset[str]) -> int:
        """The highest urgency that an answer affirms."""
        return max((self.by_key[key].affirms for key in chosen), default=0)

    def leads_to(self, chosen: frozenset[str], highest: int) -> str:
        """The key of what comes after this answer; empty when no route fits."""
        for route in self.routes:
            if (not route.choice or route.choice in chosen) and highest >= route.at_least:
                return route.to
        return ""

    def answers(self) -> Iterator[frozenset[str]]:
        """Every answer that this question accepts."""
        for choice in self.choices:
            yield frozenset([choice.key])
        if self.several:
            free = [choice.key for choice in self.choices if not choice.exclusive]
            for size in range(2, len(free) + 1):
                yield from map(frozenset, combinations(free, size))


@dataclass(frozen=True)
class Outcome:
    """Where a flow ends: how urgent it is, what to do now, when, and what would change the plan."""

    key: str
    urgency: int
    do_now: str
    when: str
    safety_net: str


@dataclass(frozen=True)
class Flow:
    """Questions, the first of which comes first; outcomes; and the warning signs that must all be asked."""

    questions: tuple[Question, ...]
    outcomes: tuple[Outcome, ...]
    signs: Mapping[str, int]
    emergency: int

    @cached_property
    def question(self) -> dict[str, Question]:
        """The questions by key."""
        return {question.key: question for question in self.questions}

    @cached_property
    def outcome(self) -> dict[str, Outcome]:
        """The outcomes by key."""
        return {outcome.key: outcome for outcome in self.outcomes}


Answers = Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Step:
    """A question that was answered on a walk, and how."""

    question: Question
    chosen: frozenset[str]


@dataclass(frozen=True)
class Walk:
    """A replay of answers from the start: the steps taken, and where it stands.

    It stands at an outcome, or at a question: one still to be answered, or one whose answer does not fit
    (`refused`). Answers to questions that are not on the way are left aside.
    """

    steps: tuple[Step, ...]
    highest: int
    question: Question | None = None
    outcome: Outcome | None = None
    refused: bool = False


def walk(flow: Flow, answers: Answers) -> Walk:
    """Replay `answers` from the first question on. It always ends: no question comes twice."""
    steps: list[Step] = []
    highest, key, seen = 0, flow.questions[0].key, set[str]()
    while key in flow.question and key not in seen:
        seen.add(key)
        question = flow.question[key]
        chosen = answers.get(key)
        if chosen is None or not question.accepts(chosen):
            return Walk(tuple(steps), highest, question=question, refused=chosen is not None)
        steps.append(Step(question, chosen))
        highest = max(highest, question.affirmed(chosen))
        key = question.leads_to(chosen, highest)
    outcome = flow.outcome.get(key)
    if outcome is None or outcome.urgency < highest:
        # No published flow gets here. Should one, the reader is asked again, never told something milder.
        return Walk(tuple(steps[:-1]), highest, question=steps[-1].question, refused=True)
    return Walk(tuple(steps), highest, outcome=outcome)


@dataclass(frozen=True)
class FlowProblem:
    """Why a flow is not safe: the rule it breaks, where, and a path there as (question, answer) pairs."""

    rule: str
    where: str
    detail: str = ""
    path: tuple[tuple[str, frozenset[str]], ...] = ()


@dataclass(frozen=True)
class State:
    """Standing before a question with the highest urgency affirmed so far."""

    question: str
    highest: int


@dataclass(frozen=True)
class Arrival:
    """An answer given in a state, and what it led to."""

    state: State
    chosen: frozenset[str]
    highest: int
    to: str


class Graph:
    """Everything that can happen in a flow: its states, how each is first reached, and all arrivals."""

    def __init__(self, flow: Flow, without: str = ""):
        self.flow = flow
        self.came: dict[State, Arrival | None] = {}
        self.arrivals: list[Arrival] = []
        if not flow.questions or flow.questions[0].key == without:
            return
        start = State(flow.questions[0].key, 0)
        self.came[start] = None
        todo = deque([start])
        while todo:
            state = todo.popleft()
            for arrival in _arrivals(flow.question[state.question], state):
                self.arrivals.append(arrival)
                after = State(arrival.to, arrival.highest)
                if arrival.to in flow.question and arrival.to != without and after not in self.came:
                    self.came[after] = arrival
                    todo.append(after)

    def path(self, arrival: Arrival) -> tuple[tuple[str, frozenset[str]], ...]:
        """The answers that lead from the start through `arrival`."""
        steps = []
        last: Arrival | None = arrival
        while last is not None:
            steps.append((last.state.question, last.chosen))
            last = self.came[last.state]
        return tuple(reversed(steps))


def _arrivals(question: Question, state: State) -> list[Arrival]:
    """What can come of `state`, once for each different thing that can."""
    found: dict[tuple[int, str], Arrival] = {}
    for chosen in question.answers():
        highest = max(state.highest, question.affirmed(chosen))
        to = question.leads_to(chosen, highest)
        found.setdefault((highest, to), Arrival(state, chosen, highest, to))
    return list(found.values())


def problems(flow: Flow) -> list[FlowProblem]:
    """Everything that makes `flow` unsafe, rule by rule; an empty list is the proof that it is safe."""
    if found := list(malformed(flow)):
        return found
    graph = Graph(flow)
    return [problem for rule in RULES for problem in rule(flow, graph)]


def malformed(flow: Flow) -> Iterator[FlowProblem]:
    """What must hold before the graph can be walked at all: some question, keys that differ, few choices."""
    if not flow.questions:
        yield FlowProblem("no-questions", "")
    keys = [question.key for question in flow.questions] + [outcome.key for outcome in flow.outcomes]
    for key in sorted({key for key in keys if keys.count(key) > 1}):
        yield FlowProblem("key-twice", key)
    for question in flow.questions:
        if len(question.by_key) != len(question.choices):
            yield FlowProblem("choice-twice", question.key)
        if not question.choices:
            yield FlowProblem("no-choices", question.key)
        elif len(question.choices) > MOST_CHOICES:
            yield FlowProblem("too-many-choices", question.key, str(MOST_CHOICES))


def dangling_target(flow: Flow, graph: Graph) -> Iterator[FlowProblem]:
    """A route leads to something that does not exist, or waits for a choice that does not."""
    for question in flow.questions:
        for route in question.routes:
            if route.to not in flow.question and route.to not in flow.outcome:
                yield FlowProblem("dangling-target", question.key, route.to)
            if route.choice and route.choice not in question.by_key:
                yield FlowProblem("dangling-choice", question.key, route.choice)


def missing_target(flow: Flow, graph: Graph) -> Iterator[FlowProblem]:
    """Some answer leads nowhere, because no route fits it."""
    lost = {arrival.state.question: arrival for arrival in reversed(graph.arrivals) if not arrival.to}
    for question, arrival in lost.items():
        yield FlowProblem("missing-target", question, path=graph.path(arrival))


def unreachable(flow: Flow, graph: Graph) -> Iterator[FlowProblem]:
    """A question that nobody is ever asked, or an outcome that nobody ever gets."""
    asked = {state.question for state in graph.came}
    reached = {arrival.to for arrival in graph.arrivals}
    for key in (question.key for question in flow.questions if question.key not in asked):
        yield FlowProblem("unreachable-question", key)
    for key in (outcome.key for outcome in flow.outcomes if outcome.key not in reached):
        yield FlowProblem("unreachable-outcome", key)


def cycle(flow: Flow, graph: Graph) -> Iterator[FlowProblem]:
    """A question whose routes can lead back to it, whether or not any answers take them all."""
    onward = {q.key: {route.to for route in q.routes if route.to in flow.question} for q in flow.questions}
    for start in onward:
        seen: set[str] = set()
        todo = onward[start]
        while todo := todo - seen:
            seen |= todo
            todo = {key for near in todo for key in onward[near]}
        if start in seen:
            yield FlowProblem("cycle", start)


def _worst(flow: Flow, question: Question) -> int:
    """The urgency of the most urgent warning sign that `question` asks; 0 when it asks none."""
    return max((flow.signs.get(choice.sign, 0) for choice in question.choices), default=0)


def skips_graver_signs(flow: Flow, graph: Graph) -> Iterator[FlowProblem]:
    """A path reaches an outcome past a question about graver signs, emergency or one step below it."""
    for question in flow.questions:
        if (worst := _worst(flow, question)) < max(1, flow.emergency - 1):
            continue
        around = Graph(flow, without=question.key)
        ends = [arrival for arrival in around.arrivals if arrival.to in flow.outcome]
        if past := next((end for end in ends if flow.outcome[end.to].urgency < worst), None):
            yield FlowProblem("skips-signs", past.to, question.key, around.path(past))


def asks_an_emergency_first(flow: Flow, graph: Graph) -> Iterator[FlowProblem]:
    """The first question is not about emergency signs, although the checklist has some."""
    if flow.emergency in flow.signs.values() and _worst(flow, flow.questions[0]) < flow.emergency:
        yield FlowProblem("emergency-not-first", flow.questions[0].key)


def milder(flow: Flow, graph: Graph) -> Iterator[FlowProblem]:
    """An outcome is milder than what was affirmed on some path into it."""
    ends = [arrival for arrival in reversed(graph.arrivals) if arrival.to in flow.outcome]
    worse = {end.to: end for end in ends if flow.outcome[end.to].urgency < end.highest}
    for key, arrival in worse.items():
        yield FlowProblem("milder", key, path=graph.path(arrival))


def careless_outcome(flow: Flow, graph: Graph) -> Iterator[FlowProblem]:
    """An outcome does not say how urgent it is, what to do, when, or what would change the plan."""
    for outcome in flow.outcomes:
        if not 0 < outcome.urgency <= flow.emergency:
            yield FlowProblem("outcome-without", outcome.key, "urgency")
        for part in (part for part in ("do_now", "when", "safety_net") if not getattr(outcome, part).strip()):
            yield FlowProblem("outcome-without", outcome.key, part)


def sign_never_asked(flow: Flow, graph: Graph) -> Iterator[FlowProblem]:
    """A warning sign of the checklist is asked nowhere, or a choice stands for a sign that there is not."""
    asked = {choice.sign: question for question in flow.questions for choice in question.choices}
    for sign in (sign for sign in flow.signs if sign not in asked):
        yield FlowProblem("sign-never-asked", sign)
    for sign, question in asked.items():
        if sign and sign not in flow.signs:
            yield FlowProblem("unknown-sign", question.key, sign)


def understated_sign(flow: Flow, graph: Graph) -> Iterator[FlowProblem]:
    """A choice affirms less than the warning sign that it stands for."""
    for question in flow.questions:
        for choice in (one for one in question.choices if one.affirms < flow.signs.get(one.sign, 0)):
            yield FlowProblem("understated-sign", question.key, choice.key)


def no_honest_way_out(flow: Flow, graph: Graph) -> Iterator[FlowProblem]:
    """A question where one cannot say "I'm not sure", or, among warning signs, "None of these"."""
    for question in flow.questions:
        answers = {choice.answer for choice in question.choices}
        if "not-sure" not in answers:
            yield FlowProblem("no-not-sure", question.key)
        if any(choice.sign for choice in question.choices) and "no" not in answers:
            yield FlowProblem("no-none-of-these", question.key)


def doubt_counts_for_too_little(flow: Flow, graph: Graph) -> Iterator[FlowProblem]:
    """Among warning signs, "I'm not sure" affirms nothing, or is two steps below the gravest of them."""
    for question in flow.questions:
        least = max(1, _worst(flow, question) - 1) if any(c.sign for c in question.choices) else 0
        for choice in question.choices:
            if choice.answer == "not-sure" and choice.affirms < least:
                yield FlowProblem("doubt-counts-for-too-little", question.key, choice.key)


def one_sign_hides_another(flow: Flow, graph: Graph) -> Iterator[FlowProblem]:
    """Several warning signs of which only one can be chosen: the more urgent one may stay unsaid."""
    for question in flow.questions:
        alone = [not question.several or choice.exclusive for choice in question.choices if choice.sign]
        if len(alone) > 1 and any(alone):
            yield FlowProblem("one-sign-hides-another", question.key)


RULES = (
    dangling_target,
    missing_target,
    unreachable,
    cycle,
    skips_graver_signs,
    asks_an_emergency_first,
    milder,
    careless_outcome,
    sign_never_asked,
    understated_sign,
    no_honest_way_out,
    doubt_counts_for_too_little,
    one_sign_hides_another,
)
