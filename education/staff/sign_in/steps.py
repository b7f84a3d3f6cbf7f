"""The steps of signing in: after the password, and at the end."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import login
from django.contrib.auth.models import User
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from education.staff.accounts.login_audit import log_login
from education.staff.accounts.login_throttling import set_trusted_browser_cookie
from education.staff.editor import draft_recovery
from education.staff.sign_in.sessions import start_session


class StaffLoginView(LoginView):
    """Django's sign-in page, with our steps after the password."""

    def form_valid(self, form: Any) -> HttpResponse:
        pairs = draft_recovery.deserialize(self.request.POST.get(draft_recovery.FIELD, ""))
        return complete(self.request, form.get_user(), self.get_success_url(), pairs)


def complete(
    request: HttpRequest, user: User, url: str, pairs: draft_recovery.Pairs
) -> HttpResponse:
    """Sign somebody in, and lead to `url`; `pairs`: what was typed before a session ended."""
    login(request, user)
    start_session(request)
    draft_recovery.store_draft(request, url, pairs, "signed out")
    response = HttpResponseRedirect(url)
    set_trusted_browser_cookie(request, response)
    log_login(user)
    return response
