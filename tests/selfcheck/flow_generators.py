"""Generated flows of any size that are safe by construction, and random changes of flows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from random import Random

from education.selfcheck.flow import Choice, Combination, Flow, Question, Route
from tests.selfcheck.sample_flows import (
    EMERGENCY,
    NONE,
    OUTCOMES,
    SAFE,
    TOGETHER,
    answers,
    combined,
    questions,
    reached,
    sign,
    unsure,
    without,
)


def generate_flow(chance: Random, size: int, signs: int = 3) -> Flow:
    """A safe flow of `size` questions: an emergency, then signs and plain questions with detours.

    Some detours depend on what was chosen, others on the highest urgency so far. The latter pass by
    only a question that affirms nothing and has one route, so saying more never ends milder.
    """
    keys = [f"{number}q" for number in range(size)]
    plain = [number > 0 and chance.random() < 0.5 for number in range(size)]
    asked = [_first(keys[1])]
    taken = {"danger": EMERGENCY}
    straight = set[int]()
    for number in range(1, size):
        left = size - number - 1
        onward = keys[number + 1] if left else "home"
        routes = [Route("book", at_least=2)] if not left else []
        if plain[number]:
            choices = [Choice("a", "The first"), Choice("b", "The second"), unsure()]
            far = number + chance.randint(2, 4)
            if far < size and number not in straight:
                routes.append(Route(keys[far], choice="b"))
        else:
            own = [sign(f"s{number}{letter}", 2) for letter in "abcdef"[: chance.randint(1, signs)]]
            taken |= {one.sign: 2 for one in own}
            choices = [*own, NONE, unsure(1)]
            if left > 1 and plain[number + 1]:
                routes.append(Route(keys[number + 2], at_least=1))
                straight.add(number + 1)
        asked.append(
            Question(keys[number], "Well?", tuple(choices), (*routes, Route(onward)), several=True)
        )
    flow = Flow(tuple(asked), OUTCOMES, taken, EMERGENCY, max_questions=size)
    return _without_what_nobody_reaches(flow)


def _first(onward: str) -> Question:
    routes = (Route("call", at_least=4), Route("today", at_least=3), Route(onward))
    return Question(
        "0q", "Any of these?", (sign("danger", 4), NONE, unsure(3)), routes, several=True
    )


def _without_what_nobody_reaches(flow: Flow) -> Flow:
    """Without questions that detours leave out, and without their signs."""
    reached, todo = {flow.questions[0].key}, [flow.questions[0]]
    for question in todo:
        new = [
            r.target
            for r in question.routes
            if r.target in flow.questions_by_key and r.target not in reached
        ]
        reached |= {*new}
        todo += [flow.questions_by_key[key] for key in dict.fromkeys(new)]
    asked = tuple(question for question in flow.questions if question.key in reached)
    signs = {choice.sign for question in asked for choice in question.choices}
    ends = {route.target for question in asked for route in question.routes}
    return replace(
        flow,
        questions=asked,
        signs={key: level for key, level in flow.signs.items() if key in signs},
        outcomes=tuple(end for end in flow.outcomes if end.key in ends),
    )


def count_paths(flow: Flow) -> int:
    """The number of paths of a flow without cycles, counted from the ends, not by walking."""

    @cache
    def after(key: str, highest: float) -> int:
        if key not in flow.questions_by_key:
            return 1
        question = flow.questions_by_key[key]
        shown = ((chosen, reached(question, chosen, highest)) for chosen in answers(question))
        return sum(after(question.next_key(chosen, level), level) for chosen, level in shown)

    for question in reversed(flow.questions):
        for highest in range(EMERGENCY + 1):
            after(question.key, highest)
    return after(flow.questions[0].key, 0)


Change = Callable[[Random, Flow], Flow]


def mutate_flow(chance: Random, flow: Flow) -> Flow:
    """`flow` with one to three changes, some of which leave it safe."""
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        flow = chance.choice(CHANGES)(chance, flow)
    return combined(flow, *flow.combinations)


def _other_affirmed(chance: Random, flow: Flow) -> Flow:
    question = chance.choice(flow.questions)
    one = chance.choice(question.choices)
    return _swap(flow, question, one, replace(one, affirms=chance.randint(0, EMERGENCY)))


def _other_kind(chance: Random, flow: Flow) -> Flow:
    question = chance.choice(flow.questions)
    one = chance.choice(question.choices)
    kinds = ({"answer": "no"}, {"answer": "not-sure"}, {"answer": ""}, {"sign": ""})
    return _swap(flow, question, one, replace(one, **chance.choice(kinds)))


def _other_sign(chance: Random, flow: Flow) -> Flow:
    question = chance.choice(flow.questions)
    one = chance.choice(question.choices)
    name = chance.choice([*flow.signs, "invented"])
    return _swap(
        flow, question, one, replace(one, sign=name, affirms=flow.signs.get(name, one.affirms))
    )


def _swap(flow: Flow, question: Question, one: Choice, new: Choice) -> Flow:
    choices = tuple(new if choice is one else choice for choice in question.choices)
    return questions(flow, replace(question, choices=choices))


def _without_a_choice(chance: Random, flow: Flow) -> Flow:
    question = chance.choice(
        [one for one in flow.questions if len(one.choices) > 1] or flow.questions
    )
    at = chance.randrange(len(question.choices) if len(question.choices) > 1 else 1)
    return questions(
        flow, replace(question, choices=without(question.choices, at)[:] or question.choices)
    )


def _another_choice(chance: Random, flow: Flow) -> Flow:
    question = chance.choice(flow.questions)
    new = Choice(
        "new", "Something new", chance.randint(0, 3), sign=chance.choice(("", *flow.signs))
    )
    if "new" in question.choices_by_key:
        return flow
    return questions(flow, replace(question, choices=(*question.choices, new)))


def _without_a_route(chance: Random, flow: Flow) -> Flow:
    question = chance.choice(flow.questions)
    at = chance.randrange(len(question.routes) or 1)
    return questions(flow, replace(question, routes=without(question.routes, at)))


def _another_route(chance: Random, flow: Flow) -> Flow:
    question = chance.choice(flow.questions)
    ends = (*flow.questions_by_key, *flow.outcomes_by_key, *((chance.choice(("nowhere", "home")),)))
    new = Route(
        chance.choice(ends),
        choice=chance.choice(("", "", *question.choices_by_key, "gone")),
        at_least=chance.choice((0, 0, 1, 2, 3, 4)),
    )
    at = chance.randint(0, len(question.routes))
    return questions(
        flow, replace(question, routes=(*question.routes[:at], new, *question.routes[at:]))
    )


def _another_aim(chance: Random, flow: Flow) -> Flow:
    question = chance.choice([one for one in flow.questions if one.routes] or flow.questions)
    if not question.routes:
        return flow
    at = chance.randrange(len(question.routes))
    new = replace(
        question.routes[at], target=chance.choice((*flow.questions_by_key, *flow.outcomes_by_key))
    )
    return questions(
        flow, replace(question, routes=(*question.routes[:at], new, *question.routes[at + 1 :]))
    )


def _other_order(chance: Random, flow: Flow) -> Flow:
    return replace(flow, questions=tuple(chance.sample(flow.questions, len(flow.questions))))


def _one_or_several(chance: Random, flow: Flow) -> Flow:
    question = chance.choice(flow.questions)
    return questions(flow, replace(question, several=not question.several))


def _other_outcome(chance: Random, flow: Flow) -> Flow:
    one = chance.choice(flow.outcomes)
    changes = (
        {"urgency": chance.randint(0, 5)},
        {"do_now": " "},
        {"when": ""},
        {"title": "It is acne"},
    )
    new = replace(one, **chance.choice(changes))
    return replace(flow, outcomes=tuple(new if end is one else end for end in flow.outcomes))


def _other_limits(chance: Random, flow: Flow) -> Flow:
    return replace(
        flow, max_questions=chance.randint(1, len(flow.questions)), diagnoses=("Acne", "boil")
    )


def _other_words(chance: Random, flow: Flow) -> Flow:
    question = chance.choice(flow.questions)
    words = chance.choice(
        ("Where is it?", "Do you have boils?", "Is the acne worse?", "Is it acned?")
    )
    return questions(replace(flow, diagnoses=("Acne", "boil")), replace(question, text=words))


def _graver_sign(chance: Random, flow: Flow) -> Flow:
    return replace(
        flow, signs={**flow.signs, chance.choice([*flow.signs]): chance.randint(1, EMERGENCY)}
    )


def _another_combination(chance: Random, flow: Flow) -> Flow:
    asking = [[c.sign for c in q.choices if c.sign] for q in flow.questions]
    signs = chance.choice(asking)
    if len(signs) < 2 or chance.random() < 0.2:
        signs = [sign for some in asking for sign in some]
    together = frozenset(chance.sample(signs, min(len(signs), chance.choice((2, 2, 3)))))
    level = chance.randint(2, EMERGENCY)
    new = Combination(
        f"c{len(flow.combinations)}", "All of it", together, level, min(level, EMERGENCY - 1)
    )
    return combined(flow, *flow.combinations, new) if len(together) > 1 else flow


CHANGES: tuple[Change, ...] = (
    _other_affirmed, _other_kind, _other_sign, _without_a_choice, _another_choice, _without_a_route,
    _another_route, _another_route, _another_aim, _another_aim, _other_order, _one_or_several,
    _other_outcome, _other_limits, _other_words, _graver_sign, _another_combination, _another_combination,
)  # fmt: skip


def seed_flow(chance: Random) -> Flow:
    """A good flow to change: one of the small ones of all tests, or a grown one of few paths."""
    return (
        chance.choice((SAFE, TOGETHER))
        if chance.random() < 0.4
        else generate_flow(chance, chance.randint(3, 5), signs=2)
    )
