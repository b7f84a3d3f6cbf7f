"""Whose result another version of a flow would change: the same people walked through both. Plain
Python.

A person is what they would say of each warning sign, wherever it is asked, and how they would
answer what is asked besides. Where there are few enough of them, all are tried; else those with one
or two things to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, combinations, islice, product
from math import prod

from education.selfcheck.flow import NO, NOT_SURE, Choice, Flow, Question, walk

MAX_PEOPLE = 100_000
MAX_SHOWN = 20
# Of more choices of one question than this, that name no warning sign, not all sets are tried.
MAX_COMBINED_CHOICES = 9


@dataclass(frozen=True)
class Statement:
    """One thing to say: yes to a warning sign, or an answer to a question that asks
    something else.
    """

    sign: str = ""
    question: str = ""
    chosen: frozenset[str] = frozenset()


Person = tuple[Statement, ...]


@dataclass(frozen=True)
class ChangedOutcome:
    """Somebody whose result changes: what they say, and the urgency before and after (None: no
    result).
    """

    statements: Person
    before: int | None
    after: int | None


@dataclass(frozen=True)
class OutcomeDiff:
    """Who was tried, in number and whether that is everybody; whose urgency changes, the plainest
    first.
    """

    tried_count: int
    is_exhaustive: bool
    changed: tuple[ChangedOutcome, ...]
    unshown_count: int


def diff_outcomes(before: Flow, after: Flow) -> OutcomeDiff:
    """Walk the same people through both flows."""
    return _OutcomeComparison(before, after).compare()


@dataclass
class _Answers(Mapping[str, frozenset[str]]):
    """What a person answers to the questions of one flow, found when it is asked."""

    flow: Flow
    signs: frozenset[str]
    other_answers: Mapping[str, frozenset[str]]

    def __getitem__(self, key: str) -> frozenset[str]:
        question = self.flow.questions_by_key[key]
        yes = [choice for choice in question.choices if choice.sign and choice.sign in self.signs]
        if yes and not question.several:
            return frozenset([max(yes, key=_affirms).key])
        free = (
            self.other_answers.get(key, _default_answer(question)) & question.choices_by_key.keys()
        )
        if not yes:
            return free if question.is_valid_answer(free) else self._most_urgent(question, free)
        return combine_answers(question, frozenset(choice.key for choice in yes), free)

    def _most_urgent(self, question: Question, chosen: frozenset[str]) -> frozenset[str]:
        """Of what cannot be chosen together here, the gravest; the plainest answer if there is
        nothing.
        """
        found = [choice for choice in question.choices if choice.key in chosen]
        return frozenset(
            choice.key for choice in sorted(found, key=_affirms)[-1:]
        ) or _default_answer(question)

    def __iter__(self) -> Iterator[str]:
        return iter(self.flow.questions_by_key)

    def __len__(self) -> int:
        return len(self.flow.questions_by_key)


@dataclass
class _OutcomeComparison:
    before: Flow
    after: Flow

    @cached_property
    def signs(self) -> list[Statement]:
        """Each warning sign that either flow asks, in the order of asking."""
        flows = (self.after, self.before)
        asked = (choice.sign for flow in flows for q in flow.questions for choice in q.choices)
        return [Statement(sign=sign) for sign in dict.fromkeys(asked) if sign]

    @cached_property
    def other_answers(self) -> list[list[Statement]]:
        """For each question the answers that name no sign, the plainest first, where there are
        several.
        """
        found: dict[str, dict[frozenset[str], None]] = {}
        for question in (*self.after.questions, *self.before.questions):
            answers = found.setdefault(question.key, dict.fromkeys([_default_answer(question)]))
            answers.update(dict.fromkeys(_answers_without_signs(question)))
        return [
            [Statement(question=key, chosen=chosen) for chosen in answers]
            for key, answers in found.items()
            if len(answers) > 1
        ]

    def compare(self) -> OutcomeDiff:
        """Who moves, out of everybody or of those with little to say."""
        number = 2 ** len(self.signs) * prod(len(answers) for answers in self.other_answers)
        is_everybody = number <= MAX_PEOPLE
        tried, shown, moved = 0, list[ChangedOutcome](), 0
        people = self._all_people() if is_everybody else self._sample_people()
        for person in filter(self._is_consistent, people):
            tried += 1
            ends = self._urgencies_of(person)
            if ends[0] == ends[1]:
                continue
            moved += 1
            # Who says the same and something more, and ends the same, is counted, not shown.
            is_new = not any(
                (one.before, one.after) == ends and set(one.statements) <= set(person)
                for one in shown
            )
            if is_new and len(shown) < MAX_SHOWN:
                shown.append(ChangedOutcome(person, *ends))
        return OutcomeDiff(tried, is_everybody, tuple(shown), moved - len(shown))

    def _all_people(self) -> Iterable[Person]:
        """Everybody there can be, whoever says least first."""
        ways = [(None, *answers[1:]) for answers in self.other_answers]
        people = (
            (*signs, *(statement for statement in besides if statement))
            for besides in product(*ways)
            for size in range(len(self.signs) + 1)
            for signs in combinations(self.signs, size)
        )
        return sorted(people, key=len)

    def _sample_people(self) -> Iterable[Person]:
        """Who says nothing, one thing, or two things that go together."""
        things = [*self.signs, *chain.from_iterable(answers[1:] for answers in self.other_answers)]
        pairs = (
            pair
            for pair in combinations(things, 2)
            if not pair[0].question or pair[0].question != pair[1].question
        )
        return islice(
            chain([()], ((thing,) for thing in things), self._combined_signs(), pairs), MAX_PEOPLE
        )

    def _combined_signs(self) -> Iterator[Person]:
        """Who says yes to all signs of a combination."""
        for one in dict.fromkeys((*self.after.combinations, *self.before.combinations)):
            yield tuple(statement for statement in self.signs if statement.sign in one.signs)

    def _is_consistent(self, person: Person) -> bool:
        """Whether all that a person says counts: who ticks a sign cannot say "None of these"
        besides.
        """
        signs = {statement.sign for statement in person if statement.sign}
        return all(
            any(
                self._counts(flow.questions_by_key[statement.question], statement, signs)
                for flow in self._flows_asking(statement)
            )
            for statement in person
            if statement.question
        )

    def _flows_asking(self, statement: Statement) -> list[Flow]:
        return [
            flow
            for flow in (self.before, self.after)
            if statement.question in flow.questions_by_key
        ]

    def _counts(self, question: Question, statement: Statement, signs: set[str]) -> bool:
        ticked = frozenset(
            choice.key for choice in question.choices if choice.sign and choice.sign in signs
        )
        if not ticked:
            return True
        return question.several and statement.chosen <= combine_answers(
            question, ticked, statement.chosen
        )

    def _urgencies_of(self, person: Person) -> tuple[int | None, int | None]:
        """How urgent it is for a person before and after; None without a result."""
        signs = frozenset(statement.sign for statement in person if statement.sign)
        ways = {statement.question: statement.chosen for statement in person if statement.question}
        return _outcome_urgency(self.before, signs, ways), _outcome_urgency(self.after, signs, ways)


def _outcome_urgency(
    flow: Flow, signs: frozenset[str], ways: Mapping[str, frozenset[str]]
) -> int | None:
    if not flow.questions:
        return None
    outcome = walk(flow, _Answers(flow, signs, ways)).outcome
    return outcome.urgency if outcome else None


def combine_answers(
    question: Question, ticked: frozenset[str], free: frozenset[str]
) -> frozenset[str]:
    """Signs with what is said besides; with "I'm not sure" where that makes them
    graver together.
    """
    alone = {choice.key for choice in question.choices if choice.is_exclusive}
    unsure = {choice.key for choice in question.choices if choice.answer == NOT_SURE}
    meant = question.resolve_not_sure(ticked | (free - (alone - unsure)))
    return meant if ticked <= meant else ticked | (free - alone)


def _affirms(choice: Choice) -> int:
    return choice.affirms


def _answers_without_signs(question: Question) -> Iterator[frozenset[str]]:
    """The answers to a question that name no warning sign."""
    others = [choice.key for choice in question.choices if not choice.sign]
    alone = [choice.key for choice in question.choices if choice.is_exclusive]
    yield from (frozenset([key]) for key in others)
    free = [key for key in others if key not in alone][:MAX_COMBINED_CHOICES]
    if question.several:
        for size in range(2, len(free) + 1):
            yield from map(frozenset, combinations(free, size))


def _default_answer(question: Question) -> frozenset[str]:
    """The answer of somebody who has nothing to say: "None of these", or else what
    affirms least.
    """
    others = [choice for choice in question.choices if not choice.sign]
    nothing = [choice for choice in others if choice.answer == NO]
    plain = nothing or sorted(others, key=_affirms)
    return frozenset(choice.key for choice in plain[:1])
