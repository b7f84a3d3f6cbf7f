"""A few words of a text around a match, with the matches marked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from education.search.index import Term
from education.search.words import tokenize

LENGTH, BEFORE = 220, 70


@dataclass(frozen=True)
class Piece:
    """Some of a text, and whether it is what was looked for. Text, not HTML."""

    text: str
    is_match: bool


def marked(text: str, terms: Sequence[Term], language: str) -> tuple[Piece, ...]:
    """The whole of `text`, in pieces."""
    return tuple(_pieces(text, terms, language))


def snippet(text: str, terms: Sequence[Term], language: str) -> tuple[Piece, ...]:
    """A part of `text` that begins with a sentence or a word shortly before the first match."""
    flat = " ".join(_ended(line) for line in text.splitlines() if line.strip()).rstrip(";")
    first = _first(flat, terms, language)
    start = _beginning(flat, first)
    end = len(flat)
    if end - start > LENGTH:
        end = max(flat.rfind(" ", start, start + LENGTH), first + 1)
    opening, ending = ("… " if start else ""), (" …" if end < len(flat) else "")
    return marked(f"{opening}{flat[start:end]}{ending}", terms, language)


def _ended(line: str) -> str:
    """A line with a sign that ends it, for items and headings that have none of their own."""
    words = " ".join(line.split())
    return words if words[-1] in ".:;!?…" else f"{words};"


def _first(flat: str, terms: Sequence[Term], language: str) -> int:
    """Where the first match begins.

    Most words begin as their stems do, and a pattern finds those soonest; else each word is read.
    """
    letters = "|".join(re.escape(term.stem[:3]) for term in terms)
    for likely in re.finditer(rf"(?<![^\W_])(?:{letters})[^\W_]*", flat, re.IGNORECASE):
        if any(_fits(word.stem, terms) for word in tokenize(likely[0], language)):
            return likely.start()
    return next((word.start for word in tokenize(flat, language) if _fits(word.stem, terms)), 0)


def _beginning(flat: str, first: int) -> int:
    if first <= BEFORE:
        return 0
    sentence = flat.rfind(". ", first - BEFORE, first)
    return sentence + 2 if sentence >= 0 else flat.rfind(" ", 0, first - BEFORE // 2) + 1


def _fits(stem: str, terms: Sequence[Term]) -> bool:
    return any(term.fits(stem) for term in terms)


def _pieces(text: str, terms: Sequence[Term], language: str) -> Iterator[Piece]:
    done = 0
    for word in tokenize(text, language):
        if _fits(word.stem, terms):
            if word.start > done:
                yield Piece(text[done : word.start], False)
            yield Piece(text[word.start : word.end], True)
            done = word.end
    if done < len(text):
        yield Piece(text[done:], False)
