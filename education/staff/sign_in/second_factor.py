"""The second step: who needs one, and the codes of an app or of a list on paper.

django-otp checks the codes, each once, and keeps what it needs in the database, for all processes.
Recovery codes are stored as hashes. Wrong codes are counted by us, so that the answer is the same
sentence as for passwords.
"""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
import time
from typing import Any
from urllib.parse import quote, urlencode

from django import forms
from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from education.staff.accounts.roles import MANAGER, PUBLISHER, REVIEWER
from education.web.models import ThrottleCounter
from education.web.throttling import Throttle, current_window

# How somebody passed the second step, in their session; missing for who has none.
PASSED = "second_factor"
APP, RECOVERY = "app", "recovery code"
PRIVILEGED = (REVIEWER, PUBLISHER, MANAGER)
RECOVERY_CODES = 10
_KEY_BYTES = 20
# A guess is right three times in a million, so that a year of guessing succeeds for one in fifty.
_LIMITS = ((15 * 60, 5), (24 * 60 * 60, 20))
_THROTTLES = [
    Throttle(f"code-{seconds}", buckets=65_536, store=ThrottleCounter.objects)
    for seconds, _number in _LIMITS
]


def is_required_for(user: User) -> bool:
    """Whether REQUIRE_SECOND_FACTOR asks this account for a second step."""
    policy: str = settings.REQUIRE_SECOND_FACTOR
    if policy != "privileged":
        return policy == "all"
    return user.is_superuser or user.groups.filter(name__in=PRIVILEGED).exists()


def has_second_factor(user: User) -> bool:
    return bool(TOTPDevice.objects.filter(user=user, confirmed=True).exists())


def is_missing(request: HttpRequest) -> bool:
    """Whether somebody is signed in without the second step that their role needs."""
    user: Any = request.user
    if not user.is_authenticated or PASSED in request.session:
        return False
    return is_required_for(user)


def new_key() -> str:
    """A secret for an app, in hexadecimal digits."""
    return secrets.token_hex(_KEY_BYTES)


def key_for_people(key: str) -> str:
    """A secret as apps take it when it is typed: letters and figures in groups of four."""
    return " ".join(re.findall("....", base64.b32encode(bytes.fromhex(key)).decode()))


def key_url(user: User, key: str, issuer: str) -> str:
    """The address that an app reads from the QR code."""
    issuer = issuer.replace(":", " ")
    query = {"secret": key_for_people(key).replace(" ", ""), "issuer": issuer}
    return f"otpauth://totp/{quote(f'{issuer}:{user.get_username()}')}?{urlencode(query, quote_via=quote)}"


def confirm_app(user: User, key: str, code: str) -> bool:
    """Store an app that showed the right code, in place of an earlier one."""
    totp = TOTP(bytes.fromhex(key))
    totp.time = time.time()
    digits = _tidy(code)
    if not (digits.isdecimal() and totp.verify(int(digits), tolerance=1)):
        return False
    with transaction.atomic():
        TOTPDevice.objects.filter(user=user).delete()
        # The code is used up.
        TOTPDevice.objects.create(user=user, name="app", key=key, last_t=totp.t())
    return True


def make_recovery_codes(user: User) -> list[str]:
    """New codes, of which only hashes are kept; earlier ones no longer work."""
    codes = [
        base64.b32encode(secrets.token_bytes(10))[:12].decode().lower()
        for _number in range(RECOVERY_CODES)
    ]
    with transaction.atomic():
        StaticDevice.objects.filter(user=user).delete()
        device = StaticDevice.objects.create(user=user, name="recovery codes")
        for code in codes:
            device.token_set.create(token=_hash(code))
    return ["-".join(re.findall("....", code)) for code in codes]


def recovery_codes_left(user: User) -> int:
    return sum(device.token_set.count() for device in StaticDevice.objects.filter(user=user))


def remove(user: User) -> bool:
    """Take away the app and the recovery codes of an account; whether there were any."""
    removed = [model.objects.filter(user=user).delete()[0] for model in (TOTPDevice, StaticDevice)]
    return any(removed)


def verify(user: User, typed: str, browser: str = "") -> str:
    """How a code was right: APP or RECOVERY; empty if it was not.

    `browser`: what tells browsers in which the owner has signed in from others. Raises
    ValidationError after too many wrong codes.
    """
    key = f"{user.pk} {browser}"
    windows = [current_window(seconds) for seconds, _number in _LIMITS]
    for throttle, window, (_seconds, limit) in zip(_THROTTLES, windows, _LIMITS, strict=True):
        throttle.delete_expired(window)
        if not throttle.try_acquire(key, window, limit):
            text = _(
                "There were too many wrong codes. Wait 15 minutes, then try again. After 20 in a day it takes "
                "until the next day. Did you lose your phone? Whoever looks after accounts can help."
            )
            raise forms.ValidationError(text, code="throttled")
    how = _matching(user, _tidy(typed))
    if how:
        for throttle, window in zip(_THROTTLES, windows, strict=True):
            throttle.reset(key, window)
    return how


def _matching(user: User, code: str) -> str:
    with transaction.atomic():
        for device in TOTPDevice.objects.select_for_update().filter(user=user, confirmed=True):
            if code.isdecimal() and len(code) == device.digits and device.verify_token(code):
                return APP
        for paper in StaticDevice.objects.select_for_update().filter(user=user, confirmed=True):
            if paper.verify_token(_hash(code)):
                return RECOVERY
    return ""


def _tidy(code: str) -> str:
    """A code without what people put between its signs."""
    return re.sub(r"[\s-]", "", code).lower()


def _hash(code: str) -> str:
    """What is stored of a recovery code: 80 bits."""
    return base64.b32encode(hashlib.sha256(code.encode()).digest())[:16].decode()
