"""How long somebody stays signed in, and the page that shows where they are."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import messages
from django.contrib.admin import site
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from education.audit.models import Action, log_action
from education.staff.models import StaffSession
from education.staff.session_store import BROWSER, LAST_INPUT_AT, SIGNED_IN_AT

# Requests that a page makes by itself say nothing about whether somebody is there.
BACKGROUND_VIEWS = ("_draft", "jsi18n")
AUTOSAVE = "_autosave"
IDLE_HEADER = "X-Idle-Seconds"
# Each is a write to the database.
_SECONDS_BETWEEN_RECORDS = 60
# In this order: browsers name others that they want to be taken for.
BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"))
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)


def start_session(request: HttpRequest) -> None:
    """Let the session of somebody who has just signed in begin now."""
    now = _now()
    request.session[SIGNED_IN_AT] = request.session[LAST_INPUT_AT] = now
    request.session[BROWSER] = _describe_browser(request.headers.get("User-Agent", ""))
    StaffSession.objects.filter(expire_date__lt=timezone.now()).delete()


def record_input(request: HttpRequest) -> None:
    """Note that somebody is there, unless the page sent this request by itself."""
    match = request.resolver_match
    name = (match and match.url_name) or ""
    if not request.user.is_authenticated or name.endswith(BACKGROUND_VIEWS):
        return
    now = _now()
    at = now - (_idle_seconds(request) if name.endswith(AUTOSAVE) else 0)
    last = request.session.get(LAST_INPUT_AT, request.session.setdefault(SIGNED_IN_AT, now))
    if at - last >= _SECONDS_BETWEEN_RECORDS:
        request.session[LAST_INPUT_AT] = at


def _idle_seconds(request: HttpRequest) -> int:
    """How long ago something was typed, as the page counts it; a day if it does not say."""
    given = request.headers.get(IDLE_HEADER, "")
    return int(given) if re.fullmatch(r"[0-9]{1,5}", given) else 24 * 60 * 60


def _now() -> int:
    return int(timezone.now().timestamp())


def _describe_browser(user_agent: str) -> str:
    """A browser in words, such as "Firefox, Windows"; the rest of what it says is not kept."""
    browser = next((name for mark, name in BROWSERS if mark in user_agent), "")
    if not browser and "Safari" in user_agent:
        browser = "Safari"
    system = next((name for mark, name in SYSTEMS if mark in user_agent), "")
    return ", ".join(filter(None, (browser, system)))


def end_sessions(user: User, *, except_for: str | None = None) -> int:
    """Sign an account out wherever it is, but in the session with this key; how many there were."""
    return StaffSession.objects.filter(user=user).exclude(session_key=except_for).delete()[0]


@require_http_methods(["GET", "HEAD", "POST"])
def session_list(request: HttpRequest) -> HttpResponse:
    """Where the user is signed in; a POST ends one of the sessions, or all others."""
    user: Any = request.user
    here = request.session.session_key
    sessions = StaffSession.objects.filter(user=user, expire_date__gt=timezone.now())
    if request.method == "POST":
        chosen = request.POST.get("session")
        keys = [
            one.session_key
            for one in sessions.exclude(session_key=here)
            if chosen in {None, _public_name(one)}
        ]
        ended = StaffSession.objects.filter(session_key__in=keys).delete()[0]
        if ended:
            log_action(
                Action.SIGNED_OUT,
                user=user,
                kind="user",
                slug=str(user.pk),
                subject=user.get_username(),
                details=_("From another browser. Sessions ended: {number}.").format(number=ended),
            )
        text = ngettext("Signed out there.", "Signed out in {number} browsers.", ended)
        none = _("You were signed in nowhere else.")
        messages.success(request, text.format(number=ended) if ended else none)
        return HttpResponseRedirect(reverse("admin:sessions"))
    rows = [
        {"row": one, "name": _public_name(one), "is_here": one.session_key == here}
        for one in sessions.order_by("-last_input_at")
    ]
    rows.sort(key=lambda one: not one["is_here"])
    title = _("Where am I signed in?")
    context = {**site.each_context(request), "title": title, "sessions": rows}
    return render(request, "admin/sign_in/sessions.html", context)


def _public_name(session: StaffSession) -> str:
    """What stands for a session in a form: its key would let anybody in."""
    return salted_hmac("education.staff.sign_in.sessions", session.session_key).hexdigest()
