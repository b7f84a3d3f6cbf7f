"""The code on a handout: which documents were printed, with which options, after which publication.

A code holds nothing about a person. It is a row of characters of one alphabet, the last two of
which check the others. The alphabet has 29 characters: the digits, and the letters that look like
no digit and like no other letter. The whole row, read as one number, leaves a remainder that a
prime (839) decides:

- one wrong character changes the number by k * 29**i, with k from 1 to 28 either way;
- two neighbors in each other's place change it by k * 28 * 29**i; where the last character of the
  matter meets the first one of the check, by k * 30;

and 839 divides none of these. So every such mistake is noticed, at any length. Of rows of random
characters of the alphabet, one in 841 at most passes. What passes must also be written as a code
is: each meaning has one code.
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
CHECK_LENGTH = 2
# A letter that looks like a character of the alphabet is read as that.
LOOK_ALIKES = {"O": "0", "I": "1", "L": "1", "Z": "2", "S": "5", "B": "8", "U": "V"}

MAX_DOCUMENTS = BASE - 1
MAX_NUMBER = 2**63 - 1

# One document, whose number and options have few digits: both lengths are in the first character.
SHORT_DOCUMENT = range(1, 5)
SHORT_OPTIONS = range(7)
# The first character that no short code has; the next one says in which way the rest is written.
LONG_FORMAT = BASE - 1
# The one way that there is so far. A change of how codes are written takes the next number, and
# keeps this.
FORMAT_VERSION = 0
MAX_CHARACTERS = 450

_VALUES = {character: value for value, character in enumerate(ALPHABET)}
_VALUES |= {character: _VALUES[meant] for character, meant in LOOK_ALIKES.items()}
_VALUES |= {character.lower(): value for character, value in _VALUES.items()}


class CodeErrorReason(Enum):
    """What can be wrong with a code that somebody typed."""

    MISTYPED = "mistyped"
    MALFORMED = "malformed"


class InvalidCode(ValueError):
    """What was typed is no code: mistyped, or nothing that a code ever looks like."""

    def __init__(self, reason: CodeErrorReason):
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True)
class HandoutCode:
    """What was printed: the documents in their order, the number of the options, the newest
    publication.
    """

    documents: tuple[int, ...]
    options: int
    publication: int

    def __str__(self) -> str:
        return encode(self.documents, self.options, self.publication)


def encode(documents: Sequence[int], options_number: int, publication_pk: int) -> str:
    """The code of a print. Raises ValueError for what no code can hold.

    `documents`: 1 to 28 keys, each once; `options_number`: 0 or more, 0 for what most people print;
    `publication_pk`: see `latest_publication`.
    """
    _validate(documents, options_number, publication_pk)
    payload = _payload(tuple(documents), options_number, publication_pk)
    checks = _digits(_checked_number(payload) % PRIME, CHECK_LENGTH)
    return "".join(ALPHABET[value] for value in (*payload, *checks))


def decode(code: str) -> HandoutCode:
    """What a code says, however it was typed: capitals, spaces and hyphens do not matter.

    Raises InvalidCode.
    """
    values = _parse_values(code)
    payload, checks = values[:-CHECK_LENGTH], values[-CHECK_LENGTH:]
    if _checked_number(payload) % PRIME != _digits_to_number(checks):
        raise InvalidCode(CodeErrorReason.MISTYPED)
    try:
        parsed = _parse_payload(payload)
        _validate(parsed.documents, parsed.options, parsed.publication)
    except (IndexError, ValueError):
        raise InvalidCode(CodeErrorReason.MALFORMED) from None
    if _payload(parsed.documents, parsed.options, parsed.publication) != payload:
        raise InvalidCode(CodeErrorReason.MALFORMED)
    return parsed


def strip_url(typed: str) -> str:
    """The code alone, where somebody typed the address on a paper, or an end of it, or
    a full stop.
    """
    return typed.rstrip(f"/.{whitespace}").rpartition("/")[2]


def _parse_values(code: str) -> list[int]:
    if len(code) > MAX_CHARACTERS:
        raise InvalidCode(CodeErrorReason.MALFORMED)
    typed = [character for character in code if not _is_separator(character)]
    if len(typed) <= CHECK_LENGTH or not all(character in _VALUES for character in typed):
        raise InvalidCode(CodeErrorReason.MALFORMED)
    return [_VALUES[character] for character in typed]


def _is_separator(character: str) -> bool:
    """Whether people type this between the characters of a code: a space or a hyphen
    of any kind.
    """
    return character.isspace() or category(character) in {"Pd", "Cf"}


def _validate(documents: Sequence[int], options: int, publication: int) -> None:
    if not 1 <= len(documents) <= MAX_DOCUMENTS or len(set(documents)) < len(documents):
        raise ValueError("a code names 1 to 28 documents, each once")
    if (
        not all(1 <= key <= MAX_NUMBER for key in (*documents, publication))
        or not 0 <= options <= MAX_NUMBER
    ):
        raise ValueError("a number does not fit into a code")


def _payload(documents: tuple[int, ...], options: int, publication: int) -> list[int]:
    told, newest = _digits(options), _digits(publication)
    document = _digits(documents[0])
    if len(documents) == 1 and len(document) in SHORT_DOCUMENT and len(told) in SHORT_OPTIONS:
        lengths = SHORT_OPTIONS.stop * (len(document) - 1) + len(told)
        return [lengths, *document, *told, *newest]
    width = len(_digits(max(documents)))
    keys = [digit for key in documents for digit in _digits(key, width)]
    return [LONG_FORMAT, FORMAT_VERSION, len(documents), width, *keys, len(told), *told, *newest]


def _parse_payload(payload: Sequence[int]) -> HandoutCode:
    """Raises IndexError or ValueError for what is not written as a code is."""
    if payload[0] != LONG_FORMAT:
        of_document, of_options = divmod(payload[0], SHORT_OPTIONS.stop)
        document, rest = _cut(payload[1:], of_document + 1)
        options, newest = _cut(rest, of_options)
        return HandoutCode(
            (_digits_to_number(document),), _digits_to_number(options), _digits_to_number(newest)
        )
    _long, version, count, width = payload[:4]
    if version != FORMAT_VERSION:
        raise ValueError("this way of writing is not known")
    keys, rest = _cut(payload[4:], count * width)
    options, newest = _cut(rest[1:], rest[0])
    documents = (
        _digits_to_number(keys[start : start + width]) for start in range(0, len(keys), width)
    )
    return HandoutCode(tuple(documents), _digits_to_number(options), _digits_to_number(newest))


def _cut(values: Sequence[int], size: int) -> tuple[Sequence[int], Sequence[int]]:
    if len(values) < size:
        raise ValueError("the code ends too soon")
    return values[:size], values[size:]


def _checked_number(values: Sequence[int]) -> int:
    """A row of values as one number that is another one with zeros in front."""
    return int(BASE ** len(values)) + _digits_to_number(values)


def _digits_to_number(values: Sequence[int]) -> int:
    number = 0
    for value in values:
        number = number * BASE + value
    return number


def _digits(number: int, width: int = 0) -> list[int]:
    """The digits of a number, with zeros in front up to `width`; none for 0."""
    digits = list(_reversed_digits(number))
    return [0] * (width - len(digits)) + digits[::-1]


def _reversed_digits(number: int) -> Iterator[int]:
    while number:
        number, digit = divmod(number, BASE)
        yield digit
