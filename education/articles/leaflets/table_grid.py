"""Tables with merged cells as tables without."""

from __future__ import annotations

import re
from collections.abc import Sequence

from education.articles.leaflets.blocks import Table, one_line

MAX_CELLS = 2_000
_BOLD = re.compile(r"^\*\*([^*]+)\*\*$")
Cell = tuple[str, int, int]
"""The line of a cell, and over how many columns and rows it stands."""


class TooManyCells(Exception):
    """The table is beyond what a text may have."""


def read_table(rows: Sequence[Sequence[Cell]], heads: int) -> Table:
    """The table of cells row by row, `heads` of them the head; raises TooManyCells.

    A merged cell is said again wherever it stands: an empty cell would be taken for an answer.
    """
    grid: dict[tuple[int, int], str] = {}
    repeated: list[str] = []
    for y, row in enumerate(rows):
        x = 0
        for line, columns, height in row:
            while (y, x) in grid:
                x += 1
            height = min(height, len(rows) - y)
            if len(grid) + columns * height > MAX_CELLS:
                raise TooManyCells
            places = [(y + down, x + right) for down in range(height) for right in range(columns)]
            grid |= dict.fromkeys(places, line)
            repeated += [line] * (len(places) - 1)
            x += columns
    width = max(x for _y, x in grid) + 1
    if width * len(rows) > MAX_CELLS:
        raise TooManyCells
    lines = [tuple(one_line(grid.get((y, x), "")) for x in range(width)) for y in range(len(rows))]
    head = tuple(_one_head([row[x] for row in lines[:heads]], repeated) for x in range(width))
    return Table((head, *lines[heads:]), tuple(one_line(line) for line in repeated if line))


def _one_head(cells: Sequence[str], repeated: list[str]) -> str:
    """Heads of several rows as one; what a merged cell says twice stands once."""
    distinct = list(dict.fromkeys(filter(None, cells)))
    for cell in distinct:
        for _again in range(cells.count(cell) - 1):
            if cell in repeated:
                repeated.remove(cell)
    # Heads are shown bold anyway.
    return ": ".join(_BOLD.sub(r"\1", cell) for cell in distinct)
