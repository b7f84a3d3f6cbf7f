"""The quantities in a text: how long, how often, how warm, how much; in digits or in words.

"Two days" and "2 days" are one quantity. "14 days" and "2 weeks" are two, for nobody reads them
alike. The words and units stand in `data/units.toml` and `data/<language>/quantities.toml`; a
language without lists has its figures and the signs of units that all languages share.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
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


@dataclass(frozen=True)
class Quantity:
    """A number with its unit, and where in the text the two stand.

    `value` is None where a text names a unit of time without a number, as in "for some weeks".
    `unit` is a name of the lists ("day", "celsius"), "time-per-day" for how often, "hour-interval"
    for "every 4 hours", or empty. Each end of a range is a quantity, with the unit of both.
    """

    value: Fraction | None
    unit: str
    start: int
    end: int

    @property
    def amount(self) -> tuple[Fraction | None, str]:
        """What two quantities are compared by."""
        return self.value, self.unit


def find_quantities(text: str, language: str = "en") -> tuple[Quantity, ...]:
    """The quantities of a plain text, in reading order. Offsets are code points of `text`."""
    return tuple(
        _share_units(list(_QuantityScanner(text, _lists(language_code(language)))), text, language)
    )


def number_words(language: str) -> frozenset[str]:
    """The words of a language that are numbers or units: no such word is a misspelling
    of another.
    """
    lists = _lists(language_code(language))
    phrases = (*lists.units, *lists.counts, *lists.adverbs, *lists.ordinals)
    return frozenset(
        (*lists.numbers, *lists.scales, *lists.groups, *lists.fractions, *" ".join(phrases).split())
    )


def unit_forms(unit: str, language: str) -> tuple[str, ...]:
    """Beginnings of words of which one stands in every text that has a quantity of this unit."""
    lists = _lists(language_code(language))
    name = unit.removeprefix("time-per-").removesuffix("-interval")
    forms = [
        form
        for form, of_unit in (*lists.units.items(), *lists.after_figures.items())
        if of_unit == name
    ]
    forms += [word for word, of_unit in lists.adverbs.items() if of_unit == name]
    forms += [*lists.phrases.get("times", ()), *lists.counts] if unit == "time" else []
    # A single letter stands in every text; the words for the unit are looked for beside it.
    firsts = dict.fromkeys(form.split()[0] for form in forms)
    return tuple(first for first in firsts if len(first) > 1 or not first.isalpha())


class _Token(NamedTuple):
    text: str
    start: int
    end: int


class _Number(NamedTuple):
    """A number that was read: its value, the token after it, and whether it may be no number at
    all.
    """

    value: Fraction
    after: int
    is_weak: bool = False


@dataclass(frozen=True)
class _Lists:
    """The words of one language, as they are looked up; phrases are tokens with single spaces."""

    token: re.Pattern[str]
    decimal_mark: str = "."
    numbers: Mapping[str, int] = field(default_factory=dict)
    scales: Mapping[str, int] = field(default_factory=dict)
    groups: Mapping[str, int] = field(default_factory=dict)
    fractions: Mapping[str, Fraction] = field(default_factory=dict)
    ordinals: Mapping[str, int] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    after_figures: Mapping[str, str] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    adverbs: Mapping[str, str] = field(default_factory=dict)
    phrases: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def has(self, kind: str, phrase: str) -> bool:
        return phrase in self.phrases.get(kind, ())

    def tokens(self, text: str) -> list[_Token]:
        found = self.token.finditer(text)
        return [_Token(each[0].casefold().replace("’", "'"), *each.span()) for each in found]

    def normalize(self, text: str) -> str:
        return " ".join(token.text for token in self.tokens(text))


@cache
def _lists(code: str) -> _Lists:
    lists: Mapping[str, Any] = load_list("quantities", code) or {}
    shared: Mapping[str, Any] = load_list("units") or {}
    mark, thousands = lists.get("decimal_mark", ","), lists.get("thousands_mark", ".")
    figure = _FIGURE.format(mark=re.escape(mark), thousands=re.escape(thousands))
    plain = _Lists(re.compile(f"{figure}|{_SIGNS}"), mark)
    often: Mapping[str, Any] = lists.get("frequency", {})
    kinds = ("ordinal_marks", "articles", "and", "fillers", "joins", "shares", "weak", "idle")
    phrases = {kind: lists.get(kind, ()) for kind in kinds}
    phrases |= {kind: often.get(kind, ()) for kind in ("times", "each", "every", "every_other")}
    phrases["only_counted"] = lists.get("only_counted", ())
    phrases["time_units"] = [
        form for forms in lists.get("time_units", {}).values() for form in forms
    ]
    return replace(
        plain,
        numbers=lists.get("numbers", {}),
        scales=lists.get("scales", {}),
        groups=lists.get("groups", {}),
        fractions={word: Fraction(value) for word, value in lists.get("fractions", {}).items()},
        ordinals=lists.get("ordinals", {}),
        units=_by_form(plain, lists.get("time_units", {}), lists.get("units", {})),
        after_figures=_by_form(
            plain, lists.get("units_after_figures", {}), shared.get("units", {})
        ),
        counts=often.get("counts", {}),
        adverbs=often.get("adverbs", {}),
        phrases={kind: frozenset(map(plain.normalize, forms)) for kind, forms in phrases.items()},
    )


def _by_form(lists: _Lists, *units: Mapping[str, Iterable[str]]) -> dict[str, str]:
    return {
        lists.normalize(form): name
        for each in units
        for name, forms in each.items()
        for form in forms
    }


class _QuantityScanner:
    """Reads the tokens of one text from left to right."""

    def __init__(self, text: str, lists: _Lists):
        self._text = text
        self._lists = lists
        self._tokens = lists.tokens(text)

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
            if found is None:
                index += 1
                continue
            value, unit, after = found
            yield Quantity(value, unit, self._tokens[index].start, self._tokens[after - 1].end)
            index = after

    def _word(self, index: int) -> str:
        return self._tokens[index].text if index < len(self._tokens) else ""

    def _phrases(self, index: int) -> Iterator[tuple[str, int]]:
        """The phrases that begin at `place`, the longest first, each with the place after it."""
        for size in range(_MAX_PHRASE_WORDS, 0, -1):
            if index + size <= len(self._tokens):
                yield " ".join(self._word(index + step) for step in range(size)), index + size

    def _phrase(self, index: int, kind: str) -> int:
        """The place after a phrase of this kind that begins at `index`; 0 without one."""
        return next(
            (after for phrase, after in self._phrases(index) if self._lists.has(kind, phrase)), 0
        )

    def _unit(self, index: int, *, after_figure: bool = False) -> tuple[str, int] | None:
        for phrase, after in self._phrases(index):
            if phrase in self._lists.units:
                return self._lists.units[phrase], after
            if after_figure and phrase in self._lists.after_figures:
                return self._lists.after_figures[phrase], after
        return None

    def _time_unit(self, index: int) -> tuple[str, int] | None:
        unit = self._unit(index)
        return unit if unit and self._lists.has("time_units", self._word(index)) else None

    def _read_frequency(self, index: int) -> tuple[Fraction | None, str, int] | None:
        """ "daily", "every day", "every 4 hours", "every other day", "twice a day", "once"."""
        lists, word = self._lists, self._word(index)
        if word in lists.adverbs:
            return Fraction(1), f"time-per-{lists.adverbs[word]}", index + 1
        if word in lists.counts:
            return self._per(Fraction(lists.counts[word]), index + 1)
        other = self._phrase(index, "every_other")
        if other and (unit := self._time_unit(other)):
            return Fraction(2), f"{unit[0]}-interval", unit[1]
        if not lists.has("every", word):
            return None
        if unit := self._time_unit(index + 1):
            return Fraction(1), f"time-per-{unit[0]}", unit[1]
        number = self._read_number(index + 1)
        unit = self._time_unit(number.after) if number else None
        return (number.value, f"{unit[0]}-interval", unit[1]) if number and unit else None

    def _per(self, value: Fraction, index: int) -> tuple[Fraction, str, int]:
        """So many times, and in which time if the text says so at `index`."""
        if (each := self._phrase(index, "each")) and (unit := self._time_unit(each)):
            return value, f"time-per-{unit[0]}", unit[1]
        adverb = self._lists.adverbs.get(self._word(index))
        return (value, f"time-per-{adverb}", index + 1) if adverb else (value, "time", index)

    def _read_amount(self, index: int) -> tuple[Fraction, str, int] | None:
        """ "2 days", "two more weeks", "2-day", "3 times a day", "the 2nd day", "1 in 10", "5"."""
        number = self._read_number(index)
        if number is None:
            return self._read_ordinal(index)
        is_figure = self._word(number.after - 1)[-1:].isnumeric()
        if (
            is_figure
            and self._is_adjacent(number.after)
            and self._lists.has("ordinal_marks", self._word(number.after))
        ):
            return self._of_order(number.value, number.after + 1)
        after = number.after + (self._word(number.after) in _DASHES)
        for start in (after, self._phrase(after, "fillers")):
            if start and self._lists.has("times", self._word(start)):
                return self._per(number.value, start + 1)
            if start and (unit := self._unit(start, after_figure=is_figure)):
                return number.value, *unit
        if number.is_weak and not self._goes_on(number.after):
            return None
        return number.value, "", number.after

    def _read_ordinal(self, index: int) -> tuple[Fraction, str, int] | None:
        ordinal = self._lists.ordinals.get(self._word(index))
        return self._of_order(Fraction(ordinal), index + 1) if ordinal else None

    def _of_order(self, value: Fraction, index: int) -> tuple[Fraction, str, int] | None:
        """An ordinal counts where a time follows ("the 2nd day", "for the second time")."""
        unit = self._time_unit(index)
        if unit or self._lists.has("times", self._word(index)):
            return value, *(unit or ("time", index + 1))
        return None

    def _goes_on(self, index: int) -> bool:
        """Whether another number follows that makes one of two: "one or two", "one in ten"."""
        after = self._phrase(index, "joins") or self._phrase(index, "shares")
        after = after or (index + 1 if self._word(index) in _DASHES else 0)
        return bool(after) and self._read_number(after) is not None

    def _read_unit_alone(self, index: int) -> tuple[Fraction | None, str, int] | None:
        """ "a week", and a unit of time alone, as in "for weeks"."""
        if self._lists.has("articles", self._word(index)):
            unit = self._time_unit(index + 1)
            if unit and not self._lists.has("only_counted", self._word(index + 1)):
                return Fraction(1), *unit
            return None
        unit = self._time_unit(index)
        if unit and not self._lists.has("only_counted", self._word(index)):
            return None, *unit
        return None

    def _read_number(self, index: int) -> _Number | None:
        """The number that begins at `index`, with its fraction."""
        whole = self._read_digits(index) or self._read_number_words(index)
        if whole is None:
            return self._read_fraction_words(index)
        if whole.value > 1 and (times := self._lists.fractions.get(self._word(whole.after))):
            return _Number(whole.value * times, whole.after + 1)
        part = self._read_fraction_sign(whole.after)
        if part is None and self._lists.has("and", self._word(whole.after)):
            part = self._read_fraction_words(whole.after + 1)
        return _Number(whole.value + part.value, part.after) if part else whole

    def _is_adjacent(self, index: int) -> bool:
        return (
            0 < index < len(self._tokens)
            and self._tokens[index - 1].end == self._tokens[index].start
        )

    def _read_digits(self, index: int) -> _Number | None:
        """A number in digits that is no part of a name, as the 12 of B12 and the 19 of COVID-19
        are.
        """
        word = self._word(index)
        if not word[:1].isdecimal():
            return self._read_fraction_sign(index)
        before = self._text[max(0, self._tokens[index].start - 2) : self._tokens[index].start]
        if before[-1:].isalpha() or (before[-1:] in _DASHES and before[:1].isalpha()):
            return None
        return self._read_slash_fraction(index) or _Number(self._value(word), index + 1)

    def _value(self, figure: str) -> Fraction:
        whole, _mark, part = figure.partition(self._lists.decimal_mark)
        digits = "".join(sign for sign in whole if sign.isdecimal())
        # No quantity of this world is longer, and Python refuses to read thousands of digits.
        return Fraction(f"{digits[:_MAX_DIGITS]}.{part[:_MAX_DIGITS] or 0}")

    def _read_slash_fraction(self, index: int) -> _Number | None:
        """A fraction in figures, "1/2"; but "24/7" is none."""
        top, bar, bottom = (self._word(index + step) for step in range(3))
        if not (bar in {"/", "⁄"} and top.isdecimal() and bottom.isdecimal()):
            return None
        if (
            max(len(top), len(bottom)) > _MAX_DIGITS
            or int(bottom) not in _DENOMINATORS
            or int(top) >= int(bottom)
        ):
            return None
        return _Number(Fraction(int(top), int(bottom)), index + 3)

    def _read_fraction_sign(self, index: int) -> _Number | None:
        """A sign such as ½, or a fraction in figures, alone or after a whole number."""
        word = self._word(index)
        if len(word) == 1 and unicodedata.category(word) == "No":
            value = Fraction(unicodedata.numeric(word)).limit_denominator(100)
            return _Number(value, index + 1)
        return self._read_slash_fraction(index) if word[:1].isdecimal() else None

    def _read_number_words(self, index: int) -> _Number | None:
        """ "twenty-one", "two hundred and five", "a dozen"."""
        lists, start = self._lists, index
        with_article = lists.has("articles", self._word(index))
        if with_article and not {self._word(index + 1)} & {*lists.scales, *lists.groups}:
            return None
        index += with_article
        if self._word(index) in lists.groups:
            return _Number(Fraction(lists.groups[self._word(index)]), index + 1)
        total = current = 0
        first = index
        while True:
            word = self._word(index)
            if word in lists.numbers and self._adds(current, lists.numbers[word]):
                current += lists.numbers[word]
            elif word in lists.scales and (current or with_article):
                current = max(current, 1) * lists.scales[word]
                if lists.scales[word] > 100:
                    total, current = total + current, 0
            else:
                break
            index += 1
            skip = index + (
                self._word(index) in _DASHES or self._is_and_in_number(index, total + current)
            )
            if skip > index and self._word(skip) in lists.numbers:
                index = skip if self._adds(current, lists.numbers[self._word(skip)]) else index
        if index == first:
            return None
        return _Number(
            Fraction(total + current),
            index,
            lists.has("weak", self._word(start)) and index == start + 1,
        )

    def _is_and_in_number(self, index: int, so_far: int) -> bool:
        return so_far >= 100 and self._lists.has("and", self._word(index))

    @staticmethod
    def _adds(current: int, number: int) -> bool:
        """Whether `number` goes on a number of `current`: 20 and 1 make 21, 1 and 2 are two
        numbers.
        """
        if current == 0:
            return True
        return number > 0 and (
            (current % 100 == 0) or (current % 10 == 0 and current % 100 >= 20 and number < 10)
        )

    def _read_fraction_words(self, index: int) -> _Number | None:
        """ "half an", "a half", "two thirds", "a third of"; but "the third" is no fraction."""
        lists = self._lists
        if lists.has("articles", self._word(index)):
            named = lists.fractions.get(self._word(index + 1))
            is_one = named and (
                self._word(index + 1) not in lists.ordinals or self._word(index + 2) == "of"
            )
            return _Number(named, index + 2) if named and is_one else None
        named = lists.fractions.get(self._word(index))
        if named and self._word(index) not in lists.ordinals:
            after = index + 1
            return _Number(named, after + lists.has("articles", self._word(after)))
        return None


def _share_units(found: list[Quantity], text: str, language: str) -> list[Quantity]:
    """Give each end of a range or list the unit of the other: "1 to 2 weeks", "a week or two"."""
    lists = _lists(language_code(language))

    def is_joined(first: Quantity, second: Quantity) -> bool:
        between = [token.text for token in lists.tokens(text[first.end : second.start])]
        rest = " ".join(word for word in between if word not in _DASHES and word != ",")
        return bool(between) and (not rest or lists.has("joins", rest))

    for index in range(len(found) - 2, -1, -1):
        here, there = found[index], found[index + 1]
        if not here.unit and there.unit and there.value is not None and is_joined(here, there):
            found[index] = replace(here, unit=there.unit)
    for index in range(1, len(found)):
        before, here = found[index - 1], found[index]
        if not here.unit and before.unit and before.value is not None and is_joined(before, here):
            found[index] = replace(here, unit=before.unit)
    return found
