"""The counters of limits that all processes of the site share."""

from __future__ import annotations

from django.db import models
from django.db.models import F


class ThrottleCounterQuerySet(models.QuerySet["ThrottleCounter"]):
    """A `throttling.CounterStore`."""

    def try_add(self, scope: str, window: int, bucket: int, number: int, limit: int) -> bool:
        self.get_or_create(scope=scope, window=window, bucket=bucket)
        # The condition is part of the update, so that concurrent requests cannot exceed the limit.
        counter = self.filter(scope=scope, window=window, bucket=bucket)
        return bool(counter.filter(count__lte=limit - number).update(count=F("count") + number))

    def reset(self, scope: str, window: int, bucket: int) -> None:
        self.filter(scope=scope, window=window, bucket=bucket).update(count=0)

    def delete_expired(self, scope: str, window: int) -> None:
        self.filter(scope=scope, window__lt=window).delete()


class ThrottleCounter(models.Model):
    """How many events one bucket of clients had in one window (see `throttling.py`)."""

    scope = models.CharField(max_length=20)
    window = models.PositiveIntegerField()
    bucket = models.PositiveIntegerField()
    count = models.PositiveIntegerField(default=0)

    objects = ThrottleCounterQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["scope", "window", "bucket"], name="throttle_counter_is_unique"
            )
        ]

    def __str__(self) -> str:
        return f"{self.scope} {self.window}: {self.count}"
