"""Quantities in a text: durations, frequencies, temperatures and amounts, in digits or words.

"Two days" and "2 days" are equal. "14 days" and "2 weeks" are not, because readers do not read them
alike. The words and units are in `data/units.toml` and `data/<language>/quantities.toml`; for a
language without lists, figures and shared unit signs are found.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from typing import Any, NamedTuple

from education.plain_language.word_lists import language_code, load_list

_MAX_PHRASE_WORDS = 4
_MAX_DIGITS = 40
_FIGURE = r"\d+(?:{thousands}\d{{3}})*(?!\d)(?:{mark}\d+)?|\d+(?:{mark}\d+)?"
_SIGNS = r"[^\W\d_]+(?:['’][^\W\d_]+)*|\S"
_DASHES = frozenset("-‐‑‒–—−")
_DENOMINATORS = range(2, 11)
_VALUE_TABLES = ("numbers", "scales", "groups", "fractions", "ordinals", "counts")


@dataclass(frozen=True)
class Quantity:
    """A number with its unit, and the offsets of both in the text.

    `value` is None where a text names a unit of time without a number, as in "for some weeks".
    `unit` is a name of the lists ("day", "celsius"), "time-per-day" for a frequency, "hour-
    interval" for "every 4 hours", or empty. Each end of a range is a quantity, with the unit of
    both.
    """

    value: Fraction | None
    unit: str
    start: int
    end: int

    @property
    def amount(self) -> tuple[Fraction | None, str]:
        """The value and unit, by which quantities are compared."""
        return self.value, self.unit


def find_quantities(text: str, language: str = "en") -> tuple[Quantity, ...]:
    """Return the quantities of a plain text, in reading order."""
    lists = _lists(language_code(language))
    return tuple(_share_units(list(_QuantityScanner(text, lists)), text, lists))


def number_words(language: str) -> frozenset[str]:
    """Return the words that are numbers or units: no such word is a misspelling of another."""
    lists = _lists(language_code(language))
    numbers = (word for table in lists.values.values() for word in table)
    return frozenset(" ".join((*numbers, *lists.units, *lists.adverbs)).split())


def unit_forms(unit: str, language: str) -> tuple[str, ...]:
    """Return word beginnings, one of which is in every text that has a quantity of this unit."""
    lists = _lists(language_code(language))
    name = unit.removeprefix("time-per-").removesuffix("-interval")
    tables = (lists.figure_units, lists.adverbs)
    forms = [form for table in tables for form, of_unit in table.items() if of_unit == name]
    if unit == "time":
        forms += [*lists.phrases.get("times", ()), *lists.values["counts"]]
    # A single letter is in every text; the words for the unit are searched as well.
    first_words = dict.fromkeys(form.split()[0] for form in forms)
    return tuple(word for word in first_words if len(word) > 1 or not word.isalpha())


class _Token(NamedTuple):
    text: str
    start: int
    end: int


class _Number(NamedTuple):
    """A number, the index of the token after it, and whether it may be another kind of word."""

    value: Fraction
    after: int
    is_weak: bool = False


class _Found(NamedTuple):
    """A quantity, and the index of the token after it."""

    value: Fraction | None
    unit: str
    after: int


@dataclass(frozen=True)
class _Lists:
    """The words of one language; phrases are tokens with single spaces.

    `values` has the tables of words with their numbers, `phrases` the sets of words by their role.
    """

    token: re.Pattern[str]
    decimal_mark: str
    values: Mapping[str, Mapping[str, Fraction]]
    phrases: Mapping[str, frozenset[str]]
    time_units: Mapping[str, str]
    units: Mapping[str, str]
    figure_units: Mapping[str, str]
    adverbs: Mapping[str, str]

    def has(self, role: str, phrase: str) -> bool:
        return phrase in self.phrases.get(role, ())


def _tokenize(pattern: re.Pattern[str], text: str) -> list[_Token]:
    return [
        _Token(found[0].casefold().replace("’", "'"), *found.span())
        for found in pattern.finditer(text)
    ]


@cache
def _lists(code: str) -> _Lists:
    data: Mapping[str, Any] = load_list("quantities", code) or {}
    shared: Mapping[str, Any] = load_list("units") or {}
    mark, thousands = data.get("decimal_mark", ","), data.get("thousands_mark", ".")
    figure = _FIGURE.format(mark=re.escape(mark), thousands=re.escape(thousands))
    pattern = re.compile(f"{figure}|{_SIGNS}")

    def normalize(phrase: str) -> str:
        return " ".join(token.text for token in _tokenize(pattern, phrase))

    def by_form(units: Mapping[str, list[str]]) -> dict[str, str]:
        return {normalize(form): name for name, forms in units.items() for form in forms}

    time_units = by_form(data.get("time_units", {}))
    units = time_units | by_form(data.get("units", {}))
    signs = by_form(data.get("units_after_figures", {})) | by_form(shared["units"])
    return _Lists(
        token=pattern,
        decimal_mark=mark,
        values={
            table: {word: Fraction(value) for word, value in data.get(table, {}).items()}
            for table in _VALUE_TABLES
        },
        phrases={
            role: frozenset(map(normalize, phrases))
            for role, phrases in data.items()
            if isinstance(phrases, list)
        },
        time_units=time_units,
        units=units,
        figure_units=signs | units,
        adverbs=data.get("adverbs", {}),
    )


class _QuantityScanner:
    """Reads the tokens of one text from left to right."""

    def __init__(self, text: str, lists: _Lists):
        self._text = text
        self._lists = lists
        self._tokens = _tokenize(lists.token, text)

    def __iter__(self) -> Iterator[Quantity]:
        index = 0
        while index < len(self._tokens):
            if after := self._phrase(index, "idle"):
                index = after
                continue
            found = (
                self._read_frequency(index)
                or self._read_amount(index)
                or self._read_unit_alone(index)
            )
            if found:
                start, end = self._tokens[index].start, self._tokens[found.after - 1].end
                yield Quantity(found.value, found.unit, start, end)
            index = found.after if found else index + 1

    def _word(self, index: int) -> str:
        return self._tokens[index].text if index < len(self._tokens) else ""

    def _has(self, role: str, index: int) -> bool:
        return self._lists.has(role, self._word(index))

    def _value(self, table: str, index: int) -> Fraction | None:
        return self._lists.values[table].get(self._word(index))

    def _longest(self, index: int, phrases: Container[str]) -> tuple[str, int]:
        """Return the longest of `phrases` that begins at `index`, and the index after it; or 0."""
        for size in range(min(_MAX_PHRASE_WORDS, len(self._tokens) - index), 0, -1):
            phrase = " ".join(token.text for token in self._tokens[index : index + size])
            if phrase in phrases:
                return phrase, index + size
        return "", 0

    def _phrase(self, index: int, role: str) -> int:
        """Return the index after a phrase of this role that begins at `index`; 0 without one."""
        return self._longest(index, self._lists.phrases.get(role, ()))[1]

    def _unit(self, index: int, units: Mapping[str, str]) -> tuple[str, int] | None:
        phrase, after = self._longest(index, units)
        return (units[phrase], after) if after else None

    def _time_unit(self, index: int) -> tuple[str, int] | None:
        return self._unit(index, self._lists.time_units)

    def _read_frequency(self, index: int) -> _Found | None:
        """ "daily", "every day", "every 4 hours", "every other day", "twice a day", "once"."""
        if adverb := self._lists.adverbs.get(self._word(index)):
            return _Found(Fraction(1), f"time-per-{adverb}", index + 1)
        if count := self._value("counts", index):
            return self._per(count, index + 1)
        other = self._phrase(index, "every_other")
        if other and (unit := self._time_unit(other)):
            return _Found(Fraction(2), f"{unit[0]}-interval", unit[1])
        if not self._has("every", index):
            return None
        if unit := self._time_unit(index + 1):
            return _Found(Fraction(1), f"time-per-{unit[0]}", unit[1])
        number = self._read_number(index + 1)
        unit = self._time_unit(number.after) if number else None
        return _Found(number.value, f"{unit[0]}-interval", unit[1]) if number and unit else None

    def _per(self, value: Fraction, index: int) -> _Found:
        """Return a number of times, per the unit of time that follows at `index`, if any."""
        if (each := self._phrase(index, "each")) and (unit := self._time_unit(each)):
            return _Found(value, f"time-per-{unit[0]}", unit[1])
        if adverb := self._lists.adverbs.get(self._word(index)):
            return _Found(value, f"time-per-{adverb}", index + 1)
        return _Found(value, "time", index)

    def _read_amount(self, index: int) -> _Found | None:
        """ "2 days", "two more weeks", "2-day", "3 times a day", "the 2nd day", "1 in 10", "5"."""
        number = self._read_number(index)
        if number is None:
            ordinal = self._value("ordinals", index)
            return self._of_order(ordinal, index + 1) if ordinal else None
        last = self._tokens[number.after - 1]
        is_figure = last.text[-1:].isnumeric()
        is_ordinal = is_figure and self._has("ordinal_marks", number.after)
        if is_ordinal and self._tokens[number.after].start == last.end:
            return self._of_order(number.value, number.after + 1)
        after = number.after + (self._word(number.after) in _DASHES)
        units = self._lists.figure_units if is_figure else self._lists.units
        for start in (after, self._phrase(after, "fillers")):
            if start and self._has("times", start):
                return self._per(number.value, start + 1)
            if start and (unit := self._unit(start, units)):
                return _Found(number.value, *unit)
        if number.is_weak and not self._goes_on(number.after):
            return None
        return _Found(number.value, "", number.after)

    def _of_order(self, value: Fraction, index: int) -> _Found | None:
        """Return an ordinal if a time follows ("the 2nd day", "for the second time")."""
        if unit := self._time_unit(index):
            return _Found(value, *unit)
        return _Found(value, "time", index + 1) if self._has("times", index) else None

    def _goes_on(self, index: int) -> bool:
        """Whether a second number follows: "one or two", "one in ten"."""
        after = self._phrase(index, "joins") or self._phrase(index, "shares")
        after = after or (index + 1 if self._word(index) in _DASHES else 0)
        return bool(after) and self._read_number(after) is not None

    def _read_unit_alone(self, index: int) -> _Found | None:
        """ "a week", and a unit of time alone, as in "for weeks"."""
        with_article = self._has("articles", index)
        unit = self._time_unit(index + with_article)
        if unit is None or self._has("only_counted", index + with_article):
            return None
        return _Found(Fraction(1) if with_article else None, *unit)

    def _read_number(self, index: int) -> _Number | None:
        """Read the number that begins at `index`, with its fraction."""
        whole = self._read_digits(index) or self._read_number_words(index)
        if whole is None:
            return self._read_fraction_words(index)
        if whole.value > 1 and (times := self._value("fractions", whole.after)):
            return _Number(whole.value * times, whole.after + 1)
        part = self._read_fraction_sign(whole.after)
        if part is None and self._has("and", whole.after):
            part = self._read_fraction_words(whole.after + 1)
        return _Number(whole.value + part.value, part.after) if part else whole

    def _read_digits(self, index: int) -> _Number | None:
        """Read digits that are not part of a name, such as the 12 of B12 or the 19 of COVID-19."""
        word = self._word(index)
        if not word[:1].isdecimal():
            return self._read_fraction_sign(index)
        before = self._text[max(0, self._tokens[index].start - 2) : self._tokens[index].start]
        if before[-1:].isalpha() or (before[-1:] in _DASHES and before[:1].isalpha()):
            return None
        return self._read_slash_fraction(index) or _Number(self._figure(word), index + 1)

    def _figure(self, figure: str) -> Fraction:
        whole, _mark, part = figure.partition(self._lists.decimal_mark)
        digits = "".join(sign for sign in whole if sign.isdecimal())
        # No real quantity is longer, and Python refuses to read thousands of digits.
        return Fraction(f"{digits[:_MAX_DIGITS]}.{part[:_MAX_DIGITS] or 0}")

    def _read_slash_fraction(self, index: int) -> _Number | None:
        """Read a fraction in figures, "1/2"; not "24/7"."""
        top, bar, bottom = (self._word(index + step) for step in range(3))
        is_fraction = (
            bar in {"/", "⁄"}
            and top.isdecimal()
            and bottom.isdecimal()
            and max(len(top), len(bottom)) <= _MAX_DIGITS
            and int(bottom) in _DENOMINATORS
            and int(top) < int(bottom)
        )
        return _Number(Fraction(int(top), int(bottom)), index + 3) if is_fraction else None

    def _read_fraction_sign(self, index: int) -> _Number | None:
        """Read a sign such as ½, or a fraction in figures, alone or after a whole number."""
        word = self._word(index)
        if len(word) == 1 and unicodedata.category(word) == "No":
            value = Fraction(unicodedata.numeric(word)).limit_denominator(100)
            return _Number(value, index + 1)
        return self._read_slash_fraction(index) if word[:1].isdecimal() else None

    def _read_number_words(self, index: int) -> _Number | None:
        """ "twenty-one", "two hundred and five", "a dozen"."""
        with_article = self._has("articles", index)
        first = index + with_article
        if group := self._value("groups", first):
            return _Number(group, first + 1)
        if with_article and not self._value("scales", first):
            return None
        total = current = Fraction(0)
        index = first
        while True:
            number, scale = self._value("numbers", index), self._value("scales", index)
            if number is not None and _continues(current, number):
                current += number
            elif scale and (current or with_article):
                current = max(current, Fraction(1)) * scale
                if scale > 100:
                    total, current = total + current, Fraction(0)
            else:
                break
            index += 1
            is_joint = total + current >= 100 and self._has("and", index)
            if is_joint or self._word(index) in _DASHES:
                joined = self._value("numbers", index + 1)
                index += joined is not None and _continues(current, joined)
        is_weak = index == first + 1 and self._has("weak", first)
        return _Number(total + current, index, is_weak) if index > first else None

    def _read_fraction_words(self, index: int) -> _Number | None:
        """ "half an", "a half", "two thirds", "a third of"; but "the third" is no fraction."""
        with_article = self._has("articles", index)
        index += with_article
        value = self._value("fractions", index)
        is_share = with_article and self._word(index + 1) == "of"
        if value is None or (self._value("ordinals", index) and not is_share):
            return None
        return _Number(value, index + 1 + (not with_article and self._has("articles", index + 1)))


def _continues(current: Fraction, number: Fraction) -> bool:
    """Whether `number` adds to `current`: 20 and 1 make 21, but 1 and 2 are two numbers."""
    if current == 0:
        return True
    is_after_tens = current % 10 == 0 and current % 100 >= 20 and number < 10
    return number > 0 and (current % 100 == 0 or is_after_tens)


def _share_units(found: list[Quantity], text: str, lists: _Lists) -> list[Quantity]:
    """Give each end of a range or list the unit of the other: "1 to 2 weeks", "a week or two"."""

    def share(taker: int, giver: int) -> None:
        unit = found[giver].unit
        if found[taker].unit or not unit or found[giver].value is None:
            return
        first, second = sorted((taker, giver))
        between = _tokenize(lists.token, text[found[first].end : found[second].start])
        joint = " ".join(
            token.text for token in between if token.text not in _DASHES and token.text != ","
        )
        if between and (not joint or lists.has("joins", joint)):
            found[taker] = replace(found[taker], unit=unit)

    pairs = range(len(found) - 1)
    for index in reversed(pairs):
        share(index, index + 1)
    for index in pairs:
        share(index + 1, index)
    return found
