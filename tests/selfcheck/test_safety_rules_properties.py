"""The proof against flows that were changed at random, and against flows too large to list."""

from __future__ import annotations

import os
import time
from collections import Counter
from dataclasses import replace
from random import Random

import pytest

from education.selfcheck.flow import Route, walk
from education.selfcheck.safety.rules import check_flow
from tests.selfcheck.flow_generators import count_paths, generate_flow, mutate_flow, seed_flow
from tests.selfcheck.sample_flows import (
    agree,
    broken,
    paths,
    questions,
    routes_in_a_circle,
    says_more,
)

LONG = "PROVE_EXAMPLES" in os.environ
EXAMPLES = int(os.environ.get("PROVE_EXAMPLES", "600"))


@pytest.mark.prove
def test_mutated_flows_are_refused_for_their_reasons() -> None:
    chance = Random(20261124)
    seen = Counter[str]()
    for number in range(EXAMPLES // 2):
        flow = mutate_flow(chance, seed_flow(chance))
        found, judged = {problem.rule for problem in check_flow(flow)}, broken(flow)
        assert agree(found, judged), (number, flow)
        seen.update(judged or {"safe"})
    assert seen["safe"] > EXAMPLES // 40
    # Every rule had something to refuse.
    assert len(seen) > 20, seen


@pytest.mark.prove
def test_proof_of_grown_flows_agrees_with_listing_paths() -> None:
    chance = Random(20261125)
    most, pairs, wanted = (100_000, 4_000, 60) if LONG else (2_000, 300, 12)
    sizes: list[int] = []
    while len(sizes) < wanted:
        flow = generate_flow(chance, chance.randint(4, 9))
        flow = mutate_flow(chance, flow) if chance.random() < 0.5 else flow
        if routes_in_a_circle(flow) or not most // 200 < count_paths(flow) <= most:
            continue
        sizes.append(count_paths(flow))
        assert sum(1 for _path in paths(flow)) == sizes[-1]
        # Two runs side by side are far more to list than one: that rule is left out for the
        # largest.
        left_out = set() if sizes[-1] <= pairs else {"saying-more-ends-milder"}
        judged = broken(flow, left_out)
        assert {problem.rule for problem in check_flow(flow)} - left_out == judged
    assert max(sizes) > most // 4, sorted(sizes)


@pytest.mark.parametrize("seed", range(3))
def test_three_hundred_questions_are_proved_within_a_second(
    seed: int,
) -> None:
    flow = generate_flow(Random(seed), 300)
    assert len(flow.questions) > 200
    assert count_paths(flow) > 10**30
    begin = time.process_time()
    assert check_flow(flow) == []
    assert time.process_time() - begin < 1


def test_single_fault_in_a_large_flow_is_found_with_paths() -> None:
    flow = generate_flow(Random(1), 300)
    skipping = next(
        question
        for place, question in enumerate(flow.questions)
        if place > 100 and any(route.at_least == 1 for route in question.routes)
    )
    routes = (Route("book", at_least=2), Route("home", at_least=1), *skipping.routes)
    flow = questions(flow, replace(skipping, routes=routes))
    found = check_flow(flow)
    assert {problem.rule for problem in found} == {"saying-more-ends-milder"}
    for problem in found:
        less, more = (walk(flow, dict(told)) for told in (problem.path, problem.other_path))
        assert less.outcome and more.outcome and more.outcome.urgency < less.outcome.urgency
        differ = {
            key
            for key, chosen in problem.path
            if dict(problem.other_path).get(key, chosen) != chosen
        }
        assert differ == {problem.key}
        shown = dict(problem.path)[problem.key], dict(problem.other_path)[problem.key]
        assert shown[1] in says_more(flow, problem.key, shown[0])
