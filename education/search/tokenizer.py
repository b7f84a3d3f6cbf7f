"""The words of texts and questions, as the search reads them.

The index and the query are read by the same function, so both databases find the same, and a match
can be marked in the text.
"""

from __future__ import annotations

from education.plain_language.stems import Token, get_stems, normalize, stem, tokenize

__all__ = ["STOP_WORDS", "Token", "get_stems", "normalize", "significant_words", "stem", "tokenize"]

# Words that say nothing about what is looked for; they count only when there is no other.
_STOP_WORDS = """
    a about after all am an and any are as at away be been but by can cause causes coming could did do does
    from get gets getting give gives go going got had has have having he help her his how i if in into
    is it its itself keep keeps like me mean means my myself need no not of off on or our out she should
    so some someone something sometimes stop than that the their them then there these they thing things
    this to too up us very was we went were what when where which why will with would you your yourself
    im ive dont cant wont doesnt isnt don won doesn isn s t
"""
STOP_WORDS = frozenset(_STOP_WORDS.split())


def significant_words(words: list[Token], language: str) -> list[Token]:
    """Those of `words` that say what is looked for, each stem once; all of them, if none does."""
    is_english = language.split("-")[0] == "en"
    left = [word for word in words if not (is_english and word.normalized in STOP_WORDS)]
    return list({word.stem: word for word in left or words}.values())
