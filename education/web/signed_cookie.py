"""A cookie that one page of a reader's own browser keeps for a while: for its address alone, and
signed.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest, HttpResponse


@dataclass(frozen=True)
class SignedCookie:
    """The cookie `name`, which ends `max_age_minutes` after it was last set. It is sent to this
    site only.
    """

    name: str
    max_age_minutes: int
    salt: str

    @cached_property
    def signer(self) -> TimestampSigner:
        """What signs it, so that nobody but this site can have written it."""
        return TimestampSigner(salt=self.salt)

    def read(self, request: HttpRequest) -> str | None:
        """What it holds; None when it is not there, forged, damaged or stale."""
        try:
            return self.signer.unsign(
                request.COOKIES.get(self.name, ""), max_age=self.max_age_minutes * 60
            )
        except BadSignature:
            return None

    def set(self, response: HttpResponse, value: str, path: str) -> None:
        """Put `value` into the browser, for the address `path` and below."""
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
        """Take it out of the browser."""
        response.delete_cookie(self.name, path=path, samesite="Lax")
