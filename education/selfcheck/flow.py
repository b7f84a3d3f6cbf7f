"""A branching questionnaire as data, and the walk of answers through it. Plain Python, no Django.

A flow asks questions. What a person chooses affirms urgencies; routes lead on by what was chosen, or by the
highest urgency affirmed so far, and by nothing else. So everything that can happen is a walk on the graph of
question x highest urgency, which is small: what `proof` finds to hold on that graph holds for every person.

Urgencies are whole numbers here, 0 for "nothing affirmed"; the flow says which number is an emergency.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

MOST_CHOICES = 9
NO, NOT_SURE = "no", "not-sure"
MOST_QUESTIONS = 12


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
    why: str = ""

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

    def understood(self, chosen: frozenset[str]) -> frozenset[str]:
        """What is meant by ticking "I'm not sure" too: what is ticked besides, unless doubt is more urgent.

        So neither a sign nor a doubt is lost, and nobody has to take a tick off to go on. "None of these" and
        a sign contradict each other: that is left as it is, and refused.
        """
        known = [self.by_key[key] for key in chosen if key in self.by_key]
        unsure = frozenset(choice.key for choice in known if choice.answer == NOT_SURE)
        signs = frozenset(choice.key for choice in known if not choice.exclusive)
        contradicts = bool(signs) and any(choice.answer == NO for choice in known)
        if not self.several or not unsure or contradicts or len(known) != len(chosen):
            return chosen
        return signs if signs and self.affirmed(signs) >= self.affirmed(unsure) else unsure

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
    title: str = ""


@dataclass(frozen=True)
class Flow:
    """Questions, the first of which comes first; outcomes; and the warning signs that must all be asked.

    `diagnoses` are the names of causes, none of which it may name; nobody may be asked more than
    `most_questions`.
    """

    questions: tuple[Question, ...]
    outcomes: tuple[Outcome, ...]
    signs: Mapping[str, int]
    emergency: int
    diagnoses: Collection[str] = ()
    most_questions: int = MOST_QUESTIONS

    @cached_property
    def question(self) -> dict[str, Question]:
        """The questions by key."""
        return {question.key: question for question in self.questions}

    @cached_property
    def outcome(self) -> dict[str, Outcome]:
        """The outcomes by key."""
        return {outcome.key: outcome for outcome in self.outcomes}

    def doubts_emergency(self, question: Question, chosen: frozenset[str]) -> bool:
        """Whether this answer says "I'm not sure" about an emergency sign."""
        return any(choice.affirms >= self.emergency for choice in question.choices) and any(
            question.by_key[key].answer == NOT_SURE for key in chosen
        )

    @cached_property
    def in_doubt(self) -> frozenset[str]:
        """The outcomes milder than an emergency to which doubt about an emergency sign leads straight."""
        found = {
            question.leads_to(chosen, max(highest, question.affirmed(chosen)))
            for question in self.questions
            for chosen in (frozenset([choice.key]) for choice in question.choices)
            if self.doubts_emergency(question, chosen)
            for highest in range(self.emergency)
        }
        return frozenset(
            key for key in found if key in self.outcome and self.outcome[key].urgency < self.emergency
        )


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


def ends_in_doubt(flow: Flow, walked: Walk) -> bool:
    """Whether a walk ended milder than an emergency though an emergency sign may be there."""
    return (
        walked.outcome is not None
        and walked.outcome.urgency < flow.emergency
        and any(flow.doubts_emergency(step.question, step.chosen) for step in walked.steps)
    )


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
