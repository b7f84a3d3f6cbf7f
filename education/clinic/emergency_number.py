"""The emergency number in texts: whoever writes them does not know it, and says words
in its place.
"""

from __future__ import annotations

import re
from functools import lru_cache

from django.utils.html import escape
from django.utils.translation import gettext


def placeholder_text() -> str:
    """The words that stand for the emergency number, in texts and while the clinic has set none."""
    return gettext("your local emergency number")


def has_placeholder(page: str) -> bool:
    """Whether a page, in HTML or Markdown, says the words."""
    return bool(_pattern(placeholder_text()).search(page))


def fill_in_number(page: str, number: str) -> str:
    """A page, in HTML or Markdown, with the number where it said the words; as it was without a
    number.
    """
    return _pattern(placeholder_text()).sub(escape(number), page) if number else page


@lru_cache
def _pattern(placeholder: str) -> re.Pattern[str]:
    """The words as a page has them: in capitals or not, over the end of a line, escaped or not."""
    forms = dict.fromkeys((placeholder, escape(placeholder)))
    return re.compile(
        "|".join(r"\s+".join(map(re.escape, form.split())) for form in forms), re.IGNORECASE
    )
