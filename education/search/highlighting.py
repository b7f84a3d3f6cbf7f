"""Excerpts of a text around a match, and the matches in a text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from education.search.backends.base import SearchTerm
from education.search.tokenizer import kept_stems, tokenize

# In characters: about two lines of a result, of which about a third is before the match.
SNIPPET_LENGTH = 220
CONTEXT_BEFORE = 70


@dataclass(frozen=True)
class Fragment:
    """A piece of a text, and whether it matches the query. Plain text, not HTML."""

    text: str
    is_match: bool


def has_match(text: str, terms: Sequence[SearchTerm], language: str) -> bool:
    """Whether a published name or summary has one of the terms."""
    return any(_matches(stem, terms) for stem in kept_stems(text, language))


def highlight(text: str, terms: Sequence[SearchTerm], language: str) -> tuple[Fragment, ...]:
    """The whole of `text` in fragments."""
    return tuple(_fragments(text, terms, language))


def snippet(text: str, terms: Sequence[SearchTerm], language: str) -> tuple[Fragment, ...]:
    """A part of `text` that begins with a sentence or a word shortly before the first match.

    The start of the text where nothing matches.
    """
    flat = " ".join(_punctuate(line) for line in text.splitlines() if line.strip()).rstrip(";")
    first = _first_match(flat, terms, language)
    start = _snippet_start(flat, first)
    end = len(flat)
    if end - start > SNIPPET_LENGTH:
        end = max(flat.rfind(" ", start, start + SNIPPET_LENGTH), first + 1)
    opening, ending = ("… " if start else ""), (" …" if end < len(flat) else "")
    return highlight(f"{opening}{flat[start:end]}{ending}", terms, language)


def _punctuate(line: str) -> str:
    """A line with a semicolon at its end, unless it ends with punctuation: for list items."""
    words = " ".join(line.split())
    return words if words[-1] in ".:;!?…" else f"{words};"


def _first_match(flat: str, terms: Sequence[SearchTerm], language: str) -> int:
    """The position of the first match, 0 if there is none.

    Most words begin with the first letters of their stem. A pattern finds these much faster than
    reading each word.
    """
    letters = "|".join(re.escape(term.stem[:3]) for term in terms)
    for candidate in re.finditer(rf"(?<![^\W_])(?:{letters})[^\W_]*", flat, re.IGNORECASE):
        if any(_matches(word.stem, terms) for word in tokenize(candidate[0], language)):
            return candidate.start()
    return next((word.start for word in tokenize(flat, language) if _matches(word.stem, terms)), 0)


def _snippet_start(flat: str, first: int) -> int:
    if first <= CONTEXT_BEFORE:
        return 0
    sentence = flat.rfind(". ", first - CONTEXT_BEFORE, first)
    return sentence + 2 if sentence >= 0 else flat.rfind(" ", 0, first - CONTEXT_BEFORE // 2) + 1


def _matches(stem: str, terms: Sequence[SearchTerm]) -> bool:
    return any(term.matches(stem) for term in terms)


def _fragments(text: str, terms: Sequence[SearchTerm], language: str) -> Iterator[Fragment]:
    done = 0
    for word in tokenize(text, language):
        if _matches(word.stem, terms):
            if word.start > done:
                yield Fragment(text[done : word.start], False)
            yield Fragment(text[word.start : word.end], True)
            done = word.end
    if done < len(text):
        yield Fragment(text[done:], False)
