"""What the doctor finds: green, yellow or red, and what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from enum import IntEnum


class Level(IntEnum):
    """As the exit codes of monitors."""

    GREEN = 0
    YELLOW = 1
    RED = 2


@dataclass(frozen=True)
class Finding:
    """One line of the page."""

    name: str
    level: Level
    message: str
    action: str = ""

    def to_json(self) -> dict[str, str]:
        return {**asdict(self), "level": self.level.name.lower()}


Examination = Callable[[], Iterable[Finding]]


def green(name: str, message: str) -> Finding:
    return Finding(name, Level.GREEN, message)


def yellow(name: str, message: str, action: str) -> Finding:
    return Finding(name, Level.YELLOW, message, action)


def red(name: str, message: str, action: str) -> Finding:
    return Finding(name, Level.RED, message, action)


def examine(examinations: Iterable[tuple[str, Examination]]) -> list[Finding]:
    """All findings. An examination that fails is a red finding, and the others go on."""
    found: list[Finding] = []
    for name, examination in examinations:
        try:
            found += examination()
        except Exception as error:
            reason = str(error).strip().partition("\n")[0]
            found.append(
                red(
                    name,
                    f"This could not be examined ({type(error).__name__}: {reason}).",
                    "Look at what is red above first.",
                )
            )
    return found
