"""Taking an answer, and once a line to it: at most so many a day, and what is old is deleted by the way."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from education.feedback.limits import bucket_of, is_full
from education.feedback.models import DailyCount, FeedbackAnswer
from education.feedback.sheets import Sheet


class Full(Exception):
    """No more answers are taken today."""


@transaction.atomic
def take(request: HttpRequest, sheet: Sheet, *, useful: bool) -> None:
    """Keep an answer; one sheet sent twice is kept once. Raises Full."""
    delete_old()
    day = timezone.localdate()
    bucket = bucket_of(request, day)
    if FeedbackAnswer.objects.filter(pk=sheet.key).exists():
        return
    if is_full(sheet.edition.document, bucket, day):
        raise Full
    _answer, is_new = FeedbackAnswer.objects.get_or_create(
        pk=sheet.key, defaults={"edition": sheet.edition, "useful": useful, "day": day}
    )
    if is_new and bucket is not None:
        DailyCount.objects.count_one(day, bucket)


def add_line(sheet: Sheet, line: str) -> bool:
    """Add a line to the answer of a sheet, which has none yet; whether the answer has this line now."""
    answer = FeedbackAnswer.objects.filter(pk=sheet.key)
    return bool(answer.filter(comment="").update(comment=line)) or answer.filter(comment=line).exists()


def delete_old() -> int:
    """Delete the answers of more than a year ago and the counters of the days before; how many answers."""
    DailyCount.objects.old().delete()
    return FeedbackAnswer.objects.old().delete()[0]
