"""Reassuring phrases ("wait", "it is nothing"), which can cost a life in an emergency.

The phrases are in `data/<language>/reassurance.toml`. "You can wait until tomorrow" is found; "Do
not wait until tomorrow" is not. Whether a find is safe in its context is for a reviewer to decide.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from education.plain_language.parsing.segmentation import split_sentences
from education.plain_language.word_lists import language_code, load_list

# Punctuation between clauses is a token.
_TOKEN = re.compile(r"[^\W_]+(?:'[^\W_]+)*|[.,;:!?()…–—]")
_NUMBER = "#"

Phrase = tuple[str, ...]


def find_reassurance(text: str, language: str) -> list[str]:
    """Return the distinct sentences with such a phrase; none for a language without a list."""
    lists = _lists(language_code(language))
    if lists is None:
        return []
    found = (line[start:end] for line in text.splitlines() for start, end in split_sentences(line))
    return list(dict.fromkeys(one for one in found if _reassures(lists, _tokens(one, lists))))


@dataclass(frozen=True)
class _Lists:
    """The list of a language, with each phrase as a tuple of words."""

    numbers: frozenset[str]
    no_waiting: frozenset[Phrase]
    harmless: frozenset[Phrase]
    clause_ends: frozenset[Phrase]
    phrases: frozenset[Phrase]
    spelled_out: Mapping[str, Sequence[str]]

    def length_at(self, phrases: frozenset[Phrase], tokens: Sequence[str], index: int) -> int:
        """Return the length in tokens of the longest phrase that begins at `index`, or 0."""
        lengths = (
            len(phrase)
            for phrase in phrases
            if self._begins(phrase, tokens[index : index + len(phrase)])
        )
        return max(lengths, default=0)

    def _begins(self, phrase: Phrase, tokens: Sequence[str]) -> bool:
        return len(phrase) == len(tokens) and all(
            token.isdecimal() or token in self.numbers if word == _NUMBER else word == token
            for word, token in zip(phrase, tokens, strict=True)
        )


@cache
def _lists(code: str) -> _Lists | None:
    data = load_list("reassurance", code)
    if data is None:
        return None
    return _Lists(
        numbers=frozenset(data["numbers"]),
        no_waiting=_as_phrases(data["no_waiting"]),
        harmless=_as_phrases(data["harmless"]),
        clause_ends=_as_phrases(data["clause_ends"]),
        phrases=_as_phrases(data["phrases"]),
        spelled_out={word: expansion.split() for word, expansion in data["spelled_out"].items()},
    )


def _as_phrases(lines: Iterable[str]) -> frozenset[Phrase]:
    return frozenset(tuple(line.split()) for line in lines)


def _tokens(sentence: str, lists: _Lists) -> list[str]:
    """Return the words in lower case, without invisible characters, and the clause punctuation."""
    visible = (
        sign
        for sign in unicodedata.normalize("NFKC", sentence)
        if unicodedata.category(sign) != "Cf"
    )
    words = _TOKEN.findall("".join(visible).casefold().replace("’", "'"))
    tokens = [spoken for word in words for spoken in lists.spelled_out.get(word, (word,))]
    # "A few" counts as one number.
    pairs = zip(["", *tokens], tokens, strict=False)
    return [token for before, token in pairs if not {before, token} <= lists.numbers]


def _reassures(lists: _Lists, tokens: Sequence[str]) -> bool:
    remaining = _blank_warnings(lists, tokens)
    return any(lists.length_at(lists.phrases, remaining, index) for index in range(len(remaining)))


def _blank_warnings(lists: _Lists, tokens: Sequence[str]) -> list[str]:
    """Return the tokens with "" for each clause that forbids waiting and each harmless phrase."""
    remaining: list[str] = []
    index = 0
    while index < len(tokens):
        if size := lists.length_at(lists.harmless, tokens, index):
            index += size
        elif size := lists.length_at(lists.no_waiting, tokens, index):
            index = next(_find_clause_ends(lists, tokens, index + size))
        else:
            remaining.append(tokens[index])
            index += 1
            continue
        remaining.append("")
    return remaining


def _find_clause_ends(lists: _Lists, tokens: Sequence[str], start: int) -> Iterator[int]:
    for index in range(start, len(tokens)):
        is_punctuation = not tokens[index][0].isalnum()
        if is_punctuation or lists.length_at(lists.clause_ends, tokens, index):
            yield index
    yield len(tokens)
