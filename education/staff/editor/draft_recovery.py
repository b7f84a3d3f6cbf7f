"""Drafts that could not be saved because the session or the CSRF token was no longer valid.

The submitted fields go into one hidden field of the sign-in page; after signing in, into the
session, under the path of their form, until that form shows them. Nothing is saved here. If
somebody else signs in on that page, what was typed is kept for who typed it, and shown to nobody
else.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Protocol, cast
from urllib.parse import quote_plus, urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.admin import site
from django.contrib.auth.models import User
from django.core.files.uploadedfile import UploadedFile
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.csrf import csrf_failure as plain_csrf_failure

from education.staff.models import KeptDraft

FIELD = "recovered_draft"
# Who opened a form, signed: whose words they are if somebody else has signed in meanwhile.
OPENED_BY = "opened_by"
_SIGNER = Signer(salt="education.staff.opened_by")
FILE_FIELD = "_file"
# Bytes of the other fields of the sign-in page.
LOGIN_FORM_RESERVE = 20_000
EXCLUDED_PATHS = (
    "auth/",
    "markdownx/",
    "text-editor/",
    "jsi18n/",
    "login/",
    "logout/",
    "password_change/",
    "sessions/",
    "sign-in-again/",
    "second-factor/",
)
# Pages with buttons only.
EXCLUDED_VIEWS = (
    "_autosave",
    "_changelist",
    "_delete",
    "_restore",
    "_insert_question",
    "_walkthrough",
)

Pairs = list[tuple[str, str]]


@dataclass(frozen=True)
class RecoveredDraft:
    """The submitted fields, and the sentence that says why they are shown again."""

    data: QueryDict
    message: str
    is_autosaved: bool = False


def is_recoverable(request: HttpRequest) -> bool:
    """Whether a request submits a staff form with content that a writer would miss."""
    base, match = reverse("admin:index"), request.resolver_match
    inside = request.path.removeprefix(base)
    return (
        request.method == "POST"
        and request.path.startswith(base)
        and not inside.startswith(EXCLUDED_PATHS)
        and not (match and (match.url_name or "").endswith(EXCLUDED_VIEWS))
        and bool(form_pairs(request.POST, request.FILES))
    )


def form_pairs(data: QueryDict, files: MultiValueDict[str, UploadedFile]) -> Pairs:
    """The names and values of a form, without token and passwords; of files only the names."""
    typed = [
        (name, str(value))
        for name, values in data.lists()
        for value in values
        if _is_recoverable_field(name)
    ]
    return [
        *typed,
        *((FILE_FIELD, file.name or "") for _name, uploaded in files.lists() for file in uploaded),
    ]


def _is_recoverable_field(name: str) -> bool:
    return name not in {"csrfmiddlewaretoken", FILE_FIELD} and "password" not in name.lower()


def serialize(pairs: Pairs) -> str:
    """Pairs as JSON for the hidden field; empty if that is too long to be sent."""
    text = json.dumps(pairs, ensure_ascii=False, separators=(",", ":"))
    max_length = (settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0) - LOGIN_FORM_RESERVE
    return text if len(quote_plus(text, errors="replace")) <= max_length else ""


def deserialize(text: str) -> Pairs:
    """The pairs in a hidden field; empty for anything invalid."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return []
    match found:
        case [*items] if all(_is_pair(item) for item in items):
            return [
                (name, value)
                for name, value in items
                if name == FILE_FIELD or _is_recoverable_field(name)
            ]
    return []


def _is_pair(item: object) -> bool:
    return isinstance(item, list) and len(item) == 2 and all(isinstance(part, str) for part in item)


class LoginSite(Protocol):
    """The part of the admin site that draft recovery uses."""

    def login_page(self, request: HttpRequest, extra_context: dict[str, Any]) -> HttpResponse:
        """The empty sign-in form."""


def login_with_draft(at: LoginSite, request: HttpRequest) -> HttpResponse:
    """The sign-in page, holding the form that a signed-out user submitted."""
    pairs = form_pairs(request.POST, request.FILES)
    text = serialize(pairs)
    return at.login_page(
        request,
        {
            "next": request.get_full_path(),
            "app_path": reverse("admin:login"),
            FIELD: text,
            "draft_is_too_long": not text,
            "draft_files": _file_names(pairs),
        },
    )


def login_context(request: HttpRequest) -> dict[str, Any]:
    """The context that keeps the draft on the sign-in page after a wrong password."""
    pairs = deserialize(request.POST.get(FIELD, ""))
    return {FIELD: serialize(pairs), "draft_files": _file_names(pairs)} if pairs else {}


def _file_names(pairs: Pairs) -> list[str]:
    return [value for name, value in pairs if name == FILE_FIELD]


def store_draft(request: HttpRequest, url: str, pairs: Pairs, reason: str) -> None:
    """Store pairs in the session for the form at `url`; `reason` is one in `_recovery_message`.

    What somebody else typed is kept for them instead.
    """
    path, owner = urlsplit(url).path, _opened_by(pairs)
    if not pairs:
        return
    if owner is not None and owner != request.user.pk:
        _keep_for(owner, path, pairs)
        text = _("Somebody else was writing here. Their words are kept until they sign in.")
        messages.warning(request, text)
        return
    drafts = request.session.get(FIELD, {})
    request.session[FIELD] = {**drafts, path: {"why": reason, "pairs": pairs}}


def opened_by(request: HttpRequest) -> str:
    """The signed value of the field that says who opened a form; empty for a stranger."""
    return _SIGNER.sign(str(request.user.pk)) if request.user.is_authenticated else ""


def _opened_by(pairs: Pairs) -> int | None:
    """The account that opened a form, by its fields; None if they do not say."""
    signed = next((value for name, value in pairs if name == OPENED_BY), "")
    try:
        return int(_SIGNER.unsign(signed))
    except (BadSignature, ValueError):
        return None


def _keep_for(owner: int, path: str, pairs: Pairs) -> None:
    if User.objects.filter(pk=owner, is_active=True).exists():
        KeptDraft.objects.keep(owner, path, pairs)


def _pop_kept(request: HttpRequest) -> dict[str, Any] | None:
    """Take what was kept for this user and page, as `store_draft` stores it; None for nothing."""
    kept = KeptDraft.objects.filter(user=request.user.pk, path=request.path).first()
    if kept is None:
        return None
    kept.delete()
    return {"why": "signed out", "pairs": kept.pairs}


def store_draft_after_login(request: HttpRequest, url: str) -> None:
    """Store the draft that was submitted with a name and a password."""
    store_draft(request, url, deserialize(request.POST.get(FIELD, "")), "signed out")


def pop_draft(request: HttpRequest, *, kept: bool = True) -> RecoveredDraft | None:
    """Take the draft of this page out of the session; None if there is none, or for a POST.

    `kept`: or, of a page without autosave, what was kept for this user.
    """
    if request.method != "GET":
        return None
    drafts = request.session.get(FIELD, {})
    entry = drafts.get(request.path) or (_pop_kept(request) if kept else None)
    if entry is None:
        return None
    if request.path in drafts:
        request.session[FIELD] = {
            path: other for path, other in drafts.items() if path != request.path
        }
    data = QueryDict(mutable=True)
    for name, value in entry["pairs"]:
        data.appendlist(name, value)
    if request.user.is_authenticated:
        data[OPENED_BY] = opened_by(request)
    return RecoveredDraft(data, _recovery_message(entry["why"], data.pop(FILE_FIELD, [])))


def _recovery_message(reason: str, files: list[Any]) -> str:
    messages = {
        "signed out": _("This is what you typed before your session ended. It is not saved yet."),
        "again": _("This is what you typed. It is not saved yet."),
        "token": _(
            "This is what you typed. It is not saved yet: you signed in again after you opened the form."
        ),
        "deleted": _(
            "Somebody else deleted this while you were writing. Save to make it anew from your words."
        ),
        "added": _(
            "Somebody else added this while you were writing. What you typed is not saved yet."
        ),
    }
    return " ".join((messages[reason], *(reselect_file_message(file) for file in files)))


def reselect_file_message(file: str) -> str:
    """Ask to choose a file again, because browsers do not let a page fill in a file."""
    return _("Choose the file “{name}” again.").format(name=file)


def recovered_post(request: HttpRequest) -> QueryDict | None:
    """The draft of this page, with a message about it; None if there is none.

    A form bound to it may be valid, so a view must act on it only if it was posted.
    """
    draft = pop_draft(request)
    if draft is None:
        return None
    messages.warning(request, draft.message)
    return draft.data


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The CSRF failure page; for a staff form from this origin, the form again with its draft.

    Signing in makes a new token, so a form that was open in another tab has an old one.
    """
    if not _is_same_origin(request):
        return plain_csrf_failure(request, reason)
    is_signed_in = site.has_permission(request)
    if request.path == reverse("admin:login") and request.POST.get(FIELD):
        return _login_csrf_failure(request, signed_in=is_signed_in)
    if not is_recoverable(request):
        return plain_csrf_failure(request, reason)
    if not is_signed_in:
        return login_with_draft(_staff_site(), request)
    store_draft(request, request.path, form_pairs(request.POST, request.FILES), "token")
    return HttpResponseRedirect(request.get_full_path())


def _login_csrf_failure(request: HttpRequest, *, signed_in: bool) -> HttpResponse:
    """Answer a sign-in page that holds a draft and was open while its user signed in elsewhere."""
    url = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(
        url, request.get_host(), require_https=request.is_secure()
    ):
        url = reverse("admin:index")
    if signed_in:
        store_draft_after_login(request, url)
        return HttpResponseRedirect(url)
    return _staff_site().login_page(
        request, {"next": url, "app_path": request.path, **login_context(request)}
    )


def _staff_site() -> LoginSite:
    return cast("LoginSite", site)


def _is_same_origin(request: HttpRequest) -> bool:
    """Whether the browser's headers say so; without any header, it counts as another origin."""
    origin, fetched = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site")
    here = {None, settings.SITE_URL, f"{request.scheme}://{request.get_host()}"}
    return {origin, fetched} != {None} and origin in here and fetched in {None, "same-origin"}
