"""Many URLs made of one."""

from __future__ import annotations

from collections.abc import Callable


def url_template(url: str, placeholder: str) -> Callable[[str], str]:
    """A function that puts another value in place of the last `placeholder`, if there is one.

    It is much faster than Django's `reverse` for each value.
    """
    before, found, after = url.rpartition(placeholder)
    return lambda value: f"{before}{value}{after}" if found else url
