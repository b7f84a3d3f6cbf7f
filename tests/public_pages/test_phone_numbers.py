"""Telephone numbers are written as clinics write them, and dialed as a telephone needs them."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from education.clinic.phone_numbers import dialable, validate_phone_number

NUMBERS = {
    "911": "911",
    "116 123": "116123",
    "(555) 010-0199": "5550100199",
    "+1 555 0199": "+15550199",
    "+44 (0)20 7946 0000": "+442079460000",
    "+49 ( 0 ) 30 1234": "+49301234",
    "0049 (0) 30 1234": "0049301234",
    "(0) 30 1234": "0301234",
    "030 1234-0": "03012340",
    "(555) 010-0199 ext. 12": "5550100199,12",
    "(555) 010-0199, ext 12": "5550100199,12",
    "555-0100 x12": "5550100,12",
    "+44 (0)20 7946 0000 extension 3": "+442079460000,3",
    "555 0100 #4": "5550100,4",
}


@pytest.mark.parametrize("written", NUMBERS)
def test_number_as_written_is_accepted_and_dialed(written):
    validate_phone_number(written)
    assert dialable(written) == NUMBERS[written]


@pytest.mark.parametrize(
    "written",
    [
        "call us",
        "911 or 112",
        "ext. 12",
        "555 ext",
        "555 ext. 1234567",
        "+",
        "911; 112",
        "x",
        "٩١١",
    ],
)
def test_words_and_two_numbers_are_refused_and_not_dialed(written):
    with pytest.raises(ValidationError):
        validate_phone_number(written)
    assert dialable(written) == ""
