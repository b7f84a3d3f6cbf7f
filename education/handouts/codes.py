"""The short code on a print: which documents, which choices, and the newest publication among the parts."""

from __future__ import annotations

from collections.abc import Sequence

_SIGNS = "0123456789abcdefghjkmnpqrstvwxyz"


def code_for(documents: Sequence[int], options_number: int, publication_pk: int) -> str:
    """The code of a print of these documents (by id, in order)."""
    return "-".join(_written(number) for number in (*documents, options_number, publication_pk))


def _written(number: int) -> str:
    above, here = divmod(number, len(_SIGNS))
    return (_written(above) if above else "") + _SIGNS[here]
