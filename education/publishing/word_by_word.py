"""Two texts word by word: which words only one of them has."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import groupby

Piece = tuple[str, bool]
"""A stretch of a text, and whether the other text lacks it. The stretches joined are the text."""

# A number with its point or comma is one word: 38.5 does not become 38.7 by its last digit.
_TOKEN = re.compile(r"\s+|\d+(?:[.,/]\d+)*\w*|\w+(?:[’'-]\w+)*|[^\w\s]")
_WORD = re.compile(r"\w")

# Two full texts of 6,000 characters of English have about 10,000 pairs of equal words.
MOST_PAIRS = 25_000
LEAST_IN_COMMON = 0.25
ALIKE = 0.6


def word_by_word(before: str, after: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Both texts in pieces: words that are gone are marked in the first, new ones in the second.

    Texts that share less than a quarter of the words of the shorter one are marked whole: islands of “the”
    and “a” help nobody. How long it takes grows with the number of pairs of equal words, so it is bounded:
    above `MOST_PAIRS` whole lines are compared, and if they are too many as well, the texts are marked whole.
    """
    for cut in (_TOKEN.findall, _lines):
        old, new = cut(before), cut(after)
        head, tail = _ends_in_common(old, new)
        inner_old, inner_new = old[head : len(old) - tail], new[head : len(new) - tail]
        if _pairs(inner_old, inner_new) <= MOST_PAIRS:
            inner = SequenceMatcher(_is_no_word, inner_old, inner_new, autojunk=False).get_matching_blocks()
            blocks = [(0, 0, head), *((i + head, j + head, size) for i, j, size in inner if size)]
            blocks.append((len(old) - tail, len(new) - tail, tail))
            return _marked(old, new, blocks)
    return ((before, True),), ((after, True),)


def alike(before: str, after: str) -> float:
    """How many words two lines share, from 0 to 1; below `ALIKE` they are two different lines."""
    old, new = ([t for t in _TOKEN.findall(text) if not _is_no_word(t)] for text in (before, after))
    return SequenceMatcher(None, old, new, autojunk=False).quick_ratio()


def differing_stretches(
    before: Sequence[Hashable], after: Sequence[Hashable]
) -> list[tuple[int, int, int, int]]:
    """Where two sequences differ: from and to in the first, from and to in the second.

    Bounded as `word_by_word` is: above `MOST_PAIRS` all between the ends in common is one stretch.
    """
    counts = Counter(after)
    if sum(number * counts[item] for item, number in Counter(before).items()) <= MOST_PAIRS:
        matcher = SequenceMatcher(None, before, after, autojunk=False)
        return [(i, j, k, m) for name, i, j, k, m in matcher.get_opcodes() if name != "equal"]
    head, tail = _ends_in_common(before, after)
    inner = (head, len(before) - tail, head, len(after) - tail)
    return [inner] if inner[0] < inner[1] or inner[2] < inner[3] else []


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def _ends_in_common(old: Sequence[Hashable], new: Sequence[Hashable]) -> tuple[int, int]:
    """How many items are the same at the start and, of the others, at the end."""
    most = min(len(old), len(new))
    head = next((place for place in range(most) if old[place] != new[place]), most)
    most -= head
    tail = next((place for place in range(most) if old[-1 - place] != new[-1 - place]), most)
    return head, tail


def _pairs(old: Sequence[str], new: Sequence[str]) -> int:
    counts = Counter(new)
    return sum(number * counts[token] for token, number in Counter(old).items() if not _is_no_word(token))


def _marked(
    old: Sequence[str], new: Sequence[str], blocks: Sequence[tuple[int, int, int]]
) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """The tokens outside of `blocks` marked; a stop or a blank between two changes belongs to them."""
    first, *middle, last = blocks
    kept = [first, *(block for block in middle if _words(old[block[0] : block[0] + block[2]])), last]
    in_common = sum(_words(old[i : i + size]) for i, _j, size in kept)
    if in_common < LEAST_IN_COMMON * min(_words(old), _words(new)):
        kept = []
    return (
        tuple(_pieces(old, [(i, size) for i, _j, size in kept])),
        tuple(_pieces(new, [(j, size) for _i, j, size in kept])),
    )


def _words(tokens: Sequence[str]) -> int:
    return sum(not _is_no_word(token) for token in tokens)


def _is_no_word(token: str) -> bool:
    return not _WORD.search(token)


def _pieces(tokens: Sequence[str], same: Sequence[tuple[int, int]]) -> Iterator[Piece]:
    unchanged = {place for start, size in same for place in range(start, start + size)}
    for changed, places in groupby(range(len(tokens)), lambda place: place not in unchanged):
        yield "".join(tokens[place] for place in places), changed
