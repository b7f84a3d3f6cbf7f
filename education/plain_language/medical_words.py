"""Medical words with their everyday alternatives, from `data/en/medical_words.toml`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from education.plain_language.parsing.phrase_matcher import PhraseMatcher
from education.plain_language.word_lists import load_list, load_word_sets

_NAME = "medical_words"
_MIN_CHARS_BEFORE_ENDING = 3


@cache
def plain_alternatives() -> Mapping[str, str]:
    """Return each listed word, in lower case, with its everyday alternative."""
    return dict((load_list(_NAME, "en") or {})["plain"])


@cache
def medical_word_matcher() -> PhraseMatcher:
    return PhraseMatcher(plain_alternatives())


def sounds_medical(word: str) -> bool:
    """Whether a lower-case word has an ending that only medical words have, such as "-itis"."""
    return word not in load_word_sets(_NAME)["everyday"] and word[
        _MIN_CHARS_BEFORE_ENDING:
    ].endswith(_endings())


@cache
def _endings() -> tuple[str, ...]:
    return tuple(load_word_sets(_NAME)["endings"])
