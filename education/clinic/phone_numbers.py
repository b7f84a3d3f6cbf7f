"""Telephone numbers as clinics write them, and as a telephone dials them."""

from __future__ import annotations

import re

from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

_EXTENSION = r"(?:[ ,]*(?:ext\.?|extension|[xX]|#) ?(?P<extension>[0-9]{1,6}))?"
_NUMBER = re.compile(rf"(?P<main>\+?[\d\s().-]{{2,25}}?){_EXTENSION}", re.ASCII)

validate_phone_number = RegexValidator(
    rf"^(?=(?:[ +().-]*[0-9]){{2}})[0-9 +().-]*{_EXTENSION}\Z",
    _(
        "Write a telephone number with digits, spaces, + ( ) . and - only, such as (555) 010-0199. An "
        "extension goes last: ext. 12."
    ),
)


def dialable(number: str) -> str:
    """What a telephone dials, for a `tel:` address; "" for words or for two numbers in one field.

    After the code of a country, (0) is left out: it is dialed only within that country. An
    extension follows a pause.
    """
    found = _NUMBER.fullmatch(number.strip())
    if found is None:
        return ""
    main = found["main"].strip()
    if re.match(r"\+|00", main):
        main = re.sub(r"\(\s*0\s*\)", "", main)
    digits = re.sub(r"[^\d+]", "", main)
    return f"{digits},{found['extension']}" if found["extension"] else digits
