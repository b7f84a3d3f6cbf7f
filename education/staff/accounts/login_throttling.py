"""Limit password guessing: ten wrong passwords for a name in a quarter of an hour, few at once.

One password tried on many names is limited too: 40 wrong tries from an address in a quarter of an
hour, and 300 on the whole site. A browser that its owner has signed in with is not held up by it.

Names without an account are counted alike, so that the answer does not reveal which names exist.
Names are not stored, because people type their password into the wrong field: they are counted in
65,536 buckets (see `web/throttling.py`). Anybody can block a name by guessing, so a browser in
which its owner has signed in before has a signed cookie and a counter of its own. See decision 19.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.admin.forms import AdminAuthenticationForm, AdminPasswordChangeForm
from django.contrib.auth.models import User
from django.core.exceptions import NON_FIELD_ERRORS
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _

from education.web import slots
from education.web.client_ip import client_ip
from education.web.models import ThrottleCounter
from education.web.throttling import Throttle, current_window

MAX_ATTEMPTS = 10
MAX_FROM_ONE_ADDRESS = 40
MAX_ON_THE_SITE = 300
WINDOW_SECONDS = 15 * 60
_THROTTLE = Throttle("login", buckets=65_536, store=ThrottleCounter.objects)
_MANY_NAMES = Throttle("login-many", buckets=65_536, store=ThrottleCounter.objects)
_SITE = Throttle("login-site", buckets=1, store=ThrottleCounter.objects)
_OWN_PASSWORD = Throttle("own-password", buckets=65_536, store=ThrottleCounter.objects)
COOKIE = "trusted-browser"
_COOKIE_AGE = 365 * 24 * 60 * 60
_CHECKED = "checked_login_form"
_SIGNER = Signer(salt="education.staff.accounts.login_throttling")


class ThrottledLoginForm(AdminAuthenticationForm):
    """Name and password; a throttled name is refused even with the right password."""

    error_messages = {
        **AdminAuthenticationForm.error_messages,
        "throttled": _(
            "There were too many wrong passwords for this name. Wait 15 minutes, then try again. Was it not "
            "you? Tell the person who looks after the site."
        ),
        "many_names": _(
            "There were too many wrong names or passwords. Wait 15 minutes, then try again. In a browser in "
            "which you have signed in before, you can sign in now."
        ),
    }

    @classmethod
    def of_request(cls, request: HttpRequest, **named: Any) -> ThrottledLoginForm:
        """The form that `check` judged, or else another one, with the arguments `named`."""
        checked: ThrottledLoginForm | None = getattr(request, _CHECKED, None)
        return cls(request, **named) if checked is None else checked

    @classmethod
    def check(cls, request: HttpRequest) -> None:
        """Judge name and password of a request, before anything is written for it; once.

        That is slow by design, and whoever saves must not wait for it. Raises NoFreeSlot.
        """
        if not hasattr(request, _CHECKED):
            with slots.SIGN_INS.take():
                form = cls.of_request(request, data=request.POST)
                form.is_valid()
            setattr(request, _CHECKED, form)

    def clean(self) -> dict[str, Any]:
        request, name = self.request, self.cleaned_data.get("username")
        if request is None or not name or not self.cleaned_data.get("password"):
            return super().clean()
        # With its length, no name can look like another name followed by a token.
        browser = trusted_browser(request, name)
        key = f"{len(name)} {name} {browser}"
        window = current_window(WINDOW_SECONDS)
        _THROTTLE.delete_expired(window)
        if not _THROTTLE.try_acquire(key, window, MAX_ATTEMPTS):
            raise forms.ValidationError(self.error_messages["throttled"], code="throttled")
        shared = [] if browser else _limits_of_many_names(request)
        for limit, whose, number in shared:
            limit.delete_expired(window)
            if not limit.try_acquire(whose, window, number):
                raise forms.ValidationError(self.error_messages["many_names"], code="throttled")
        cleaned = super().clean()
        _THROTTLE.reset(key, window)
        for limit, whose, number in shared:
            limit.try_acquire(whose, window, number, -1)
        return cleaned

    @property
    def is_throttled(self) -> bool:
        """Whether the name was refused before the password was checked."""
        return self.has_error(NON_FIELD_ERRORS, code="throttled")


def _limits_of_many_names(request: HttpRequest) -> list[tuple[Throttle, str, int]]:
    """The limits that names share: of the address, and of the site."""
    return [
        (_MANY_NAMES, client_ip(request), MAX_FROM_ONE_ADDRESS),
        (_SITE, "", MAX_ON_THE_SITE),
    ]


def check_own_password(user: Any, password: str) -> bool:
    """Whether it is the password of somebody signed in.

    Raises ValidationError after ten wrong ones, and while many others are signing in.
    """
    window = current_window(WINDOW_SECONDS)
    _OWN_PASSWORD.delete_expired(window)
    if not _OWN_PASSWORD.try_acquire(str(user.pk), window, MAX_ATTEMPTS):
        text = _("There were too many wrong passwords. Wait 15 minutes, then try again.")
        raise forms.ValidationError(text, code="throttled")
    try:
        with slots.SIGN_INS.take():
            is_right = bool(user.check_password(password))
    except slots.NoFreeSlot:
        _OWN_PASSWORD.try_acquire(str(user.pk), window, MAX_ATTEMPTS, -1)
        text = _("Others are signing in. Wait a few seconds, then try again.")
        raise forms.ValidationError(text, code="busy") from None
    if is_right:
        _OWN_PASSWORD.reset(str(user.pk), window)
    return is_right


class ThrottledPasswordChangeForm(AdminPasswordChangeForm):
    """Django's form for one's own password, in which wrong old passwords are counted."""

    def clean_old_password(self) -> str:
        old: str = self.cleaned_data["old_password"]
        if not check_own_password(self.user, old):
            raise forms.ValidationError(
                self.error_messages["password_incorrect"], code="password_incorrect"
            )
        return old


def set_trusted_browser_cookie(request: HttpRequest, response: HttpResponseBase) -> None:
    """Mark the browser of a user who has just signed in, until their password changes."""
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


def trusted_browser(request: HttpRequest, name: str) -> str:
    """The token of the browser, if it belongs to the account called `name`; else empty."""
    try:
        token = _SIGNER.unsign(request.COOKIES.get(COOKIE, ""))
    except BadSignature:
        return ""
    account = User.objects.filter(username=name).first()
    return token if account and token == _browser_token(account) else ""


def _browser_token(account: User) -> str:
    return f"{account.pk}.{account.get_session_auth_hash()[:32]}"
