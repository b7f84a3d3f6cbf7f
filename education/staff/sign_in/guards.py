"""What stands before pages of staff: setting up the second step, and signing in again.

Signing in again is asked before accounts, roles, withdrawing, the settings of the clinic and the
second step, when the last time was more than ten minutes ago. What was opened in time may be sent
for half an hour.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib.admin import site
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from education.staff.accounts.login_audit import log_login
from education.staff.accounts.login_throttling import check_own_password
from education.staff.editor import draft_recovery
from education.staff.session_store import SIGNED_IN_AT
from education.staff.sign_in import second_factor

AGAIN_AFTER = timedelta(minutes=10)
SEND_WITHIN = timedelta(minutes=30)
# When the password was last typed in this session.
_CONFIRMED_AT = "password_typed_at"
_RISKY_PREFIXES = ("auth_user_", "auth_group_", "clinic_clinic_", "second_factor")
_RISKY_SUFFIXES = ("_withdraw",)
_READ_ONLY = {"auth_user_changelist", "auth_group_changelist"}
_OPEN_WITHOUT_SECOND_FACTOR = {
    "second_factor",
    "second_factor_app",
    "sign_in_again",
    "logout",
    "password_change",
    "password_change_done",
    "jsi18n",
}
View = Callable[..., HttpResponse]


def _view_name(request: HttpRequest) -> str:
    match = request.resolver_match
    return (match and match.url_name) or ""


def _keep_what_was_typed(request: HttpRequest) -> None:
    if draft_recovery.is_recoverable(request):
        pairs = draft_recovery.form_pairs(request.POST, request.FILES)
        draft_recovery.store_draft(request, request.path, pairs, "again")


def needs_set_up(request: HttpRequest) -> bool:
    """Whether the user must set up the second step before this page."""
    is_open = _view_name(request) in _OPEN_WITHOUT_SECOND_FACTOR
    return not is_open and second_factor.is_missing(request)


def lead_to_set_up(request: HttpRequest) -> HttpResponse:
    _keep_what_was_typed(request)
    return HttpResponseRedirect(reverse("admin:second_factor"))


def complete_sign_in(view: View) -> View:
    """Refuse a request that a script of a page sent, without the second step that is needed."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if second_factor.is_missing(request):
            text = _("Set up the second step of signing in first.")
            return HttpResponse(text, status=403, content_type="text/plain; charset=utf-8")
        return view(request, *args, **kwargs)

    return guarded


def needs_signing_in_again(request: HttpRequest) -> bool:
    """Whether this page asks for the password first."""
    name = _view_name(request)
    is_risky = name.startswith(_RISKY_PREFIXES) or name.endswith(_RISKY_SUFFIXES)
    if not request.user.is_authenticated or not is_risky or name in _READ_ONLY:
        return False
    session = request.session
    last = max(session.get(SIGNED_IN_AT, 0), session.get(_CONFIRMED_AT, 0))
    allowed = SEND_WITHIN if request.method == "POST" else AGAIN_AFTER
    return bool(timezone.now().timestamp() - last > allowed.total_seconds())


def lead_to_signing_in_again(request: HttpRequest) -> HttpResponse:
    _keep_what_was_typed(request)
    query = urlencode({"next": request.get_full_path()})
    return HttpResponseRedirect(f"{reverse('admin:sign_in_again')}?{query}")


class PasswordForm(forms.Form):
    """One's own password, once more."""

    password = forms.CharField(
        label=gettext_lazy("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self._user = user

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        if not check_own_password(self._user, password):
            raise forms.ValidationError(_("This is not your password."), code="wrong")
        return password


@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_again(request: HttpRequest) -> HttpResponse:
    """Ask for the password before a risky page, and lead there."""
    url = request.POST.get("next") or request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(
        url, request.get_host(), require_https=request.is_secure()
    ):
        url = reverse("admin:index")
    form = PasswordForm(request.POST if request.method == "POST" else None, user=request.user)
    if form.is_bound and form.is_valid():
        request.session[_CONFIRMED_AT] = int(timezone.now().timestamp())
        log_login(request.user, _("Once more, before a page that asks for it."))
        return HttpResponseRedirect(url)
    context = {
        **site.each_context(request),
        "title": _("Type your password once more"),
        "form": form,
        "next": url,
    }
    return render(request, "admin/sign_in/again.html", context)
