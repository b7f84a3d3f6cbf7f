"""Forged, damaged and random answers get no milder outcome, and none too soon."""

from __future__ import annotations

import os
import string
from collections import Counter
from random import Random

import pytest
from django.core.signing import TimestampSigner
from django.http import HttpRequest

from education.selfcheck.answer_cookie import COOKIE_NAME, POSITION_DIGITS, AnswerSet
from education.selfcheck.flow import Walk, walk
from tests.selfcheck.test_shipped_flow import FLOW, PATHS

# Fifty times the examples of the other long runs: a million.
SETS = 50 * int(os.environ.get("PROVE_EXAMPLES", "400"))
SLUG, EDITIONS = "back-skin", "3-2"
SIGNER = TimestampSigner(salt="education.selfcheck.answer_cookie")
ENDS = {path.steps: path.end for path in PATHS}
STEPS = sorted(ENDS, key=repr)
# Most of 60,000 ways tick many emergency signs: a way is taken by how it ends first.
WAYS = {end: [steps for steps in STEPS if ENDS[steps] == end] for end in sorted(set(ENDS.values()))}
KEYS = [*FLOW.questions_by_key, "9z", ""]
NOISE = string.printable + "²٣é\x00"


def written(chance: Random, path: tuple[tuple[str, frozenset[str]], ...]) -> str:
    """Answers in the form of the cookie, written without the code under test."""
    parts = []
    for key, chosen in path:
        choices = [choice.key for choice in FLOW.questions_by_key[key].choices]
        parts.append(
            key + "-" + "".join(POSITION_DIGITS[choices.index(one)] for one in sorted(chosen))
        )
    return ".".join(chance.sample(parts, len(parts)))


def tampered(chance: Random, text: str) -> str:
    """One character changed, removed or inserted."""
    at = chance.randrange(len(text) + 1)
    return text[:at] + chance.choice(("", chance.choice(NOISE))) + text[at + chance.randint(0, 1) :]


def at_random(chance: Random) -> str:
    """Any positions at any questions, most of which exist nowhere."""
    places = (
        "".join(chance.choices(POSITION_DIGITS[:16], k=chance.randint(0, 3))) for _ in range(5)
    )
    return ".".join(f"{chance.choice(KEYS)}-{place}" for place in places)


def brought(chance: Random) -> tuple[str, str, bool]:
    """The kind of answers, the cookie that has them, and whether its signature is valid."""
    whole = written(chance, chance.choice(WAYS[chance.choice(sorted(WAYS))]))
    match chance.randrange(8):
        case 0:
            return "whole", SIGNER.sign(f"{SLUG}!{EDITIONS}!{whole}"), True
        case 1:
            return (
                "truncated",
                SIGNER.sign(f"{SLUG}!{EDITIONS}!{whole[: chance.randrange(len(whole))]}"),
                True,
            )
        case 2:
            return "mixed", SIGNER.sign(f"{SLUG}!{EDITIONS}!{whole}.{at_random(chance)}"), True
        case 3:
            return "random", SIGNER.sign(f"{SLUG}!{EDITIONS}!{at_random(chance)}"), True
        case 4:
            return (
                "tampered and signed",
                SIGNER.sign(tampered(chance, f"{SLUG}!{EDITIONS}!{whole}")),
                True,
            )
        case 5:
            signed = SIGNER.sign(f"{SLUG}!{EDITIONS}!{whole}")
            forged = tampered(chance, signed)
            return "forged", forged, forged == signed
        case 6:
            return (
                "of another edition",
                SIGNER.sign(f"{SLUG}!{chance.choice(('2-2', '3-1', ''))}!{whole}"),
                False,
            )
        case _:
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr("django.core.signing.time.time", lambda: chance.randrange(10**9))
                return "stale", SIGNER.sign(f"{SLUG}!{EDITIONS}!{whole}"), False


def most_urgent_affirmed(answers: dict[str, frozenset[str]]) -> int:
    """The urgency of the most urgent sign affirmed anywhere in `answers`, on the path or not."""
    chosen = (
        FLOW.questions_by_key[key].choices_by_key[one].sign
        for key, shown in answers.items()
        for one in shown
    )
    return max([0, *(FLOW.signs[sign] for sign in chosen if sign)])


def judge(stood: Walk, answers: dict[str, frozenset[str]]) -> None:
    """An outcome must be that of a whole path of given answers, and as urgent as every sign."""
    steps = tuple((step.question.key, step.chosen) for step in stood.steps)
    assert all(answers[key] == chosen for key, chosen in steps)
    if stood.outcome is None:
        assert stood.question is not None and stood.question.key not in dict(steps)
        return
    assert ENDS[steps] == stood.outcome.key
    assert stood.outcome.urgency >= most_urgent_affirmed(answers)


@pytest.mark.prove
def test_tampered_answers_never_end_milder_or_incomplete() -> None:
    chance = Random(20261124)
    ended = Counter[str]()
    request = HttpRequest()
    for _ in range(SETS):
        kind, cookie, holds = brought(chance)
        request.COOKIES = {COOKIE_NAME: cookie}
        given = AnswerSet.from_request(request, SLUG, EDITIONS, FLOW)
        stood = walk(FLOW, given.answers)
        judge(stood, given.answers)
        assert holds or not given.answers, (kind, cookie)
        ended[kind, stood.outcome.key if stood.outcome else ""] += 1
    kinds = {kind for kind, _end in ended}
    assert kinds == {
        *["whole", "truncated", "mixed", "random", "forged", "stale"],
        "tampered and signed",
        "of another edition",
    }
    # Whole answers always end; all outcomes were met, and most other answers ended nowhere.
    assert not ended["whole", ""]
    assert {end for kind, end in ended if kind == "whole"} == set(FLOW.outcomes_by_key)
    assert not {end for kind, end in ended if kind in {"stale", "of another edition"}} - {""}
