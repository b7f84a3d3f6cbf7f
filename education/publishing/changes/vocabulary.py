"""The words of the live texts, spelled alike: by them a repaired misspelling is told from another
word.
"""

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
        # What nobody sees: soft hyphens, and marks where a line may or may not end.
        **dict.fromkeys("\u00ad\u200b\u2060\ufeff"),
    }
)
WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")


@dataclass(frozen=True)
class Vocabulary:
    """The words of the live texts besides the document that changes, each with how often it stands
    there.

    Without any no word is known, and nothing counts as a repaired misspelling.
    """

    counts: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def from_texts(cls, texts: Iterable[str]) -> Vocabulary:
        """The words of these texts, Markdown or plain."""
        return cls(Counter(word for text in texts for word in normalized_words(text)))

    def occurrences_elsewhere(self, word: str) -> int:
        """How often `word` stands in other live texts, whatever its case."""
        return self.counts.get(normalize(word), 0)

    def is_known(self, word: str) -> bool:
        """Whether some other live text writes `word`."""
        return self.occurrences_elsewhere(word) > 0


def normalized_words(text: str) -> list[str]:
    """The words of a text as spellings are compared: small letters, straight apostrophes, no
    figures.
    """
    return WORD.findall(normalize(text))


def normalize(text: str) -> str:
    """In small letters, with one form of each quotation mark, apostrophe and dash."""
    return text.translate(SIGNS).casefold()
