"""What the staff pages remember about one member of staff."""

from __future__ import annotations

from datetime import timedelta
from typing import Self

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils import timezone

from education.publishing.models import Document
from education.staff.session_store import SessionStore

# How long after the last word somebody still counts as writing.
PRESENCE = timedelta(minutes=2)
# Drafts that nobody came back for are deleted after this.
KEPT_FOR = timedelta(days=14)


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


class KeptDraftQuerySet(models.QuerySet["KeptDraft"]):
    """Queries of drafts."""

    def keep(self, user_id: int | None, path: str, pairs: list[tuple[str, str]]) -> None:
        """Keep what an account typed, in place of what was kept for the same form before."""
        now = timezone.now()
        self.filter(at__lt=now - KEPT_FOR).delete()
        values = {"pairs": pairs, "at": now}
        self.update_or_create(user_id=user_id or 0, path=path[:200], defaults=values)

    def of_others_writing(self, user_id: int | None, path: str) -> Self:
        """The drafts of other people who are writing on the same form now."""
        since = timezone.now() - PRESENCE
        return self.filter(path=path, at__gte=since).exclude(user=user_id)


class KeptDraft(models.Model):
    """What somebody typed into a form and did not save; nobody else is shown it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    path = models.CharField(max_length=200)
    pairs = models.JSONField()
    at = models.DateTimeField(default=timezone.now)

    objects = KeptDraftQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "path"], name="kept_draft_is_unique")
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.path}"


class StaffSession(AbstractBaseSession):
    """A browser in which somebody is signed in, or about to be. `session_store` writes the rows."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+"
    )
    signed_in_at = models.DateTimeField(default=timezone.now)
    last_input_at = models.DateTimeField(default=timezone.now)
    browser = models.CharField(max_length=60, blank=True)

    class Meta(AbstractBaseSession.Meta):
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.user_id} until {self.expire_date.isoformat()}"

    @classmethod
    def get_session_store_class(cls) -> type[SessionStore]:
        return SessionStore
