"""Syllable counts of English words, by rules over their vowels."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache

from education.plain_language.word_lists import load_list

_PARTS = re.compile(r"[a-z]++")
_VOWELS = re.compile(r"[aeiouy]++")
# Silent vowels: "wash(e)d", "tub(e)s", "tub(e)", but "tab-le", "fac-es", "need-ed".
_SILENT_END = re.compile(
    r"(?:(?<![tde])(?<![^aeiouyl]l)ed|(?<![cgszxe])(?<!sh)(?<!ch)(?<![^aeiouy]l)es"
    r"|(?<![aeiouy])(?<![^aeiouy]l)e|(?<=[gq])ue)$"
)
# The same inside a word: "saf(e)ly", "mov(e)ment".
_SILENT_INSIDE = re.compile(
    r"(?<=[aeiouy][^aeiouyl])e(?=(?:ly|ment|ments|ful|fully|less|ness|some)$)"
)
# Adjacent vowels in two syllables.
_APART = re.compile(
    r"""(?<![cstg])ia(?!ge) | [cst]ia(?=t) | ^gia | (?<![cstgxln])io | [ln]io(?!ns?$|n[as]) | ^lion | iu
    | iet | (?<![tcs])ien[ct] | [^aeiou]{2}ier$ | [aeiou][^aeioud]ier$ | iest$
    | (?<![gc])eou | eo(?!ple|u|ns?$) | eum | rrhea | ^(?:re)?creat | react | reali[tz] | ^reus
    | (?<![gq])ua[lrtb] | (?<![gqc])ue[nlt] | fluid | ruin | suici | [gn]uity | uous | fluo | poe[mt]
    | (?<=[aeouy])ing | ii | ao | [aeou]y(?=[aou]|er) | (?<=[^aeiouy])y[aeo] | sms?$ | thms?$""",
    re.VERBOSE,
)


@lru_cache(maxsize=8192)
def count_syllables(word: str) -> int:
    """Return the estimated syllables of `word`, at least one; a numeral counts as one.

    The rules are right for 19 words in 20 (tests/plain_language/test_readability.py). Numerals
    count as in the common readability programs.
    """
    parts = _PARTS.findall(word.casefold().replace("'s", "").replace("’s", ""))
    return max(1, sum(map(_count_in_part, parts)))


def _count_in_part(part: str) -> int:
    if part in _exceptions():
        return _exceptions()[part]
    voiced = _SILENT_INSIDE.sub("", part)
    if len(voiced) > 2:
        voiced = _SILENT_END.sub("", voiced)
    return max(1, len(_VOWELS.findall(voiced)) + len(_APART.findall(part)))


@cache
def _exceptions() -> Mapping[str, int]:
    data = load_list("syllables", "en") or {"exceptions": {}}
    return {word: int(count) for count, words in data["exceptions"].items() for word in words}
