"""Taking an answer, and once a line to it: at most so many a day, and what is old is deleted by the
way.
"""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from education.feedback.form_tokens import FeedbackToken
from education.feedback.models import DailyCount, FeedbackAnswer
from education.feedback.throttling import is_throttled, throttle_bucket


class DailyLimitReached(Exception):
    """No more answers are taken today."""


@transaction.atomic
def record_vote(request: HttpRequest, token: FeedbackToken, *, useful: bool) -> None:
    """Keep an answer; one sheet sent twice is kept once. Raises DailyLimitReached."""
    delete_expired()
    day = timezone.localdate()
    bucket = throttle_bucket(request, day)
    if FeedbackAnswer.objects.filter(pk=token.key).exists():
        return
    if is_throttled(token.edition.document, bucket, day):
        raise DailyLimitReached
    _answer, is_new = FeedbackAnswer.objects.get_or_create(
        pk=token.key, defaults={"edition": token.edition, "useful": useful, "day": day}
    )
    if is_new and bucket is not None:
        DailyCount.objects.increment(day, bucket)


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
    DailyCount.objects.expired().delete()
    return FeedbackAnswer.objects.expired().delete()[0]
