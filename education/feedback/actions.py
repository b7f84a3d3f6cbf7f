"""Taking an answer, and once a line to it: at most so many a day, and what is old is deleted by the
way.
"""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from education.feedback.form_tokens import FeedbackToken
from education.feedback.models import FeedbackAnswer
from education.feedback.throttling import (
    IP_THROTTLE,
    is_page_or_site_throttled,
    try_acquire,
)


class DailyLimitReached(Exception):
    """No more answers are taken today."""


@transaction.atomic
def record_vote(request: HttpRequest, token: FeedbackToken, *, useful: bool) -> None:
    """Store an answer; a form sent twice is stored once. Raises DailyLimitReached."""
    delete_expired()
    day = timezone.localdate()
    if FeedbackAnswer.objects.filter(pk=token.key).exists():
        return
    if is_page_or_site_throttled(token.edition.document, day):
        raise DailyLimitReached
    _answer, is_new = FeedbackAnswer.objects.get_or_create(
        pk=token.key, defaults={"edition": token.edition, "useful": useful, "day": day}
    )
    if is_new and not try_acquire(request, day):
        # The answer is rolled back.
        raise DailyLimitReached


def add_comment(token: FeedbackToken, comment: str) -> bool:
    """Add a line to the answer of a sheet, which has none yet; whether the answer has this line
    now.
    """
    answer = FeedbackAnswer.objects.filter(pk=token.key)
    return (
        bool(answer.filter(comment="").update(comment=comment))
        or answer.filter(comment=comment).exists()
    )


def delete_expired() -> int:
    """Delete the answers of more than a year ago and the counters of the days before; how many
    answers.
    """
    IP_THROTTLE.delete_expired(timezone.localdate().toordinal())
    return FeedbackAnswer.objects.expired().delete()[0]
