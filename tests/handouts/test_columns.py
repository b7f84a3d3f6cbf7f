"""Lists side by side on paper: few lines, and every item in its order."""

from __future__ import annotations

import pytest

from education.handouts.paper.columns import side_by_side, two_columns

LONG, SHORT = "The skin around the spot is hot, swollen, or painful, and it is spreading", "Rash"


def test_long_first_item_stands_alone_in_its_column():
    number, share = two_columns([LONG * 6, *[SHORT] * 4], "normal", "a4") or (0, 0)
    assert number == 1 and share > 0.5


def test_items_of_one_length_are_halved():
    assert two_columns([SHORT] * 6, "normal", "a4") == (3, 0.5)


@pytest.mark.parametrize("items", [[], [LONG]])
def test_one_item_is_one_column(items):
    assert two_columns(items, "normal", "a4") is None


def test_large_print_has_one_column():
    assert two_columns([SHORT] * 6, "large", "a4") is None
    assert side_by_side([SHORT], [SHORT], "large", "a4") is None


def test_longer_list_is_wider():
    beside = side_by_side([LONG] * 3, [SHORT] * 3, "normal", "letter")
    assert beside and beside.share > 0.5


def test_much_longer_list_has_two_columns():
    beside = side_by_side([SHORT] * 12, [SHORT], "normal", "a4")
    assert beside and beside.columns == (6, 0.51)
