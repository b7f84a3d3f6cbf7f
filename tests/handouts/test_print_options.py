"""Choices as a query and as a number."""

from __future__ import annotations

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from education.handouts.print_options import (
    MAX_CAUSES,
    PAPERS,
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
    st.booleans(),
    st.frozensets(st.sampled_from(SECTIONS)),
    PLACES,
)


@given(OPTIONS)
def test_a_number_stands_for_the_choices_it_was_made_of(options):
    assert PrintOptions.from_int(options.as_int) == options
    assert options.as_int >= 0 and (options.as_int == 0) == (options == PrintOptions())


@given(st.integers(0, 2**29))
def test_no_two_choices_share_a_number(number):
    try:
        assert PrintOptions.from_int(number).as_int == number
    except InvalidOptions:
        assert number >= 96 << MAX_CAUSES


@pytest.mark.parametrize("number", [-1, 2**40])
def test_a_number_that_no_choices_have_is_refused(number):
    with pytest.raises(InvalidOptions):
        PrintOptions.from_int(number)


def test_old_numbers_keep_their_meaning():
    assert PrintOptions("a4").as_int == 1
    assert PrintOptions("letter", large=True).as_int == 5
    assert PrintOptions(omitted_sections=frozenset({"sources", "notes"}), causes=()).as_int == 264
    assert PrintOptions(causes=(0, 2)).as_int == 1152


@given(OPTIONS.filter(lambda options: options.causes is None or len(options.causes) < MAX_CAUSES))
def test_a_query_is_read_as_the_choices_it_was_written_for(options):
    assert (
        PrintOptions.from_query(QueryDict(options.query_string(CAUSES).lstrip("?")), CAUSES)
        == options
    )


@pytest.mark.parametrize(
    "query",
    ["paper=a5", "print=huge", "section=secrets", "cause=no-such", "causes=few", "paper=%00"],
)
def test_an_unknown_choice_is_named_with_what_can_be_chosen(query):
    with pytest.raises(InvalidOptions, match="is no choice for"):
        PrintOptions.from_query(QueryDict(query), CAUSES[:2])


def test_all_causes_chosen_one_by_one_are_all_causes():
    assert PrintOptions.from_query(QueryDict("cause=cause-1&cause=cause-0"), CAUSES[:2]).as_int == 0
