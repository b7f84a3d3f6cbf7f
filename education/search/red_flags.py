"""Red flags: phrases that readers type when somebody may need help now.

Each language has its own `data/<language>/red_flags.toml`, which describes its format, and a list
of ordinary words that are spelled nearly like a danger word. A language without these files has no
red flags; the line on emergencies is above its search results as well.
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from education.search.tokenizer import get_stems, normalize, stem, tokenize

DATA_DIR = Path(__file__).with_name("data")
# A shorter word differs from too many other words by one letter.
MIN_MISSPELLED_LENGTH = 5
# In "can't", and the space in its place in "can t".
_APOSTROPHE = re.compile(r"(?<=\w)['’ʼ`´](?=\w)|(?<=n)\s(?=t(?!\w))", re.IGNORECASE)


@dataclass(frozen=True)
class Query:
    """The typed words without accents and case: as a line, one by one, and as stems.

    `misspelled`: the known words that were typed with one extra, missing or wrong letter, or two
    letters swapped. An ordinary word is never taken for one.
    """

    line: str
    bares: frozenset[str]
    stems: frozenset[str]
    misspelled: frozenset[str]

    @classmethod
    def from_text(cls, text: str, language: str, known: Mapping[str, Collection[str]]) -> Self:
        """Read `text`; "can't" is one word. `known`: what may be misspelled, `words_by_rest`."""
        words = list(tokenize(_APOSTROPHE.sub("", text), language))
        bares = frozenset(word.normalized for word in words)
        long = {word for word in bares if len(word) >= MIN_MISSPELLED_LENGTH - 1}
        return cls(
            line=f" {' '.join(word.normalized for word in words)} ",
            bares=bares,
            stems=frozenset(word.stem for word in words),
            misspelled=frozenset(
                word
                for typed in long - ordinary_words(language)
                # Two words that are one letter off share what is left without a letter.
                for rest in _without_a_letter(typed)
                for word in known.get(rest, ())
                if _is_one_letter_off(typed, word)
            ),
        )


@dataclass(frozen=True)
class DangerWord:
    """One word of a phrase, in any form or only as written; or several words side by side."""

    bare: str
    stem: str
    is_exact: bool

    @classmethod
    def from_text(cls, text: str, language: str) -> Self:
        """Read a word of the file: "=numb" is only this form, "end+it" two words side by side."""
        word = " ".join(normalize(part) for part in text.removeprefix("=").split("+"))
        return cls(word, stem(word, language), text.startswith("=") or "+" in text)


@dataclass(frozen=True)
class DangerWords:
    """Some of these words, of which one is enough; sets, because each search asks for all."""

    bares: frozenset[str]
    stems: frozenset[str]
    lines: tuple[str, ...]

    @classmethod
    def from_words(cls, words: tuple[DangerWord, ...]) -> Self:
        return cls(
            bares=frozenset(word.bare for word in words if " " not in word.bare),
            stems=frozenset(word.stem for word in words if not word.is_exact),
            lines=tuple(f" {word.bare} " for word in words if " " in word.bare),
        )

    def is_in(self, query: Query) -> bool:
        """Whether one of them was typed with the right spelling."""
        return (
            not self.bares.isdisjoint(query.bares)
            or not self.stems.isdisjoint(query.stems)
            or any(line in query.line for line in self.lines)
        )

    def is_misspelled_in(self, query: Query) -> bool:
        return not self.bares.isdisjoint(query.misspelled)


@dataclass(frozen=True)
class Phrase:
    """Words that mean danger together: one of each group in any order, and none of `unless`."""

    groups: tuple[DangerWords, ...]
    unless: DangerWords

    @classmethod
    def from_text(cls, text: str, language: str) -> Self:
        """Read a phrase of the file: groups separated by spaces, "-" before words of `unless`."""
        needed = [part for part in text.split() if not part.startswith("-")]
        unless = [part[1:] for part in text.split() if part.startswith("-")]
        return cls(
            groups=tuple(
                DangerWords.from_words(
                    tuple(DangerWord.from_text(word, language) for word in part.split("/"))
                )
                for part in needed
            ),
            unless=DangerWords.from_words(
                tuple(DangerWord.from_text(word, language) for word in unless)
            ),
        )

    def is_in(self, query: Query) -> bool:
        return all(
            group.is_in(query) or group.is_misspelled_in(query) for group in self.groups
        ) and not self.unless.is_in(query)


@dataclass(frozen=True)
class RedFlag:
    """One danger: its phrases, and the warning signs to show.

    `signs`: keys of warning signs; `sign_words`: stems that find signs of a checklist without
    these keys. Without either, only the emergency number is shown.
    """

    name: str
    phrases: tuple[Phrase, ...]
    signs: tuple[str, ...]
    sign_words: tuple[str, ...]
    is_crisis: bool


class _RedFlagEntry(BaseModel):
    """A red flag in the file."""

    model_config = ConfigDict(extra="forbid", strict=True)

    phrases: list[str]
    signs: list[str] = []
    sign_words: str = ""
    crisis: bool = False


def find_red_flags(query: str, language: str) -> tuple[RedFlag, ...]:
    """The red flags with a phrase that the query has, in the order of their file."""
    typed = Query.from_text(query, language, _danger_words(language))
    return tuple(
        flag for flag in red_flags(language) if any(phrase.is_in(typed) for phrase in flag.phrases)
    )


@cache
def red_flags(language: str) -> tuple[RedFlag, ...]:
    """The red flags of a language. Raises ValueError with the path for an invalid file."""
    path = data_file(language, "red_flags.toml")
    if not path.is_file():
        return ()
    try:
        entries = TypeAdapter(dict[str, _RedFlagEntry]).validate_python(
            tomllib.loads(path.read_text("utf-8"))
        )
    except (ValidationError, tomllib.TOMLDecodeError) as error:
        raise ValueError(f"{path}: {error}") from error
    return tuple(
        RedFlag(
            name=name,
            phrases=tuple(Phrase.from_text(text, language) for text in entry.phrases),
            signs=tuple(entry.signs),
            sign_words=get_stems(entry.sign_words, language),
            is_crisis=entry.crisis,
        )
        for name, entry in entries.items()
    )


@cache
def ordinary_words(language: str) -> frozenset[str]:
    """Correctly spelled words, which are never taken for a misspelled danger word."""
    path = data_file(language, "ordinary_words.txt")
    lines = path.read_text("utf-8").splitlines() if path.is_file() else []
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def data_file(language: str, name: str) -> Path:
    """The path of a data file of a language; the file may not exist."""
    return DATA_DIR / language.split("-")[0] / name


def words_by_rest(phrases: Iterable[Phrase]) -> dict[str, set[str]]:
    """The words of `phrases` by what is left of them without a letter."""
    found: dict[str, set[str]] = defaultdict(set)
    for phrase in phrases:
        for word in frozenset().union(*(group.bares for group in phrase.groups)):
            for rest in _without_a_letter(word):
                found[rest].add(word)
    return dict(found)


@cache
def _danger_words(language: str) -> dict[str, set[str]]:
    return words_by_rest(phrase for flag in red_flags(language) for phrase in flag.phrases)


def _without_a_letter(word: str) -> set[str]:
    """A word itself, and what is left of it without each of its letters."""
    return {word, *(word[:place] + word[place + 1 :] for place in range(len(word)))}


def _is_one_letter_off(typed: str, known: str) -> bool:
    if len(known) < MIN_MISSPELLED_LENGTH or abs(len(typed) - len(known)) > 1:
        return False
    if typed == known:
        return False
    short, long = sorted((typed, known), key=len)
    pairs = enumerate(zip(short, long, strict=False))
    start = next((index for index, (one, other) in pairs if one != other), len(short))
    if len(short) < len(long):
        return short[start:] == long[start + 1 :]
    has_wrong_letter = short[start + 1 :] == long[start + 1 :]
    swapped = short[start + 1 : start + 2] + short[start] + short[start + 2 :]
    return has_wrong_letter or swapped == long[start:]
