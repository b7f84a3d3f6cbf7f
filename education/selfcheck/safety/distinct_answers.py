"""The answers to a question that need to be tried: one for each difference that any can make.

A question of 16 choices has up to 65,536 answers. What they lead to depends on the urgency they
affirm, the routes they open, and the combinations of signs they complete or leave in doubt. So
sets of choices are built choice by choice, and of sets that no later choice could tell apart only
the smallest is kept. Plain Python, no Django.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence

from education.selfcheck.flow import NO, NOT_SURE, Choice, Question

ChosenKeys = frozenset[str]
NO_CHOICES: ChosenKeys = frozenset()
# Of a set of choices and a position: equal for sets that nothing from this position on tells apart.
SubsetKey = Callable[[ChosenKeys, int], Hashable]


def distinct_answers(question: Question) -> tuple[ChosenKeys, ...]:
    """One answer for each difference that an answer to `question` makes, of few choices first."""
    answers = [frozenset([choice.key]) for choice in question.choices]
    if question.several:
        answers += [
            chosen
            for chosen in distinct_subsets(
                question.combinable_choices, _SubsetSummary(question).key
            )
            if len(chosen) > 1
        ]
        answers += [
            chosen | not_sure
            for not_sure in (_not_sure_answers(question) if question.combinations else ())
            for chosen in distinct_subsets(
                question.combinable_choices, _SubsetSummary(question, not_sure).key
            )
            if chosen and question.is_valid_answer(chosen | not_sure)
        ]
    effects: dict[Hashable, ChosenKeys] = {}
    for chosen in sorted(answers, key=lambda chosen: _simplicity(question, chosen)):
        effects.setdefault(answer_effect(question, chosen), chosen)
    return tuple(effects.values())


def stronger_answers(question: Question) -> list[tuple[ChosenKeys, ChosenKeys]]:
    """Pairs of answers that differ only in that the second says more about a warning sign.

    A sign is added, or doubt beside signs of a combination; or "None of these" becomes a sign or
    "I'm not sure"; or "I'm not sure" becomes a sign that counts for at least as much. One pair
    stands for all that make the same difference.
    """
    pairs: dict[Hashable, tuple[ChosenKeys, ChosenKeys]] = {}
    for less, more in _stronger_pairs(question):
        effects = answer_effect(question, less), answer_effect(question, more)
        if effects[0] != effects[1]:
            pairs.setdefault(effects, (less, more))
    return list(pairs.values())


def answer_effect(question: Question, chosen: ChosenKeys) -> Hashable:
    """All that follows from an answer: the urgency it affirms and that it leaves in doubt, and
    where it leads from each urgency.
    """
    affirmed = question.urgency_of(chosen)
    levels = sorted({0, *(route.at_least for route in question.routes)})
    targets = tuple(question.next_key(chosen, max(level, affirmed)) for level in levels)
    return affirmed, question.doubted_urgency_of(chosen), targets


def distinct_subsets(
    choices: Sequence[Choice], key: SubsetKey, max_count: int = 0
) -> list[ChosenKeys]:
    """Sets of `choices`, the smallest for each value of `key`.

    Empty if there are more than `max_count`, unless that is 0.
    """
    # By whether anything is chosen, and by key: the size of a set, and the set.
    smallest: dict[Hashable, tuple[int, ChosenKeys]] = {
        (False, key(NO_CHOICES, 0)): (0, NO_CHOICES)
    }
    for position, choice in enumerate(choices, start=1):
        extended: dict[Hashable, tuple[int, ChosenKeys]] = {}
        for size, chosen in smallest.values():
            for candidate in ((size, chosen), (size + 1, chosen | {choice.key})):
                group = bool(candidate[1]), key(candidate[1], position)
                if group not in extended or candidate[0] < extended[group][0]:
                    extended[group] = candidate
        smallest = extended
        if max_count and len(smallest) > max_count:
            return []
    return [chosen for _size, chosen in smallest.values()]


def distinct_answers_by(
    question: Question, key: Callable[[ChosenKeys], Hashable], max_count: int
) -> list[ChosenKeys]:
    """Answers to `question`, one for each value of `key`, for which only the sets of choices that
    an answer meets may count.

    Empty if there are more than `max_count`.
    """
    answers = [frozenset([choice.key]) for choice in question.choices]
    for not_sure in (NO_CHOICES, *_not_sure_answers(question)) if question.several else ():
        summary = _SubsetSummary(question, not_sure)

        def both_keys(
            chosen: ChosenKeys,
            position: int,
            summary: _SubsetSummary = summary,
            not_sure: ChosenKeys = not_sure,
        ) -> Hashable:
            return summary.key(chosen, position), key(chosen | not_sure)

        subsets = distinct_subsets(question.combinable_choices, both_keys, max_count)
        if not subsets:
            return []
        with_doubt = (chosen | not_sure for chosen in subsets)
        answers += [chosen for chosen in with_doubt if question.is_valid_answer(chosen)]
    return answers


def _not_sure_answers(question: Question) -> list[ChosenKeys]:
    """Each "I'm not sure" alone, in the order of the choices."""
    return [frozenset([choice.key]) for choice in question.choices if choice.answer == NOT_SURE]


def _simplicity(question: Question, chosen: ChosenKeys) -> tuple[int, list[int]]:
    positions = [
        position for position, choice in enumerate(question.choices) if choice.key in chosen
    ]
    return len(chosen), positions


class _SubsetSummary:
    """What sets of combinable choices come to, with the choice `not_sure` if it is not empty."""

    def __init__(self, question: Question, not_sure: ChosenKeys = NO_CHOICES):
        self.question, self.not_sure = question, not_sure
        self.last_position = {
            choice.sign: position for position, choice in enumerate(question.combinable_choices)
        }

    def key(self, chosen: ChosenKeys, position: int) -> Hashable:
        """Equal for sets that stay equal in effect, whichever combinable choices from `position` on
        are added to both.
        """
        affirmed = self.question.urgency_of(chosen)
        return (
            affirmed,
            self._open_routes(chosen),
            self._combination_progress(chosen, position, affirmed),
        )

    def _open_routes(self, chosen: ChosenKeys) -> Hashable:
        """The routes that may be taken, without those that an earlier one always comes before."""
        thresholds: list[float] = []
        positions = []
        for position, route in enumerate(self.question.routes):
            fits = not route.choice or route.choice in chosen or route.choice in self.not_sure
            if fits and not any(earlier <= route.at_least for earlier in thresholds):
                thresholds.append(route.at_least)
                positions.append(position)
        return tuple(positions)

    def _combination_progress(self, chosen: ChosenKeys, position: int, affirmed: int) -> Hashable:
        """The signs ticked of each combination that may still be met and counts for more, and the
        highest urgencies that the others leave in doubt and affirm in part.
        """
        open_combinations: list[Hashable] = []
        doubted = affirmed_in_part = 0
        signs = self.question.chosen_signs(chosen)
        for combination in self.question.combinations:
            if combination.affirms <= affirmed:
                continue
            ticked = combination.signs & signs
            to_come = {
                sign
                for sign in combination.signs - signs
                if self.last_position.get(sign, -1) >= position
            }
            if ticked | to_come == combination.signs:
                open_combinations.append((combination.key, ticked))
            elif self.not_sure and ticked:
                doubted = max(doubted, combination.affirms)
                affirmed_in_part = max(affirmed_in_part, combination.affirms_in_part)
            elif self.not_sure and to_come:
                open_combinations.append(combination.key)
        return tuple(open_combinations), doubted, affirmed_in_part


def _stronger_pairs(question: Question) -> Iterator[tuple[ChosenKeys, ChosenKeys]]:
    signs = [choice for choice in question.combinable_choices if choice.sign]
    alone = {choice.key: frozenset([choice.key]) for choice in question.choices}
    for choice in question.choices if signs else ():
        if choice.answer == NO:
            yield from ((alone[choice.key], more) for more in _not_sure_answers(question))
            yield from ((alone[choice.key], alone[sign.key]) for sign in signs)
        elif choice.answer == NOT_SURE:
            at_least = (sign for sign in signs if sign.affirms >= choice.affirms)
            yield from ((alone[choice.key], alone[sign.key]) for sign in at_least)
    if not question.several:
        return
    summary = _SubsetSummary(question)
    for sign in signs:
        for chosen in _subsets_without(question, sign, summary, summary):
            if chosen:
                yield chosen, chosen | alone[sign.key]
    for not_sure in _not_sure_answers(question) if question.combinations else ():
        yield from _stronger_pairs_with_not_sure(question, not_sure, signs)


def _stronger_pairs_with_not_sure(
    question: Question, not_sure: ChosenKeys, signs: list[Choice]
) -> Iterator[tuple[ChosenKeys, ChosenKeys]]:
    sure, unsure = _SubsetSummary(question), _SubsetSummary(question, not_sure)
    for chosen in distinct_subsets(
        question.combinable_choices,
        lambda chosen, position: (sure.key(chosen, position), unsure.key(chosen, position)),
    ):
        if chosen and question.is_valid_answer(chosen | not_sure):
            yield chosen, chosen | not_sure
    for sign in signs:
        for chosen in _subsets_without(question, sign, unsure, unsure):
            if question.is_valid_answer(chosen | not_sure):
                more = question.resolve_not_sure(chosen | not_sure | {sign.key})
                yield chosen | not_sure, more
        for chosen in _subsets_without(question, sign, unsure, sure):
            less, more = chosen | not_sure, chosen | {sign.key}
            minimum = max(question.urgency_of(less), question.doubted_urgency_of(less))
            if chosen and question.is_valid_answer(less) and question.urgency_of(more) >= minimum:
                yield less, more


def _subsets_without(
    question: Question, sign: Choice, less: _SubsetSummary, more: _SubsetSummary
) -> list[ChosenKeys]:
    """Sets of the other choices that differ by `less` as they are, or by `more` with `sign`."""
    others = [choice for choice in question.combinable_choices if choice.key != sign.key]
    sign_position = question.combinable_choices.index(sign)

    def key(chosen: ChosenKeys, position: int) -> Hashable:
        # Positions count all combinable choices, so those after the sign are one higher.
        here = position if position <= sign_position else position + 1
        return less.key(chosen, here), more.key(chosen | {sign.key}, here)

    return distinct_subsets(others, key)
