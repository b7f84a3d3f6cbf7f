"""The words of the live texts, used to tell a corrected misspelling from another word."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

# One form for each quotation mark, apostrophe and dash.
SIGNS = str.maketrans(
    {
        **dict.fromkeys("“”„‟«»", '"'),
        **dict.fromkeys("‘’‚‛´`", "'"),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        # Invisible: soft hyphens, zero-width spaces and joiners.
        **dict.fromkeys("\u00ad\u200b\u2060\ufeff"),
    }
)
WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")


@dataclass(frozen=True)
class Vocabulary:
    """How often each word occurs in the live texts of other documents.

    While it is empty no word is known, and nothing counts as a corrected misspelling.
    """

    counts: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def from_texts(cls, texts: Iterable[str]) -> Vocabulary:
        """Count the words of these texts, Markdown or plain."""
        return cls(Counter(word for text in texts for word in normalized_words(text)))

    def occurrences_elsewhere(self, word: str) -> int:
        """How often `word` occurs in other live texts, ignoring case."""
        return self.counts.get(normalize(word), 0)

    def is_known(self, word: str) -> bool:
        return self.occurrences_elsewhere(word) > 0


def normalized_words(text: str) -> list[str]:
    """The words of a text in lower case, with straight apostrophes and without numbers."""
    return WORD.findall(normalize(text))


def normalize(text: str) -> str:
    """The text in lower case, with one form of each quotation mark, apostrophe and dash."""
    return text.translate(SIGNS).casefold()
