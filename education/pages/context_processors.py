"""What every template knows of the site."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, object]:
    """`site_url`: the public address, without a slash at the end.

    The others are what `base.html` asks of every page: a name that were missing would be logged
    together with all that the page was given, at the most verbose level.
    """
    return {"site_url": settings.SITE_URL, "json_ld": None, "composition": None, "preview": None}
