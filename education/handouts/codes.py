"""The code on a handout: the printed documents, the options, and the latest publication.

A code holds nothing about a person. Its alphabet has 29 characters: the digits, and the letters
that look like no digit and no other letter. The last two characters are a checksum: the payload,
read as a number in base 29 with a leading 1, modulo the prime 839.

- One wrong character changes the number by k * 29**i, with k from 1 to 28, up or down.
- Two swapped neighbors change it by k * 28 * 29**i; the last character of the payload and the first
  one of the checksum by k * 30.

839 divides none of these, so every such mistake is noticed, at any length. Of random strings of the
alphabet, at most one in 841 passes the checksum. A valid code must also be the one code of its
meaning.
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
# Letters that are read as a similar character of the alphabet.
LOOK_ALIKES = {"O": "0", "I": "1", "L": "1", "Z": "2", "S": "5", "B": "8", "U": "V"}

MAX_DOCUMENTS = BASE - 1
MAX_NUMBER = 2**63 - 1

# The lengths, in digits, that the short format has room for: one document and its options. Both
# lengths are in the first character.
SHORT_DOCUMENT = range(1, 5)
SHORT_OPTIONS = range(7)
# The first character of the long format, which no short code has.
LONG_FORMAT = BASE - 1
# The second character of a long code. Another long format must take the next number, because old
# codes are on paper.
FORMAT_VERSION = 0
# From here on, the number of options is written as the rest after a leading zero, which no other
# number has: the default of today stays one character. 0 is the default of the prints before.
NEWER_OPTIONS = 201_326_784
# Longer than any code with spaces between its characters.
MAX_CHARACTERS = 450

_VALUES = {character: value for value, character in enumerate(ALPHABET)}
_VALUES |= {character: _VALUES[meant] for character, meant in LOOK_ALIKES.items()}
_VALUES |= {character.lower(): value for character, value in _VALUES.items()}


class CodeErrorReason(Enum):
    """What is wrong with a typed code: a wrong checksum, or no code at all."""

    MISTYPED = "mistyped"
    MALFORMED = "malformed"


class InvalidCode(ValueError):
    """The typed text is not a valid code."""

    def __init__(self, reason: CodeErrorReason):
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True)
class HandoutCode:
    """What was printed: keys of documents in their order, options as a number, a publication."""

    documents: tuple[int, ...]
    options: int
    publication: int

    def __str__(self) -> str:
        return encode(self.documents, self.options, self.publication)


def encode(documents: Sequence[int], options_number: int, publication_pk: int) -> str:
    """The code of a handout. Raises ValueError for values that no code can hold.

    `documents`: 1 to 28 different keys; `options_number`: `PrintOptions.as_int`;
    `publication_pk`: see `latest_publication`.
    """
    _validate(documents, options_number, publication_pk)
    payload = _payload(tuple(documents), options_number, publication_pk)
    checks = _digits(_checked_number(payload) % PRIME, CHECK_LENGTH)
    return "".join(ALPHABET[value] for value in (*payload, *checks))


def decode(code: str) -> HandoutCode:
    """The meaning of a typed code; case, spaces and hyphens do not matter. Raises InvalidCode."""
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
    """The code alone from a typed URL, the end of one, or a code with a full stop."""
    return typed.rstrip(f"/.{whitespace}").rpartition("/")[2]


def _parse_values(code: str) -> list[int]:
    if len(code) > MAX_CHARACTERS:
        raise InvalidCode(CodeErrorReason.MALFORMED)
    typed = [character for character in code if not _is_separator(character)]
    if len(typed) <= CHECK_LENGTH or not all(character in _VALUES for character in typed):
        raise InvalidCode(CodeErrorReason.MALFORMED)
    return [_VALUES[character] for character in typed]


def _is_separator(character: str) -> bool:
    """Whether it is a space or hyphen of any kind, which people type inside a code."""
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
    choices, newest = _options_digits(options), _digits(publication)
    document = _digits(documents[0])
    if len(documents) == 1 and len(document) in SHORT_DOCUMENT and len(choices) in SHORT_OPTIONS:
        lengths = SHORT_OPTIONS.stop * (len(document) - 1) + len(choices)
        return [lengths, *document, *choices, *newest]
    width = len(_digits(max(documents)))
    keys = [digit for key in documents for digit in _digits(key, width)]
    head = [LONG_FORMAT, FORMAT_VERSION, len(documents), width]
    return [*head, *keys, len(choices), *choices, *newest]


def _parse_payload(payload: Sequence[int]) -> HandoutCode:
    """The reverse of `_payload`; raises IndexError or ValueError for an invalid payload."""
    if payload[0] != LONG_FORMAT:
        document_length, options_length = divmod(payload[0], SHORT_OPTIONS.stop)
        document, rest = _cut(payload[1:], document_length + 1)
        options, newest = _cut(rest, options_length)
        return HandoutCode(
            (_digits_to_number(document),), _options_number(options), _digits_to_number(newest)
        )
    _long, version, count, width = payload[:4]
    if version != FORMAT_VERSION:
        raise ValueError("the format is unknown")
    keys, rest = _cut(payload[4:], count * width)
    options, newest = _cut(rest[1:], rest[0])
    documents = (
        _digits_to_number(keys[start : start + width]) for start in range(0, len(keys), width)
    )
    return HandoutCode(tuple(documents), _options_number(options), _digits_to_number(newest))


def _options_digits(number: int) -> list[int]:
    return _digits(number) if number < NEWER_OPTIONS else [0, *_digits(number - NEWER_OPTIONS)]


def _options_number(digits: Sequence[int]) -> int:
    """The reverse of `_options_digits`; a wrong number of zeros gives another payload again."""
    number = _digits_to_number(digits)
    return number + NEWER_OPTIONS if digits and not digits[0] else number


def _cut(values: Sequence[int], size: int) -> tuple[Sequence[int], Sequence[int]]:
    if len(values) < size:
        raise ValueError("the code ends too soon")
    return values[:size], values[size:]


def _checked_number(values: Sequence[int]) -> int:
    """The number with the digits `values` after a leading 1, so that leading zeros count."""
    return int(BASE ** len(values)) + _digits_to_number(values)


def _digits_to_number(values: Sequence[int]) -> int:
    number = 0
    for value in values:
        number = number * BASE + value
    return number


def _digits(number: int, width: int = 0) -> list[int]:
    """The digits of a number, at least `width` with leading zeros; none for 0."""
    digits = list(_reversed_digits(number))
    return [0] * (width - len(digits)) + digits[::-1]


def _reversed_digits(number: int) -> Iterator[int]:
    while number:
        number, digit = divmod(number, BASE)
        yield digit
