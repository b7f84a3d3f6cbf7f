"""The code on a handout: which documents were printed, with which options, after which publication.

A code holds nothing about a person. It is a row of characters of one alphabet, the last two of which check
the others. The alphabet has 29 characters: the digits, and the letters that look like no digit and like no
other letter. The whole row, read as one number, leaves a remainder that a prime (839) decides:

- one wrong character changes the number by k * 29**i, with k from 1 to 28 either way;
- two neighbors in each other's place change it by k * 28 * 29**i; where the last character of the matter
  meets the first one of the check, by k * 30;

and 839 divides none of these. So every such mistake is noticed, at any length. Of rows of random characters
of the alphabet, one in 841 at most passes. What passes must also be written as a code is: each meaning has
one code.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from string import whitespace
from unicodedata import category

ALPHABET = "0123456789ACDEFGHJKMNPQRTVWXY"
BASE = len(ALPHABET)
PRIME = 839
CHECKS = 2
# A letter that looks like a character of the alphabet is read as that.
LOOK_ALIKES = {"O": "0", "I": "1", "L": "1", "Z": "2", "S": "5", "B": "8", "U": "V"}

MOST_DOCUMENTS = BASE - 1
LARGEST = 2**63 - 1

# One document, whose number and options have few digits: both lengths are in the first character.
SHORT_DOCUMENT = range(1, 5)
SHORT_OPTIONS = range(7)
# The first character that no short code has; the next one says in which way the rest is written.
LONG = BASE - 1
# The one way that there is so far. A change of how codes are written takes the next number, and keeps this.
FIRST_WAY = 0
MOST_CHARACTERS = 450

_VALUES = {character: value for value, character in enumerate(ALPHABET)}
_VALUES |= {character: _VALUES[meant] for character, meant in LOOK_ALIKES.items()}
_VALUES |= {character.lower(): value for character, value in _VALUES.items()}


class Mistake(Enum):
    """What can be wrong with a code that somebody typed."""

    MISTYPED = "mistyped"
    MALFORMED = "malformed"


class NotACode(ValueError):
    """What was typed is no code: mistyped, or nothing that a code ever looks like."""

    def __init__(self, mistake: Mistake):
        super().__init__(mistake.value)
        self.mistake = mistake


@dataclass(frozen=True)
class Code:
    """What was printed: the documents in their order, the number of the options, the newest publication."""

    documents: tuple[int, ...]
    options: int
    publication: int

    def __str__(self) -> str:
        return code_for(self.documents, self.options, self.publication)


def code_for(documents: Sequence[int], options_number: int, publication_pk: int) -> str:
    """The code of a print. Raises ValueError for what no code can hold.

    `documents`: 1 to 28 keys, each once; `options_number`: 0 or more, 0 for what most people print;
    `publication_pk`: see `newest.newest_publication`.
    """
    _refuse_what_fits_no_code(documents, options_number, publication_pk)
    matter = _matter(tuple(documents), options_number, publication_pk)
    checks = _digits(_number(matter) % PRIME, CHECKS)
    return "".join(ALPHABET[value] for value in (*matter, *checks))


def read(code: str) -> Code:
    """What a code says, however it was typed: capitals, spaces and hyphens do not matter. Raises NotACode."""
    values = _values(code)
    matter, checks = values[:-CHECKS], values[-CHECKS:]
    if _number(matter) % PRIME != _plain_number(checks):
        raise NotACode(Mistake.MISTYPED)
    try:
        parsed = _said(matter)
        _refuse_what_fits_no_code(parsed.documents, parsed.options, parsed.publication)
    except (IndexError, ValueError):
        raise NotACode(Mistake.MALFORMED) from None
    if _matter(parsed.documents, parsed.options, parsed.publication) != matter:
        raise NotACode(Mistake.MALFORMED)
    return parsed


def without_address(typed: str) -> str:
    """The code alone, where somebody typed the address on a paper, or an end of it, or a full stop."""
    return typed.rstrip(f"/.{whitespace}").rpartition("/")[2]


def _values(code: str) -> list[int]:
    if len(code) > MOST_CHARACTERS:
        raise NotACode(Mistake.MALFORMED)
    typed = [character for character in code if not _is_between(character)]
    if len(typed) <= CHECKS or not all(character in _VALUES for character in typed):
        raise NotACode(Mistake.MALFORMED)
    return [_VALUES[character] for character in typed]


def _is_between(character: str) -> bool:
    """Whether people type this between the characters of a code: a space or a hyphen of any kind."""
    return character.isspace() or category(character) in {"Pd", "Cf"}


def _refuse_what_fits_no_code(documents: Sequence[int], options: int, publication: int) -> None:
    if not 1 <= len(documents) <= MOST_DOCUMENTS or len(set(documents)) < len(documents):
        raise ValueError("a code names 1 to 28 documents, each once")
    if not all(1 <= key <= LARGEST for key in (*documents, publication)) or not 0 <= options <= LARGEST:
        raise ValueError("a number does not fit into a code")


def _matter(documents: tuple[int, ...], options: int, publication: int) -> list[int]:
    told, newest = _digits(options), _digits(publication)
    document = _digits(documents[0])
    if len(documents) == 1 and len(document) in SHORT_DOCUMENT and len(told) in SHORT_OPTIONS:
        lengths = SHORT_OPTIONS.stop * (len(document) - 1) + len(told)
        return [lengths, *document, *told, *newest]
    width = len(_digits(max(documents)))
    keys = [digit for key in documents for digit in _digits(key, width)]
    return [LONG, FIRST_WAY, len(documents), width, *keys, len(told), *told, *newest]


def _said(matter: Sequence[int]) -> Code:
    """Raises IndexError or ValueError for what is not written as a code is."""
    if matter[0] != LONG:
        of_document, of_options = divmod(matter[0], SHORT_OPTIONS.stop)
        document, rest = _cut(matter[1:], of_document + 1)
        options, newest = _cut(rest, of_options)
        return Code((_plain_number(document),), _plain_number(options), _plain_number(newest))
    _long, way, count, width = matter[:4]
    if way != FIRST_WAY:
        raise ValueError("this way of writing is not known")
    keys, rest = _cut(matter[4:], count * width)
    options, newest = _cut(rest[1:], rest[0])
    documents = (_plain_number(keys[start : start + width]) for start in range(0, len(keys), width))
    return Code(tuple(documents), _plain_number(options), _plain_number(newest))


def _cut(values: Sequence[int], size: int) -> tuple[Sequence[int], Sequence[int]]:
    if len(values) < size:
        raise ValueError("the code ends too soon")
    return values[:size], values[size:]


def _number(values: Sequence[int]) -> int:
    """A row of values as one number that is another one with zeros in front."""
    return int(BASE ** len(values)) + _plain_number(values)


def _plain_number(values: Sequence[int]) -> int:
    number = 0
    for value in values:
        number = number * BASE + value
    return number


def _digits(number: int, width: int = 0) -> list[int]:
    """The digits of a number, with zeros in front up to `width`; none for 0."""
    digits = list(_from_the_last(number))
    return [0] * (width - len(digits)) + digits[::-1]


def _from_the_last(number: int) -> Iterator[int]:
    while number:
        number, digit = divmod(number, BASE)
        yield digit
