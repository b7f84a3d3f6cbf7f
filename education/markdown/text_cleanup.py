"""Characters that no page, feed or PDF can carry."""

import re

_UNPRINTABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_PAGE_BREAKS = re.compile("[\x0b\x0c]")
_LINE_ENDS = re.compile("\r\n?")
NO_BREAK_SPACE = "\u00a0"
"""A space at which no line ends."""


def replace_invalid_characters(text: str) -> str:
    """`text` with `\\n` line ends, and U+FFFD (which editors can see) for what HTML or XML cannot
    hold.

    Word processors leave vertical tabs and form feeds behind when pasting; those become spaces.
    """
    text = _LINE_ENDS.sub("\n", text)
    return _UNPRINTABLE.sub("\ufffd", _PAGE_BREAKS.sub(" ", text))


def keep_units_together(text: str) -> str:
    """`text` in which no line ends between a number and its degrees."""
    return text.replace(" °", f"{NO_BREAK_SPACE}°")
