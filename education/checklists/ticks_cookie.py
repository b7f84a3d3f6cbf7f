"""What was ticked on a checklist, on its way to the page of the answer: in one cookie for that page
alone.

The browser sends it to no other address, so going back to the answer, or on from it, never sends a
form again, and no page but the answer ever has the ticks. An empty one tells that a browser takes
cookies.
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
# Stands for everything that was sent and is no sign of the list: it tells that the list has
# changed.
UNKNOWN_SIGN = "?"


@dataclass(frozen=True, repr=False)
class Ticks:
    """The ticked keys, and the mark of the answer that they belong to."""

    version: str
    keys: list[str]


def set_cookie(response: HttpResponse, slug: str, ticks: Ticks, path: str) -> None:
    """Put what was ticked into the browser, for the page of the answer."""
    COOKIE.set(response, "!".join((slug, ticks.version, *ticks.keys)), path)


def new_ticks(content: ChecklistContent, keys: Iterable[str]) -> Ticks:
    """What was ticked of this list, under a mark of its own."""
    given = {key for key in keys if key}
    known = [sign.key for sign in content.signs if sign.key in given]
    unknown = [UNKNOWN_SIGN] if given - set(known) else []
    return Ticks(token_hex(4), known + unknown)


def set_test_cookie(response: HttpResponse, path: str) -> None:
    """Put an empty cookie: whoever sends it back takes cookies."""
    COOKIE.set(response, "", path)


def read_cookie(request: HttpRequest, slug: str) -> Ticks | None:
    """What was ticked; None when the browser brings nothing for this checklist."""
    cookie_slug, version, *keys = (*(COOKIE.read(request) or "").split("!"), "")
    return Ticks(version, keys[:-1]) if cookie_slug == slug and version else None


def delete_cookie(response: HttpResponse, path: str) -> None:
    """Take the ticks out of the browser."""
    COOKIE.delete(response, path)
