"""Answers of readers to "Was this page useful?"."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from education.publishing.models import Document, Edition

MAX_COMMENT_LENGTH = 300
RETENTION_DAYS = 365


class FeedbackAnswerQuerySet(models.QuerySet["FeedbackAnswer"]):
    """Sets of answers."""

    def unexpired(self, today: date | None = None) -> Self:
        """Answers of the last year, the only ones shown even before older ones are deleted."""
        return self.filter(day__gt=(today or timezone.localdate()) - timedelta(days=RETENTION_DAYS))

    def expired(self, today: date | None = None) -> Self:
        return self.filter(
            day__lte=(today or timezone.localdate()) - timedelta(days=RETENTION_DAYS)
        )

    def since(self, day: date) -> Self:
        return self.filter(day__gte=day)

    def of_document(self, document: Document) -> Self:
        """Answers about any edition of a document."""
        return self.filter(edition__document=document)

    def with_counts(self, *fields: str) -> list[dict[str, Any]]:
        """One dict for each value of `fields`, with the numbers `yes` and `no`; most `no` first."""
        votes = {
            "yes": Count("pk", filter=Q(useful=True)),
            "no": Count("pk", filter=Q(useful=False)),
        }
        return list(
            self.order_by().values(*fields).annotate(**votes).order_by("-no", "-yes", *fields)
        )


class FeedbackAnswer(models.Model):
    """One answer to "Was this page useful?".

    The primary key is random, so it does not reveal the order of answers. The holder of the signed
    key may add a comment, once.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    edition = models.ForeignKey(
        Edition, on_delete=models.PROTECT, related_name="+", verbose_name=_("edition")
    )
    useful = models.BooleanField(_("useful"))
    comment = models.CharField(
        _("in the reader’s words"), max_length=MAX_COMMENT_LENGTH, blank=True
    )
    day = models.DateField(_("day"), db_index=True)

    objects = FeedbackAnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")

    def __str__(self) -> str:
        # Without the comment: this goes into the audit log, where it would outlive the answer.
        useful = gettext("yes") if self.useful else gettext("no")
        return f"{self.edition}: {useful}"
