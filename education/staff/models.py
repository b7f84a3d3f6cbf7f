"""What the staff pages remember about one member of staff."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from education.publishing.models import Document


class SeenOutcomes(models.Model):
    """Up to which entry of the audit log an author has seen what became of what they submitted."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    upto = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.user_id} up to {self.upto}"


class PreviewLink(models.Model):
    """A link that shows a draft without an account; of its secret only the hash is kept."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.document_id} until {self.ends_at.isoformat()}"

    @property
    def is_working(self) -> bool:
        return timezone.now() < self.ends_at


class KeptDraft(models.Model):
    """What somebody typed into a form before their session ended, until they sign in again."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    path = models.CharField(max_length=200)
    pairs = models.JSONField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "path"], name="kept_draft_is_unique")
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.path}"
