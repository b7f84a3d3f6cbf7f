"""A signed cookie that a reader's browser stores for one page, for some minutes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest, HttpResponse


@dataclass(frozen=True)
class SignedCookie:
    """The cookie `name`, which ends `max_age_minutes` after it was last set."""

    name: str
    max_age_minutes: int
    salt: str

    @cached_property
    def signer(self) -> TimestampSigner:
        return TimestampSigner(salt=self.salt)

    def read(self, request: HttpRequest) -> str | None:
        """The value; None when it is missing, forged, damaged or expired."""
        try:
            return self.signer.unsign(
                request.COOKIES.get(self.name, ""), max_age=self.max_age_minutes * 60
            )
        except BadSignature:
            return None

    def set(self, response: HttpResponse, value: str, path: str) -> None:
        """Set `value` for the address `path` and below."""
        response.set_cookie(
            self.name,
            self.signer.sign(value),
            max_age=self.max_age_minutes * 60,
            path=path,
            secure=settings.SITE_IS_HTTPS,
            httponly=True,
            samesite="Lax",
        )

    def delete(self, response: HttpResponse, path: str) -> None:
        response.delete_cookie(self.name, path=path, samesite="Lax")
