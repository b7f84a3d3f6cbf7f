"""What a page shows about itself when staff preview it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class PreviewContext:
    """The banner of a previewed page, in the template context as `preview`.

    `unpublished_parts` names the parts that are shown although readers do not see them yet.
    """

    message: str
    back_url: str
    back_label: str
    unpublished_parts: Sequence[str] = ()
