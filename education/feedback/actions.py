"""Recording answers and comments, and deleting expired ones."""

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
    """No more answers are accepted today."""


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
    """Add a comment to an answer that has none; whether the answer has this comment now."""
    answer = FeedbackAnswer.objects.filter(pk=token.key)
    return (
        bool(answer.filter(comment="").update(comment=comment))
        or answer.filter(comment=comment).exists()
    )


def delete_expired() -> int:
    """Delete expired answers and counters; returns the number of answers."""
    IP_THROTTLE.delete_expired(timezone.localdate().toordinal())
    return FeedbackAnswer.objects.expired().delete()[0]
