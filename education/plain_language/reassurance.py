"""Sentences that tell people to wait, or that it is nothing: in an emergency they can cost a life.

The phrases stand in `data/<language>/reassurance.toml`. "Do not wait until tomorrow" forbids
waiting and is right; "You can wait until tomorrow" is found. Only a person can tell whether what is
found is safe where it stands.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from education.plain_language.parsing.segmentation import split_sentences
from education.plain_language.word_lists import language_code, load_list

# A sign that parts clauses is a token of its own.
_TOKEN = re.compile(r"[^\W_]+(?:'[^\W_]+)*|[.,;:!?()…–—]")
_NUMBER = "#"

Phrase = tuple[str, ...]


def find_reassurance(text: str, language: str) -> list[str]:
    """The sentences of a plain text that have such a phrase, in reading order, each once.

    None for a language in which nobody wrote the list.
    """
    lists = _lists(language_code(language))
    if lists is None:
        return []
    found = (line[start:end] for line in text.splitlines() for start, end in split_sentences(line))
    return list(dict.fromkeys(one for one in found if _reassures(lists, _tokens(one, lists))))


@dataclass(frozen=True)
class _Lists:
    """The list of a language, with each phrase as its words."""

    numbers: frozenset[str]
    no_waiting: frozenset[Phrase]
    harmless: frozenset[Phrase]
    clause_ends: frozenset[Phrase]
    phrases: frozenset[Phrase]
    spelled_out: Mapping[str, Sequence[str]]

    def length_at(self, phrases: frozenset[Phrase], tokens: Sequence[str], index: int) -> int:
        """How many tokens the longest of `phrases` has that begins at a place; 0 when none does."""
        here = (
            phrase
            for phrase in phrases
            if self._begins(phrase, tokens[index : index + len(phrase)])
        )
        return max(map(len, here), default=0)

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
        spelled_out={word: spoken.split() for word, spoken in data["spelled_out"].items()},
    )


def _as_phrases(lines: Iterable[str]) -> frozenset[Phrase]:
    return frozenset(tuple(line.split()) for line in lines)


def _tokens(sentence: str, lists: _Lists) -> list[str]:
    """The words in small letters, without what cannot be seen, and the signs between clauses."""
    seen = (
        sign
        for sign in unicodedata.normalize("NFKC", sentence)
        if unicodedata.category(sign) != "Cf"
    )
    words = _TOKEN.findall("".join(seen).casefold().replace("’", "'"))
    tokens = [spoken for word in words for spoken in lists.spelled_out.get(word, (word,))]
    # "A few" is one number.
    pairs = zip(["", *tokens], tokens, strict=False)
    return [token for before, token in pairs if not {before, token} <= lists.numbers]


def _reassures(lists: _Lists, tokens: Sequence[str]) -> bool:
    left = _blank_warnings(lists, tokens)
    return any(lists.length_at(lists.phrases, left, index) for index in range(len(left)))


def _blank_warnings(lists: _Lists, tokens: Sequence[str]) -> list[str]:
    """The tokens with a gap for each clause that forbids to wait, and for what only
    quotes others.
    """
    left: list[str] = []
    index = 0
    while index < len(tokens):
        if size := lists.length_at(lists.harmless, tokens, index):
            index += size
        elif size := lists.length_at(lists.no_waiting, tokens, index):
            index = next(_find_clause_ends(lists, tokens, index + size))
        else:
            left.append(tokens[index])
            index += 1
            continue
        left.append("")
    return left


def _find_clause_ends(lists: _Lists, tokens: Sequence[str], start: int) -> Iterator[int]:
    for index in range(start, len(tokens)):
        is_sign = not tokens[index][0].isalnum()
        if is_sign or lists.length_at(lists.clause_ends, tokens, index):
            yield index
    yield len(tokens)
