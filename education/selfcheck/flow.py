"""A branching questionnaire as data, and the walk of answers through it. Plain Python, no Django.

A flow asks questions. The choices of an answer affirm urgencies; routes lead on by what was chosen,
or by the highest urgency affirmed so far, and by nothing else. So everything that can happen is a
walk on the graph of question x highest urgency, which is small: what `safety.rules` proves on that
graph holds for every person.

Urgencies are whole numbers here, 0 for "nothing affirmed"; the flow says which number is an
emergency. Being unsure about an emergency is half a step below it, so that a walk remembers it like
any other urgency. An outcome is urgent enough for that when it is one step below an emergency. See
decisions 7, 21 and 31.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property

MAX_CHOICES = 16
NO, NOT_SURE = "no", "not-sure"
MAX_QUESTIONS = 12


def not_sure_level(emergency: int) -> float:
    """The urgency of being unsure about an emergency; `emergency` is the urgency of one."""
    return emergency - 0.5


@dataclass(frozen=True)
class Choice:
    """Something to choose: the urgency that it affirms (0: none), and the key of its warning sign.

    `answer` is "no" for "None of these", "not-sure" for "I'm not sure", and empty for all others.
    """

    key: str
    text: str
    affirms: int = 0
    sign: str = ""
    answer: str = ""

    @property
    def is_exclusive(self) -> bool:
        """Whether it is chosen alone; for an exception see `Question.is_valid_answer`."""
        return bool(self.answer)


@dataclass(frozen=True)
class Combination:
    """Warning signs that affirm more when all of them are chosen than each by itself.

    `affirms_in_part` is what some of them affirm with "I'm not sure" about the rest.
    """

    key: str
    text: str
    signs: frozenset[str]
    affirms: int
    affirms_in_part: int


@dataclass(frozen=True)
class Route:
    """Where to go next if `choice` was chosen (empty: any) and `at_least` was affirmed so far."""

    target: str
    choice: str = ""
    at_least: float = 0


@dataclass(frozen=True)
class Question:
    """A question and its choices, one or `several` of which are chosen; its first fitting route is
    taken.

    `combinations` are those of the checklist that have a sign among the choices.
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
        return {choice.key: choice for choice in self.choices}

    @cached_property
    def combinable_choices(self) -> tuple[Choice, ...]:
        """The choices that can be chosen together, if the question allows `several`."""
        return tuple(choice for choice in self.choices if not choice.is_exclusive)

    @cached_property
    def exclusive_keys(self) -> frozenset[str]:
        return frozenset(choice.key for choice in self.choices if choice.is_exclusive)

    @cached_property
    def not_sure_keys(self) -> frozenset[str]:
        """The keys of the choices "I'm not sure"."""
        return frozenset(choice.key for choice in self.choices if choice.answer == NOT_SURE)

    def chosen_choices(self, chosen: frozenset[str]) -> tuple[Choice, ...]:
        """The choices with these keys, in the order of the question; unknown keys are left out."""
        return tuple(choice for choice in self.choices if choice.key in chosen)

    def is_valid_answer(self, chosen: frozenset[str]) -> bool:
        """Whether these keys are an answer to this question.

        It is one choice, or where `several` are allowed a set without exclusive choices; or with
        one "I'm not sure", where that leaves a combination in doubt.
        """
        if not chosen or not chosen <= self.choices_by_key.keys():
            return False
        if len(chosen) == 1:
            return True
        exclusive = chosen & self.exclusive_keys
        if not self.several or not exclusive:
            return self.several
        is_not_sure = len(exclusive) == 1 and exclusive <= self.not_sure_keys
        return is_not_sure and self._leaves_doubt(chosen)

    def resolve_not_sure(self, chosen: frozenset[str]) -> frozenset[str]:
        """What ticking "I'm not sure" with other choices means: those, unless doubt is more urgent.

        Both count where the rest of a combination is in doubt. So neither a sign nor a doubt is
        lost, and nobody has to untick anything to go on. "None of these" contradicts a sign: that
        is returned as it is, and is no valid answer. See decision 21.
        """
        not_sure, others = chosen & self.not_sure_keys, chosen - self.exclusive_keys
        says_none = bool(chosen & (self.exclusive_keys - self.not_sure_keys))
        is_known = chosen <= self.choices_by_key.keys()
        if not self.several or not not_sure or not is_known or (others and says_none):
            return chosen
        if len(not_sure) == 1 and self._leaves_doubt(others | not_sure):
            return others | not_sure
        if others and self.urgency_of(others) >= self.urgency_of(not_sure):
            return others
        return not_sure

    def urgency_of(self, chosen: frozenset[str]) -> int:
        """The highest urgency that an answer affirms."""
        counted = [self.choices_by_key[key].affirms for key in chosen]
        if not self.combinations:
            return max(counted, default=0)
        signs = self.chosen_signs(chosen)
        counted += [one.affirms for one in self.combinations if one.signs <= signs]
        if chosen & self.not_sure_keys:
            counted += [one.affirms_in_part for one in self._partial_combinations(signs)]
        return max(counted, default=0)

    def doubted_urgency_of(self, chosen: frozenset[str]) -> int:
        """How urgent that may be which an answer leaves in doubt; 0 without "I'm not sure"."""
        if not chosen & self.not_sure_keys:
            return 0
        together = (one.affirms for one in self._partial_combinations(self.chosen_signs(chosen)))
        return max(*(choice.affirms for choice in self.choices), *together, 0)

    def met_combinations(self, chosen: frozenset[str]) -> tuple[Combination, ...]:
        """The combinations whose signs were all chosen."""
        signs = self.chosen_signs(chosen)
        return tuple(one for one in self.combinations if one.signs <= signs)

    def _leaves_doubt(self, chosen: frozenset[str]) -> bool:
        """Whether ticked signs with signs in doubt may be more urgent together than all ticked."""
        ticked = chosen - self.exclusive_keys
        doubted = [one.affirms for one in self._partial_combinations(self.chosen_signs(ticked))]
        return max(doubted, default=0) > self.urgency_of(ticked)

    def chosen_signs(self, chosen: frozenset[str]) -> frozenset[str]:
        """The keys of the warning signs that choices with these keys stand for."""
        named = (self.choices_by_key[key] for key in chosen)
        return frozenset(choice.sign for choice in named if choice.sign and not choice.is_exclusive)

    def _partial_combinations(self, signs: frozenset[str]) -> list[Combination]:
        return [one for one in self.combinations if one.signs & signs and not one.signs <= signs]

    def next_key(self, chosen: frozenset[str], highest: float) -> str:
        """The key of what comes after this answer; empty if no route fits.

        `highest` is the highest urgency affirmed so far, with this answer.
        """
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
    """Questions in order, outcomes, and the warning signs of the checklist with their urgencies.

    `diagnoses` are the names of causes: the flow may name none of them. Nobody may be asked more
    than `max_questions`.
    """

    questions: tuple[Question, ...]
    outcomes: tuple[Outcome, ...]
    signs: Mapping[str, int]
    emergency: int
    diagnoses: Collection[str] = ()
    max_questions: int = MAX_QUESTIONS

    @cached_property
    def questions_by_key(self) -> dict[str, Question]:
        return {question.key: question for question in self.questions}

    @cached_property
    def outcomes_by_key(self) -> dict[str, Outcome]:
        return {outcome.key: outcome for outcome in self.outcomes}

    @property
    def not_sure_level(self) -> float:
        """The urgency of being unsure about an emergency."""
        return not_sure_level(self.emergency)

    def highest_after(self, highest: float, question: Question, chosen: frozenset[str]) -> float:
        """The highest urgency affirmed after this answer; `highest` is that before it."""
        affirmed = max(highest, question.urgency_of(chosen))
        if question.doubted_urgency_of(chosen) >= self.emergency:
            return max(affirmed, self.not_sure_level)
        return affirmed

    def ends_in_doubt(self, outcome: Outcome, highest: float) -> bool:
        """Whether people at an outcome milder than an emergency may have an emergency sign."""
        return outcome.urgency < self.emergency and highest >= self.not_sure_level

    @cached_property
    def combinations(self) -> tuple[Combination, ...]:
        """All combinations of the checklist of which at least one sign is asked."""
        return tuple(
            dict.fromkeys(one for question in self.questions for one in question.combinations)
        )


Answers = Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Step:
    """A question on a walk, and the answer to it."""

    question: Question
    chosen: frozenset[str]


@dataclass(frozen=True)
class Walk:
    """A replay of answers from the start: the steps, the highest urgency affirmed, and the end.

    The end is an outcome, or a question: one without an answer, or one whose answer is not valid
    (`is_refused`). Answers to questions that the walk does not reach are ignored.
    """

    steps: tuple[Step, ...]
    highest: float
    question: Question | None = None
    outcome: Outcome | None = None
    is_refused: bool = False


def is_unsure_about_emergency(flow: Flow, walked: Walk) -> bool:
    """Whether a walk ended milder than an emergency though an emergency sign may be there."""
    return walked.outcome is not None and flow.ends_in_doubt(walked.outcome, walked.highest)


def walk(flow: Flow, answers: Answers) -> Walk:
    """Replay `answers` from the first question on; it ends, for no question is asked twice."""
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
        # No published flow gets here. If one does, ask again rather than say something milder.
        return Walk(tuple(steps[:-1]), highest, question=steps[-1].question, is_refused=True)
    return Walk(tuple(steps), highest, outcome=outcome)
