"""Guarded words: negation, limits, time order, permission, opposites and audiences.

A change of one can reverse advice. They are grouped in classes in
`data/<language>/guarded_words.toml`: "not" may become "never", which is of the same class; "at
least" may not become "at most". What the list misses is left to the reviewer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from education.plain_language.quantities import find_quantities
from education.plain_language.word_lists import language_code, load_list

_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)*|&|/")
_QUANTITY = "#"


class GuardedWord(NamedTuple):
    """A word or phrase of a class, with its offsets in the text."""

    guarded_class: str
    text: str
    start: int
    end: int


@dataclass(frozen=True)
class _Lists:
    """The phrases of a language, as words with single spaces, each with its class."""

    classes: Mapping[str, str]
    spelled_out: Mapping[str, tuple[str, ...]]
    # The number of words of the longest phrase, by its first word.
    lengths: Mapping[str, int]


def has_guarded_words(language: str) -> bool:
    """Whether there is a list for this language."""
    return _lists(language_code(language)) is not None


def find_guarded_classes(text: str, language: str) -> tuple[str, ...] | None:
    """Return the classes of the guarded words, in text order; None without a list."""
    found = find_guarded_words(text, language)
    return None if found is None else tuple(word.guarded_class for word in found)


def find_guarded_words(text: str, language: str) -> tuple[GuardedWord, ...] | None:
    """Return the guarded words of a plain text; None for a language without a list.

    They are in text order and do not overlap. Of two phrases that begin at one place, the longer
    one counts.
    """
    lists = _lists(language_code(language))
    return None if lists is None else tuple(_find(text, lists, language))


def is_guarded(word: str, language: str) -> bool:
    """Whether a word is guarded on its own."""
    return bool(find_guarded_words(word, language))


def _find(text: str, lists: _Lists, language: str) -> Iterator[GuardedWord]:
    tokens = list(_tokens(text, lists, language))
    after = 0
    for index, (word, start, _end) in enumerate(tokens):
        if index < after:
            continue
        for size in range(min(lists.lengths.get(word, 0), len(tokens) - index), 0, -1):
            phrase = " ".join(token for token, _start, _end in tokens[index : index + size])
            if phrase in lists.classes:
                # The quantity after a limit ("under #") is not part of the word.
                last = index + size - 1 - phrase.endswith(_QUANTITY)
                end = tokens[last][2]
                yield GuardedWord(lists.classes[phrase], text[start:end], start, end)
                after = last + 1
                break


def _tokens(text: str, lists: _Lists, language: str) -> Iterator[tuple[str, int, int]]:
    """Yield the words of `text` with contractions spelled out, and each quantity as one token."""
    quantities = iter((*find_quantities(text, language), None))
    quantity = next(quantities)
    for match in _TOKEN.finditer(text):
        while quantity and quantity.end <= match.start():
            quantity = next(quantities)
        if quantity and quantity.start <= match.start():
            if quantity.start == match.start():
                yield _QUANTITY, quantity.start, quantity.end
            continue
        word = match[0].casefold().replace("’", "'")
        for spoken in lists.spelled_out.get(word, (word,)):
            yield spoken, *match.span()


@cache
def _lists(code: str) -> _Lists | None:
    data = load_list("guarded_words", code)
    if data is None:
        return None
    spelled_out = {
        word: tuple(expansion.split()) for word, expansion in data["spelled_out"].items()
    }
    classes: dict[str, str] = {}
    lengths: dict[str, int] = {}
    for name, phrases in data["classes"].items():
        for phrase in phrases:
            words = re.findall(rf"{_TOKEN.pattern}|{_QUANTITY}", phrase)
            if classes.setdefault(" ".join(words), name) != name:
                raise ValueError(
                    f"“{phrase}” stands in two classes: {classes[' '.join(words)]}, {name}"
                )
            lengths[words[0]] = max(len(words), lengths.get(words[0], 0))
    return _Lists(classes, spelled_out, lengths)
