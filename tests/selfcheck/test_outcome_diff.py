"""Whose result another version of a flow changes: exact for small flows, sampled for large."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

from hypothesis import given

from education.selfcheck.flow import Choice, Flow, Question, Route, walk
from education.selfcheck.outcome_diff import MAX_SHOWN, Statement, diff_outcomes
from tests.selfcheck import sample_flows


def changed(*questions, **changes):
    return diff_outcomes(
        sample_flows.SAFE, sample_flows.questions(sample_flows.SAFE, *questions, **changes)
    )


def told(found):
    """The changed people by keys, with the urgency before and after."""
    return [
        (
            [
                one.sign or f"{one.question}:{'+'.join(sorted(one.chosen))}"
                for one in moved.statements
            ],
            moved.before,
            moved.after,
        )
        for moved in found.changed
    ]


def test_outcome_diff_of_equal_flows_is_empty():
    found = diff_outcomes(sample_flows.SAFE, sample_flows.SAFE)
    assert found.changed == () and found.unshown_count == 0
    # One sign, none or not sure; two signs, none or not sure; one of three choices.
    assert found.is_exhaustive and found.tried_count == (1 + 2) * (3 + 2) * 3


def test_outcome_diff_names_the_sign_of_a_changed_route():
    found = changed(replace(sample_flows.LESS, routes=(Route("call", at_least=3), Route("3c"))))
    assert told(found) == [(["spreading"], 3, 4), (["2b:unsure"], 3, 4)]
    assert found.unshown_count > 0


def test_outcome_diff_shows_a_choice_that_counts_for_more():
    choices = (Choice("white", "White stuff", 2), *sample_flows.LAST.choices[1:])
    routes = (Route("book", at_least=2), Route("home"))
    assert told(changed(replace(sample_flows.LAST, choices=choices, routes=routes))) == [([], 1, 2)]


def test_outcome_diff_shows_people_without_a_result():
    found = changed(replace(sample_flows.LAST, routes=()))
    assert ([], 1, None) in told(found)


def test_outcome_diff_ignores_where_a_sign_is_asked():
    moved = replace(
        sample_flows.LAST,
        choices=(*sample_flows.LAST.choices, sample_flows.sign("growing", 2)),
        several=True,
    )
    less = replace(
        sample_flows.LESS,
        choices=tuple(c for c in sample_flows.LESS.choices if c.sign != "growing"),
    )
    # Whoever has it ends alike; only to the question where it stood, they may now say "not sure"
    # besides.
    assert told(changed(less, moved)) == [(["growing", "2b:unsure"], 2, 3)]


@given(sample_flows.spoiled())
def test_outcome_diff_of_small_flows_is_exact(flow):
    found = diff_outcomes(sample_flows.SAFE, flow)
    assert found.is_exhaustive
    ends = set()
    for moved in found.changed:
        assert moved.before != moved.after
        ends.add((moved.before, moved.after))
    # Everybody who only says yes or no to signs, walked by hand.
    signs = sorted(sample_flows.SIGNS)
    for yes in product((False, True), repeat=3):
        shown = {sign for sign, is_said in zip(signs, yes, strict=True) if is_said}
        before, after = (_end(one, shown) for one in (sample_flows.SAFE, flow))
        if before is not None and after is not None and before != after:
            assert (before, after) in ends or len(found.changed) == MAX_SHOWN


def _end(flow: Flow, shown: set[str]) -> int | None:
    """The end for a person who ticks these signs, otherwise "None of these" or white stuff."""
    answers = {}
    for question in flow.questions:
        yes = [choice.key for choice in question.choices if choice.sign in shown]
        plain = [key for key in ("none", "white") if key in question.choices_by_key]
        if not (yes or plain) or (len(yes) > 1 and not question.several):
            return None
        answers[question.key] = frozenset(yes or plain[:1])
    outcome = walk(flow, answers).outcome
    return outcome.urgency if outcome else None


def many(signs: int, urgency: int) -> Flow:
    """A flow that asks this many signs on one page, any of which ends with this urgency."""
    choices = tuple(sample_flows.sign(f"s{number}", 2) for number in range(signs))
    asked = Question(
        "1a",
        "Any?",
        (*choices, sample_flows.NONE),
        (Route("end", at_least=2), Route("home")),
        several=True,
    )
    ends = (sample_flows.outcome("end", urgency), sample_flows.OUTCOMES[-1])
    return Flow((asked,), ends, {choice.sign: 2 for choice in choices}, sample_flows.EMERGENCY)


def test_outcome_diff_of_large_flows_tries_signs_and_pairs():
    found = diff_outcomes(many(30, 2), many(30, 3))
    assert not found.is_exhaustive
    assert found.tried_count == 1 + 30 + 30 * 29 // 2
    assert len(found.changed) == MAX_SHOWN
    assert found.changed[0].statements == (Statement(sign="s0"),)
    assert found.unshown_count == found.tried_count - 1 - MAX_SHOWN
