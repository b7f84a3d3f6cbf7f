"""Compares two texts word by word."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import groupby

Piece = tuple[str, bool]
"""A stretch of a text, and whether the other text lacks it. The stretches joined are the text."""

# A number with its decimals is one word, so that 38.5 and 38.7 differ as a whole.
_TOKEN = re.compile(r"\s+|\d+(?:[.,/]\d+)*\w*|\w+(?:[’'-]\w+)*|[^\w\s]")
_WORD = re.compile(r"\w")

# Two English texts of 6,000 characters have about 10,000 pairs of equal words.
MAX_PAIRS = 25_000
MIN_IN_COMMON = 0.25
SIMILARITY_THRESHOLD = 0.6


def diff_text(before: str, after: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Both texts in pieces: removed words are marked in the first, added ones in the second.

    Texts that share less than a quarter of the words of the shorter one are marked whole, as common
    words such as “the” alone say nothing. The time grows with the number of pairs of equal words:
    above `MAX_PAIRS` whole lines are compared, and if these are too many as well, the texts are
    marked whole.
    """
    for cut in (_TOKEN.findall, _split_lines):
        old, new = cut(before), cut(after)
        head, tail = _common_ends(old, new)
        inner_old, inner_new = old[head : len(old) - tail], new[head : len(new) - tail]
        if _count_pairs(inner_old, inner_new) <= MAX_PAIRS:
            inner = SequenceMatcher(
                _is_separator, inner_old, inner_new, autojunk=False
            ).get_matching_blocks()
            blocks = [(0, 0, head), *((i + head, j + head, size) for i, j, size in inner if size)]
            blocks.append((len(old) - tail, len(new) - tail, tail))
            return _mark(old, new, blocks)
    return ((before, True),), ((after, True),)


def similarity(before: str, after: str) -> float:
    """The share of common words of two lines, 0 to 1; below `ALIKE` they are different lines."""
    old, new = (
        [t for t in _TOKEN.findall(text) if not _is_separator(t)] for text in (before, after)
    )
    return SequenceMatcher(None, old, new, autojunk=False).quick_ratio()


def differing_ranges(
    before: Sequence[Hashable], after: Sequence[Hashable]
) -> list[tuple[int, int, int, int]]:
    """Where two sequences differ: start and end in the first, start and end in the second.

    Bounded like `diff_text`: above `MAX_PAIRS` everything between the common ends is one range.
    """
    counts = Counter(after)
    if sum(number * counts[item] for item, number in Counter(before).items()) <= MAX_PAIRS:
        matcher = SequenceMatcher(None, before, after, autojunk=False)
        return [(i, j, k, m) for name, i, j, k, m in matcher.get_opcodes() if name != "equal"]
    head, tail = _common_ends(before, after)
    inner = (head, len(before) - tail, head, len(after) - tail)
    return [inner] if inner[0] < inner[1] or inner[2] < inner[3] else []


def _split_lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def _common_ends(old: Sequence[Hashable], new: Sequence[Hashable]) -> tuple[int, int]:
    """The number of equal items at the start and, of the others, at the end."""
    limit = min(len(old), len(new))
    head = next((position for position in range(limit) if old[position] != new[position]), limit)
    limit -= head
    tail = next(
        (position for position in range(limit) if old[-1 - position] != new[-1 - position]), limit
    )
    return head, tail


def _count_pairs(old: Sequence[str], new: Sequence[str]) -> int:
    counts = Counter(new)
    return sum(
        number * counts[token] for token, number in Counter(old).items() if not _is_separator(token)
    )


def _mark(
    old: Sequence[str], new: Sequence[str], blocks: Sequence[tuple[int, int, int]]
) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Mark the tokens outside of `blocks`, and a stop or blank between two changes."""
    first, *middle, last = blocks
    kept = [
        first,
        *(block for block in middle if _count_words(old[block[0] : block[0] + block[2]])),
        last,
    ]
    in_common = sum(_count_words(old[i : i + size]) for i, _j, size in kept)
    if in_common < MIN_IN_COMMON * min(_count_words(old), _count_words(new)):
        kept = []
    return (
        tuple(_build_pieces(old, [(i, size) for i, _j, size in kept])),
        tuple(_build_pieces(new, [(j, size) for _i, j, size in kept])),
    )


def _count_words(tokens: Sequence[str]) -> int:
    return sum(not _is_separator(token) for token in tokens)


def _is_separator(token: str) -> bool:
    return not _WORD.search(token)


def _build_pieces(tokens: Sequence[str], same: Sequence[tuple[int, int]]) -> Iterator[Piece]:
    unchanged = {position for start, size in same for position in range(start, start + size)}
    for changed, positions in groupby(
        range(len(tokens)), lambda position: position not in unchanged
    ):
        yield "".join(tokens[position] for position in positions), changed
