"""The answers to a question that need to be tried: one for each difference that any can make. Plain
Python.

A question of 16 choices has up to 65,536 answers. What they lead to hangs on the urgency affirmed,
the routes that they open, and the combinations of signs that they complete or leave in doubt. So
the choices are gone through one by one, and sets that nothing chosen later could tell apart are
followed as one.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence

from education.selfcheck.flow import NO, NOT_SURE, Choice, Question

ChosenKeys = frozenset[str]
NO_CHOICES: ChosenKeys = frozenset()
# What a set of choices is for all that can be chosen after the choice of this place.
SubsetKey = Callable[[ChosenKeys, int], Hashable]


def distinct_answers(question: Question) -> tuple[ChosenKeys, ...]:
    """One answer for each difference that an answer to `question` can make, those of few choices
    first.
    """
    free, unsure = _combinable_choices(question), _not_sure_answers(question)
    found = [frozenset([choice.key]) for choice in question.choices]
    if question.several:
        found += [
            chosen
            for chosen in distinct_subsets(free, _SubsetSummary(question).key)
            if len(chosen) > 1
        ]
        found += [
            chosen | doubt
            for doubt in (unsure if question.combinations else ())
            for chosen in distinct_subsets(free, _SubsetSummary(question, doubt).key)
            if chosen and question.is_valid_answer(chosen | doubt)
        ]
    effects: dict[Hashable, ChosenKeys] = {}
    for chosen in sorted(found, key=lambda chosen: _simplicity(question, chosen)):
        effects.setdefault(answer_effect(question, chosen), chosen)
    return tuple(effects.values())


def stronger_answers(question: Question) -> list[tuple[ChosenKeys, ChosenKeys]]:
    """Pairs of answers, the second of which says more about a warning sign; all else in them is
    equal.

    A sign is added, or doubt beside signs of a combination; or "None of these" becomes a sign or
    "I'm not sure"; or "I'm not sure" becomes a sign that counts for at least as much. Of pairs that
    make the same difference, one stands for all.
    """
    found: dict[Hashable, tuple[ChosenKeys, ChosenKeys]] = {}
    for less, more in _stronger_pairs(question):
        ends = answer_effect(question, less), answer_effect(question, more)
        if ends[0] != ends[1]:
            found.setdefault(ends, (less, more))
    return list(found.values())


def answer_effect(question: Question, chosen: ChosenKeys) -> Hashable:
    """All that follows from an answer: what it affirms and doubts, and where it leads from each
    urgency.
    """
    affirmed = question.urgency_of(chosen)
    levels = sorted({0, *(route.at_least for route in question.routes)})
    led = tuple(question.next_key(chosen, max(level, affirmed)) for level in levels)
    return affirmed, question.doubted_urgency_of(chosen), led


def distinct_subsets(
    choices: Sequence[Choice], key: SubsetKey, max_count: int = 0
) -> list[ChosenKeys]:
    """Sets of `choices`, one for each value of `key`, the smallest; [] if they are more than
    `most`.
    """
    found: dict[Hashable, tuple[int, ChosenKeys]] = {(False, key(NO_CHOICES, 0)): (0, NO_CHOICES)}
    for position, choice in enumerate(choices, start=1):
        wider: dict[Hashable, tuple[int, ChosenKeys]] = {}
        for size, chosen in found.values():
            for one in ((size, chosen), (size + 1, chosen | {choice.key})):
                is_alike = bool(one[1]), key(one[1], position)
                if is_alike not in wider or one[0] < wider[is_alike][0]:
                    wider[is_alike] = one
        found = wider
        if max_count and len(found) > max_count:
            return []
    return [chosen for _size, chosen in found.values()]


def distinct_answers_by(
    question: Question, key: Callable[[ChosenKeys], Hashable], max_count: int
) -> list[ChosenKeys]:
    """Answers to `question`, one for each value of `key`, which sees whether some sets of choices
    are met.

    [] if there are more than `most`.
    """
    found = [frozenset([choice.key]) for choice in question.choices]
    for doubt in (NO_CHOICES, *_not_sure_answers(question)) if question.several else ():
        sums = _SubsetSummary(question, doubt)

        def both(
            chosen: ChosenKeys,
            position: int,
            sums: _SubsetSummary = sums,
            doubt: ChosenKeys = doubt,
        ) -> Hashable:
            return sums.key(chosen, position), key(chosen | doubt)

        part = distinct_subsets(_combinable_choices(question), both, max_count)
        if not part:
            return []
        found += [chosen | doubt for chosen in part if question.is_valid_answer(chosen | doubt)]
    return found


def _combinable_choices(question: Question) -> list[Choice]:
    return [choice for choice in question.choices if not choice.is_exclusive]


def _not_sure_answers(question: Question) -> list[ChosenKeys]:
    return [frozenset([choice.key]) for choice in question.choices if choice.answer == NOT_SURE]


def _simplicity(question: Question, chosen: ChosenKeys) -> tuple[int, list[int]]:
    return len(chosen), [
        position for position, choice in enumerate(question.choices) if choice.key in chosen
    ]


class _SubsetSummary:
    """What sets of free choices come to, with `doubt` ticked besides unless it is empty."""

    def __init__(self, question: Question, doubt: ChosenKeys = NO_CHOICES):
        self.question, self.doubt = question, doubt
        self.last = {
            choice.sign: position for position, choice in enumerate(_combinable_choices(question))
        }

    def key(self, chosen: ChosenKeys, position: int) -> Hashable:
        """Equal for sets that are alike, whichever of the free choices from `place` on are added to
        both.
        """
        affirmed = self.question.urgency_of(chosen)
        return (
            affirmed,
            self._open_routes(chosen),
            self._combination_progress(chosen, position, affirmed),
        )

    def _open_routes(self, chosen: ChosenKeys) -> Hashable:
        """The routes that may be taken, without those that an earlier one always comes before."""
        least: list[float] = []
        numbers = []
        for number, route in enumerate(self.question.routes):
            fits = not route.choice or route.choice in chosen or route.choice in self.doubt
            if fits and not any(earlier <= route.at_least for earlier in least):
                least.append(route.at_least)
                numbers.append(number)
        return tuple(numbers)

    def _combination_progress(self, chosen: ChosenKeys, position: int, affirmed: int) -> Hashable:
        """The combinations that count for more, as far as they have come; and the gravest left in
        doubt.
        """
        open_ones: list[Hashable] = []
        doubted = counted = 0
        signs = {self.question.choices_by_key[key].sign for key in chosen}
        for one in self.question.combinations:
            if one.affirms <= affirmed:
                continue
            ticked = one.signs & signs
            to_come = {sign for sign in one.signs - signs if self.last.get(sign, -1) >= position}
            if ticked | to_come == one.signs:
                open_ones.append((one.key, ticked))
            elif self.doubt and ticked:
                doubted, counted = max(doubted, one.affirms), max(counted, one.affirms_in_part)
            elif self.doubt and to_come:
                open_ones.append(one.key)
        return tuple(open_ones), doubted, counted


def _stronger_pairs(question: Question) -> Iterator[tuple[ChosenKeys, ChosenKeys]]:
    signs = [choice for choice in question.choices if choice.sign and not choice.is_exclusive]
    alone = {choice.key: frozenset([choice.key]) for choice in question.choices}
    for choice in question.choices if signs else ():
        if choice.answer == NO:
            yield from ((alone[choice.key], more) for more in _not_sure_answers(question))
            yield from ((alone[choice.key], alone[sign.key]) for sign in signs)
        elif choice.answer == NOT_SURE:
            graver = (sign for sign in signs if sign.affirms >= choice.affirms)
            yield from ((alone[choice.key], alone[sign.key]) for sign in graver)
    for sign in signs if question.several else ():
        for chosen in _subsets_without(
            question, sign, _SubsetSummary(question), _SubsetSummary(question)
        ):
            if chosen:
                yield chosen, chosen | alone[sign.key]
    for doubt in _not_sure_answers(question) if question.several and question.combinations else ():
        yield from _stronger_pairs_with_not_sure(question, doubt, signs)


def _stronger_pairs_with_not_sure(
    question: Question, doubt: ChosenKeys, signs: list[Choice]
) -> Iterator[tuple[ChosenKeys, ChosenKeys]]:
    sure, unsure = _SubsetSummary(question), _SubsetSummary(question, doubt)
    for chosen in distinct_subsets(
        _combinable_choices(question),
        lambda chosen, position: (sure.key(chosen, position), unsure.key(chosen, position)),
    ):
        if chosen and question.is_valid_answer(chosen | doubt):
            yield chosen, chosen | doubt
    for sign in signs:
        for chosen in _subsets_without(question, sign, unsure, unsure):
            if question.is_valid_answer(chosen | doubt):
                yield chosen | doubt, question.resolve_not_sure(chosen | doubt | {sign.key})
        for chosen in _subsets_without(question, sign, unsure, sure):
            less, more = chosen | doubt, chosen | {sign.key}
            graver = max(question.urgency_of(less), question.doubted_urgency_of(less))
            if chosen and question.is_valid_answer(less) and question.urgency_of(more) >= graver:
                yield less, more


def _subsets_without(
    question: Question, sign: Choice, less: _SubsetSummary, more: _SubsetSummary
) -> list[ChosenKeys]:
    """Sets of the other choices: alike without `sign` by `less`, and alike with it by `more`."""
    others = [choice for choice in _combinable_choices(question) if choice.key != sign.key]
    # Places count the free choices, so those behind the sign come one later than they are gone
    # through.
    at = _combinable_choices(question).index(sign)

    def key(chosen: ChosenKeys, position: int) -> Hashable:
        here = position if position <= at else position + 1
        return less.key(chosen, here), more.key(chosen | {sign.key}, here)

    return distinct_subsets(others, key)
