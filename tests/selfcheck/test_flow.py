"""Each safety rule refuses what it alone is for; listing all paths, one by one, agrees with the proof."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from education.selfcheck import flow as flows
from education.selfcheck.flow import (
    Choice,
    Flow,
    FlowProblem,
    Graph,
    Outcome,
    Question,
    Route,
    problems,
    walk,
)
from education.selfcheck.publication import SENTENCES, sentence
from tests.selfcheck.flows import (
    GRAVE,
    LAST,
    LESS,
    NONE,
    OUTCOMES,
    SAFE,
    answers,
    judged_safe,
    milder_ends,
    outcome,
    paths,
    questions,
    routes_in_a_circle,
    sign,
    skipped,
    spoiled,
    unsure,
    wild,
)

Rule = Callable[[Flow, Graph], Iterator[FlowProblem]]


def ends(**changes: object) -> Flow:
    """The safe flow whose last outcome says something else."""
    return replace(SAFE, outcomes=(*OUTCOMES[:-1], replace(OUTCOMES[-1], **changes)))  # type: ignore[arg-type]


def asking(question: Question, *choices: Choice, **changes: object) -> Flow:
    """The safe flow in which a question has these choices."""
    return questions(SAFE, replace(question, choices=choices, **changes))  # type: ignore[arg-type]


def leading(question: Question, *routes: Route) -> Flow:
    """The safe flow in which a question has these routes."""
    return questions(SAFE, replace(question, routes=routes))


EXTRA = Question(
    "4d", "Anything else?", (Choice("white", "White stuff", 2), unsure(2)), (Route("book", at_least=2),)
)
SECOND_DANGER = Question(
    "4d",
    "And any of these?",
    (sign("stroke", 4), NONE, unsure(3)),
    (Route("call", at_least=4), Route("today", at_least=3), Route("3c")),
)
GROWING = Question("4d", "And this?", (sign("growing", 2), NONE, unsure(2)), (Route("3c"),))
MILDLY = (sign("spreading", 3), NONE, unsure(3))

# (the rule, the kind of problem, where, an unsafe flow that breaks this rule and no other)
UNSAFE: list[tuple[Rule, str, str, Flow]] = [
    (flows.dangling_target, "dangling-target", "2b", leading(LESS, *LESS.routes, Route("nowhere"))),
    (flows.dangling_target, "dangling-choice", "2b", leading(LESS, Route("3c", choice="gone"), *LESS.routes)),
    (flows.missing_target, "missing-target", "2b", leading(LESS, LESS.routes[0], Route("3c", choice="none"))),
    (flows.unreachable, "unreachable-question", "4d", replace(SAFE, questions=(*SAFE.questions, EXTRA))),
    (
        flows.unreachable,
        "unreachable-outcome",
        "never",
        replace(SAFE, outcomes=(*OUTCOMES, outcome("never", 4))),
    ),
    (
        flows.cycle,
        "cycle",
        "3c",
        leading(LAST, Route("book", at_least=2), Route("home", choice="white"), Route("2b")),
    ),
    (
        flows.skips_graver_signs,
        "skips-signs",
        "4d",
        questions(
            replace(SAFE, questions=(*SAFE.questions, SECOND_DANGER), signs={**SAFE.signs, "stroke": 4}),
            replace(LESS, routes=(LESS.routes[0], Route("4d", choice="none"), Route("3c"))),
        ),
    ),
    (
        flows.skips_graver_signs,
        "skips-signs",
        "2b",
        questions(
            replace(SAFE, questions=(*SAFE.questions, GROWING)),
            replace(GRAVE, routes=(*GRAVE.routes[:2], Route("4d"))),
            replace(LESS, choices=MILDLY, routes=(LESS.routes[0], Route("home"))),
            replace(
                LAST,
                routes=(
                    Route("book", at_least=2),
                    Route("2b", choice="other"),
                    Route("home", choice="white"),
                ),
                choices=(LAST.choices[0], Choice("other", "Something else"), unsure(2)),
            ),
        ),
    ),
    (
        flows.asks_an_emergency_first,
        "emergency-not-first",
        "0z",
        replace(
            SAFE,
            questions=(
                Question("0z", "How old are you?", (Choice("old", "Old"), unsure()), (Route("1a"),)),
                *SAFE.questions,
            ),
        ),
    ),
    (flows.milder, "milder", "home", leading(LAST, Route("home", choice="white"), Route("book"))),
    (flows.careless_outcome, "outcome-without", "home", ends(urgency=0)),
    (
        flows.careless_outcome,
        "outcome-without",
        "call",
        replace(SAFE, outcomes=(replace(OUTCOMES[0], urgency=5), *OUTCOMES[1:])),
    ),
    (flows.careless_outcome, "outcome-without", "home", ends(do_now="")),
    (flows.careless_outcome, "outcome-without", "home", ends(when=" ")),
    (flows.careless_outcome, "outcome-without", "home", ends(safety_net="\n")),
    (
        flows.sign_never_asked,
        "sign-never-asked",
        "bleeding",
        replace(SAFE, signs={**SAFE.signs, "bleeding": 2}),
    ),
    (
        flows.sign_never_asked,
        "unknown-sign",
        "2b",
        asking(LESS, *LESS.choices, sign("invented", 3)),
    ),
    (
        flows.understated_sign,
        "understated-sign",
        "2b",
        asking(LESS, LESS.choices[0], sign("growing", 1), *LESS.choices[2:]),
    ),
    (
        flows.no_honest_way_out,
        "no-not-sure",
        "3c",
        asking(LAST, *LAST.choices[:2]),
    ),
    (
        flows.no_honest_way_out,
        "no-none-of-these",
        "2b",
        asking(
            LESS,
            *LESS.choices[:2],
            Choice("never-mind", "Never mind"),
            LESS.choices[3],
        ),
    ),
    (
        flows.doubt_counts_for_too_little,
        "doubt-counts-for-too-little",
        "2b",
        asking(LESS, *LESS.choices[:3], unsure(0)),
    ),
    (
        flows.doubt_counts_for_too_little,
        "doubt-counts-for-too-little",
        "1a",
        asking(GRAVE, *GRAVE.choices[:2], unsure(2)),
    ),
    (
        flows.one_sign_hides_another,
        "one-sign-hides-another",
        "2b",
        asking(LESS, *LESS.choices, several=False),
    ),
    (
        flows.one_sign_hides_another,
        "one-sign-hides-another",
        "2b",
        asking(LESS, LESS.choices[0], replace(LESS.choices[1], answer="no"), *LESS.choices[2:]),
    ),
]
IDS = [f"{rule.__name__}-{kind}-{number}" for number, (rule, kind, _where, _flow) in enumerate(UNSAFE)]

MALFORMED = {
    "no-questions": replace(SAFE, questions=()),
    "key-twice": replace(SAFE, outcomes=(*OUTCOMES, outcome("3c", 2))),
    "choice-twice": asking(LAST, *LAST.choices, LAST.choices[0]),
    "no-choices": asking(LAST),
    "too-many-choices": asking(LAST, *LAST.choices, *(Choice(f"c{n}", "More", 2) for n in range(7))),
}


def test_the_safe_flow_has_no_problems() -> None:
    assert problems(SAFE) == []
    assert judged_safe(SAFE)


@pytest.mark.parametrize(("rule", "kind", "where", "flow"), UNSAFE, ids=IDS)
def test_an_unsafe_flow_is_refused_by_one_rule(rule: Rule, kind: str, where: str, flow: Flow) -> None:
    found = problems(flow)
    assert found
    assert {problem.rule for problem in found} == {kind}
    assert where in {problem.where for problem in found} | {problem.detail for problem in found}
    assert not judged_safe(flow)
    assert all(sentence(flow, problem) for problem in found)


@pytest.mark.parametrize(("rule", "kind", "where", "flow"), UNSAFE, ids=IDS)
def test_without_its_rule_the_unsafe_flow_would_pass(
    rule: Rule, kind: str, where: str, flow: Flow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flows, "RULES", tuple(other for other in flows.RULES if other is not rule))
    assert problems(flow) == []


def test_every_rule_has_an_unsafe_flow() -> None:
    assert {rule for rule, _kind, _where, _flow in UNSAFE} == set(flows.RULES)


@pytest.mark.parametrize("kind", MALFORMED)
def test_a_malformed_flow_is_refused_before_it_is_walked(kind: str) -> None:
    assert {problem.rule for problem in problems(MALFORMED[kind])} == {kind}


def test_every_kind_of_problem_has_a_sentence_and_a_test() -> None:
    assert {kind for _rule, kind, _where, _flow in UNSAFE} | set(MALFORMED) == set(SENTENCES)


@pytest.mark.parametrize(("rule", "kind", "where", "flow"), UNSAFE, ids=IDS)
def test_a_path_given_with_a_problem_is_a_real_one(rule: Rule, kind: str, where: str, flow: Flow) -> None:
    for problem in problems(flow):
        if problem.path:
            assert any(path.steps == problem.path for path in paths(flow))


@pytest.mark.parametrize("size", [200])
def test_a_long_flow_with_countless_paths_is_proved_quickly(size: int) -> None:
    keys = [f"{number:03}" for number in range(size)]
    middle = [
        Question(
            key, "Well?", (Choice("white", "White"), Choice("other", "Else", 2), unsure(1)), (Route(after),)
        )
        for key, after in zip(keys, [*keys[1:], "3c"], strict=True)
    ]
    long = questions(SAFE, replace(LESS, routes=(LESS.routes[0], Route(keys[0]))))
    long = replace(long, questions=(*long.questions, *middle))
    assert problems(long) == []


@pytest.mark.prove
@given(st.one_of(spoiled(), wild()))
def test_the_proof_agrees_with_listing_all_paths(flow: Flow) -> None:
    assert (problems(flow) == []) == judged_safe(flow)


@pytest.mark.prove
@given(st.one_of(spoiled(), wild()))
def test_each_reasoned_rule_agrees_with_listing_all_paths(flow: Flow) -> None:
    found = problems(flow)
    assert {problem.where for problem in found if problem.rule == "milder"} == milder_ends(flow)
    assert {problem.detail for problem in found if problem.rule == "skips-signs"} == skipped(flow)
    assert any(problem.rule == "cycle" for problem in found) == routes_in_a_circle(flow)
    whole = list(paths(flow))
    asked = set[str]().union(*(path.asked for path in whole))
    nobody = {problem.where for problem in found if problem.rule == "unreachable-question"}
    assert nobody == set(flow.question) - asked
    never = {problem.where for problem in found if problem.rule == "unreachable-outcome"}
    assert never == set(flow.outcome) - {path.end for path in whole}
    lost = {problem.where for problem in found if problem.rule == "missing-target"}
    assert lost == {path.steps[-1][0] for path in whole if not path.end}


ANSWERS = st.dictionaries(
    st.sampled_from(("1a", "2b", "3c", "4d", "9z", "")),
    st.frozensets(
        st.sampled_from(
            ("danger", "spreading", "growing", "none", "unsure", "white", "other", "tampered", "")
        ),
        max_size=3,
    ),
)


@pytest.mark.prove
@given(st.one_of(spoiled(), wild()), ANSWERS)
def test_no_answers_reach_an_outcome_milder_than_what_they_affirm(
    flow: Flow, given_answers: dict[str, frozenset[str]]
) -> None:
    stood = walk(flow, given_answers)
    affirmed = [choice.affirms for step in stood.steps for choice in step.question.choices
                if choice.key in step.chosen]  # fmt: skip
    assert bool(stood.outcome) != bool(stood.question)
    if stood.outcome:
        assert stood.outcome.urgency >= max(affirmed)
        assert stood.highest == max(affirmed)
        assert any(
            path.steps == tuple((step.question.key, step.chosen) for step in stood.steps)
            and path.end == stood.outcome.key
            for path in paths(flow)
        )


@pytest.mark.prove
@given(spoiled(), ANSWERS)
def test_every_step_of_a_walk_was_answered_and_accepted(
    flow: Flow, given_answers: dict[str, frozenset[str]]
) -> None:
    for step in walk(flow, given_answers).steps:
        assert given_answers[step.question.key] == step.chosen
        assert step.chosen in answers(step.question)


@pytest.mark.prove
@given(spoiled(), st.data())
def test_a_walk_needs_every_answer_on_its_way(flow: Flow, data: st.DataObject) -> None:
    assume(not problems(flow))
    path = data.draw(st.sampled_from(sorted(paths(flow), key=repr)))
    whole = dict(path.steps)
    stood = walk(flow, whole)
    assert stood.outcome == flow.outcome[path.end]
    assert not stood.refused
    for key in whole:
        cut = {other: chosen for other, chosen in whole.items() if other != key}
        assert walk(flow, cut).outcome is None
        assert walk(flow, cut).question == flow.question[key]
        assert not walk(flow, cut).refused
        spoilt = walk(flow, {**whole, key: frozenset(["tampered"])})
        assert (spoilt.outcome, spoilt.question, spoilt.refused) == (None, flow.question[key], True)
        assert walk(flow, {**whole, key: frozenset()}).outcome is None


@pytest.mark.prove
@given(spoiled(), ANSWERS, st.data())
def test_changing_an_early_answer_keeps_later_ones_that_still_apply(
    flow: Flow, given_answers: dict[str, frozenset[str]], data: st.DataObject
) -> None:
    assume(not problems(flow))
    question = data.draw(st.sampled_from(flow.questions))
    chosen = data.draw(st.sampled_from(answers(question)))
    before, changed = walk(flow, given_answers), {**given_answers, question.key: chosen}
    after = walk(flow, changed)
    for step in after.steps:
        assert step.chosen == changed[step.question.key]
    if after.question:
        # What it asks next is what has no fitting answer; nothing that fits is asked again.
        assert changed.get(after.question.key) not in answers(after.question)
    kept = [step for step in before.steps if step.question.key != question.key]
    reached = {step.question.key for step in after.steps} | {after.question.key if after.question else ""}
    assert all(step in after.steps for step in kept if step.question.key in reached)


def test_answers_aside_from_the_way_change_nothing() -> None:
    assert walk(SAFE, {"1a": frozenset(["danger"]), "3c": frozenset(["white"])}).outcome == OUTCOMES[0]


@pytest.mark.parametrize(
    "chosen",
    [(), ("gone",), ("danger", "none"), ("danger", "unsure"), ("none", "unsure"), ("danger", "gone")],
)
def test_an_answer_that_does_not_fit_is_asked_again(chosen: tuple[str, ...]) -> None:
    stood = walk(SAFE, {"1a": frozenset(chosen)})
    assert (stood.question, stood.refused, stood.steps) == (GRAVE, True, ())


def test_a_flow_that_was_never_proved_still_tells_nobody_something_milder() -> None:
    mild = Outcome("home", 1, "Rest.", "Now.", "Come back.")
    flow = Flow((replace(GRAVE, routes=(Route("home"),)),), (mild,), {"danger": 4}, 4)
    stood = walk(flow, {"1a": frozenset(["danger"])})
    assert (stood.outcome, stood.question, stood.refused) == (None, flow.questions[0], True)
