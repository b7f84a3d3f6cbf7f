"""The audit log: who did what, and when. Entries are only added."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NoReturn, Self

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, User
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# An account, somebody who is not signed in, or (None) a command.
Actor = AbstractBaseUser | AnonymousUser | None


class Action(models.TextChoices):
    """Kinds of actions that are logged."""

    SAVED = "saved", _("Saved")
    DELETED = "deleted", _("Deleted")
    RESTORED = "restored", _("Restored an edition")
    SUBMITTED = "submitted", _("Submitted for review")
    RECALLED = "recalled", _("Took back a submission")
    REVIEWED = "reviewed", _("Recorded a review")
    WORDING_CHECKED = "wording-checked", _("Compared the wording: the advice is the same")
    COMMENTED = "commented", _("Commented on a passage")
    CHANGES_REQUESTED = "changes-requested", _("Asked for changes")
    PUBLISHED = "published", _("Published")
    SCHEDULED = "scheduled", _("Scheduled")
    CANCELLED = "cancelled", _("Cancelled what was scheduled")
    WITHDRAWN = "withdrawn", _("Withdrew")
    LOADED = "loaded", _("Loaded from a file")
    REFUSED = "refused", _("Tried, and was refused")
    SHARED = "shared", _("Made or took back a preview link")
    SETTINGS = "settings", _("Changed the settings")
    ACCOUNT = "account", _("Changed an account")
    SIGNED_IN = "signed-in", _("Signed in")
    SIGNED_OUT = "signed-out", _("Signed out")
    SIGN_IN_FAILED = "sign-in-failed", _("Failed to sign in")


class AuditLogQuerySet(models.QuerySet["AuditLogEntry"]):
    """Audit log entries."""

    def for_object(self, kind: str, slug: str) -> Self:
        """Entries about one object."""
        return self.filter(kind=kind, slug=slug)

    def between(self, first: datetime | None, last: datetime | None) -> Self:
        """Entries from `first` until before `last`; None for no bound."""
        found = self if first is None else self.filter(created_at__gte=first)
        return found if last is None else found.filter(created_at__lt=last)


class AuditLogEntry(models.Model):
    """One action, with its actor, object and editions."""

    created_at = models.DateTimeField(_("when"), default=timezone.now, db_index=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("who"),
    )
    action = models.CharField(_("what"), max_length=20, choices=Action)
    kind = models.CharField(_("kind"), max_length=30, blank=True)
    slug = models.CharField(_("address"), max_length=100, blank=True)
    subject = models.CharField(_("of what"), max_length=250, blank=True)
    from_edition = models.PositiveIntegerField(_("from edition"), null=True, blank=True)
    to_edition = models.PositiveIntegerField(_("to edition"), null=True, blank=True)
    details = models.TextField(_("more"), blank=True)

    objects = AuditLogQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry")
        verbose_name_plural = _("entries")
        indexes = [models.Index(fields=["kind", "slug"], name="audit_log_object")]

    def __str__(self) -> str:
        return (
            f"{self.get_action_display()}: {self.subject}"
            if self.subject
            else self.get_action_display()
        )

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Raises TypeError."""
        raise TypeError("an entry of the audit log is never deleted")


def log_action(
    action: Action,
    *,
    user: Actor = None,
    kind: str = "",
    slug: str = "",
    subject: str = "",
    from_edition: int | None = None,
    to_edition: int | None = None,
    details: str = "",
) -> AuditLogEntry:
    """Add an entry. Without `user`, a command or somebody who was not signed in did it."""
    return AuditLogEntry.objects.create(
        action=action,
        user=user if isinstance(user, User) else None,
        kind=kind,
        slug=slug,
        subject=subject[:250],
        from_edition=from_edition,
        to_edition=to_edition,
        details=details[:4000],
    )
