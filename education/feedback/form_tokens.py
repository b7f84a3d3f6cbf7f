"""What a form of a reader carries: which edition it is about, the key of its answer, and that it is
ours.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Self

from django.core.signing import BadSignature, SignatureExpired, TimestampSigner

from education.publishing.models import Edition

VOTE_MAX_AGE, COMMENT_MAX_AGE = timedelta(days=1), timedelta(hours=1)
# A person reads first; a program does not.
MIN_AGE = timedelta(seconds=2)
_SIGNER = TimestampSigner(salt="education.feedback.form_tokens")


@dataclass(frozen=True)
class FeedbackToken:
    """One form: the edition that its reader saw, and the key that its answer has or will have."""

    edition: Edition
    key: uuid.UUID = field(default_factory=uuid.uuid4)

    @property
    def signed(self) -> str:
        """As the form carries it."""
        return _SIGNER.sign(f"{self.edition.pk}.{self.key.hex}")

    @classmethod
    def from_signed(cls, signed: str, slug: str, language: str, max_age: timedelta) -> Self | None:
        """What a form carried; None when it is not ours, too old, or of another page."""
        try:
            edition, key = _SIGNER.unsign(signed, max_age=max_age).split(".")
        except BadSignature:
            return None
        found = Edition.objects.of_kind("article", language).select_related("document")
        shown = found.filter(pk=int(edition), document__slug=slug).first()
        return cls(shown, uuid.UUID(key)) if shown else None


def is_too_fast(signed: str) -> bool:
    """Whether a form came back sooner than anybody reads it."""
    try:
        _SIGNER.unsign(signed, max_age=MIN_AGE)
    except SignatureExpired:
        return False
    except BadSignature:
        return False
    return True
