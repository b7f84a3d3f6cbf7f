"""The steps of signing in: after the password, the code, and the end."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib.admin import site
from django.contrib.auth import login
from django.contrib.auth.models import User
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from education.staff.accounts.login_audit import log_login, log_wrong_code
from education.staff.accounts.login_throttling import set_trusted_browser_cookie, trusted_browser
from education.staff.editor import draft_recovery
from education.staff.sign_in import second_factor
from education.staff.sign_in.sessions import start_session

_PENDING = "pending_sign_in"
_PENDING_SECONDS = 10 * 60


class StaffLoginView(LoginView):
    """Django's sign-in page, with our steps after the password."""

    def form_valid(self, form: Any) -> HttpResponse:
        user, url = form.get_user(), self.get_success_url()
        pairs = draft_recovery.deserialize(self.request.POST.get(draft_recovery.FIELD, ""))
        earlier = self.request.session.get(_PENDING) or {}
        # What was typed came with an earlier password, whose code was not given in time.
        if not pairs and earlier.get("url") == url:
            pairs = earlier["pairs"]
        if not second_factor.has_second_factor(user):
            return complete(self.request, user, url, pairs)
        self.request.session[_PENDING] = {
            "user": user.pk,
            "password": user.get_session_auth_hash(),
            "until": int(timezone.now().timestamp()) + _PENDING_SECONDS,
            "url": url,
            "pairs": pairs,
        }
        return HttpResponseRedirect(reverse("admin:sign_in_code"))


class CodeInput(forms.TextInput):
    """A field that is empty again after a wrong code."""

    def format_value(self, value: Any) -> None:
        return None


class CodeForm(forms.Form):
    """A code of the app, or one from the list."""

    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=40,
        widget=CodeInput(
            attrs={"autocomplete": "one-time-code", "autofocus": True, "spellcheck": "false"}
        ),
    )

    def __init__(self, *args: Any, user: User, browser: str = "", **kwargs: Any):
        super().__init__(*args, **kwargs)
        self._user, self._browser = user, browser
        self.how = ""

    def clean_code(self) -> str:
        typed: str = self.cleaned_data["code"]
        self.how = second_factor.verify(self._user, typed, self._browser)
        if not self.how:
            text = _("This code is not right, or was used before. Wait for the next one.")
            raise forms.ValidationError(text, code="wrong")
        return typed


def ask_for_code(request: HttpRequest) -> HttpResponse:
    """The page after the password, for who has set up the second step."""
    pending, user = _pending(request)
    if user is None:
        query = f"?{urlencode({'next': pending['url']})}" if pending else ""
        return HttpResponseRedirect(reverse("admin:login") + query)
    posted = request.POST if request.method == "POST" else None
    form = CodeForm(posted, user=user, browser=trusted_browser(request, user.get_username()))
    if form.is_bound and form.is_valid():
        return complete(request, user, pending["url"], pending["pairs"], form.how)
    if form.has_error("code", "wrong"):
        log_wrong_code(user)
    context = {**site.each_context(request), "title": _("Type the code"), "form": form}
    return render(request, "admin/sign_in/code.html", context)


def _pending(request: HttpRequest) -> tuple[dict[str, Any], User | None]:
    """What waits for the code, and whose it is: nobody if the password was too long ago."""
    pending: dict[str, Any] = request.session.get(_PENDING) or {}
    if pending.get("until", 0) < timezone.now().timestamp():
        return pending, None
    user = User.objects.filter(pk=pending["user"], is_active=True, is_staff=True).first()
    is_same = user is not None and user.get_session_auth_hash() == pending["password"]
    return pending, user if is_same else None


def complete(
    request: HttpRequest, user: User, url: str, pairs: draft_recovery.Pairs, how: str = ""
) -> HttpResponse:
    """Sign somebody in, and lead to `url`.

    `pairs`: what was typed before a session ended; `how`: the second step, if there was one.
    """
    request.session.pop(_PENDING, None)
    login(request, user)
    start_session(request)
    if how:
        request.session[second_factor.PASSED] = how
    draft_recovery.store_draft(request, url, pairs, "signed out")
    response = HttpResponseRedirect(url)
    set_trusted_browser_cookie(request, response)
    log_login(user, _("With a recovery code.") if how == second_factor.RECOVERY else "")
    return response
