"""What was ticked on a checklist, on its way to the result page: in one cookie for that page alone.

So going back to the result never sends a form again, and no other page ever has the ticks. An empty
cookie tests whether a browser accepts cookies.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from secrets import token_hex

from django.http import HttpRequest, HttpResponse

from education.checklists.content import ChecklistContent
from education.web.signed_cookie import SignedCookie

MAX_AGE_MINUTES = 30
COOKIE = SignedCookie("checklist", MAX_AGE_MINUTES, "education.checklists.ticks_cookie")
# Replaces all keys that were sent and are not of the list, which means that the list has changed.
UNKNOWN_SIGN = "?"


@dataclass(frozen=True, repr=False)
class Ticks:
    """The ticked keys, and the random version that the address of their result has."""

    version: str
    keys: list[str]


def set_cookie(response: HttpResponse, slug: str, ticks: Ticks, path: str) -> None:
    """Put the ticks into the browser, for the result page at `path`."""
    COOKIE.set(response, "!".join((slug, ticks.version, *ticks.keys)), path)


def new_ticks(content: ChecklistContent, keys: Iterable[str]) -> Ticks:
    """The ticked signs of this list, with a new version."""
    ticked = {key for key in keys if key}
    known = [sign.key for sign in content.signs if sign.key in ticked]
    unknown = [UNKNOWN_SIGN] if ticked - set(known) else []
    return Ticks(token_hex(4), known + unknown)


def set_test_cookie(response: HttpResponse, path: str) -> None:
    """Put an empty cookie; a browser that sends it back accepts cookies."""
    COOKIE.set(response, "", path)


def read_cookie(request: HttpRequest, slug: str) -> Ticks | None:
    """The ticks; None if the browser sends none for this checklist."""
    cookie_slug, version, *keys = (*(COOKIE.read(request) or "").split("!"), "")
    return Ticks(version, keys[:-1]) if cookie_slug == slug and version else None


def delete_cookie(response: HttpResponse, path: str) -> None:
    """Delete the ticks from the browser."""
    COOKIE.delete(response, path)
