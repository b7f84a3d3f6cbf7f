"""Choices as a query and as a number."""

from __future__ import annotations

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from education.handouts.options import MAX_CAUSES, PAPERS, SECTIONS, Options, OptionsError

CAUSES = [f"cause-{number}" for number in range(MAX_CAUSES)]
PLACES = st.none() | st.sets(st.sampled_from(range(MAX_CAUSES))).map(lambda places: tuple(sorted(places)))
OPTIONS = st.builds(
    Options, st.sampled_from(PAPERS), st.booleans(), st.frozensets(st.sampled_from(SECTIONS)), PLACES
)


@given(OPTIONS)
def test_a_number_stands_for_the_choices_it_was_made_of(options):
    assert Options.from_number(options.number) == options
    assert options.number >= 0 and (options.number == 0) == (options == Options())


@given(st.integers(0, 2**29))
def test_no_two_choices_share_a_number(number):
    try:
        assert Options.from_number(number).number == number
    except OptionsError:
        assert number >= 96 << MAX_CAUSES


@pytest.mark.parametrize("number", [-1, 2**40])
def test_a_number_that_no_choices_have_is_refused(number):
    with pytest.raises(OptionsError):
        Options.from_number(number)


def test_old_numbers_keep_their_meaning():
    assert Options("a4").number == 1
    assert Options("letter", large=True).number == 5
    assert Options(left_out=frozenset({"sources", "notes"}), causes=()).number == 264
    assert Options(causes=(0, 2)).number == 1152


@given(OPTIONS.filter(lambda options: options.causes is None or len(options.causes) < MAX_CAUSES))
def test_a_query_is_read_as_the_choices_it_was_written_for(options):
    assert Options.read(QueryDict(options.query(CAUSES).lstrip("?")), CAUSES) == options


@pytest.mark.parametrize(
    "query", ["paper=a5", "print=huge", "section=secrets", "cause=no-such", "causes=few", "paper=%00"]
)
def test_an_unknown_choice_is_named_with_what_can_be_chosen(query):
    with pytest.raises(OptionsError, match="is no choice for"):
        Options.read(QueryDict(query), CAUSES[:2])


def test_all_causes_chosen_one_by_one_are_all_causes():
    assert Options.read(QueryDict("cause=cause-1&cause=cause-0"), CAUSES[:2]).number == 0
