"""URL path converters of the A to Z and of lists with several pages."""

from __future__ import annotations

from education.web.a_to_z_page import OTHER


class LetterConverter:
    """One letter, or the word for everything else, as a part of an address."""

    regex = rf"[^/\W\d_]|{OTHER}"

    def to_python(self, value: str) -> str:
        """The letter."""
        return value

    def to_url(self, value: str) -> str:
        """The part of an address."""
        return value


class PageNumberConverter:
    """The number of a page that is not the first: the first has the address without a number."""

    regex = "[2-9]|[1-9][0-9]{1,4}"

    def to_python(self, value: str) -> int:
        """The number."""
        return int(value)

    def to_url(self, value: int) -> str:
        """The part of an address."""
        return str(value)
