"""What every template knows of the site."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, object]:
    """`site_url`: the public address, without a slash at the end."""
    return {"site_url": settings.SITE_URL}
