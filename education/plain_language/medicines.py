"""Names of medicines: substances, and brand names under which they are sold."""

from __future__ import annotations

from functools import cache

from education.plain_language.parsing.phrase_matcher import PhraseMatcher
from education.plain_language.word_lists import load_word_sets

_NAME = "medicines"
_MIN_CHARS_BEFORE_ENDING = 2


def is_brand_name(word: str) -> bool:
    """Whether a lower-case word is a brand name of a medicine or skin product."""
    return word in load_word_sets(_NAME)["brands"]


@cache
def brand_matcher() -> PhraseMatcher:
    return PhraseMatcher(load_word_sets(_NAME)["brands"])


def is_medicine(word: str) -> bool:
    """Whether a lower-case word names the substance of a medicine."""
    return word in load_word_sets(_NAME)["substances"] or word[_MIN_CHARS_BEFORE_ENDING:].endswith(
        _substance_endings()
    )


@cache
def _substance_endings() -> tuple[str, ...]:
    return tuple(load_word_sets(_NAME)["substance_endings"])
