"""The code on a handout: short, unique for its meaning, and safe against typing errors."""

from __future__ import annotations

import os
from random import Random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from education.handouts import codes
from education.handouts.codes import (
    ALPHABET,
    LOOK_ALIKES,
    CodeErrorReason,
    HandoutCode,
    InvalidCode,
    decode,
    encode,
)

pytestmark = pytest.mark.prove

KEYS = st.integers(1, codes.MAX_NUMBER)
# Of every hundred thousand, those that a check with 841 endings lets through, with six standard
# deviations.
RUNS = max(100_000, int(os.environ.get("PROVE_EXAMPLES", "0")) * 10)


@st.composite
def any_codes(draw: st.DrawFn) -> HandoutCode:
    """Small numbers, as on most handouts, and any others."""
    keys = st.one_of(st.integers(1, 900), KEYS)
    documents = st.lists(keys, min_size=1, max_size=codes.MAX_DOCUMENTS, unique=True)
    one = st.lists(keys, min_size=1, max_size=1)
    options = st.one_of(st.just(0), st.integers(0, 2000), st.integers(0, codes.MAX_NUMBER))
    return HandoutCode(tuple(draw(st.one_of(one, documents))), draw(options), draw(keys))


def mistake_in(typed: str) -> CodeErrorReason | None:
    try:
        decode(typed)
    except InvalidCode as refusal:
        return refusal.reason
    return None


@given(any_codes())
@example(HandoutCode((1,), 0, 1))
@example(HandoutCode((codes.BASE**4 - 1,), codes.BASE**6 - 1, codes.MAX_NUMBER))
@example(HandoutCode((codes.BASE**4,), 0, 1))
@example(HandoutCode((1,), codes.BASE**6, 1))
@example(HandoutCode(tuple(range(1, codes.MAX_DOCUMENTS + 1)), 0, 1))
def test_code_round_trips_and_is_unique(parsed: HandoutCode) -> None:
    code = str(parsed)
    assert decode(code) == parsed
    assert set(code) <= set(ALPHABET)
    assert len(code) <= codes.MAX_CHARACTERS


def test_code_of_one_article_is_short_on_small_and_huge_sites() -> None:
    assert len(encode([17], 0, 40)) <= 6
    assert len(encode([24_000], 800, 700_000)) == 12
    assert len(encode([700_000], 0, 20_000_000)) == 12


@given(any_codes(), st.data())
def test_code_ignores_case_spaces_hyphens_and_look_alikes(
    parsed: HandoutCode, data: st.DataObject
) -> None:
    code = str(parsed)
    others = {meant: [meant] for meant in ALPHABET}
    for typed, meant in LOOK_ALIKES.items():
        others[meant].append(typed)
    between = st.sampled_from(("", "", " ", "-", "\u2011", "\u00a0", "\n"))
    typed = "".join(
        data.draw(between) + data.draw(st.sampled_from(others[character])) for character in code
    )
    wanted = typed if len(typed) <= codes.MAX_CHARACTERS else code
    assert decode(data.draw(st.sampled_from((wanted, wanted.lower())))) == parsed


@given(any_codes(), st.randoms(use_true_random=False))
@example(HandoutCode((1,), 0, 1), Random(1))
def test_wrong_character_or_swapped_neighbors_are_always_noticed(
    parsed: HandoutCode, chance: Random
) -> None:
    code = str(parsed)
    places = range(len(code)) if len(code) < 20 else chance.sample(range(len(code)), 12)
    for place in places:
        for character in ALPHABET:
            if character != code[place]:
                wrong = code[:place] + character + code[place + 1 :]
                assert mistake_in(wrong) == CodeErrorReason.MISTYPED, wrong
        swapped = code[:place] + code[place : place + 2][::-1] + code[place + 2 :]
        if swapped != code:
            assert mistake_in(swapped) == CodeErrorReason.MISTYPED, swapped


def test_prime_divides_no_change_by_a_typing_error() -> None:
    assert all(codes.PRIME % divisor for divisor in range(2, codes.PRIME))
    assert codes.PRIME < codes.BASE**codes.CHECK_LENGTH and codes.BASE % codes.PRIME
    for difference in range(1, codes.BASE):
        for factor in (1, codes.BASE, codes.BASE - 1, codes.BASE + 1):
            assert difference * factor % codes.PRIME


@given(st.one_of(st.text(max_size=40), st.text(ALPHABET + "-ilo ", max_size=40)))
@example("")
@example("--")
@example("ß1234")
@example("٣٤٥٦")
@example("0" * 10_000)
def test_any_text_is_decoded_or_raises_invalid_code(typed: str) -> None:
    try:
        parsed = decode(typed)
    except InvalidCode as refusal:
        assert refusal.reason in CodeErrorReason
    else:
        assert decode(str(parsed)) == parsed


@pytest.mark.parametrize("typed", ["", "1", "AB", "A*B2C", "ABC/DEF", "é1234", "0" * 451])
def test_text_unlike_any_code_is_malformed(typed: str) -> None:
    assert mistake_in(typed) == CodeErrorReason.MALFORMED


def test_random_codes_pass_at_the_check_rate() -> None:
    chance = Random(20261126)
    length = lambda: chance.randint(4, 13)  # noqa: E731
    passed = sum(
        mistake_in("".join(chance.choices(ALPHABET, k=length()))) is None for _ in range(RUNS)
    )
    odds = RUNS / codes.BASE**codes.CHECK_LENGTH
    assert passed <= odds + 6 * odds**0.5
    # A check that refused everything would be no check of this.
    assert passed > odds / 4


def test_mistyped_codes_pass_at_the_check_rate() -> None:
    chance = Random(20261127)
    passed = 0
    for _ in range(RUNS):
        code = list(
            encode([chance.randint(1, 20_000)], chance.choice((0, 0, 7)), chance.randint(1, 10**6))
        )
        right = "".join(code)
        for _slip in range(chance.randint(2, 4)):
            place = chance.randrange(len(code))
            match chance.randrange(4):
                case 0:
                    code[place] = chance.choice(ALPHABET)
                case 1:
                    code.insert(place, chance.choice(ALPHABET))
                case 2:
                    del code[place]
                case _:
                    code[place : place + 2] = code[place : place + 2][::-1]
        typed = "".join(code)
        passed += typed != right and mistake_in(typed) is None
    odds = RUNS / codes.PRIME
    assert passed <= odds + 6 * odds**0.5


@pytest.mark.parametrize(
    ("documents", "options", "publication"),
    [
        ([], 0, 1),
        ([1, 1], 0, 1),
        ([0], 0, 1),
        ([1], -1, 1),
        ([1], 0, 0),
        ([2**63], 0, 1),
        (list(range(1, 30)), 0, 1),
    ],
)
def test_values_too_big_for_a_code_are_refused(
    documents: list[int], options: int, publication: int
) -> None:
    with pytest.raises(ValueError):
        encode(documents, options, publication)
