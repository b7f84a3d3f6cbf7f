"""Comments of staff on passages; they stay with the document, and readers never see them."""

from __future__ import annotations

from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from education.publishing.models.editions import Edition


class CommentStep(models.TextChoices):
    """What an entry does to its thread."""

    COMMENT = "comment", _("Comment")
    ANSWER = "answer", _("Answer")
    RESOLVED = "resolved", _("Done")
    REOPENED = "reopened", _("Open again")


class Comment(models.Model):
    """One entry of a thread about a passage of an edition.

    The first entry has `path`, which leads to the field in the content, and `quote`, the words in
    it, "" for all of it; the others have the first as `thread`.
    """

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="comments")
    thread = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="later"
    )
    step = models.CharField(max_length=10, choices=CommentStep)
    path = models.JSONField(default=list, blank=True)
    quote = models.CharField(max_length=500, blank=True)
    text = models.TextField(max_length=2000, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(thread__isnull=True, step=CommentStep.COMMENT)
                | (Q(thread__isnull=False) & ~Q(step=CommentStep.COMMENT)),
                name="comment_begins_a_thread_or_belongs_to_one",
            )
        ]

    def __str__(self) -> str:
        return f"{self.edition_id}: {self.text[:60]}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert a new entry; raises TypeError for a saved one."""
        if not self._state.adding:
            raise TypeError("a comment is never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Raises TypeError: a comment is never deleted."""
        raise TypeError("a comment is never deleted")
