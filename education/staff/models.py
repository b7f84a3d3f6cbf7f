"""What the staff pages remember about one member of staff."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class SeenOutcomes(models.Model):
    """Up to which entry of the audit log an author has seen what became of what they submitted."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    upto = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.user_id} up to {self.upto}"
