"""Each safety rule refuses what it alone is for, and the proof agrees with listing all paths."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from education.selfcheck.flow import Choice, Flow, Question, Route
from education.selfcheck.publishing_hooks import VIOLATION_MESSAGES, violation_message
from education.selfcheck.safety import rules
from education.selfcheck.safety.rules import SafetyViolation, check_flow
from education.selfcheck.safety.state_graph import StateGraph
from tests.selfcheck.sample_flows import (
    GRAVE,
    LAST,
    LESS,
    NONE,
    OUTCOMES,
    PAIR,
    SAFE,
    SIGNS,
    TOGETHER,
    agree,
    broken,
    combined,
    judged_safe,
    lowered,
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

Rule = Callable[[Flow, StateGraph], Iterator[SafetyViolation]]


def ends(**changes: object) -> Flow:
    """The safe flow with its last outcome changed."""
    return replace(SAFE, outcomes=(*OUTCOMES[:-1], replace(OUTCOMES[-1], **changes)))  # type: ignore[arg-type]


def asking(question: Question, *choices: Choice, **changes: object) -> Flow:
    """The safe flow in which a question has these choices."""
    return questions(SAFE, replace(question, choices=choices, **changes))  # type: ignore[arg-type]


def leading(question: Question, *routes: Route) -> Flow:
    """The safe flow in which a question has these routes."""
    return questions(SAFE, replace(question, routes=routes))


EXTRA = Question(
    "4d",
    "Anything else?",
    (Choice("white", "White stuff", 2), unsure(2)),
    (Route("book", at_least=2),),
)
SECOND_DANGER = Question(
    "4d",
    "And any of these?",
    (sign("stroke", 4), NONE, unsure(3)),
    (Route("call", at_least=4), Route("2b")),
)
WHERE = Question(
    "5e",
    "Where is it?",
    (Choice("back", "On the back"), Choice("face", "On the face"), unsure()),
    (Route("2b", choice="back"), Route("4d")),
)

# (the rule, the kind of problem, where, an unsafe flow that breaks this rule and no other)
UNSAFE: list[tuple[Rule, str, str, Flow]] = [
    (rules.dangling_target, "dangling-target", "2b", leading(LESS, *LESS.routes, Route("nowhere"))),
    (
        rules.dangling_target,
        "dangling-choice",
        "2b",
        leading(LESS, Route("3c", choice="gone"), *LESS.routes),
    ),
    (
        rules.missing_target,
        "missing-target",
        "2b",
        leading(LESS, LESS.routes[0], Route("3c", choice="none")),
    ),
    (
        rules.unreachable,
        "unreachable-question",
        "4d",
        replace(SAFE, questions=(*SAFE.questions, EXTRA)),
    ),
    (
        rules.unreachable,
        "unreachable-outcome",
        "never",
        replace(SAFE, outcomes=(*OUTCOMES, outcome("never", 4))),
    ),
    (
        rules.cycle,
        "cycle",
        "3c",
        leading(LAST, Route("book", at_least=2), Route("home", choice="white"), Route("2b")),
    ),
    (
        rules.skips_signs,
        "skips-signs",
        "4d",
        questions(
            replace(
                SAFE,
                questions=(*SAFE.questions, WHERE, SECOND_DANGER),
                signs={**SAFE.signs, "stroke": 4},
            ),
            replace(GRAVE, routes=(GRAVE.routes[0], Route("5e"))),
        ),
    ),
    (
        rules.skips_signs,
        "skips-signs",
        "2b",
        questions(
            replace(SAFE, questions=(*SAFE.questions, WHERE)),
            replace(GRAVE, routes=(*GRAVE.routes[:2], Route("5e"))),
            replace(WHERE, routes=(Route("3c", choice="back"), Route("2b"))),
        ),
    ),
    (
        rules.emergency_not_first,
        "emergency-not-first",
        "0z",
        replace(
            SAFE,
            questions=(
                Question(
                    "0z",
                    "Is help on its way?",
                    (
                        Choice("no-help", "I must call for it now", 4),
                        Choice("fine", "No need"),
                        unsure(),
                    ),
                    (Route("call", at_least=4), Route("1a")),
                ),
                *SAFE.questions,
            ),
        ),
    ),
    (
        rules.emergency_takes_longer,
        "emergency-takes-longer",
        "1a",
        questions(
            SAFE,
            replace(GRAVE, routes=(Route("2b"),)),
            replace(LESS, routes=(Route("call", at_least=4), *LESS.routes)),
        ),
    ),
    (rules.too_many_questions, "too-many-questions", "3c", replace(SAFE, max_questions=2)),
    (
        rules.saying_more_ends_milder,
        "saying-more-ends-milder",
        "2b",
        questions(
            SAFE,
            replace(LESS, routes=(LESS.routes[0], Route("book", choice="growing"), LESS.routes[1])),
            replace(LAST, routes=(Route("today", choice="other"), *LAST.routes)),
        ),
    ),
    (
        rules.names_a_diagnosis,
        "names-a-diagnosis",
        "home",
        replace(ends(do_now="Your spots may be acne."), diagnoses=("Acne",)),
    ),
    (rules.milder, "milder", "home", leading(LAST, Route("home", choice="white"), Route("book"))),
    (rules.incomplete_outcome, "outcome-without", "home", ends(urgency=0)),
    (
        rules.incomplete_outcome,
        "outcome-without",
        "call",
        replace(SAFE, outcomes=(replace(OUTCOMES[0], urgency=5), *OUTCOMES[1:])),
    ),
    (rules.incomplete_outcome, "outcome-without", "home", ends(do_now="")),
    (rules.incomplete_outcome, "outcome-without", "home", ends(when=" ")),
    (rules.incomplete_outcome, "outcome-without", "home", ends(safety_net="\n")),
    (
        rules.sign_never_asked,
        "sign-never-asked",
        "bleeding",
        replace(SAFE, signs={**SAFE.signs, "bleeding": 2}),
    ),
    (
        rules.sign_never_asked,
        "unknown-sign",
        "2b",
        asking(LESS, *LESS.choices, sign("invented", 3)),
    ),
    (
        rules.understated_sign,
        "understated-sign",
        "2b",
        asking(LESS, LESS.choices[0], sign("growing", 1), *LESS.choices[2:]),
    ),
    (
        rules.missing_neutral_choice,
        "no-not-sure",
        "3c",
        asking(LAST, *LAST.choices[:2]),
    ),
    (
        rules.missing_neutral_choice,
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
        rules.doubt_counts_for_too_little,
        "doubt-counts-for-too-little",
        "2b",
        asking(LESS, *LESS.choices[:3], unsure(0)),
    ),
    (
        rules.doubt_counts_for_too_little,
        "doubt-counts-for-too-little",
        "1a",
        asking(GRAVE, *GRAVE.choices[:2], unsure(2)),
    ),
    (
        rules.one_sign_hides_another,
        "one-sign-hides-another",
        "2b",
        asking(LESS, *LESS.choices, several=False),
    ),
    (
        rules.one_sign_hides_another,
        "one-sign-hides-another",
        "2b",
        asking(LESS, LESS.choices[0], replace(LESS.choices[1], answer="no"), *LESS.choices[2:]),
    ),
]
UNSAFE += [
    (
        rules.signs_asked_apart,
        "signs-asked-apart",
        "pair",
        combined(
            replace(
                SAFE,
                questions=(
                    *questions(
                        SAFE,
                        replace(
                            LESS,
                            choices=(LESS.choices[0], *LESS.choices[2:]),
                            routes=(*LESS.routes[:1], Route("4d")),
                        ),
                    ).questions,
                    Question(
                        "4d",
                        "And this?",
                        (sign("growing", 2), NONE, unsure(3)),
                        (Route("today", at_least=3), Route("3c")),
                    ),
                ),
            ),
            replace(PAIR, affirms=3),
        ),
    ),
    # What two signs are together is milder nowhere, never passed by, and doubt about it counts.
    (
        rules.milder,
        "milder",
        "today",
        questions(TOGETHER, replace(TOGETHER.questions_by_key["2b"], routes=LESS.routes)),
    ),
    (
        rules.skips_signs,
        "skips-signs",
        "2b",
        questions(
            TOGETHER,
            replace(
                GRAVE,
                choices=(Choice("help", "Help is on its way"), *GRAVE.choices),
                routes=(GRAVE.routes[0], Route("today", choice="help"), Route("2b")),
            ),
        ),
    ),
    (
        rules.doubt_counts_for_too_little,
        "doubt-counts-for-too-little",
        "2b",
        questions(
            TOGETHER,
            replace(
                TOGETHER.questions_by_key["2b"],
                choices=(sign("spreading", 2), *LESS.choices[1:3], unsure(2)),
            ),
            signs={**SIGNS, "spreading": 2},
        ),
    ),
    (
        rules.saying_more_ends_milder,
        "saying-more-ends-milder",
        "2b",
        questions(
            TOGETHER,
            replace(
                TOGETHER.questions_by_key["2b"],
                choices=(sign("spreading", 2), *LESS.choices[1:3], unsure(3)),
                routes=(
                    Route("call", at_least=4),
                    Route("today", at_least=3.5),
                    Route("call", choice="spreading"),
                    *LESS.routes,
                ),
            ),
            signs={**SIGNS, "spreading": 2},
        ),
    ),
]
IDS = [
    f"{rule.__name__}-{kind}-{number}" for number, (rule, kind, _where, _flow) in enumerate(UNSAFE)
]

MALFORMED = {
    "no-questions": replace(SAFE, questions=()),
    "key-twice": replace(SAFE, outcomes=(*OUTCOMES, outcome("3c", 2))),
    "choice-twice": asking(LAST, *LAST.choices, LAST.choices[0]),
    "no-choices": asking(LAST),
    "too-many-choices": asking(
        LAST, *LAST.choices, *(Choice(f"c{n}", "More", 2) for n in range(14))
    ),
}


@pytest.mark.parametrize("flow", [SAFE, TOGETHER], ids=["safe", "together"])
def test_safe_flows_have_no_violations(flow: Flow) -> None:
    assert check_flow(flow) == []
    assert judged_safe(flow)


@pytest.mark.parametrize(("rule", "kind", "where", "flow"), UNSAFE, ids=IDS)
def test_unsafe_flow_is_refused_by_one_rule(rule: Rule, kind: str, where: str, flow: Flow) -> None:
    found = check_flow(flow)
    assert found
    assert {problem.rule for problem in found} == {kind}
    assert where in {problem.key for problem in found} | {problem.detail for problem in found}
    assert broken(flow) == {kind}
    assert all(violation_message(flow, problem) for problem in found)


@pytest.mark.parametrize(("rule", "kind", "where", "flow"), UNSAFE, ids=IDS)
def test_unsafe_flow_passes_without_its_rule(
    rule: Rule, kind: str, where: str, flow: Flow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "RULES", tuple(other for other in rules.RULES if other is not rule))
    assert check_flow(flow) == []


def test_rules_have_an_unsafe_flow_each() -> None:
    assert {rule for rule, _kind, _where, _flow in UNSAFE} == set(rules.RULES)


@pytest.mark.parametrize("kind", MALFORMED)
def test_malformed_flow_is_refused_before_it_is_walked(kind: str) -> None:
    assert {problem.rule for problem in check_flow(MALFORMED[kind])} == {kind}


def test_violations_have_a_message_and_a_test_each() -> None:
    assert {kind for _rule, kind, _where, _flow in UNSAFE} | set(MALFORMED) == set(
        VIOLATION_MESSAGES
    )


@pytest.mark.parametrize(("rule", "kind", "where", "flow"), UNSAFE, ids=IDS)
def test_violation_paths_are_real(rule: Rule, kind: str, where: str, flow: Flow) -> None:
    for problem in check_flow(flow):
        for told in (told for told in (problem.path, problem.other_path) if told):
            assert any(path.steps == told for path in paths(flow))


@pytest.mark.prove
@given(st.one_of(spoiled(), wild()))
def test_proof_agrees_with_listing_all_paths(flow: Flow) -> None:
    assert agree({problem.rule for problem in check_flow(flow)}, broken(flow))


@pytest.mark.prove
@given(st.one_of(spoiled(), wild()))
def test_rules_name_the_places_that_listing_paths_finds(flow: Flow) -> None:
    assume(not routes_in_a_circle(flow))
    found = check_flow(flow)
    named = {
        kind: {problem.key for problem in found if problem.rule == kind}
        for kind in VIOLATION_MESSAGES
    }
    assert named["milder"] == milder_ends(flow)
    assert {problem.detail for problem in found if problem.rule == "skips-signs"} == skipped(flow)
    assert named["saying-more-ends-milder"] == lowered(flow)
    whole = list(paths(flow))
    asked = set[str]().union(*(path.asked for path in whole))
    assert named["unreachable-question"] == set(flow.questions_by_key) - asked
    assert named["unreachable-outcome"] == set(flow.outcomes_by_key) - {path.end for path in whole}
    assert named["missing-target"] == {path.steps[-1][0] for path in whole if not path.end}
