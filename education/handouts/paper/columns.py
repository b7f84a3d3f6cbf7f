"""How lists stand side by side on paper, so that they take few lines.

Widths come from the font. An estimate that is wrong makes columns of unequal height, and nothing
worse: the template sets them as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import fontpkg_atkinson_hyperlegible

# How wide both columns are together, in em of the body size, by the size of print and the paper:
# the page of `templates/paper/base.typ` without its margins, the frame, and what parts the columns.
_WIDTHS = {
    ("normal", "a4"): 48.5,
    ("normal", "letter"): 50.0,
    ("clear", "a4"): 41.2,
    ("clear", "letter"): 42.6,
}
# The mark of an item and the space after it.
_MARK = 1.3
# The frame of a list, on both sides.
_PADDING = 0.8
# Two columns of a list need more than this of the width, in percent.
_LEAST_SHARE_OF_TWO = 50
# How the template spaces letters, in em, and words.
_TRACKING, _SPACE = -0.012, 0.93
# The shares of the first of two columns that are tried, in percent.
_SHARES = tuple(range(38, 63))
_FEW_SHARES = (44, 47, 51, 54)
_FONT = Path(fontpkg_atkinson_hyperlegible.__path__[0], "files", "AtkinsonHyperlegible-Regular.ttf")
_UNITS = 1000

Columns = tuple[int, float]


@dataclass(frozen=True)
class SideBySide:
    """Two lists side by side.

    `share`: that of the first in the width; `columns`: how it stands in two columns itself, see
    `two_columns`.
    """

    share: float
    columns: Columns | None = None


def two_columns(items: Sequence[str], size: str, paper: str) -> Columns | None:
    """How many items stand in the first of two columns, and its share of the width; None for one
    column.
    """
    width = _WIDTHS.get((size, paper))
    if width is None or len(items) < 2:
        return None
    _taller, number, share = _two_columns(tuple(items), width)
    return number, share


def side_by_side(
    first: Sequence[str], second: Sequence[str], size: str, paper: str
) -> SideBySide | None:
    """How two lists stand side by side; None if they stand one below the other."""
    width = _WIDTHS.get((size, paper))
    return _side_by_side(tuple(first), tuple(second), width) if width else None


@lru_cache(maxsize=256)
def _side_by_side(first: tuple[str, ...], second: tuple[str, ...], width: float) -> SideBySide:
    found: list[tuple[int, int, int, Columns | None]] = []
    for share in range(34, 69, 2):
        left, right = (width * part / 100 - _PADDING for part in (share, 100 - share))
        beside, centered = _height(second, right), abs(share - 50)
        found.append((max(_height(first, left), beside), centered, share, None))
        if share > _LEAST_SHARE_OF_TWO and len(first) > 1:
            height, number, part = _two_columns(first, left - _PADDING, _FEW_SHARES)
            # Three columns must save a line.
            found.append((max(height, beside), 100 + centered, share, (number, part)))
    _least, _centered, share, columns_of_first = min(found, key=lambda one: one[:2])
    return SideBySide(share / 100, columns_of_first)


@lru_cache(maxsize=4096)
def _two_columns(
    items: tuple[str, ...], width: float, shares: tuple[int, ...] = _SHARES
) -> tuple[int, int, float]:
    """The lines of the taller column; how many items are in the first, and its share."""
    found = []
    for share in shares:
        before, after = (
            [_lines(item, width * part / 100 - _MARK) for item in items]
            for part in (share, 100 - share)
        )
        found += [
            (max(sum(before[:number]), sum(after[number:])), abs(share - 50), number, share)
            for number in range(1, len(items))
        ]
    lines, _centered, number, share = min(found)
    return lines, number, share / 100


def _height(items: Sequence[str], width: float) -> int:
    return sum(_lines(item, width - _MARK) for item in items)


@lru_cache(maxsize=16384)
def _lines(text: str, width: float) -> int:
    """How many lines of this width, in em, a text takes."""
    lines, used, space = 1, 0.0, _width(" ") * _SPACE
    for word in text.split():
        wide = _width(word)
        if used and used + space + wide > width:
            lines, used = lines + 1, wide
        else:
            used += wide + (space if used else 0)
    return lines


@lru_cache(maxsize=4096)
def _width(word: str) -> float:
    """How wide a word is, in em."""
    return float(_font().getlength(word)) / _UNITS + _TRACKING * len(word)


@lru_cache(maxsize=1)
def _font() -> Any:
    from PIL import ImageFont  # noqa: PLC0415  pages that are no paper do not need it

    return ImageFont.truetype(str(_FONT), _UNITS)


def plain_words(runs: Any) -> str:
    """The words of runs, as they stand in the data."""
    if isinstance(runs, str):
        return runs
    if isinstance(runs, dict):
        return plain_words(next(iter(runs.values()), ""))
    return "".join(plain_words(run) for run in runs) if isinstance(runs, list) else ""
