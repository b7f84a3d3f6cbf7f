"""Words that could not be saved: they go with their writer to the sign-in page and back into their form.

On the way they stand in one hidden field of the sign-in page; then in the session, under the address of their
form, until that form shows them. They are never saved by this, only shown.
"""

from __future__ import annotations

import json
from copy import copy
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus, urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.admin import AdminSite, site
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.csrf import csrf_failure as plain_csrf_failure

FIELD = "kept"
# A file cannot be put back into a form; its name can be told.
FILE = "_file"
# What the sign-in page sends besides.
ROOM = 20_000
NOT_KEPT_UNDER = ("auth/", "markdownx/", "jsi18n/", "login/", "logout/", "password_change/")
# Pages on which buttons are pressed and nothing is typed.
ONLY_BUTTONS = ("_changelist", "_delete", "_restore", "_insert", "_try")

Pairs = list[tuple[str, str]]


@dataclass(frozen=True)
class Words:
    """What somebody typed into a form, and the sentence that says why it comes back."""

    data: QueryDict
    sentence: str


def is_for_words(request: HttpRequest) -> bool:
    """Whether this is a form of staff into which somebody typed what would be missed."""
    base, match = reverse("admin:index"), request.resolver_match
    inside = request.path.removeprefix(base)
    return (
        request.method == "POST"
        and request.path.startswith(base)
        and not inside.startswith(NOT_KEPT_UNDER)
        and not (match and (match.url_name or "").endswith(ONLY_BUTTONS))
        and bool(pairs_of(request))
    )


def pairs_of(request: HttpRequest) -> Pairs:
    """What was sent, in names and values: no token, no password, and of files their names alone."""
    typed = [
        (name, str(value)) for name, values in request.POST.lists() for value in values if _may_keep(name)
    ]
    return [*typed, *((FILE, file.name or "") for _name, files in request.FILES.lists() for file in files)]


def _may_keep(name: str) -> bool:
    return name not in {"csrfmiddlewaretoken", FILE} and "password" not in name.lower()


def packed(pairs: Pairs) -> str:
    """Pairs as the value of one field, or nothing if it is too long to be sent in one."""
    text = json.dumps(pairs, ensure_ascii=False, separators=(",", ":"))
    most = (settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0) - ROOM
    return text if len(quote_plus(text, errors="replace")) <= most else ""


def unpacked(text: str) -> Pairs:
    """The pairs in a field; none if it holds anything else."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return []
    match found:
        case [*items] if all(_is_pair(item) for item in items):
            return [(name, value) for name, value in items if name == FILE or _may_keep(name)]
    return []


def _is_pair(item: object) -> bool:
    return isinstance(item, list) and len(item) == 2 and all(isinstance(part, str) for part in item)


def sign_in_again(at: AdminSite, request: HttpRequest) -> HttpResponse:
    """The sign-in page in answer to a form of somebody who is not signed in (any more), with their words."""
    pairs = pairs_of(request)
    text = packed(pairs)
    asked = copy(request)
    asked.method = "GET"
    return at.login(
        asked,
        {
            "next": request.get_full_path(),
            "app_path": reverse("admin:login"),
            FIELD: text,
            "kept_is_too_long": not text,
            "kept_files": _files(pairs),
        },
    )


def carried_on(request: HttpRequest) -> dict[str, Any]:
    """What the sign-in page shows once more after a wrong password."""
    pairs = unpacked(request.POST.get(FIELD, ""))
    return {FIELD: packed(pairs), "kept_files": _files(pairs)} if pairs else {}


def _files(pairs: Pairs) -> list[str]:
    return [value for name, value in pairs if name == FILE]


def keep(request: HttpRequest, address: str, pairs: Pairs, why: str) -> None:
    """Lay words down for the form at this address; `why` is one of the reasons in `_sentence`."""
    if pairs:
        kept = request.session.get(FIELD, {})
        request.session[FIELD] = {**kept, urlsplit(address).path: {"why": why, "pairs": pairs}}


def keep_after_sign_in(request: HttpRequest, address: str) -> None:
    """Lay down the words that came along with a name and a password."""
    keep(request, address, unpacked(request.POST.get(FIELD, "")), "signed out")


def words(request: HttpRequest) -> Words | None:
    """The words that are kept for this page, once; None when there are none, or when something is sent."""
    kept = request.session.get(FIELD, {}) if request.method == "GET" else {}
    if request.path not in kept:
        return None
    entry = kept[request.path]
    request.session[FIELD] = {path: other for path, other in kept.items() if path != request.path}
    data = QueryDict(mutable=True)
    for name, value in entry["pairs"]:
        data.appendlist(name, value)
    return Words(data, _sentence(entry["why"], data.pop(FILE, [])))


def _sentence(why: str, files: list[Any]) -> str:
    sentences = {
        "signed out": _("This is what you typed before your session ended. It is not saved yet."),
        "token": _(
            "This is what you typed. It is not saved yet: you signed in again after you opened the form."
        ),
        "deleted": _(
            "Somebody else deleted this while you were writing. Save to make it anew from your words."
        ),
        "added": _("Somebody else added this while you were writing. What you typed is not saved yet."),
    }
    return " ".join((sentences[why], *(choose_again(file) for file in files)))


def choose_again(file: str) -> str:
    """What to do about a file that did not survive."""
    return _("Choose the file “{name}” again.").format(name=file)


def kept(request: HttpRequest) -> QueryDict | None:
    """What was typed into this page and is not saved, with a message that says so; None if nothing was.

    A form that is bound to it may be valid: whoever shows it carries nothing out unless it was posted.
    """
    found = words(request)
    if found is None:
        return None
    messages.warning(request, found.sentence)
    return found.data


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """When the token of a form does not fit: the page that says so, or, for words of staff, their form again.

    Signing in makes a new token, so that a form that was open in another tab has an old one. Only what the
    browser says to come from this very site is shown again.
    """
    if not _says_it_is_from_here(request):
        return plain_csrf_failure(request, reason)
    signed_in = site.has_permission(request)
    if request.path == reverse("admin:login") and request.POST.get(FIELD):
        return _token_of_sign_in(request, signed_in=signed_in)
    if not is_for_words(request):
        return plain_csrf_failure(request, reason)
    if not signed_in:
        return sign_in_again(site, request)
    keep(request, request.path, pairs_of(request), "token")
    return HttpResponseRedirect(request.get_full_path())


def _token_of_sign_in(request: HttpRequest, *, signed_in: bool) -> HttpResponse:
    """A sign-in page with kept words, left open while somebody signed in elsewhere."""
    address = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(address, request.get_host(), require_https=request.is_secure()):
        address = reverse("admin:index")
    if signed_in:
        keep_after_sign_in(request, address)
        return HttpResponseRedirect(address)
    asked = copy(request)
    asked.method = "GET"
    return site.login(asked, {"next": address, "app_path": request.path, **carried_on(request)})


def _says_it_is_from_here(request: HttpRequest) -> bool:
    """Whether the browser itself says so; its silence is no evidence."""
    origin, fetched = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site")
    here = f"{request.scheme}://{request.get_host()}"
    return {origin, fetched} != {None} and origin in {None, here} and fetched in {None, "same-origin"}
