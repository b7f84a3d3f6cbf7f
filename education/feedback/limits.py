"""How many answers are taken in a day, without keeping from whom.

Three walls: from one address, about one page, and on the whole site. The address is never stored. It is
hashed with the site's key and the day into one of 4,096 buckets, so that even who has the key and the
database finds about a million addresses for a bucket; the next day's buckets are others. Chance may put two
readers into one bucket: the limit of an address leaves room for that, and for all phones of a waiting room.
"""

from __future__ import annotations

import ipaddress
from datetime import date

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from education.feedback.models import Answer, Tally
from education.publishing.models import Document

FROM_ONE_ADDRESS = 30
ABOUT_ONE_PAGE = 200
ON_THE_SITE = 1_000
BUCKETS = 4_096


def bucket_of(request: HttpRequest, day: date) -> int | None:
    """The bucket of the address that a request comes from; None when the address tells nothing.

    Behind the proxy of a public site every request comes from this machine, and the proxy names the reader in
    `X-Real-IP`, whatever the reader's browser sent. Elsewhere that header could come from anybody.
    """
    header = "HTTP_X_REAL_IP" if settings.SITE_IS_HTTPS else "REMOTE_ADDR"
    try:
        address = ipaddress.ip_address(request.META.get(header, ""))
    except ValueError:
        return None
    if address.is_loopback:
        return None
    if isinstance(address, ipaddress.IPv6Address):
        # One household has all addresses of a /64.
        told = str(address.ipv4_mapped or ipaddress.ip_network((address, 64), strict=False))
    else:
        told = str(address)
    digest = salted_hmac(
        "education.feedback.limits", f"{day.isoformat()} {told}", algorithm="sha256"
    ).digest()
    return int.from_bytes(digest[:4]) % BUCKETS


def is_full(document: Document, bucket: int | None, day: date) -> bool:
    """Whether no more answers are taken today: from there, about this page, or at all."""
    today = Answer.objects.filter(day=day)
    return (
        (bucket is not None and Tally.objects.is_full(day, bucket, FROM_ONE_ADDRESS))
        or today.of_document(document).count() >= ABOUT_ONE_PAGE
        or today.count() >= ON_THE_SITE
    )
