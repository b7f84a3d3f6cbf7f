"""Quantities are found in digits and in words, with their units, and stand where the text says
them.
"""

from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from education.plain_language.quantities import find_quantities

AMOUNTS = {
    # Figures and words.
    "2 days": "2 day",
    "two days": "2 day",
    "Two more days": "2 day",
    "a couple of days": "2 day",
    "twenty-one days": "21 day",
    "twenty four hours": "24 hour",
    "two hundred and five people": "205",
    "a dozen": "12",
    "10,000 IU": "10000 international-unit",
    "in 2020": "2020",
    # One and parts of one.
    "a week": "1 week",
    "one day": "1 day",
    "half an hour": "1/2 hour",
    "one and a half hours": "3/2 hour",
    "2½ weeks": "5/2 week",
    "1/2 tablet": "1/2 tablet",
    "two thirds of people": "2/3",
    "a third of people": "1/3",
    "0.5 mg": "1/2 milligram",
    # Ranges and shares.
    "1 to 2 weeks": "1 week, 2 week",
    "2-3 days": "2 day, 3 day",
    "2–3 days": "2 day, 3 day",
    "2, 3, or 4 days": "2 day, 3 day, 4 day",
    "a week or two": "1 week, 2 week",
    "ten to fifteen minutes": "10 minute, 15 minute",
    "between 10 and 40 °C": "10 celsius, 40 celsius",
    "one in ten people": "1, 10",
    "90%": "90 percent",
    "90 percent": "90 percent",
    # Warmth.
    "38 °C (100.4 °F) or more": "38 celsius, 502/5 fahrenheit",
    "38\u00a0°C": "38 celsius",
    "40 degrees Celsius": "40 celsius",
    "40 degrees": "40 degree",
    # How often.
    "twice a day": "2 time-per-day",
    "two times a day": "2 time-per-day",
    "3 times daily": "3 time-per-day",
    "3x a day": "3 time-per-day",
    "each day": "1 time-per-day",
    "daily": "1 time-per-day",
    "once a week": "1 time-per-week",
    "every 4 hours": "4 hour-interval",
    "every other day": "2 day-interval",
    "Do it twice": "2 time",
    # Ages and orders.
    "under 3 months": "3 month",
    "a 12-year-old": "12 year",
    "a two-week wait": "2 week",
    "the 2nd day": "2 day",
    "the second day": "2 day",
    "for the third time": "3 time",
    "at 8 am": "8 am",
    # A unit of time without a number.
    "for some weeks": "? week",
}
NOTHING = [
    "a second infection", "the third line", "at once", "No one can tell", "the one that hurts",
    "One is enough", "vitamin B12", "COVID-19", "the firsthand account", "May I come in", "",
    "a second opinion",
]  # fmt: skip
DIFFERENT = [
    ("2 weeks", "14 days"), ("40 °C", "40 °F"), ("10 minutes", "10 hours"), ("two days", "two weeks"),
    ("1.5 mg", "15 mg"), ("1 to 2 weeks", "2 weeks"), ("twice a day", "twice a week"), ("1.5", "1. 5"),
    ("some weeks", "some days"), ("every 4 hours", "4 hours"), ("24/7", "24"), ("8 am", "8 pm"),
]  # fmt: skip


def amounts(text: str, language: str = "en") -> list[tuple[Fraction | None, str]]:
    return [quantity.amount for quantity in find_quantities(text, language)]


def expected(text: str) -> list[tuple[Fraction | None, str]]:
    parts = [part.partition(" ") for part in text.split(", ")]
    return [(None if value == "?" else Fraction(value), unit) for value, _blank, unit in parts]


@pytest.mark.parametrize(("text", "shown"), AMOUNTS.items())
def test_quantity_is_found_with_its_unit(text, shown):
    assert amounts(text) == expected(shown)
    assert amounts(f"Wait. {text}! Then go.") == expected(shown)


@pytest.mark.parametrize("text", NOTHING)
def test_phrase_that_counts_nothing_is_no_quantity(text):
    assert amounts(text) == []


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_quantities_differ_by_number_and_unit(one, other):
    assert amounts(one) != amounts(other)


def test_language_without_lists_has_figures_and_shared_units():
    assert amounts("40,5 °C in drei Tagen, 5 mg", "de") == expected("81/2 celsius, 5 milligram")
    assert amounts("2 days", "en-us") == amounts("2 days", "EN_GB") == expected("2 day")


WORDS = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
]  # fmt: skip
TENS = {
    20: "twenty",
    30: "thirty",
    40: "forty",
    50: "fifty",
    60: "sixty",
    70: "seventy",
    80: "eighty",
    90: "ninety",
}
UNITS = (
    "days",
    "weeks",
    "months",
    "years",
    "hours",
    "minutes",
    "times a day",
    "degrees Celsius",
    "mg",
    "percent",
)


def in_words(number: int) -> str:
    if number < 20:
        return WORDS[number]
    if number < 100:
        return TENS[number - number % 10] + (f"-{WORDS[number % 10]}" if number % 10 else "")
    if number < 1000:
        rest = number % 100
        return f"{WORDS[number // 100]} hundred" + (f" and {in_words(rest)}" if rest else "")
    rest = number % 1000
    joint = " and " if 0 < rest < 100 else " "
    return f"{in_words(number // 1000)} thousand" + (f"{joint}{in_words(rest)}" if rest else "")


@given(st.integers(2, 999_999), st.sampled_from(UNITS))
@example(110, "days")
@example(1_001, "days")
def test_number_in_words_equals_number_in_figures(number, unit):
    if unit == "mg":
        assert (
            amounts(f"{number} mg") == amounts(f"{number:,} milligrams") == [(number, "milligram")]
        )
        return
    found = amounts(f"for {in_words(number)} {unit}")
    assert found == amounts(f"for {number} {unit}") == amounts(f"for {number:,} {unit}")
    assert [value for value, _unit in found] == [number]


PIECES = st.sampled_from(
    [
        "2", "two", "a", "half", "and", "-", "–", "/", "½", "1/2", "days", "week", "hundred", "°C", "%", "to",
        "or", "once", "every", "other", "second", "nd", "\n", "(", "1,000", ".5", "９", "x", "mg", "٣", "one",
        "at once",
    ]
)  # fmt: skip


@given(
    st.lists(PIECES, max_size=12).map(" ".join)
    | st.lists(PIECES, max_size=8).map("".join)
    | st.text()
)
@example("9" * 9_000 + " days")
@example("1/" + "9" * 9_000)
def test_quantities_of_any_text_are_ordered_and_disjoint(text):
    place = 0
    for quantity in find_quantities(text):
        assert place <= quantity.start < quantity.end <= len(text)
        assert not text[quantity.start].isspace()
        assert not text[quantity.end - 1].isspace()
        place = quantity.end


@given(st.lists(st.sampled_from(sorted(AMOUNTS)), min_size=1, max_size=4))
def test_quantity_span_has_the_words_of_the_quantity(texts):
    """What stands at the place of a quantity that has its own unit says the same quantity alone."""
    text = ". So ".join(texts)
    for quantity in find_quantities(text):
        alone = [value for value, _unit in amounts(text[quantity.start : quantity.end])]
        assert alone[:1] in ([quantity.value], [])
