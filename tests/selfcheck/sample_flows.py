"""Small flows, ways to spoil them, and a judge that lists every path instead of reasoning."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from itertools import chain, combinations
from typing import Any

from hypothesis import strategies as st

from education.selfcheck.flow import Choice, Combination, Flow, Outcome, Question, Route

EMERGENCY = 4
NONE = Choice("none", "None of these", answer="no")


def unsure(affirms: int = 0) -> Choice:
    """The choice "I'm not sure"."""
    return Choice("unsure", "I'm not sure", affirms, answer="not-sure")


def sign(key: str, affirms: int) -> Choice:
    """The choice of a warning sign."""
    return Choice(key, f"You have {key}", affirms, sign=key)


def outcome(key: str, urgency: int) -> Outcome:
    """An outcome with all texts."""
    return Outcome(key, urgency, "Do this.", "Today.", "Come back if it gets worse.")


OUTCOMES = (outcome("call", 4), outcome("today", 3), outcome("book", 2), outcome("home", 1))
SIGNS = {"danger": 4, "spreading": 3, "growing": 2}
GRAVE = Question(
    "1a",
    "Are any of these true?",
    (sign("danger", 4), NONE, unsure(3)),
    (Route("call", at_least=4), Route("today", at_least=3), Route("2b")),
    several=True,
)
LESS = Question(
    "2b",
    "Are any of these true?",
    (sign("spreading", 3), sign("growing", 2), NONE, unsure(3)),
    (Route("today", at_least=3), Route("3c")),
    several=True,
)
LAST = Question(
    "3c",
    "What bothers you?",
    (Choice("white", "White stuff"), Choice("other", "Something else", 2), unsure(2)),
    (Route("book", at_least=2), Route("home", choice="white")),
)
SAFE = Flow((GRAVE, LESS, LAST), OUTCOMES, SIGNS, EMERGENCY)


PAIR = Combination("pair", "It spreads and grows", frozenset({"spreading", "growing"}), 4, 3)


def combined(flow: Flow, *combinations: Combination) -> Flow:
    """`flow` with these combinations, each at the questions that ask some of its signs."""
    return replace(
        flow,
        questions=tuple(
            replace(
                question,
                combinations=tuple(
                    one
                    for one in combinations
                    if any(c.sign in one.signs for c in question.choices)
                ),
            )
            for question in flow.questions
        ),
    )


def questions(flow: Flow, *changed: Question, **changes: Any) -> Flow:
    """`flow` with these questions in the place of those that have their keys."""
    new = {question.key: question for question in changed}
    return replace(flow, questions=tuple(new.get(q.key, q) for q in flow.questions), **changes)


# Two signs that are an emergency together. So doubt about an emergency leads on to where they are
# asked.
TOGETHER = combined(
    questions(
        SAFE,
        replace(GRAVE, routes=(Route("call", at_least=4), Route("2b"))),
        replace(LESS, routes=(Route("call", at_least=4), *LESS.routes)),
    ),
    PAIR,
)


def answers(question: Question) -> list[frozenset[str]]:
    """Every answer, found by trying all sets of choices."""
    keys = [choice.key for choice in question.choices]
    sets = chain.from_iterable(combinations(keys, size) for size in range(1, len(keys) + 1))
    return [frozenset(chosen) for chosen in sets if is_answer(question, frozenset(chosen))]


def is_answer(question: Question, chosen: frozenset[str]) -> bool:
    """One choice; several combinable ones; or these with a doubt that may make them more urgent."""
    alone = [choice.answer for choice in question.choices if choice.key in chosen and choice.answer]
    if len(chosen) == 1 or not question.several or not alone:
        return len(chosen) == 1 or (question.several and len(chosen) > 1)
    ticked = frozenset(c.key for c in question.choices if c.key in chosen and not c.answer)
    graver = [
        one.affirms for one in in_part(question, ticked) if one.affirms > affirms(question, ticked)
    ]
    return alone == ["not-sure"] and bool(graver)


def signs_in(question: Question, chosen: frozenset[str]) -> set[str]:
    """The signs that an answer names."""
    return {c.sign for c in question.choices if c.key in chosen and c.sign and not c.answer}


def in_part(question: Question, chosen: frozenset[str]) -> list[Combination]:
    """The combinations of which an answer has some signs and not all."""
    signs = signs_in(question, chosen)
    return [one for one in question.combinations if signs & one.signs and one.signs - signs]


def affirms(question: Question, chosen: frozenset[str]) -> int:
    """The urgency that an answer affirms."""
    named = [choice for choice in question.choices if choice.key in chosen]
    whole = [one for one in question.combinations if not one.signs - signs_in(question, chosen)]
    is_unsure = any(choice.answer == "not-sure" for choice in named)
    part = in_part(question, chosen) if is_unsure else []
    levels = [choice.affirms for choice in named] + [one.affirms for one in whole]
    return max([0, *levels, *(one.affirms_in_part for one in part)])


def doubts(question: Question, chosen: frozenset[str]) -> int:
    """The highest urgency that an answer leaves in doubt."""
    if not any(c.key in chosen and c.answer == "not-sure" for c in question.choices):
        return 0
    part = [one.affirms for one in in_part(question, chosen)]
    return max([*(choice.affirms for choice in question.choices), *part])


def reached(question: Question, chosen: frozenset[str], highest: float) -> float:
    """The highest urgency after an answer; an emergency in doubt is half a step below one."""
    doubted = EMERGENCY - 0.5 if doubts(question, chosen) >= EMERGENCY else 0
    return max(highest, affirms(question, chosen), doubted)


def leads_to(question: Question, chosen: frozenset[str], highest: float) -> str:
    """The target of the first route that fits an answer; "" if none does."""
    ways = [
        route.target
        for route in question.routes
        if route.choice in {"", *chosen} and route.at_least <= highest
    ]
    return (*ways, "")[0]


@dataclass(frozen=True)
class WholePath:
    """One whole path: questions and answers, the highest urgency, and the key of its end or ""."""

    steps: tuple[tuple[str, frozenset[str]], ...]
    highest: float
    end: str

    @property
    def asked(self) -> set[str]:
        """The questions on the path."""
        return {key for key, _chosen in self.steps}


def paths(flow: Flow) -> Iterator[WholePath]:
    """Every path through `flow`, one by one; a path that comes back to a question ends there."""
    todo = [WholePath((), 0, flow.questions[0].key)]
    while todo:
        path = todo.pop()
        if path.end not in flow.questions_by_key or path.end in path.asked:
            yield path
            continue
        question = flow.questions_by_key[path.end]
        for chosen in answers(question):
            highest = reached(question, chosen, path.highest)
            to = leads_to(question, chosen, highest)
            todo.append(WholePath((*path.steps, (question.key, chosen)), highest, to))


def most_urgent_sign(flow: Flow, question: Question) -> int:
    """The urgency of the most urgent sign that a question asks."""
    return max([0, *(flow.signs[c.sign] for c in question.choices if c.sign in flow.signs)])


def most_urgent_combined(flow: Flow, question: Question) -> int:
    """The same, with the combinations that have a sign in it."""
    return max([most_urgent_sign(flow, question), *(one.affirms for one in question.combinations)])


def milder_ends(flow: Flow) -> set[str]:
    """The outcomes that are milder than what was affirmed on some path to them."""
    ends = [
        (path, flow.outcomes_by_key[path.end])
        for path in paths(flow)
        if path.end in flow.outcomes_by_key
    ]
    return {end.key for path, end in ends if end.urgency < int(path.highest)}


def skipped(flow: Flow) -> set[str]:
    """The questions about urgent signs that a path to a milder outcome does not ask."""
    ends = [
        (path, flow.outcomes_by_key[path.end])
        for path in paths(flow)
        if path.end in flow.outcomes_by_key
    ]
    return {
        question.key
        for question in flow.questions
        for path, end in ends
        if most_urgent_combined(flow, question) >= EMERGENCY - 1
        and end.urgency < most_urgent_combined(flow, question)
        and question.key not in path.asked
    }


def routes_in_a_circle(flow: Flow) -> bool:
    """Whether following any routes, taken or not, can come back to a question."""

    def circles(key: str, seen: tuple[str, ...]) -> bool:
        if key in seen:
            return True
        return key in flow.questions_by_key and any(
            circles(route.target, (*seen, key)) for route in flow.questions_by_key[key].routes
        )

    return any(circles(question.key, ()) for question in flow.questions)


def says_more(flow: Flow, key: str, chosen: frozenset[str]) -> Iterator[frozenset[str]]:
    """The answers that differ from `chosen` only in that they say more about a warning sign."""
    question = flow.questions_by_key[key]
    signs = {one.key: one.affirms for one in question.choices if one.sign and not one.answer}
    unsure = {one.key: one.affirms for one in question.choices if one.answer == "not-sure"}
    denials = {one.key for one in question.choices if one.answer == "no"}
    doubt, free = chosen & set(unsure), chosen - set(unsure) - denials
    for other in answers(question):
        added, gone = other - chosen, chosen - other
        if not signs or chosen == other or (chosen & denials and len(other) > 1):
            continue
        if not gone and len(added) == 1 and added <= set(signs):
            yield other
        if not gone and free and added and added <= set(unsure):
            yield other
        if len(chosen) == len(other) == 1 and (chosen & denials) and other & {*signs, *unsure}:
            yield other
        if doubt and gone == doubt and len(added) == 1 and added <= set(signs):
            before = max(affirms(question, chosen), doubts(question, chosen) if free else 0)
            if affirms(question, other) >= before:
                yield other
    for added in signs.keys() - chosen if doubt and question.several else ():
        if not is_answer(question, chosen | {added}):
            # Then what is ticked counts, unless doubt by itself counts for more.
            ticked = free | {added}
            yield ticked if affirms(question, ticked) >= affirms(question, doubt) else doubt


def ends_with(flow: Flow, answered: dict[str, frozenset[str]]) -> set[str]:
    """All outcomes of people with these answers, and any answers to all other questions."""
    found, todo = set[str](), [(flow.questions[0].key, 0.0)]
    while todo:
        key, highest = todo.pop()
        if key not in flow.questions_by_key:
            found.add(key)
            continue
        question = flow.questions_by_key[key]
        for chosen in [answered[key]] if key in answered else answers(question):
            after = reached(question, chosen, highest)
            todo.append((leads_to(question, chosen, after), after))
    return found


def lowered(flow: Flow) -> set[str]:
    """The questions at which saying more, with all other answers the same, can end milder."""
    level = {end.key: end.urgency for end in flow.outcomes}
    return {
        key
        for path in paths(flow)
        if path.end in level
        for key, chosen in path.steps
        for more in says_more(flow, key, chosen)
        for end in ends_with(flow, {**dict(path.steps), key: more})
        if end in level and level[end] < level[path.end]
    }


def names(flow: Flow) -> set[str]:
    """The names of causes in texts of a flow that are not of the checklist."""
    shown = [f"{question.text} {question.why}" for question in flow.questions]
    shown += [
        choice.text for question in flow.questions for choice in question.choices if not choice.sign
    ]
    shown += [f"{end.title} {end.do_now} {end.when} {end.safety_net}" for end in flow.outcomes]
    text = " ".join(shown).lower()
    return {name for name in flow.diagnoses if re.search(rf"\b{name.lower()}(s|es)?\b", text)}


def judged_safe(flow: Flow) -> bool:
    """Whether `flow` is safe, by listing all of its paths."""
    return not broken(flow)


def agree(found: set[str], judged: set[str]) -> bool:
    """Whether the proof and the judge refuse a flow for the same reasons, or both for a cycle."""
    return found == judged or "cycle" in found & judged


def broken(flow: Flow, left_out: Collection[str] = ()) -> set[str]:
    """The rules that `flow` breaks, by listing all of its paths; only "cycle" if it has one."""
    if routes_in_a_circle(flow):
        return {"cycle"}
    ends = {*flow.questions_by_key, *flow.outcomes_by_key}
    choices = [choice for question in flow.questions for choice in question.choices]
    routes = [(question, route) for question in flow.questions for route in question.routes]
    whole = list(paths(flow))
    asked = set[str]().union(*(path.asked for path in whole))
    urgent = {*flow.signs.values(), *(end.urgency for end in flow.outcomes)}
    first = {
        flow.outcomes_by_key[p.end].urgency
        for p in whole
        if len(p.steps) == 1 and p.end in flow.outcomes_by_key
    }
    asking = [
        question for question in flow.questions if any(choice.sign for choice in question.choices)
    ]
    found = {
        "dangling-target": any(route.target not in ends for _question, route in routes),
        "dangling-choice": any(
            route.choice not in {"", *question.choices_by_key} for question, route in routes
        ),
        "missing-target": any(not path.end for path in whole),
        "unreachable-question": asked != set(flow.questions_by_key),
        "unreachable-outcome": not set(flow.outcomes_by_key) <= {path.end for path in whole},
        "skips-signs": bool(skipped(flow)),
        "emergency-not-first": EMERGENCY in flow.signs.values()
        and most_urgent_sign(flow, flow.questions[0]) < EMERGENCY,
        "emergency-takes-longer": EMERGENCY in urgent and max([0, *first]) < EMERGENCY,
        "too-many-questions": max(len(path.steps) for path in whole) > flow.max_questions,
        "milder": bool(milder_ends(flow)),
        "saying-more-ends-milder": "saying-more-ends-milder" not in left_out
        and bool(lowered(flow)),
        "outcome-without": not all(
            0 < end.urgency <= EMERGENCY
            and end.do_now.strip()
            and end.when.strip()
            and end.safety_net.strip()
            for end in flow.outcomes
        ),
        "names-a-diagnosis": bool(names(flow)),
        "sign-never-asked": not set(flow.signs) <= {choice.sign for choice in choices},
        "unknown-sign": not {choice.sign for choice in choices} <= {"", *flow.signs},
        "understated-sign": any(
            choice.affirms < flow.signs.get(choice.sign, 0) for choice in choices
        ),
        "no-not-sure": not all(_offers(question, "not-sure") for question in flow.questions),
        "no-none-of-these": not all(_offers(question, "no") for question in asking),
        "doubt-counts-for-too-little": any(
            choice.affirms < max(1, most_urgent_combined(flow, question) - 1)
            for question in asking
            for choice in question.choices
            if choice.answer == "not-sure"
        ),
        "one-sign-hides-another": any(_hides(question) for question in asking),
        "signs-asked-apart": any(
            len(holds := [one in q.combinations for q in flow.questions if asks_of(one, q)]) > 1
            or not all(holds)
            for question in flow.questions
            for one in question.combinations
        ),
    }
    return {kind for kind, is_so in found.items() if is_so}


def asks_of(one: Combination, question: Question) -> bool:
    """Whether a question asks some sign of a combination."""
    return any(choice.sign in one.signs for choice in question.choices)


def _offers(question: Question, answer: str) -> bool:
    return any(choice.answer == answer for choice in question.choices)


def _hides(question: Question) -> bool:
    asking = [choice for choice in question.choices if choice.sign]
    return len(asking) > 1 and (not question.several or any(choice.answer for choice in asking))


Draw = Callable[[Any], Any]

KEYS = ("1a", "2b", "3c", "4d")
TARGETS = st.sampled_from((*KEYS, *(end.key for end in OUTCOMES)))
ROUTES = st.builds(
    Route,
    TARGETS,
    choice=st.sampled_from(("", "", "danger", "spreading", "none", "unsure", "white")),
    at_least=st.sampled_from((0, 1, 2, 3, 3.5, 4)),
)
COMBINATIONS = st.lists(
    st.sampled_from(
        (
            PAIR,
            Combination("mild", "It grows and is hot", frozenset({"growing", "hot"}), 3, 3),
            Combination("hot", "It spreads and is hot", frozenset({"spreading", "hot"}), 4, 3),
            Combination("all", "All of it", frozenset({"spreading", "growing", "hot"}), 4, 3),
        )
    ),
    max_size=2,
    unique=True,
)
CHOICES = st.sampled_from(
    (
        *(sign("danger", 4), sign("spreading", 3), sign("growing", 2), sign("growing", 1)),
        sign("hot", 2),
        *(
            NONE,
            unsure(0),
            unsure(2),
            unsure(3),
            Choice("white", "White stuff"),
            Choice("other", "Else", 2),
        ),
    )
)
WILD_QUESTIONS = st.builds(
    Question,
    st.just("?"),
    st.just("Is this true?"),
    st.lists(CHOICES, min_size=1, max_size=5, unique_by=lambda choice: choice.key).map(tuple),
    st.lists(ROUTES, max_size=3).map(tuple),
    several=st.booleans(),
)


@st.composite
def wild(draw: Draw) -> Flow:
    """A small flow of any shape, most often unsafe in several ways."""
    drawn = draw(st.lists(WILD_QUESTIONS, min_size=1, max_size=4))
    asked = tuple(replace(question, key=key) for key, question in zip(KEYS, drawn, strict=False))
    flow = Flow(asked, OUTCOMES[: draw(st.integers(1, 4))], SIGNS, EMERGENCY)
    return combined(flow, *draw(COMBINATIONS))


def _other_choices(draw: Draw, question: Question) -> Question:
    """One choice changed, added or taken away."""
    new, at = draw(CHOICES), draw(st.integers(0, 4))
    if new.key in question.choices_by_key:
        return replace(
            question, choices=tuple(new if c.key == new.key else c for c in question.choices)
        )
    if at == len(question.choices) or draw(st.booleans()):
        return replace(question, choices=(*question.choices, new)[:5])
    return replace(question, choices=without(question.choices, at))


def _other_routes(draw: Draw, question: Question) -> Question:
    """One route put in somewhere, or taken away."""
    at = draw(st.integers(0, 3))
    if draw(st.booleans()):
        return replace(question, routes=without(question.routes, at))
    return replace(question, routes=(*question.routes[:at], draw(ROUTES), *question.routes[at:]))


def _one_or_several(draw: Draw, question: Question) -> Question:
    """One choice instead of several, or the other way."""
    return replace(question, several=not question.several)


def _other_order(draw: Draw, flow: Flow) -> Flow:
    """The questions in another order, so that another one may come first."""
    return replace(flow, questions=tuple(draw(st.permutations(flow.questions))))


def _other_urgency(draw: Draw, flow: Flow) -> Flow:
    """An outcome of another urgency."""
    key, urgency = draw(st.sampled_from(OUTCOMES)).key, draw(st.integers(0, 5))
    ends = (replace(end, urgency=urgency) if end.key == key else end for end in flow.outcomes)
    return replace(flow, outcomes=tuple(ends))


def _other_sign(draw: Draw, flow: Flow) -> Flow:
    """A sign that the checklist takes more, or less, seriously."""
    return replace(
        flow, signs={**flow.signs, draw(st.sampled_from(sorted(SIGNS))): draw(st.integers(1, 4))}
    )


@st.composite
def spoiled(draw: Draw) -> Flow:
    """A safe flow with up to three changes, some of which leave it safe."""
    flow = draw(st.sampled_from((SAFE, TOGETHER)))
    together = draw(COMBINATIONS) if draw(st.integers(0, 4)) == 0 else flow.combinations
    for _ in range(draw(st.integers(0, 3))):
        if draw(st.integers(0, 2)):
            change = draw(st.sampled_from((_other_choices, _other_routes, _one_or_several)))
            flow = questions(flow, change(draw, draw(st.sampled_from(flow.questions))))
        else:
            flow = draw(st.sampled_from((_other_order, _other_urgency, _other_sign)))(draw, flow)
    return combined(flow, *together)


def without(items: tuple[Any, ...], at: int) -> tuple[Any, ...]:
    """`items` without the one at this place, if there is one."""
    return items[:at] + items[at + 1 :]
