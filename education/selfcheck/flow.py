"""A branching questionnaire as data, and the walk of answers through it. Plain Python, no Django.

A flow asks questions. What a person chooses affirms urgencies; routes lead on by what was chosen,
or by the highest urgency affirmed so far, and by nothing else. So everything that can happen is a
walk on the graph of question x highest urgency, which is small: what `safety.rules` proves on that
graph holds for every person.

Urgencies are whole numbers here, 0 for "nothing affirmed"; the flow says which number is an
emergency. Not to be sure whether there is an emergency is half a step below it: so it is remembered
on the way like any other urgency. An outcome is urgent enough for that when it is one step below an
emergency.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property

MAX_CHOICES = 16
NO, NOT_SURE = "no", "not-sure"
MAX_QUESTIONS = 12


def not_sure_level(emergency: int) -> float:
    """The urgency of not being sure whether there is an emergency, for the number of
    an emergency.
    """
    return emergency - 0.5


@dataclass(frozen=True)
class Choice:
    """Something to choose: the urgency that it affirms (0: none), and the warning sign it stands
    for, if any.

    `answer` is "no" for "None of these", "not-sure" for "I'm not sure", and empty for all others.
    Those two stand alone: neither can be chosen together with anything else.
    """

    key: str
    text: str
    affirms: int = 0
    sign: str = ""
    answer: str = ""

    @property
    def is_exclusive(self) -> bool:
        """Whether nothing else can be chosen with it."""
        return bool(self.answer)


@dataclass(frozen=True)
class Combination:
    """Warning signs that affirm more when all of them are chosen than each by itself.

    `affirms_in_part` is what is affirmed by some of them with "I'm not sure" about the rest.
    """

    key: str
    text: str
    signs: frozenset[str]
    affirms: int
    affirms_in_part: int


@dataclass(frozen=True)
class Route:
    """A way on: taken when `choice` was chosen (empty: any) and at least `at_least` was affirmed so
    far.
    """

    target: str
    choice: str = ""
    at_least: float = 0


@dataclass(frozen=True)
class Question:
    """A question and its choices, one or several of which are chosen; the first fitting route is
    taken.

    `combinations`: those of the checklist that have a sign among the choices.
    """

    key: str
    text: str
    choices: tuple[Choice, ...]
    routes: tuple[Route, ...]
    several: bool = False
    why: str = ""
    combinations: tuple[Combination, ...] = ()

    @cached_property
    def choices_by_key(self) -> dict[str, Choice]:
        """The choices by key."""
        return {choice.key: choice for choice in self.choices}

    def is_valid_answer(self, chosen: frozenset[str]) -> bool:
        """Whether these keys are an answer to this question."""
        known = [self.choices_by_key[key] for key in chosen if key in self.choices_by_key]
        if not chosen or len(known) != len(chosen):
            return False
        alone = [choice for choice in known if choice.is_exclusive]
        if len(chosen) == 1 or not self.several or not alone:
            return len(chosen) == 1 or self.several
        return [choice.answer for choice in alone] == [NOT_SURE] and self._leaves_doubt(chosen)

    def resolve_not_sure(self, chosen: frozenset[str]) -> frozenset[str]:
        """What is meant by ticking "I'm not sure" too: what is ticked besides, unless doubt is more
        urgent.

        Where the rest of a combination is in doubt, both count. So neither a sign nor a doubt is
        lost, and nobody has to take a tick off to go on. "None of these" and a sign contradict each
        other: that is left as it is, and refused.
        """
        known = [self.choices_by_key[key] for key in chosen if key in self.choices_by_key]
        unsure = frozenset(choice.key for choice in known if choice.answer == NOT_SURE)
        signs = frozenset(choice.key for choice in known if not choice.is_exclusive)
        contradicts = bool(signs) and any(choice.answer == NO for choice in known)
        if not self.several or not unsure or contradicts or len(known) != len(chosen):
            return chosen
        if len(unsure) == 1 and self._leaves_doubt(signs | unsure):
            return signs | unsure
        return signs if signs and self.urgency_of(signs) >= self.urgency_of(unsure) else unsure

    def urgency_of(self, chosen: frozenset[str]) -> int:
        """The highest urgency that an answer affirms."""
        counted = [self.choices_by_key[key].affirms for key in chosen]
        if not self.combinations:
            return max(counted, default=0)
        signs = self.chosen_signs(chosen)
        counted += [one.affirms for one in self.combinations if one.signs <= signs]
        if any(self.choices_by_key[key].answer == NOT_SURE for key in chosen):
            counted += [one.affirms_in_part for one in self._partial_combinations(signs)]
        return max(counted, default=0)

    def doubted_urgency_of(self, chosen: frozenset[str]) -> int:
        """How urgent it may be what an answer leaves in doubt; 0 when it leaves
        nothing in doubt.
        """
        if not any(self.choices_by_key[key].answer == NOT_SURE for key in chosen):
            return 0
        together = (one.affirms for one in self._partial_combinations(self.chosen_signs(chosen)))
        return max(*(choice.affirms for choice in self.choices), *together, 0)

    def met_combinations(self, chosen: frozenset[str]) -> tuple[Combination, ...]:
        """The combinations whose signs were all chosen."""
        signs = self.chosen_signs(chosen)
        return tuple(one for one in self.combinations if one.signs <= signs)

    def _leaves_doubt(self, chosen: frozenset[str]) -> bool:
        """Whether some ticked sign and one in doubt may together be more urgent than all that is
        ticked.
        """
        ticked = frozenset(key for key in chosen if not self.choices_by_key[key].is_exclusive)
        doubted = [one.affirms for one in self._partial_combinations(self.chosen_signs(ticked))]
        return max(doubted, default=0) > self.urgency_of(ticked)

    def chosen_signs(self, chosen: frozenset[str]) -> frozenset[str]:
        """The keys of the warning signs among the keys of choices."""
        named = (self.choices_by_key[key] for key in chosen)
        return frozenset(choice.sign for choice in named if choice.sign and not choice.is_exclusive)

    def _partial_combinations(self, signs: frozenset[str]) -> list[Combination]:
        return [one for one in self.combinations if one.signs & signs and not one.signs <= signs]

    def next_key(self, chosen: frozenset[str], highest: float) -> str:
        """The key of what comes after this answer; empty when no route fits."""
        for route in self.routes:
            if (not route.choice or route.choice in chosen) and highest >= route.at_least:
                return route.target
        return ""


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
    """Questions, the first of which comes first; outcomes; and the warning signs that must all be
    asked.

    `diagnoses` are the names of causes, none of which it may name; nobody may be asked more than
    `max_questions`.
    """

    questions: tuple[Question, ...]
    outcomes: tuple[Outcome, ...]
    signs: Mapping[str, int]
    emergency: int
    diagnoses: Collection[str] = ()
    max_questions: int = MAX_QUESTIONS

    @cached_property
    def questions_by_key(self) -> dict[str, Question]:
        """The questions by key."""
        return {question.key: question for question in self.questions}

    @cached_property
    def outcomes_by_key(self) -> dict[str, Outcome]:
        """The outcomes by key."""
        return {outcome.key: outcome for outcome in self.outcomes}

    @property
    def not_sure_level(self) -> float:
        """The urgency of not being sure whether there is an emergency."""
        return not_sure_level(self.emergency)

    def highest_after(self, highest: float, question: Question, chosen: frozenset[str]) -> float:
        """The highest urgency so far after this answer; `highest`: that before it."""
        doubted = (
            self.not_sure_level if question.doubted_urgency_of(chosen) >= self.emergency else 0
        )
        return max(highest, question.urgency_of(chosen), doubted)

    @cached_property
    def combinations(self) -> tuple[Combination, ...]:
        """All combinations of the checklist of which some sign is asked, each once."""
        return tuple(
            dict.fromkeys(one for question in self.questions for one in question.combinations)
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

    It stands at an outcome, or at a question: one still to be answered, or one whose answer does
    not fit (`is_refused`). Answers to questions that are not on the way are left aside.
    """

    steps: tuple[Step, ...]
    highest: float
    question: Question | None = None
    outcome: Outcome | None = None
    is_refused: bool = False


def is_unsure_about_emergency(flow: Flow, walked: Walk) -> bool:
    """Whether a walk ended milder than an emergency though an emergency sign may be there."""
    return (
        walked.outcome is not None
        and walked.outcome.urgency < flow.emergency
        and walked.highest >= flow.not_sure_level
    )


def walk(flow: Flow, answers: Answers) -> Walk:
    """Replay `answers` from the first question on. It always ends: no question comes twice."""
    steps: list[Step] = []
    highest, key, seen = 0.0, flow.questions[0].key, set[str]()
    while key in flow.questions_by_key and key not in seen:
        seen.add(key)
        question = flow.questions_by_key[key]
        chosen = answers.get(key)
        if chosen is None or not question.is_valid_answer(chosen):
            return Walk(tuple(steps), highest, question=question, is_refused=chosen is not None)
        steps.append(Step(question, chosen))
        highest = flow.highest_after(highest, question, chosen)
        key = question.next_key(chosen, highest)
    outcome = flow.outcomes_by_key.get(key)
    if outcome is None or outcome.urgency < int(highest):
        # No published flow gets here. Should one, the reader is asked again, never told something
        # milder.
        return Walk(tuple(steps[:-1]), highest, question=steps[-1].question, is_refused=True)
    return Walk(tuple(steps), highest, outcome=outcome)
