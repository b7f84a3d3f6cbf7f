"""The distinct answers stand for all answers, and sixteen choices take no time."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from education.selfcheck.flow import Choice, Combination, Flow, Question, Route
from education.selfcheck.printable.flow import PrintableFlow
from education.selfcheck.safety.distinct_answers import (
    answer_effect,
    distinct_answers,
    stronger_answers,
)
from education.selfcheck.safety.rules import check_flow
from tests.selfcheck import sample_flows
from tests.selfcheck.sample_flows import (
    GRAVE,
    NONE,
    OUTCOMES,
    SAFE,
    answers,
    combined,
    questions,
    sign,
    unsure,
)

SIGNS = ("s0", "s1", "s2", "s3", "s4")
CHOICES = st.lists(
    st.one_of(
        st.builds(Choice, st.just(""), st.just("x"), st.integers(0, 3), st.sampled_from(SIGNS)),
        st.builds(Choice, st.just(""), st.just("x"), st.integers(0, 3)),
    ),
    min_size=1,
    max_size=6,
)
ENDS = st.sampled_from(("a", "b", "c"))
ROUTES = st.lists(
    st.builds(
        Route,
        ENDS,
        choice=st.sampled_from(("", "c0", "c1", "c3", "unsure", "none")),
        at_least=st.sampled_from((0, 1, 2, 3, 3.5, 4)),
    ),
    max_size=5,
)


@st.composite
def asked(draw: Any) -> Question:
    """A question with combinations of any of its signs."""
    free = [replace(choice, key=f"c{number}") for number, choice in enumerate(draw(CHOICES))]
    more = draw(st.sampled_from(((), (NONE,), (unsure(2),), (NONE, unsure(3)), (NONE, unsure(0)))))
    together = draw(
        st.lists(
            st.frozensets(st.sampled_from(SIGNS), min_size=2, max_size=3), max_size=3, unique=True
        )
    )
    combinations = []
    for number, signs in enumerate(together):
        level = draw(st.integers(2, 4))
        combinations.append(Combination(f"k{number}", "x", signs, level, min(level, 3)))
    question = Question(
        "1a",
        "?",
        (*free, *more),
        tuple(draw(ROUTES)),
        several=draw(st.sampled_from((True, True, False))),
    )
    flow = combined(Flow((question,), (), {}, 4), *combinations)
    return flow.questions[0]


@pytest.mark.prove
@given(asked())
def test_distinct_answers_make_every_difference(question: Question) -> None:
    assert {answer_effect(question, chosen) for chosen in distinct_answers(question)} == {
        answer_effect(question, chosen) for chosen in answers(question)
    }
    assert all(question.is_valid_answer(chosen) for chosen in distinct_answers(question))


@pytest.mark.prove
@given(asked())
def test_stronger_answers_are_those_that_listing_finds(question: Question) -> None:
    flow = Flow((question,), (), {}, 4)
    listed = {
        (answer_effect(question, chosen), answer_effect(question, more))
        for chosen in answers(question)
        for more in sample_flows.says_more(flow, "1a", chosen)
    }
    found = {
        (answer_effect(question, less), answer_effect(question, more))
        for less, more in stronger_answers(question)
    }
    # Two steps of saying more may be found as one, and one as two: what counts is where they lead.
    assert _joined(found) == _joined({pair for pair in listed if pair[0] != pair[1]})


def _joined(pairs: set[Any]) -> set[Any]:
    while more := {(a, d) for a, b in pairs for c, d in pairs if b == c and a != d} - pairs:
        pairs = pairs | more
    return pairs


@pytest.mark.prove
@given(asked(), st.sets(st.sampled_from(("c0", "c1", "c2", "c3", "c4", "c5", "unsure", "none"))))
def test_resolved_answer_is_valid_and_keeps_the_most_urgent(
    question: Question, ticked: set[str]
) -> None:
    chosen = frozenset(ticked) & question.choices_by_key.keys()
    meant = question.resolve_not_sure(chosen)
    assert meant <= chosen
    assert (
        sample_flows.affirms(question, meant) == sample_flows.affirms(question, chosen)
        or "none" in chosen
    )
    contradicts = "none" in chosen and chosen - {"none", "unsure"}
    if question.several and chosen and not contradicts and chosen != {"none", "unsure"}:
        assert question.is_valid_answer(meant)


def sixteen() -> Flow:
    """Fourteen urgent signs on one page, twenty combinations of which are emergencies."""
    signs = [sign(f"s{number}", 3) for number in range(14)]
    asking = Question(
        "2b",
        "Are any of these true?",
        (*signs, NONE, unsure(3)),
        (Route("call", at_least=4), Route("today", at_least=3), Route("3c")),
        several=True,
    )
    flow = questions(SAFE, replace(GRAVE, routes=(Route("call", at_least=4), Route("2b"))), asking)
    flow = replace(flow, signs={"danger": 4, **{one.sign: 3 for one in signs}})
    together = [
        Combination(f"k{n}", "x", frozenset({f"s{n % 14}", f"s{(n * 5 + 3 + n // 14) % 14}"}), 4, 3)
        for n in range(20)
    ]
    return combined(flow, *(one for one in together if len(one.signs) == 2))


def test_flow_with_many_combinations_is_proved_and_printed() -> None:
    flow = sixteen()
    assert len(flow.questions_by_key["2b"].choices) == 16 and len(flow.combinations) > 17
    begin = time.process_time()
    assert check_flow(flow) == []
    PrintableFlow.from_flow(flow)
    assert time.process_time() - begin < 5
    spoilt = questions(
        flow,
        replace(
            flow.questions_by_key["2b"],
            routes=(Route("today", at_least=3), *flow.questions_by_key["2b"].routes),
        ),
    )
    assert {problem.rule for problem in check_flow(spoilt)} == {"milder"}


@pytest.mark.parametrize("chosen", [("s0", "unsure"), ("s0", "s1", "unsure")])
def test_sign_of_a_combination_is_kept_with_the_doubt(chosen: tuple[str, ...]) -> None:
    flow = sixteen()
    question = flow.questions_by_key["2b"]
    meant = question.resolve_not_sure(frozenset(chosen))
    assert meant == frozenset(chosen) and question.is_valid_answer(meant)
    assert flow.highest_after(0, question, meant) == flow.not_sure_level
    assert OUTCOMES[1].urgency == int(flow.not_sure_level)
