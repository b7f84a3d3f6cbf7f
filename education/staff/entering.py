"""Signing in and out, written into the audit list."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponseBase

from education.audit.models import Action, Person, record


def record_sign_in(request: HttpRequest, response: HttpResponseBase) -> None:
    """Keep that somebody signed in, or tried to.

    A name that no account has is not kept: people type their pass phrase into the wrong field.
    """
    if request.method != "POST":
        return
    if response.status_code == 302 and request.user.is_authenticated:
        _record(Action.SIGNED_IN, request.user, request.user)
        return
    tried = User.objects.filter(username=request.POST.get("username", "")[:150]).first()
    if tried is None:
        record(Action.SIGN_IN_FAILED)
    else:
        _record(Action.SIGN_IN_FAILED, tried)


def record_sign_out(person: Any) -> None:
    """Keep that somebody signed out."""
    if person.is_authenticated:
        _record(Action.SIGNED_OUT, person, person)


def _record(action: Action, account: Any, by: Person = None) -> None:
    record(action, by=by, kind="user", slug=str(account.pk), subject=account.get_username())
