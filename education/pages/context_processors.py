"""Site-wide values in every template."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, object]:
    """`site_url`: the public address, without a slash at the end. `current_page`: the name of the
    page's address.

    `base.html` uses the other names on every page: a missing name would be logged together with the
    page's whole context at the DEBUG level.
    """
    match = request.resolver_match
    return {
        "site_url": settings.SITE_URL,
        "current_page": match.url_name if match else "",
        "json_ld": None,
        "composition": None,
        "preview": None,
    }
