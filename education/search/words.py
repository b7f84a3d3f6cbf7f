"""What counts as one word: letters and digits, without accents, case, spelling habits and endings.

The index and the query are read by the same function, so both databases find the same, and a match can be
marked in the text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

# Parts of a language's name for its stemming, by the first part of the language's code.
ALGORITHMS = {
    "ar": "arabic",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "fi": "finnish",
    "fr": "french",
    "hi": "hindi",
    "hu": "hungarian",
    "id": "indonesian",
    "it": "italian",
    "nb": "norwegian",
    "nl": "dutch",
    "pl": "polish",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sv": "swedish",
    "tr": "turkish",
}
# Words that say nothing about what is looked for; they count only when there is no other.
_EMPTY = """
    a about after all am an and any are as at be been but by can cause causes coming could did do does
    from get gets getting give gives go going got had has have having he help her his how i if in into
    is it its itself keep keeps like me mean means my myself need no not of off on or our out she should
    so some someone something sometimes stop than that the their them then there these they thing things
    this to too up us very was we went were what when where which why will with would you your yourself
    im ive dont cant s t
"""
EMPTY_WORDS = frozenset(_EMPTY.split())
LONGEST = 40
_TOKEN = re.compile(r"[^\W_]+")
_ASCII = re.compile(r"[\x00-\x7f]*\Z")
# British spellings become American ones. Text and question are changed alike, so a rule may be too broad.
_SPELLINGS = (
    (re.compile(r"(?<=[a-z]{2})our(?=$|s$|ed$|ing$|less$|ful$)"), "or"),
    (re.compile(r"(?<=[a-z]{4})is(?=(?:e|ed|er|ers|es|ing|ation|ations)$)"), "iz"),
    (re.compile(r"(?<=[a-z]{3})ys(?=(?:e|ed|es|ing)$)"), "yz"),
    (re.compile(r"(?<=[a-z]{2})([tb])re(?=$|s$)"), r"\1er"),
    (re.compile(r"^grey"), "gray"),
    (re.compile(r"^(mo)u(ld)"), r"\1\2"),
)
_DIGRAPH = re.compile(r"[ao]e")


class Word(NamedTuple):
    """A word of a text: where it stands, how it reads without accents and case, and its stem."""

    start: int
    end: int
    bare: str
    stem: str


def words_of(text: str, language: str) -> Iterator[Word]:
    """The words of `text`, in order."""
    for match in _TOKEN.finditer(text):
        plain = bare(match[0])
        if plain:
            yield Word(match.start(), match.end(), plain, stem(plain, language))


def stems_of(text: str, language: str) -> tuple[str, ...]:
    """The stems of the words of `text`, in order."""
    return tuple(word.stem for word in words_of(text, language))


def telling(words: list[Word], language: str) -> list[Word]:
    """Those of `words` that say what is looked for, each stem once; all of them, if none does."""
    is_english = language.split("-")[0] == "en"
    left = [word for word in words if not (is_english and word.bare in EMPTY_WORDS)]
    return list({word.stem: word for word in left or words}.values())


@lru_cache(maxsize=50_000)
def bare(token: str) -> str:
    """A token without accents and case, and of no more than forty characters; perhaps nothing is left."""
    if _ASCII.match(token):
        return token[:LONGEST].lower()
    # Twice: the first folding may make a sign of its own.
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", token).casefold())
    return "".join(_TOKEN.findall(folded))[:LONGEST]


@lru_cache(maxsize=50_000)
def stem(word: str, language: str) -> str:
    """What the forms of a bare word have in common, such as “itch” for itch, itchy and itching."""
    code = language.split("-")[0]
    if code not in ALGORITHMS:
        return word
    if code == "en":
        word = _american(word)
    # Thirty languages, which nobody waits for who only reads.
    import snowballstemmer  # noqa: PLC0415

    # A stemmer keeps the word it works on in itself, and the server has threads: each word has its own.
    stemmed: str = snowballstemmer.stemmer(ALGORITHMS[code]).stemWord(word) or word
    if code == "en" and len(stemmed) > 3 and stemmed[-1] in "ie":
        return stemmed[:-1]
    return stemmed


def _american(word: str) -> str:
    if len(word) >= 6:
        word = _DIGRAPH.sub("e", word)
    for pattern, replacement in _SPELLINGS:
        word = pattern.sub(replacement, word)
    return word
