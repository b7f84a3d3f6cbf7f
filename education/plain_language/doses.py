"""Detection of doses and strengths of medicines in English text.

Each match starts from a word that can end a dose (a unit, a form of medicine, "a day") and is
searched a few words back from there, so that the time stays linear.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from education.plain_language.medicines import is_brand_name, is_medicine
from education.plain_language.parsing.blocks import Span
from education.plain_language.parsing.segmentation import Passage
from education.plain_language.word_lists import load_word_sets

_MAX_CHARS_BACK = 60
_NUMBER_WORD = (
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty"
    r"|seventy|eighty|ninety|hundred|thousand|million|half an?|an? half|an? quarter(?: of an?)?|half)"
)
_NUMBER = rf"(?:\d+(?:[.,]\d+)*[½¼¾]?|[.,]\d+|[½¼¾]|(?<![^\W\d_]){_NUMBER_WORD})"
_AMOUNT = re.compile(
    rf"(?:{_NUMBER}(?: ?(?:-|–|—|to|or|and|x|×|/) ?| ))*{_NUMBER}[ -]?$", re.IGNORECASE
)
# An amount that is part of a name, such as the 12 of "vitamin B12 tablets", is not a dose.
_PART_OF_NAME = re.compile(r"[\w\-.,]$")
_UNIT = re.compile(
    r"(?<![^\W\d_])(?:mgs?|mcgs?|[µμu]g|ng|gms?|g|grams?|milligrams?|milligrammes?|micrograms?|microgrammes?"
    r"|mls?|cc|milliliters?|millilitres?|iu|i\.u\.|meq|units?|international units?|fingertip units?)"
    r"(?!\w)",
    re.IGNORECASE,
)
# Amounts in food and blood have the same units and are not doses.
_FOOD_OR_BLOOD = re.compile(
    r" ?/ ?dl\b| per d(?:l\b|ecili)"
    r"| (?:of (?:\w+ )?)?(?:salt|sugars?|fat|protein|fib(?:er|re)|carbs?|carbohydrates?|alcohol|water)\b",
    re.IGNORECASE,
)
_FORM = re.compile(
    r"(?<![^\W_])(?:tablets?|tabs?|caplets?|capsules?|caps|pills?|drops|puffs?|sprays|sachets?|lozenges?"
    r"|suppositor(?:y|ies)|pessar(?:y|ies)|ampoules?|vials?|injections?|(?:tea|table)?spoonfuls?|teaspoons?"
    r"|tablespoons?|tsps?|tbsps?|doses)(?![^\W_])",
    re.IGNORECASE,
)
_KITCHEN = re.compile(
    r" of (?:\w+ )?(?:salt|sugar|honey|baking soda|bicarbonate|oil|bleach|vinegar)\b", re.I
)
_OF_THE = re.compile(r" of (?:the|these|those|your)$", re.IGNORECASE)
_ONE = re.compile(r"(?:^|\W)(?:one|1)$", re.IGNORECASE)
_PERCENTAGE = re.compile(
    r"(?<=\d)[ -]?(?P<sign>%|percent\b|per cent\b|pct\b)(?P<of_volume> ?\(?[wv]/[wv]\b)?",
    re.IGNORECASE,
)
_FREQUENCY = re.compile(
    r"(?<![^\W_])(?:(?:once|twice|\d+ ?(?:x|times)|(?:one|two|three|four|five|six) times) ?"
    r"(?:daily|(?:a|an|per|each|every|in) (?:day|night|morning|evening|24 hours|hour))|once daily|twice daily"
    r"|every (?:\d+|four|six|eight|twelve)(?: ?(?:-|–|to) ?\d+)? hours)(?![^\W_])",
    re.IGNORECASE,
)
_MAX_WORDS_BACK = 10
_SENTENCE_END = re.compile(r"[.!?:;] ")
_LETTERS = re.compile(r"[^\W\d_]+")


def _listed(key: str) -> frozenset[str]:
    return load_word_sets("doses")[key]


def find_doses(passage: Passage) -> list[Span]:
    """Return the spans that look like a dose or a strength; overlapping ones are merged."""
    spans = sorted(
        (
            *_find_strengths(passage),
            *_find_percentages(passage),
            *_find_counts(passage),
            *_find_frequencies(passage),
        )
    )
    merged: list[Span] = []
    for start, end in spans:
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _amount_before(text: str, end: int) -> int | None:
    """Return the start of the amount that ends just before `end`, or None."""
    first = max(0, end - _MAX_CHARS_BACK)
    found = _AMOUNT.search(text[first:end])
    return first + found.start() if found else None


def _find_strengths(passage: Passage) -> Iterator[Span]:
    """ "500 mg", "5 ml", "10,000 IU"; not "6 g of salt" or "126 mg/dL"."""
    for unit in _UNIT.finditer(passage.text):
        start = _amount_before(passage.text, unit.start())
        if start is not None and not _FOOD_OR_BLOOD.match(passage.text, unit.end()):
            yield start, unit.end()


def _find_counts(passage: Passage) -> Iterator[Span]:
    """ "two tablets", "2 paracetamol tablets", "2 of these capsules"; not "one of
    these tablets".
    """
    for form in _FORM.finditer(passage.text):
        if _KITCHEN.match(passage.text, form.end()):
            continue
        before = passage.text[max(0, form.start() - _MAX_CHARS_BACK) : form.start()].rstrip(" -")
        cut = max(0, form.start() - _MAX_CHARS_BACK)
        for _step in range(3):
            amount = _amount_before(f"{before} ", len(before) + 1)
            if amount is not None:
                if not _PART_OF_NAME.search(before[:amount]):
                    yield cut + amount, form.end()
                break
            shorter = _without_last_word(before)
            if shorter is None:
                break
            before = shorter


def _without_last_word(before: str) -> str | None:
    """Return `before` without a last word that may come between a number and its form, or None."""
    of_the = _OF_THE.search(before)
    if of_the:
        return None if _ONE.search(before[: of_the.start()]) else before[: of_the.start()]
    shorter, _blank, last = before.rpartition(" ")
    word = last.casefold()
    is_between = word in _listed("adjectives") or is_brand_name(word) or is_medicine(word)
    return shorter if is_between else None


def _find_percentages(passage: Passage) -> Iterator[Span]:
    """ "2.5 % benzoyl peroxide", "urea cream 10%"; not "90 % of people"."""
    for share in _PERCENTAGE.finditer(passage.text):
        start = _amount_before(passage.text, share.start())
        if start is None:
            continue
        before = _SENTENCE_END.split(passage.text[max(0, start - _MAX_CHARS_BACK) : start])[-1]
        after = _SENTENCE_END.split(
            passage.text[share.end("sign") : share.end() + _MAX_CHARS_BACK]
        )[0]
        if share["of_volume"] or _is_strength(_lower_words(before)[-3:], _lower_words(after)[:4]):
            yield start, share.end("sign")


def _lower_words(text: str) -> list[str]:
    return [word.casefold() for word in _LETTERS.findall(text)]


def _is_strength(before: list[str], after: list[str]) -> bool:
    if after[:1] == ["of"]:
        return any(map(is_medicine, after[1:3]))
    if set(after[:2]) & _listed("shares") or before[-1:] == ["by"]:
        return False
    return any(
        word in _listed("products") or is_brand_name(word) or is_medicine(word)
        for word in (*before, *after[:3])
    )


def _find_frequencies(passage: Passage) -> Iterator[Span]:
    """ "take the tablets three times a day"; not "wash two times a day"."""
    index = 0
    for frequency in _FREQUENCY.finditer(passage.text):
        while index < len(passage.words) and passage.words[index].start < frequency.start():
            index += 1
        nearby = passage.words[max(0, index - _MAX_WORDS_BACK) : index]
        texts = {word.text for word in nearby}
        medicine = texts & _listed("medicines") or any(
            is_medicine(word.text) or is_brand_name(word.text) for word in nearby
        )
        verbs = _listed("take_verbs")
        begin = next((word.start for word in reversed(nearby) if word.text in verbs), None)
        if begin is None or not medicine or texts & _listed("not_medicines"):
            continue
        if not _SENTENCE_END.search(passage.text, begin, frequency.start()):
            yield begin, frequency.end()
