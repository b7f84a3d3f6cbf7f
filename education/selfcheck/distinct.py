"""The answers to a question that need to be tried: one for each difference that any can make. Plain Python.

A question of 16 choices has up to 65,536 answers. What they lead to hangs on the urgency affirmed, the routes
that they open, and the combinations of signs that they complete or leave in doubt. So the choices are gone
through one by one, and sets that nothing chosen later could tell apart are followed as one.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence

from education.selfcheck.flow import NO, NOT_SURE, Choice, Question

Said = frozenset[str]
NOTHING: Said = frozenset()
# What a set of choices is for all that can be chosen after the choice of this place.
Key = Callable[[Said, int], Hashable]


def distinct_answers(question: Question) -> tuple[Said, ...]:
    """One answer for each difference that an answer to `question` can make, those of few choices first."""
    free, unsure = _free(question), _unsure(question)
    found = [frozenset([choice.key]) for choice in question.choices]
    if question.several:
        found += [chosen for chosen in sets(free, _Sums(question).key) if len(chosen) > 1]
        found += [
            chosen | doubt
            for doubt in (unsure if question.combinations else ())
            for chosen in sets(free, _Sums(question, doubt).key)
            if chosen and question.accepts(chosen | doubt)
        ]
    effects: dict[Hashable, Said] = {}
    for chosen in sorted(found, key=lambda chosen: _size(question, chosen)):
        effects.setdefault(effect(question, chosen), chosen)
    return tuple(effects.values())


def says_more(question: Question) -> list[tuple[Said, Said]]:
    """Pairs of answers, the second of which says more about a warning sign; all else in them is equal.

    A sign is added, or doubt beside signs of a combination; or "None of these" becomes a sign or "I'm not
    sure"; or "I'm not sure" becomes a sign that counts for at least as much. Of pairs that make the same
    difference, one stands for all.
    """
    found: dict[Hashable, tuple[Said, Said]] = {}
    for less, more in _pairs(question):
        ends = effect(question, less), effect(question, more)
        if ends[0] != ends[1]:
            found.setdefault(ends, (less, more))
    return list(found.values())


def effect(question: Question, chosen: Said) -> Hashable:
    """All that follows from an answer: what it affirms and doubts, and where it leads from each urgency."""
    affirmed = question.affirmed(chosen)
    levels = sorted({0, *(route.at_least for route in question.routes)})
    led = tuple(question.leads_to(chosen, max(level, affirmed)) for level in levels)
    return affirmed, question.doubted(chosen), led


def sets(choices: Sequence[Choice], key: Key, most: int = 0) -> list[Said]:
    """Sets of `choices`, one for each value of `key`, the smallest; [] if they are more than `most`."""
    found: dict[Hashable, tuple[int, Said]] = {(False, key(NOTHING, 0)): (0, NOTHING)}
    for place, choice in enumerate(choices, start=1):
        wider: dict[Hashable, tuple[int, Said]] = {}
        for size, chosen in found.values():
            for one in ((size, chosen), (size + 1, chosen | {choice.key})):
                is_alike = bool(one[1]), key(one[1], place)
                if is_alike not in wider or one[0] < wider[is_alike][0]:
                    wider[is_alike] = one
        found = wider
        if most and len(found) > most:
            return []
    return [chosen for _size, chosen in found.values()]


def answers_by(question: Question, key: Callable[[Said], Hashable], most: int) -> list[Said]:
    """Answers to `question`, one for each value of `key`, which sees whether some sets of choices are met.

    [] if there are more than `most`.
    """
    found = [frozenset([choice.key]) for choice in question.choices]
    for doubt in (NOTHING, *_unsure(question)) if question.several else ():
        sums = _Sums(question, doubt)

        def both(chosen: Said, place: int, sums: _Sums = sums, doubt: Said = doubt) -> Hashable:
            return sums.key(chosen, place), key(chosen | doubt)

        part = sets(_free(question), both, most)
        if not part:
            return []
        found += [chosen | doubt for chosen in part if question.accepts(chosen | doubt)]
    return found


def _free(question: Question) -> list[Choice]:
    return [choice for choice in question.choices if not choice.exclusive]


def _unsure(question: Question) -> list[Said]:
    return [frozenset([choice.key]) for choice in question.choices if choice.answer == NOT_SURE]


def _size(question: Question, chosen: Said) -> tuple[int, list[int]]:
    return len(chosen), [place for place, choice in enumerate(question.choices) if choice.key in chosen]


class _Sums:
    """What sets of free choices come to, with `doubt` ticked besides unless it is empty."""

    def __init__(self, question: Question, doubt: Said = NOTHING):
        self.question, self.doubt = question, doubt
        self.last = {choice.sign: place for place, choice in enumerate(_free(question))}

    def key(self, chosen: Said, place: int) -> Hashable:
        """Equal for sets that are alike, whichever of the free choices from `place` on are added to both."""
        affirmed = self.question.affirmed(chosen)
        return affirmed, self._opened(chosen), self._together(chosen, place, affirmed)

    def _opened(self, chosen: Said) -> Hashable:
        """The routes that may be taken, without those that an earlier one always comes before."""
        least: list[float] = []
        numbers = []
        for number, route in enumerate(self.question.routes):
            fits = not route.choice or route.choice in chosen or route.choice in self.doubt
            if fits and not any(earlier <= route.at_least for earlier in least):
                least.append(route.at_least)
                numbers.append(number)
        return tuple(numbers)

    def _together(self, chosen: Said, place: int, affirmed: int) -> Hashable:
        """The combinations that count for more, as far as they have come; and the gravest left in doubt."""
        open_ones: list[Hashable] = []
        doubted = counted = 0
        signs = {self.question.by_key[key].sign for key in chosen}
        for one in self.question.combinations:
            if one.affirms <= affirmed:
                continue
            ticked = one.signs & signs
            to_come = {sign for sign in one.signs - signs if self.last.get(sign, -1) >= place}
            if ticked | to_come == one.signs:
                open_ones.append((one.key, ticked))
            elif self.doubt and ticked:
                doubted, counted = max(doubted, one.affirms), max(counted, one.in_doubt)
            elif self.doubt and to_come:
                open_ones.append(one.key)
        return tuple(open_ones), doubted, counted


def _pairs(question: Question) -> Iterator[tuple[Said, Said]]:
    signs = [choice for choice in question.choices if choice.sign and not choice.exclusive]
    alone = {choice.key: frozenset([choice.key]) for choice in question.choices}
    for choice in question.choices if signs else ():
        if choice.answer == NO:
            yield from ((alone[choice.key], more) for more in _unsure(question))
            yield from ((alone[choice.key], alone[sign.key]) for sign in signs)
        elif choice.answer == NOT_SURE:
            graver = (sign for sign in signs if sign.affirms >= choice.affirms)
            yield from ((alone[choice.key], alone[sign.key]) for sign in graver)
    for sign in signs if question.several else ():
        for chosen in _beside(question, sign, _Sums(question), _Sums(question)):
            if chosen:
                yield chosen, chosen | alone[sign.key]
    for doubt in _unsure(question) if question.several and question.combinations else ():
        yield from _pairs_in_doubt(question, doubt, signs)


def _pairs_in_doubt(question: Question, doubt: Said, signs: list[Choice]) -> Iterator[tuple[Said, Said]]:
    sure, unsure = _Sums(question), _Sums(question, doubt)
    for chosen in sets(
        _free(question), lambda chosen, place: (sure.key(chosen, place), unsure.key(chosen, place))
    ):
        if chosen and question.accepts(chosen | doubt):
            yield chosen, chosen | doubt
    for sign in signs:
        for chosen in _beside(question, sign, unsure, unsure):
            if question.accepts(chosen | doubt):
                yield chosen | doubt, question.understood(chosen | doubt | {sign.key})
        for chosen in _beside(question, sign, unsure, sure):
            less, more = chosen | doubt, chosen | {sign.key}
            graver = max(question.affirmed(less), question.doubted(less))
            if chosen and question.accepts(less) and question.affirmed(more) >= graver:
                yield less, more


def _beside(question: Question, sign: Choice, less: _Sums, more: _Sums) -> list[Said]:
    """Sets of the other choices: alike without `sign` by `less`, and alike with it by `more`."""
    others = [choice for choice in _free(question) if choice.key != sign.key]
    # Places count the free choices, so those behind the sign come one later than they are gone through.
    at = _free(question).index(sign)

    def key(chosen: Said, place: int) -> Hashable:
        here = place if place <= at else place + 1
        return less.key(chosen, here), more.key(chosen | {sign.key}, here)

    return sets(others, key)
