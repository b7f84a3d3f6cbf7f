"""Against guessing passwords: after ten wrong ones a name is shut for the rest of the quarter of an
hour.

Every name is counted, whether or not an account has it, so that the answer tells nobody which names
exist. Names are not kept, because people type their password into the wrong field: a name is hashed
with the site's key into one of 65,536 buckets. Anybody can shut a name by guessing at it. So a
browser in which its owner has signed in before carries a cookie that says so, and is counted by
itself.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.models import User
from django.core.exceptions import NON_FIELD_ERRORS
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _

from education.web.models import ThrottleCounter
from education.web.throttling import Throttle, current_window

MAX_ATTEMPTS = 10
WINDOW_SECONDS = 15 * 60
_THROTTLE = Throttle("login", buckets=65_536, store=ThrottleCounter.objects)
COOKIE = "trusted-browser"
_COOKIE_AGE = 365 * 24 * 60 * 60
_SIGNER = Signer(salt="education.staff.accounts.login_throttling")


class ThrottledLoginForm(AdminAuthenticationForm):
    """Name and password; a name that was guessed at is shut for a while, for the right password,
    too.
    """

    error_messages = {
        **AdminAuthenticationForm.error_messages,
        "throttled": _(
            "There were too many wrong passwords for this name. Wait 15 minutes, then try again. Was it not "
            "you? Tell the person who looks after the site."
        ),
    }

    def clean(self) -> dict[str, Any]:
        """Refuse a name that is shut, whatever the password."""
        request, name = self.request, self.cleaned_data.get("username")
        if request is None or not name or not self.cleaned_data.get("password"):
            return super().clean()
        # The length keeps a name apart from the token of a browser that follows it.
        key = f"{len(name)} {name} {_trusted_browser(request, name)}"
        window = current_window(WINDOW_SECONDS)
        _THROTTLE.delete_expired(window)
        if not _THROTTLE.try_acquire(key, window, MAX_ATTEMPTS):
            raise forms.ValidationError(self.error_messages["throttled"], code="throttled")
        cleaned = super().clean()
        _THROTTLE.reset(key, window)
        return cleaned

    @property
    def is_throttled(self) -> bool:
        """Whether the name was refused without a look at the password."""
        return self.has_error(NON_FIELD_ERRORS, code="throttled")


def set_trusted_browser_cookie(request: HttpRequest, response: HttpResponseBase) -> None:
    """Mark the browser of somebody who has just signed in; a change of the password ends it."""
    if isinstance(request.user, User):
        response.set_cookie(
            COOKIE,
            _SIGNER.sign(_browser_token(request.user)),
            max_age=_COOKIE_AGE,
            path=settings.SESSION_COOKIE_PATH,
            secure=settings.SITE_IS_HTTPS,
            httponly=True,
            samesite="Strict",
        )


def _trusted_browser(request: HttpRequest, name: str) -> str:
    """The mark of the browser, if the account of that name has given it; empty otherwise."""
    try:
        token = _SIGNER.unsign(request.COOKIES.get(COOKIE, ""))
    except BadSignature:
        return ""
    account = User.objects.filter(username=name).first()
    return token if account and token == _browser_token(account) else ""


def _browser_token(account: User) -> str:
    return f"{account.pk}.{account.get_session_auth_hash()[:32]}"
