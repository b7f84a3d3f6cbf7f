"""Edit distance, and words that look like misspellings but are correct."""

from __future__ import annotations

from functools import cache

from education.plain_language.word_lists import language_code, load_list

_ENDINGS = ("s", "es", "d", "ed", "ing", "er", "ly")


def edit_distance(typed: str, known: str) -> int:
    """Return the number of letters to insert, delete or replace to turn one word into the other."""
    before = list(range(len(known) + 1))
    for row, letter in enumerate(typed, start=1):
        now = [row]
        for column, other in enumerate(known, start=1):
            now.append(min(now[-1] + 1, before[column] + 1, before[column - 1] + (letter != other)))
        before = now
    return before[-1]


def is_real_word(word: str, language: str) -> bool:
    """Whether a lower-case word, or the word it is a form of, is listed as correct."""
    words = _real_words(language_code(language))
    return word in words or any(
        word.endswith(end) and word.removesuffix(end) in words for end in _ENDINGS
    )


@cache
def _real_words(code: str) -> frozenset[str]:
    data = load_list("real_words", code)
    return frozenset(data["words"]) if data else frozenset()
