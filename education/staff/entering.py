"""Signing in and out, written into the audit list."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Q
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from education.audit.models import Action, Actor, AuditLogEntry, log_action

# In an hour, of names that no account has.
MOST_UNNAMED = 100
_UNNAMED = Q(action=Action.SIGN_IN_FAILED, user=None, subject="")


def record_sign_in(request: HttpRequest, response: HttpResponseBase) -> None:
    """Keep that somebody signed in, or tried to.

    A name that no account has is not kept: people type their pass phrase into the wrong field. Nor is every
    try of somebody who guesses: the list is kept for good.
    """
    if request.method != "POST" or getattr(request, "sign_in_is_shut", False):
        return
    if response.status_code == 302 and request.user.is_authenticated:
        _record(Action.SIGNED_IN, request.user, request.user)
        return
    tried = User.objects.filter(username=request.POST.get("username", "")[:150]).first()
    if tried is None:
        if (
            AuditLogEntry.objects.filter(
                _UNNAMED, created_at__gte=timezone.now() - timedelta(hours=1)
            ).count()
            < MOST_UNNAMED
        ):
            log_action(Action.SIGN_IN_FAILED)
    else:
        _record(Action.SIGN_IN_FAILED, tried)


def record_sign_out(person: Any) -> None:
    """Keep that somebody signed out."""
    if person.is_authenticated:
        _record(Action.SIGNED_OUT, person, person)


def _record(action: Action, account: Any, by: Actor = None) -> None:
    log_action(action, user=by, kind="user", slug=str(account.pk), subject=account.get_username())
