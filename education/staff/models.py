"""How often a name was tried of late, without the name."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import F


class LoginAttemptQuerySet(models.QuerySet["LoginAttempt"]):
    """Sets of counters."""

    def expired(self, window: int) -> Self:
        """Those of windows that are over."""
        return self.filter(window__lt=window)

    def increment(self, window: int, bucket: int) -> int:
        """Count one more try; how many there were by now. Two at once wait for each other here."""
        row = self.get_or_create(window=window, bucket=bucket)[0]
        self.filter(pk=row.pk).update(count=F("count") + 1)
        return self.values_list("count", flat=True).get(pk=row.pk)


class LoginAttempt(models.Model):
    """How many passwords were tried for one bucket of names in one quarter of an hour."""

    window = models.PositiveIntegerField()
    bucket = models.PositiveIntegerField()
    count = models.PositiveIntegerField(default=0)

    objects = LoginAttemptQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["window", "bucket"], name="login_attempt_is_unique")
        ]

    def __str__(self) -> str:
        return f"{self.window}: {self.count}"
