"""What people record about an edition that was submitted: reviews, requests, recalls."""

from __future__ import annotations

from datetime import date
from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from education.publishing.models.editions import Edition


class Review(models.Model):
    """A clinical review of one edition, recorded by the person who made it."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="reviews")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    shown_as = models.CharField(
        _("shown as"), max_length=120, help_text=_("Name and title as readers see them.")
    )
    on = models.DateField(_("reviewed on"))
    next_due = models.DateField(_("next review due"))
    # The reassuring sentences that the reviewer confirmed as safe; see `checks.reassurance`.
    confirmed = models.JSONField(default=list, blank=True)
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(next_due__gt=F("on")), name="review_is_due_after_it_was_made"
            )
        ]

    def __str__(self) -> str:
        return f"{self.shown_as}, {self.on.isoformat()}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert a new review; raises TypeError for a saved one."""
        if not self._state.adding:
            raise TypeError("a review is never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Raises TypeError: a review is never deleted."""
        raise TypeError("a review is never deleted")

    def is_overdue(self, today: date) -> bool:
        return today > self.next_due


class WordingCheck(models.Model):
    """A clinician compared two editions word by word and found the same advice."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="wording_checks")
    compared_with = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    shown_as = models.CharField(max_length=120)
    on = models.DateField()
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "compared_with"], name="wording_check_is_unique"
            ),
            models.CheckConstraint(
                condition=~Q(edition=F("compared_with")), name="wording_check_compares_two_editions"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.shown_as}, {self.on.isoformat()}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert a new check; raises TypeError for a saved one."""
        if not self._state.adding:
            raise TypeError("a check of wording is never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Raises TypeError: a check of wording is never deleted."""
        raise TypeError("a check of wording is never deleted")


class ChangeRequest(models.Model):
    """A reviewer's request for changes to an edition."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="change_requests")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    comment = models.TextField(_("what to change"), max_length=2000)

    def __str__(self) -> str:
        return f"{self.edition_id}: {self.comment[:60]}"


class Recall(models.Model):
    """Its author took a submitted edition back: it waits for nobody, and is never published."""

    edition = models.OneToOneField(Edition, on_delete=models.PROTECT, related_name="recall")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField(default=timezone.now)
    reason = models.CharField(max_length=500, blank=True)

    def __str__(self) -> str:
        return f"{self.edition_id} taken back"


class WithheldName(models.Model):
    """Somebody left: readers see no name on their reviews, as the clinic decided."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.user_id}"
