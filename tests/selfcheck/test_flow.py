"""A walk depends on the answers alone, needs each on its path, and never ends milder."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from education.selfcheck.flow import Flow, Outcome, Question, Route, is_unsure_about_emergency, walk
from education.selfcheck.printable.flow import PrintableFlow
from education.selfcheck.safety.rules import check_flow
from tests.selfcheck.sample_flows import (
    GRAVE,
    LAST,
    LESS,
    OUTCOMES,
    SAFE,
    answers,
    paths,
    spoiled,
    wild,
)

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
def test_walk_never_ends_milder_than_affirmed(
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
def test_walk_steps_are_answered_and_valid(
    flow: Flow, given_answers: dict[str, frozenset[str]]
) -> None:
    for step in walk(flow, given_answers).steps:
        assert given_answers[step.question.key] == step.chosen
        assert step.chosen in answers(step.question)


@pytest.mark.prove
@given(spoiled(), st.data())
def test_walk_needs_every_answer_on_its_path(flow: Flow, data: st.DataObject) -> None:
    assume(not check_flow(flow))
    path = data.draw(st.sampled_from(sorted(paths(flow), key=repr)))
    whole = dict(path.steps)
    stood = walk(flow, whole)
    assert stood.outcome == flow.outcomes_by_key[path.end]
    assert not stood.is_refused
    for key in whole:
        cut = {other: chosen for other, chosen in whole.items() if other != key}
        assert walk(flow, cut).outcome is None
        assert walk(flow, cut).question == flow.questions_by_key[key]
        assert not walk(flow, cut).is_refused
        spoilt = walk(flow, {**whole, key: frozenset(["tampered"])})
        assert (spoilt.outcome, spoilt.question, spoilt.is_refused) == (
            None,
            flow.questions_by_key[key],
            True,
        )
        assert walk(flow, {**whole, key: frozenset()}).outcome is None


@pytest.mark.prove
@given(spoiled(), ANSWERS, st.data())
def test_changed_early_answer_keeps_later_answers(
    flow: Flow, given_answers: dict[str, frozenset[str]], data: st.DataObject
) -> None:
    assume(not check_flow(flow))
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
    reached = {step.question.key for step in after.steps} | {
        after.question.key if after.question else ""
    }
    assert all(step in after.steps for step in kept if step.question.key in reached)


def test_answers_off_the_path_change_nothing() -> None:
    assert (
        walk(SAFE, {"1a": frozenset(["danger"]), "3c": frozenset(["white"])}).outcome == OUTCOMES[0]
    )


@pytest.mark.parametrize(
    "chosen",
    [
        (),
        ("gone",),
        ("danger", "none"),
        ("danger", "unsure"),
        ("none", "unsure"),
        ("danger", "gone"),
    ],
)
def test_walk_stops_at_an_invalid_answer(chosen: tuple[str, ...]) -> None:
    stood = walk(SAFE, {"1a": frozenset(chosen)})
    assert (stood.question, stood.is_refused, stood.steps) == (GRAVE, True, ())


def test_walk_of_an_unproved_flow_never_ends_milder() -> None:
    mild = Outcome("home", 1, "Rest.", "Now.", "Come back.")
    flow = Flow((replace(GRAVE, routes=(Route("home"),)),), (mild,), {"danger": 4}, 4)
    stood = walk(flow, {"1a": frozenset(["danger"])})
    assert (stood.outcome, stood.question, stood.is_refused) == (None, flow.questions[0], True)


@pytest.mark.parametrize("question", [GRAVE, LESS, LAST], ids=lambda question: question.key)
def test_tick_with_not_sure_means_the_more_urgent(
    question: Question,
) -> None:
    keys = [choice.key for choice in question.choices]
    for size in range(len(keys) + 1):
        for chosen in map(frozenset, combinations([*keys, "tampered"], size)):
            meant = question.resolve_not_sure(chosen)
            assert meant <= chosen
            assert question.urgency_of(
                meant & question.choices_by_key.keys()
            ) == question.urgency_of(chosen & question.choices_by_key.keys())
            if question.is_valid_answer(chosen):
                assert meant == chosen
            signs = chosen & {choice.key for choice in question.choices if choice.sign}
            goes_together = (
                "unsure" in chosen and not (signs and "none" in chosen) and "tampered" not in chosen
            )
            assert question.is_valid_answer(meant) == (
                question.is_valid_answer(chosen) or (question.several and goes_together)
            )


def ends_on_paper(flow: Flow) -> list[tuple[str, bool]]:
    """The outcomes as they stand on paper, and whether for those in doubt about an emergency."""
    return [
        (end.outcome.key, end.is_unsure_about_emergency)
        for end in PrintableFlow.from_flow(flow).ends
    ]


def test_walk_marks_only_doubt_about_an_emergency() -> None:
    unsure, none = frozenset({"unsure"}), frozenset({"none"})
    assert ends_on_paper(SAFE) == [
        ("call", False),
        ("today", True),
        ("today", False),
        ("book", False),
        ("home", False),
    ]
    assert is_unsure_about_emergency(SAFE, walk(SAFE, {"1a": unsure}))
    assert not is_unsure_about_emergency(SAFE, walk(SAFE, {"1a": none, "2b": unsure}))
    assert not is_unsure_about_emergency(SAFE, walk(SAFE, {"1a": frozenset({"danger"})}))
    later = replace(GRAVE, routes=(Route("call", at_least=4), Route("2b")))
    detour = replace(SAFE, questions=(later, LESS, LAST))
    assert ends_on_paper(detour) == ends_on_paper(SAFE)
    assert is_unsure_about_emergency(detour, walk(detour, {"1a": unsure, "2b": none}))
    assert not is_unsure_about_emergency(detour, walk(detour, {"1a": unsure}))
