"""Signing in and out, as audit log entries."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Q
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from education.audit.models import Action, Actor, AuditLogEntry, log_action
from education.staff.accounts.login_throttling import ThrottledLoginForm

MAX_UNKNOWN_NAMES_PER_HOUR = 100
_UNKNOWN_NAME = Q(action=Action.SIGN_IN_FAILED, user=None, subject="")


def log_login(request: HttpRequest, response: HttpResponseBase) -> None:
    """Log a sign-in or a failed attempt.

    A name without an account is not stored, because people type their password into the wrong
    field. Throttled attempts are not logged, because entries are never deleted.
    """
    if request.method != "POST" or _is_throttled(response):
        return
    if response.status_code == 302 and request.user.is_authenticated:
        _log(Action.SIGNED_IN, request.user, request.user)
        return
    account = User.objects.filter(username=request.POST.get("username", "")[:150]).first()
    if account is None:
        if (
            AuditLogEntry.objects.filter(
                _UNKNOWN_NAME, created_at__gte=timezone.now() - timedelta(hours=1)
            ).count()
            < MAX_UNKNOWN_NAMES_PER_HOUR
        ):
            log_action(Action.SIGN_IN_FAILED)
    else:
        _log(Action.SIGN_IN_FAILED, account)


def log_logout(user: Any) -> None:
    if user.is_authenticated:
        _log(Action.SIGNED_OUT, user, user)


def _is_throttled(response: HttpResponseBase) -> bool:
    form = (getattr(response, "context_data", None) or {}).get("form")
    return isinstance(form, ThrottledLoginForm) and form.is_throttled


def _log(action: Action, account: Any, by: Actor = None) -> None:
    log_action(action, user=by, kind="user", slug=str(account.pk), subject=account.get_username())
