"""The numbers in a text: how many days, how warm, how often."""

from __future__ import annotations

import re
from collections import Counter

# "One" is left out: it mostly stands for a thing, as in "the one that hurts".
_WORDS = (
    "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|"
    "eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|dozen|half|"
    "once|twice"
)
_NUMBER = re.compile(rf"\d+(?:[.,]\d+)*|\b(?:{_WORDS})\b", re.IGNORECASE)


def numbers(text: str) -> Counter[str]:
    """How often each number stands in `text`, in digits or in English words."""
    return Counter(found.casefold() for found in _NUMBER.findall(text))
