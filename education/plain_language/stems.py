"""Word normalization: without accents, case, spelling variants and endings."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

# Names of Snowball algorithms, by language code.
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
MAX_TOKEN_CHARS = 40
_TOKEN = re.compile(r"[^\W_]+")
_ASCII = re.compile(r"[\x00-\x7f]*\Z")
# British to American spelling. Texts and queries are changed alike, so a rule may be too broad.
_SPELLINGS = (
    (re.compile(r"(?<=[a-z]{2})our(?=$|s$|ed$|ing$|less$|ful$)"), "or"),
    (re.compile(r"(?<=[a-z]{4})is(?=(?:e|ed|er|ers|es|ing|ation|ations)$)"), "iz"),
    (re.compile(r"(?<=[a-z]{3})ys(?=(?:e|ed|es|ing)$)"), "yz"),
    (re.compile(r"(?<=[a-z]{2})([tb])re(?=$|s$)"), r"\1er"),
    (re.compile(r"^grey"), "gray"),
    (re.compile(r"^(mo)u(ld)"), r"\1\2"),
)
_DIGRAPH = re.compile(r"[ao]e")


class Token(NamedTuple):
    """A word of a text: its offsets, its form without accents and case, and its stem."""

    start: int
    end: int
    normalized: str
    stem: str


def tokenize(text: str, language: str) -> Iterator[Token]:
    for match in _TOKEN.finditer(text):
        plain = normalize(match[0])
        if plain:
            yield Token(match.start(), match.end(), plain, stem(plain, language))


def get_stems(text: str, language: str) -> tuple[str, ...]:
    return tuple(word.stem for word in tokenize(text, language))


@lru_cache(maxsize=50_000)
def normalize(token: str) -> str:
    """Return a token without accents and case, cut at 40 characters; may be empty."""
    if _ASCII.match(token):
        return token[:MAX_TOKEN_CHARS].lower()
    # Twice: the first folding may produce a character that is decomposed again.
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", token).casefold())
    return "".join(_TOKEN.findall(folded))[:MAX_TOKEN_CHARS]


@lru_cache(maxsize=50_000)
def stem(word: str, language: str) -> str:
    """Return the common part of a word's forms, such as “itch” for itch, itchy and itching."""
    code = language.split("-")[0]
    if code not in ALGORITHMS:
        return word
    if code == "en":
        word = _to_american(word)
    # Imported late: it loads thirty languages, which most pages do not need.
    import snowballstemmer  # noqa: PLC0415

    # A stemmer stores its current word and the server has threads, so each word gets its own.
    stemmed: str = snowballstemmer.stemmer(ALGORITHMS[code]).stemWord(word) or word
    if code == "en" and len(stemmed) > 3 and stemmed[-1] in "ie":
        return stemmed[:-1]
    return stemmed


def _to_american(word: str) -> str:
    if len(word) >= 6:
        word = _DIGRAPH.sub("e", word)
    for pattern, replacement in _SPELLINGS:
        word = pattern.sub(replacement, word)
    return word
