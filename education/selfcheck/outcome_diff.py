"""Whose result another version of a flow would change: the same people walk through both.

A person is their answer to each warning sign, wherever it is asked, and to each question about
anything else. All people are tried if there are few enough of them; otherwise those who state one
or two things. Plain Python, no Django.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, combinations, islice, product
from math import prod

from education.selfcheck.flow import NO, Choice, Flow, Question, walk

MAX_PEOPLE = 100_000
MAX_SHOWN = 20
# If a question has more choices without a sign than this, not all sets of them are tried.
MAX_COMBINED_CHOICES = 9


@dataclass(frozen=True)
class Statement:
    """One thing to state: yes to a warning sign, or an answer to a question about anything else."""

    sign: str = ""
    question: str = ""
    chosen: frozenset[str] = frozenset()


Person = tuple[Statement, ...]


@dataclass(frozen=True)
class ChangedOutcome:
    """What a person states, and the urgency of their result before and after (None: no result)."""

    statements: Person
    before: int | None
    after: int | None


@dataclass(frozen=True)
class OutcomeDiff:
    """How many people were tried, whether these are all, and whose urgency changes.

    `changed` has those with few statements first; `unshown_count` is the number of the others.
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
    """What a person answers to the questions of one flow, computed when it is asked."""

    flow: Flow
    signs: frozenset[str]
    other_answers: Mapping[str, frozenset[str]]

    def __getitem__(self, key: str) -> frozenset[str]:
        question = self.flow.questions_by_key[key]
        yes = _choices_of_signs(question, self.signs)
        if yes and not question.several:
            return frozenset([max(yes, key=_affirms).key])
        other = self.other_answers.get(key, _default_answer(question))
        other &= question.choices_by_key.keys()
        if yes:
            return combine_answers(question, frozenset(choice.key for choice in yes), other)
        return other if question.is_valid_answer(other) else _most_urgent(question, other)

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
        """For each question with several: its answers without a sign, the default first."""
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
        people_count = 2 ** len(self.signs) * prod(len(answers) for answers in self.other_answers)
        is_exhaustive = people_count <= MAX_PEOPLE
        people = self._all_people() if is_exhaustive else self._sample_people()
        tried_count = changed_count = 0
        shown: list[ChangedOutcome] = []
        for person in filter(self._is_consistent, people):
            tried_count += 1
            before, after = self._urgencies_of(person)
            if before == after:
                continue
            changed_count += 1
            # Who states the same and more, and changes in the same way, is counted, not shown.
            is_new = not any(
                (one.before, one.after) == (before, after) and set(one.statements) <= set(person)
                for one in shown
            )
            if is_new and len(shown) < MAX_SHOWN:
                shown.append(ChangedOutcome(person, before, after))
        return OutcomeDiff(tried_count, is_exhaustive, tuple(shown), changed_count - len(shown))

    def _all_people(self) -> Iterable[Person]:
        """All combinations of answers, those with few statements first."""
        others = [(None, *answers[1:]) for answers in self.other_answers]
        people = (
            (*signs, *(statement for statement in other if statement))
            for other in product(*others)
            for size in range(len(self.signs) + 1)
            for signs in combinations(self.signs, size)
        )
        return sorted(people, key=len)

    def _sample_people(self) -> Iterable[Person]:
        """People with no, one or two statements, and with all signs of a combination."""
        others = chain.from_iterable(answers[1:] for answers in self.other_answers)
        statements = [*self.signs, *others]
        pairs = (
            (one, other)
            for one, other in combinations(statements, 2)
            if not one.question or one.question != other.question
        )
        singles = ((statement,) for statement in statements)
        return islice(chain([()], singles, self._combined_signs(), pairs), MAX_PEOPLE)

    def _combined_signs(self) -> Iterator[Person]:
        """People who state all signs of a combination."""
        for combination in dict.fromkeys((*self.after.combinations, *self.before.combinations)):
            yield tuple(one for one in self.signs if one.sign in combination.signs)

    def _is_consistent(self, person: Person) -> bool:
        """Whether every answer counts: whoever ticks a sign cannot say "None of these", too."""
        signs = {statement.sign for statement in person if statement.sign}
        return all(
            any(
                _counts(flow.questions_by_key[statement.question], statement, signs)
                for flow in (self.before, self.after)
                if statement.question in flow.questions_by_key
            )
            for statement in person
            if statement.question
        )

    def _urgencies_of(self, person: Person) -> tuple[int | None, int | None]:
        """How urgent the result of a person is before and after; None without a result."""
        signs = frozenset(statement.sign for statement in person if statement.sign)
        other = {statement.question: statement.chosen for statement in person if statement.question}
        return (
            _outcome_urgency(self.before, signs, other),
            _outcome_urgency(self.after, signs, other),
        )


def _outcome_urgency(
    flow: Flow, signs: frozenset[str], other_answers: Mapping[str, frozenset[str]]
) -> int | None:
    if not flow.questions:
        return None
    outcome = walk(flow, _Answers(flow, signs, other_answers)).outcome
    return outcome.urgency if outcome else None


def combine_answers(
    question: Question, ticked: frozenset[str], other: frozenset[str]
) -> frozenset[str]:
    """Choices for signs with another answer; its "I'm not sure" only if that makes them graver."""
    without_none = other - (question.exclusive_keys - question.not_sure_keys)
    combined = question.resolve_not_sure(ticked | without_none)
    return combined if ticked <= combined else ticked | (other - question.exclusive_keys)


def _counts(question: Question, statement: Statement, signs: set[str]) -> bool:
    """Whether an answer counts beside the signs that a person states."""
    ticked = frozenset(choice.key for choice in _choices_of_signs(question, signs))
    if not ticked:
        return True
    combined = combine_answers(question, ticked, statement.chosen)
    return question.several and statement.chosen <= combined


def _choices_of_signs(question: Question, signs: Collection[str]) -> list[Choice]:
    return [choice for choice in question.choices if choice.sign and choice.sign in signs]


def _affirms(choice: Choice) -> int:
    return choice.affirms


def _most_urgent(question: Question, chosen: frozenset[str]) -> frozenset[str]:
    """Of choices that cannot be chosen together, the most urgent; without any, the default."""
    choices = sorted(question.chosen_choices(chosen), key=_affirms)
    return frozenset(choice.key for choice in choices[-1:]) or _default_answer(question)


def _answers_without_signs(question: Question) -> Iterator[frozenset[str]]:
    """The answers to a question that name no warning sign."""
    others = [choice.key for choice in question.choices if not choice.sign]
    yield from (frozenset([key]) for key in others)
    combinable = [key for key in others if key not in question.exclusive_keys]
    combinable = combinable[:MAX_COMBINED_CHOICES]
    if question.several:
        for size in range(2, len(combinable) + 1):
            yield from map(frozenset, combinations(combinable, size))


def _default_answer(question: Question) -> frozenset[str]:
    """The answer of people with nothing to state: "None of these", or what affirms least."""
    others = [choice for choice in question.choices if not choice.sign]
    none_of_these = [choice for choice in others if choice.answer == NO]
    plainest = none_of_these or sorted(others, key=_affirms)
    return frozenset(choice.key for choice in plainest[:1])
