"""Daily limits of answers: from one address, about one page, and on the whole site.

Addresses are not stored (see `web/throttling.py`). Each of the 4,096 buckets stands for about a
million addresses, even for somebody who has the secret key and the database. The limit of an
address leaves room for all phones of a waiting room.
"""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest

from education.feedback.models import FeedbackAnswer
from education.publishing.models import Document
from education.web.client_ip import client_ip
from education.web.models import ThrottleCounter
from education.web.throttling import Throttle

MAX_FROM_ONE_IP = 30
MAX_ABOUT_ONE_PAGE = 200
MAX_ON_THE_SITE = 1_000
IP_THROTTLE = Throttle("feedback", buckets=4_096, store=ThrottleCounter.objects)


def is_page_or_site_throttled(document: Document, day: date) -> bool:
    """Whether no more answers are taken on `day` about a page, or at all."""
    today = FeedbackAnswer.objects.filter(day=day)
    return (
        today.of_document(document).count() >= MAX_ABOUT_ONE_PAGE
        or today.count() >= MAX_ON_THE_SITE
    )


def try_acquire(request: HttpRequest, day: date) -> bool:
    """Count an answer for the address of a request; False if it has reached its limit.

    A request without a usable address is not counted.
    """
    ip = client_ip(request)
    return not ip or IP_THROTTLE.try_acquire(ip, day.toordinal(), MAX_FROM_ONE_IP)
