"""Search for listed words and phrases in a passage."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from education.plain_language.parsing.segmentation import Passage, Word, tokenize

_PLURALS = (("'s", ""), ("ies", "y"), ("es", ""), ("s", ""))
_MIN_PLURAL_CHARS = 3


class PhraseMatcher:
    """A list of words and phrases to search for; case does not matter."""

    def __init__(self, entries: Iterable[str]):
        self._entries = {_normalize(entry): entry for entry in entries}
        # The number of words of the longest entry, by its first word.
        self._lengths: dict[str, int] = {}
        for entry in self._entries:
            words = tokenize(entry)
            if words:
                self._lengths[words[0].text] = max(len(words), self._lengths.get(words[0].text, 0))

    def find(self, passage: Passage) -> Iterator[tuple[str, int, int]]:
        """Yield each entry in `passage`, its plural or possessive, as (entry, start, end).

        The longest entry at each place, without overlaps.
        """
        return self._find(passage.text, passage.words)

    def find_in_text(self, text: str) -> Iterator[tuple[str, int, int]]:
        """Do the same as `find` in a plain text."""
        return self._find(text, tokenize(text))

    def _find(self, text: str, words: Sequence[Word]) -> Iterator[tuple[str, int, int]]:
        text = _normalize(text)
        after = 0
        for index, word in enumerate(words):
            if index < after:
                continue
            longest = max((self._lengths.get(form, 0) for form in _forms(word.text)), default=0)
            for last in range(min(index + longest, len(words)) - 1, index - 1, -1):
                end = words[last].end
                entry = self._entry(text[word.start : end])
                if entry is not None:
                    yield entry, word.start, end
                    after = last + 1
                    break

    def _entry(self, phrase: str) -> str | None:
        return next((self._entries[form] for form in _forms(phrase) if form in self._entries), None)


def _normalize(text: str) -> str:
    """Return `text` in lower case, one character for each, so that offsets stay valid."""
    lowered = text.lower() if text.isascii() else "".join(_lower(char) for char in text)
    return lowered.replace("’", "'")


def _lower(char: str) -> str:
    lowered = char.lower()
    return lowered if len(lowered) == 1 else char


def _forms(phrase: str) -> Iterator[str]:
    yield phrase
    if phrase.endswith("s") and len(phrase) > _MIN_PLURAL_CHARS:
        for ending, singular in _PLURALS:
            if phrase.endswith(ending):
                yield phrase.removesuffix(ending) + singular
