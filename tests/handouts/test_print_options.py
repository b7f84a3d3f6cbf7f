"""Print options as a query and as a number."""

from __future__ import annotations

from functools import partial

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from education.handouts.codes import NEWER_OPTIONS
from education.handouts.print_options import (
    EXTENTS,
    MAX_CAUSES,
    PAPERS,
    PRINT_SIZES,
    SECTIONS,
    InvalidOptions,
    PrintOptions,
)

CAUSES = [f"cause-{number}" for number in range(MAX_CAUSES)]
PLACES = st.none() | st.sets(st.sampled_from(range(MAX_CAUSES))).map(
    lambda places: tuple(sorted(places))
)
OPTIONS = st.builds(
    PrintOptions,
    st.sampled_from(PAPERS),
    st.sampled_from(PRINT_SIZES),
    st.sampled_from(EXTENTS),
    st.booleans(),
    st.frozensets(st.sampled_from(SECTIONS)),
    PLACES,
)


@given(OPTIONS)
def test_number_round_trips_to_the_same_options(options):
    assert PrintOptions.from_int(options.as_int) == options
    assert (options.as_int == NEWER_OPTIONS) == (options == PrintOptions())


@given(st.integers(0, 2**32))
def test_each_combination_of_options_has_its_own_number(number):
    try:
        assert PrintOptions.from_int(number).as_int == number
    except InvalidOptions:
        assert number >= NEWER_OPTIONS


@given(st.integers(0, NEWER_OPTIONS - 1))
def test_numbers_of_old_papers_mean_everything(number):
    options = PrintOptions.from_int(number)
    assert options.as_int == number and options.extent == "everything"


@pytest.mark.parametrize("number", [-1, 2**40])
def test_number_without_options_is_refused(number):
    with pytest.raises(InvalidOptions):
        PrintOptions.from_int(number)


def test_option_numbers_keep_their_meaning():
    old = partial(PrintOptions, print_size="normal", extent="everything")
    assert old().as_int == 0
    assert old("a4").as_int == 1
    assert PrintOptions("letter", "large", "everything").as_int == 5
    assert old(omitted_sections=frozenset({"sources", "notes"}), causes=()).as_int == 264
    assert old(causes=(0, 2)).as_int == 1152


def test_newer_option_numbers_keep_their_meaning():
    assert PrintOptions().as_int == 201_326_784
    assert PrintOptions("letter", "large").as_int == 201_326_784 + 11
    assert PrintOptions(extent="everything", both_sides=True).as_int == 201_326_784 + 36
    assert PrintOptions("a4", causes=(0,)).as_int == 201_326_784 + 1 + 2 * 32 * 48


@given(OPTIONS.filter(lambda options: options.causes is None or len(options.causes) < MAX_CAUSES))
def test_query_round_trips_to_the_same_options(options):
    assert (
        PrintOptions.from_query(QueryDict(options.query_string(CAUSES).lstrip("?")), CAUSES)
        == options
    )


@pytest.mark.parametrize(
    "query",
    [
        "paper=a5",
        "print=huge",
        "extent=some",
        "sides=three",
        "section=secrets",
        "cause=no-such",
        "causes=few",
        "paper=%00",
    ],
)
def test_unknown_option_is_named_with_the_possible_ones(query):
    with pytest.raises(InvalidOptions, match="is no choice for"):
        PrintOptions.from_query(QueryDict(query), CAUSES[:2])


def test_all_causes_chosen_one_by_one_equal_the_default():
    assert (
        PrintOptions.from_query(QueryDict("cause=cause-1&cause=cause-0"), CAUSES[:2])
        == PrintOptions()
    )
