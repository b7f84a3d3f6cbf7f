"""The pages on which somebody sets up the second step, and on which another takes it away."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import site
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from education.audit.models import Action, Actor, log_action
from education.clinic.models import Clinic
from education.handouts.handout import QrCode
from education.staff.accounts.roles import can_manage
from education.staff.sign_in import second_factor
from education.staff.sign_in.sessions import end_sessions
from education.staff.sign_in.steps import CodeInput

_NEW_KEY = "new_app_key"
_page = require_http_methods(["GET", "HEAD", "POST"])


class SetUpForm(forms.Form):
    """The first code of a new app."""

    code = forms.CharField(
        label=gettext_lazy("The six figures that the app shows"),
        max_length=20,
        widget=CodeInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


def _render(request: HttpRequest, name: str, title: str, **context: Any) -> HttpResponse:
    context = {**site.each_context(request), "title": title, **context}
    return render(request, f"admin/sign_in/{name}.html", context)


@_page
def overview(request: HttpRequest) -> HttpResponse:
    """What the user has set up; a POST takes it away, or makes new recovery codes."""
    user: Any = request.user
    is_set_up = second_factor.has_second_factor(user)
    is_required = second_factor.is_required_for(user)
    if request.method == "POST" and is_set_up:
        if "codes" in request.POST:
            log_change(user, user, _("Made new recovery codes."))
            return _show_codes(request, second_factor.make_recovery_codes(user))
        if not is_required:
            take_away(user, by=user)
            request.session.pop(second_factor.PASSED, None)
            messages.success(request, _("Signing in takes only the password again."))
            return HttpResponseRedirect(reverse("admin:second_factor"))
    return _render(
        request,
        "second_factor",
        _("Second step of signing in"),
        is_set_up=is_set_up,
        is_required=is_required,
        codes_left=second_factor.recovery_codes_left(user),
    )


@_page
def set_up_app(request: HttpRequest) -> HttpResponse:
    """Show the QR code of a new secret, and store it when the app shows the right code."""
    user: Any = request.user
    form = SetUpForm(request.POST if request.method == "POST" else None)
    key = request.session.get(_NEW_KEY) if form.is_bound else None
    if key and form.is_valid():
        if second_factor.confirm_app(user, key, form.cleaned_data["code"]):
            return _app_is_set_up(request, user)
        form.add_error("code", _("This code is not right. Look for the newest one in the app."))
    key = key or second_factor.new_key()
    request.session[_NEW_KEY] = key
    url = second_factor.key_url(user, key, Clinic.load().name or str(site.site_header))
    return _render(
        request,
        "set_up_app",
        _("Set up the second step"),
        form=form,
        qr_code=QrCode.from_url(url),
        key=second_factor.key_for_people(key),
    )


def _app_is_set_up(request: HttpRequest, user: User) -> HttpResponse:
    request.session.pop(_NEW_KEY)
    request.session[second_factor.PASSED] = second_factor.APP
    # Elsewhere nobody has passed the second step.
    end_sessions(user, except_for=request.session.session_key)
    log_change(user, user, _("Set up the second step of signing in."))
    return _show_codes(request, second_factor.make_recovery_codes(user))


def _show_codes(request: HttpRequest, codes: list[str]) -> HttpResponse:
    return _render(request, "recovery_codes", _("Your recovery codes"), codes=codes)


@_page
def reset_for_colleague(request: HttpRequest, pk: int) -> HttpResponse:
    """Take away the second step of somebody who lost their phone and their codes."""
    if not request.user.has_perm("auth.change_user"):
        raise PermissionDenied
    account = get_object_or_404(User, pk=pk)
    if account == request.user or not can_manage(request.user, account):
        raise PermissionDenied
    if request.method == "POST":
        if take_away(account, by=request.user):
            messages.success(
                request, _("Done. They sign in with their password, and set it up anew.")
            )
        return HttpResponseRedirect(reverse("admin:auth_user_change", args=[account.pk]))
    title = _("Take away the second step")
    is_set_up = second_factor.has_second_factor(account)
    return _render(request, "reset_second_factor", title, account=account, is_set_up=is_set_up)


def take_away(account: User, *, by: Actor) -> bool:
    """Remove the second step of an account, and sign it out; whether there was one."""
    if not second_factor.remove(account):
        return False
    if by != account:
        end_sessions(account)
    log_change(account, by, _("Took away the second step of signing in."))
    return True


def log_change(account: User, by: Actor, details: str) -> None:
    log_action(
        Action.ACCOUNT,
        user=by,
        kind="user",
        slug=str(account.pk),
        subject=f"{_('User')}: {account.get_username()}",
        details=details,
    )
