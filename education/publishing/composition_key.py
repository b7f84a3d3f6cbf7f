"""What a page in any format is made from, as one value.

A page, a PDF, a saved file: each shows a composition with the clinic's facts, in one language, on
one day. What was made from an equal key is what would be made now.
"""

from __future__ import annotations

import hashlib
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from education.clinic.models import Clinic
from education.publishing.composition import Composition


@dataclass(frozen=True)
class CompositionKey:
    """The editions and the review of a composition, the clinic's row, the language, and the day.

    Code and settings are not in it: what outlives the process needs them in its own key as well.
    """

    composition: Hashable
    clinic: Hashable
    language: str
    day: date

    @classmethod
    def of(cls, composition: Composition, clinic: Clinic) -> CompositionKey:
        """Raises NotKept when an edition of it was never frozen, as in a preview."""
        return cls(
            composition.kept_key,
            clinic.kept_key,
            composition.language,
            timezone.localdate(composition.at),
        )

    @property
    def digest(self) -> str:
        """The same in 64 hexadecimal digits, equal in every process: for names of files."""
        return hashlib.sha256(repr(self).encode()).hexdigest()
