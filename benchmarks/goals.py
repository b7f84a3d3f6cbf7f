"""Goals of the benchmarks: said in one form of line, which benchmarks/report.py reads again."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

LINE = re.compile(
    r"^goal: (?P<what>.+): (?P<value>[\d.]+) ?(?P<unit>.*) \((?P<sign><=|>=) (?P<limit>[\d.]+)\): "
    r"(?P<verdict>reached|not reached)$",
    re.MULTILINE,
)


@dataclass(frozen=True)
class Goal:
    """A figure, and how large it may be (`<=`) or must be (`>=`)."""

    what: str
    value: float
    sign: str
    limit: float
    unit: str = ""

    @property
    def is_reached(self) -> bool:
        """Whether the figure is as wished."""
        return self.value <= self.limit if self.sign == "<=" else self.value >= self.limit

    def __str__(self) -> str:
        verdict = "reached" if self.is_reached else "not reached"
        unit = f" {self.unit}" if self.unit else ""
        return f"goal: {self.what}: {figure(self.value)}{unit} ({self.sign} {figure(self.limit)}): {verdict}"


def figure(value: float) -> str:
    """Three digits that say something, and no more of a whole number."""
    if value == int(value) or value >= 1000:
        return f"{value:.0f}"
    return f"{value:.3g}" if value >= 0.01 else f"{value:.4f}"


def say(goals: Iterable[Goal]) -> int:
    """Print each goal; 1 when one is missed."""
    listed = list(goals)
    for goal in listed:
        print(goal)
    return int(not all(goal.is_reached for goal in listed))
