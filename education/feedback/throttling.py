"""How many answers are taken in a day, without keeping from whom.

Three walls: from one address, about one page, and on the whole site. The address is never stored.
It is hashed with the site's key and the day into one of 4,096 buckets, so that even who has the key
and the database finds about a million addresses for a bucket; the next day's buckets are others.
Chance may put two readers into one bucket: the limit of an address leaves room for that, and for
all phones of a waiting room.
"""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from education.feedback.models import DailyCount, FeedbackAnswer
from education.publishing.models import Document
from education.web.client_ip import client_ip

MAX_FROM_ONE_IP = 30
MAX_ABOUT_ONE_PAGE = 200
MAX_ON_THE_SITE = 1_000
BUCKETS = 4_096


def throttle_bucket(request: HttpRequest, day: date) -> int | None:
    """The bucket of the address that a request comes from; None when the address tells nothing."""
    ip = client_ip(request)
    if not ip:
        return None
    digest = salted_hmac(
        "education.feedback.throttling", f"{day.isoformat()} {ip}", algorithm="sha256"
    ).digest()
    return int.from_bytes(digest[:4]) % BUCKETS


def is_throttled(document: Document, bucket: int | None, day: date) -> bool:
    """Whether no more answers are taken today: from there, about this page, or at all."""
    today = FeedbackAnswer.objects.filter(day=day)
    return (
        (bucket is not None and DailyCount.objects.has_reached(day, bucket, MAX_FROM_ONE_IP))
        or today.of_document(document).count() >= MAX_ABOUT_ONE_PAGE
        or today.count() >= MAX_ON_THE_SITE
    )
