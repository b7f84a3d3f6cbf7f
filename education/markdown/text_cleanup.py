"""Characters that HTML, feeds and PDFs cannot carry, and no-break spaces."""

import re

_UNPRINTABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_PAGE_BREAKS = re.compile("[\x0b\x0c]")
_LINE_ENDS = re.compile("\r\n?")
NO_BREAK_SPACE = "\u00a0"
"""A space at which no line ends."""


def replace_invalid_characters(text: str) -> str:
    """Return `text` with `\\n` line ends, and U+FFFD for characters invalid in HTML or XML.

    Vertical tabs and form feeds, which word processors leave when text is pasted, become spaces.
    """
    text = _LINE_ENDS.sub("\n", text)
    return _UNPRINTABLE.sub("\ufffd", _PAGE_BREAKS.sub(" ", text))


def keep_units_together(text: str) -> str:
    """Return `text` with a no-break space between a number and its degree sign."""
    return text.replace(" °", f"{NO_BREAK_SPACE}°")
