"""Signing in and out, as audit log entries."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from education.audit.models import Action, Actor, AuditLogEntry, log_action

MAX_UNKNOWN_NAMES_PER_HOUR = 100
_UNKNOWN_NAME = Q(action=Action.SIGN_IN_FAILED, user=None, subject="")


def log_login(user: Any, details: str = "") -> None:
    _log(Action.SIGNED_IN, user, user, details)


def log_failed_login(name: str) -> None:
    """Log a wrong password for a name that is not throttled: entries are never deleted.

    A name without an account is not stored, because people type their password into the wrong
    field.
    """
    account = User.objects.filter(username=name[:150]).first()
    if account is not None:
        _log(Action.SIGN_IN_FAILED, account)
        return
    hour_ago = timezone.now() - timedelta(hours=1)
    logged = AuditLogEntry.objects.filter(_UNKNOWN_NAME, created_at__gte=hour_ago)
    if logged.count() < MAX_UNKNOWN_NAMES_PER_HOUR:
        log_action(Action.SIGN_IN_FAILED)


def log_wrong_code(user: User) -> None:
    """Log a sign-in that failed at its second step."""
    _log(Action.SIGN_IN_FAILED, user, details=_("The password was right, the code was not."))


def log_logout(user: Any) -> None:
    if user.is_authenticated:
        _log(Action.SIGNED_OUT, user, user)


def _log(action: Action, account: Any, by: Actor = None, details: str = "") -> None:
    log_action(
        action,
        user=by,
        kind="user",
        slug=str(account.pk),
        subject=account.get_username(),
        details=details,
    )
