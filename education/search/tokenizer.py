"""The words of texts and queries.

Index, queries and highlighting use the same function, so both databases find the same entries, and
the matches in a text can be marked.
"""

from __future__ import annotations

from functools import lru_cache

from education.plain_language.stems import Token, get_stems, normalize, stem, tokenize

__all__ = [
    "STOP_WORDS",
    "Token",
    "get_stems",
    "kept_stems",
    "normalize",
    "significant_words",
    "stem",
    "tokenize",
]

# Words that carry no meaning in a query; they count only when it has no other word.
_STOP_WORDS = """
    a about after all am an and any are as at away be been but by can cause causes coming could did do does
    from get gets getting give gives go going got had has have having he help her his how i if in into
    is it its itself keep keeps like me mean means my myself need no not of off on or our out she should
    so some someone something sometimes stop than that the their them then there these they thing things
    this to too up us very was we went were what when where which why will with would you your yourself
    im ive dont cant wont doesnt isnt don won doesn isn s t
"""
STOP_WORDS = frozenset(_STOP_WORDS.split())


@lru_cache(maxsize=8192)
def kept_stems(text: str, language: str) -> tuple[str, ...]:
    """The stems of a name or a summary that is published, not of what somebody typed."""
    return get_stems(text, language)


def significant_words(words: list[Token], language: str) -> list[Token]:
    """`words` without stop words, each stem once; all words if there are only stop words."""
    is_english = language.split("-")[0] == "en"
    significant = [word for word in words if not (is_english and word.normalized in STOP_WORDS)]
    return list({word.stem: word for word in significant or words}.values())
