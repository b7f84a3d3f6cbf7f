"""Passive voice ("is treated"), detected by a form of "be" and a participle."""

from __future__ import annotations

from collections.abc import Iterator

from education.plain_language.parsing.blocks import Span
from education.plain_language.parsing.segmentation import Passage, Word
from education.plain_language.word_lists import load_word_sets

_MAX_WORDS_BETWEEN = 3


def find_passives(passage: Passage) -> Iterator[Span]:
    """Yield the spans of passive verbs."""
    forms_of_be = load_word_sets("passive_voice")["be"]
    after = 0
    for index, word in enumerate(passage.words):
        # "is being taken" has two forms of "be", and is one passive.
        if word.text in forms_of_be and index >= after:
            last = _participle(passage, index)
            if last is not None:
                yield word.start, passage.words[last].end
                after = last


def _participle(passage: Passage, verb: int) -> int | None:
    """Return the index of the participle that belongs to the form of "be" at `verb`."""
    between = load_word_sets("passive_voice")["between"]
    for index in range(verb + 1, min(verb + _MAX_WORDS_BETWEEN + 2, len(passage.words))):
        word = passage.words[index]
        # Anything but a single space between the words ends the phrase.
        if passage.text[passage.words[index - 1].end : word.start] != " ":
            return None
        if _is_participle(word.text, followed_by_by=_next_is_by(passage.words, index)):
            return index
        if word.text not in between:
            return None
    return None


def _is_participle(word: str, *, followed_by_by: bool) -> bool:
    lists = load_word_sets("passive_voice")
    if word in lists["no_participles"]:
        return False
    if word in lists["states"] or word in lists["either"]:
        return followed_by_by
    ends_in_ed = len(word) > 4 and word.endswith("ed") and not word.endswith("eed")
    return ends_in_ed or word in lists["irregular"]


def _next_is_by(words: list[Word], index: int) -> bool:
    return index + 1 < len(words) and words[index + 1].text == "by"
