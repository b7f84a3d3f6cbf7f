"""How many answers are taken in a day, without keeping from whom.

Three walls: from one address, about one page, and on the whole site. The address is never stored. It is
hashed with the site's key and the day into one of 4,096 buckets, so that even who has the key and the
database finds about a million addresses for a bucket; the next day's buckets are others. Chance may put two
readers into one bucket: the limit of an address leaves room for that, and for all phones of a waiting room.
"""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from education.feedback.models import DailyCount, FeedbackAnswer
from education.publishing.models import Document
from education.web.client_ip import client_ip

FROM_ONE_ADDRESS = 30
ABOUT_ONE_PAGE = 200
ON_THE_SITE = 1_000
BUCKETS = 4_096


def bucket_of(request: HttpRequest, day: date) -> int | None:
    """The bucket of the address that a request comes from; None when the address tells nothing."""
    told = client_ip(request)
    if not told:
        return None
    digest = salted_hmac(
        "education.feedback.limits", f"{day.isoformat()} {told}", algorithm="sha256"
    ).digest()
    return int.from_bytes(digest[:4]) % BUCKETS


def is_full(document: Document, bucket: int | None, day: date) -> bool:
    """Whether no more answers are taken today: from there, about this page, or at all."""
    today = FeedbackAnswer.objects.filter(day=day)
    return (
        (bucket is not None and DailyCount.objects.is_full(day, bucket, FROM_ONE_ADDRESS))
        or today.of_document(document).count() >= ABOUT_ONE_PAGE
        or today.count() >= ON_THE_SITE
    )
