"""Signed tokens of feedback forms."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Self

from django.core.signing import BadSignature, TimestampSigner

from education.publishing.models import Edition

VOTE_MAX_AGE, COMMENT_MAX_AGE = timedelta(days=1), timedelta(hours=1)
# Readers need longer than this; programs do not.
MIN_AGE = timedelta(seconds=2)
_SIGNER = TimestampSigner(salt="education.feedback.form_tokens")


@dataclass(frozen=True)
class FeedbackToken:
    """The edition that the reader saw, and the primary key of the present or future answer."""

    edition: Edition
    key: uuid.UUID = field(default_factory=uuid.uuid4)

    @property
    def signed(self) -> str:
        return _SIGNER.sign(f"{self.edition.pk}.{self.key.hex}")

    @classmethod
    def from_signed(cls, signed: str, slug: str, language: str, max_age: timedelta) -> Self | None:
        """The token in `signed`; None if it is invalid, expired or about another page."""
        try:
            edition, key = _SIGNER.unsign(signed, max_age=max_age).split(".")
        except BadSignature:
            return None
        found = Edition.objects.of_kind("article", language).select_related("document")
        shown = found.filter(pk=int(edition), document__slug=slug).first()
        return cls(shown, uuid.UUID(key)) if shown else None


def is_too_fast(signed: str) -> bool:
    """Whether a form was sent back less than MIN_AGE after it was made."""
    try:
        _SIGNER.unsign(signed, max_age=MIN_AGE)
    except BadSignature:
        return False
    return True
