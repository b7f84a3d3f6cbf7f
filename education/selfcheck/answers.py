"""A reader's answers: in one signed cookie of their own browser, and nowhere else.

The cookie holds the slug, the editions of the self-check and its checklist that were answered and, for each
question answered, its key and the places of the chosen choices. Under other editions the same places may
mean other things, so they are read with the editions that were answered, and then replayed. It is signed,
not secret: only this browser has it, for the self-check's own address and for thirty minutes after the last
answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest, HttpResponse

from education.selfcheck.flow import Flow

COOKIE = "self-check"
MINUTES = 30
_SIGNER = TimestampSigner(salt="education.selfcheck.answers")


@dataclass(frozen=True, repr=False)
class Earlier:
    """Answers as they stand in the cookie, and the editions under which they were given."""

    editions: str
    written: str

    def read(self, flow: Flow) -> dict[str, frozenset[str]]:
        """The answers, by the flow of those editions."""
        return _read(self.written, flow)


@dataclass(repr=False)
class Given:
    """What a reader has answered so far: the keys of the choices, by question key."""

    answers: dict[str, frozenset[str]] = field(default_factory=dict)
    note: str = ""
    earlier: Earlier | None = None

    @classmethod
    def of(cls, request: HttpRequest, slug: str, editions: str, flow: Flow) -> Given:
        """The answers that a request brings to these editions of a self-check and its checklist.

        There are none, and a note says why, when the cookie is forged, damaged, stale or of other editions;
        what was answered under other editions is then in `earlier`.
        """
        cookie = request.COOKIES.get(COOKIE)
        if cookie is None:
            return cls()
        try:
            text = _SIGNER.unsign(cookie, max_age=MINUTES * 60)
        except BadSignature:
            return cls(note="lost")
        mine, answered, written = (*text.split("!"), "", "")[:3]
        if mine != slug:
            return cls(note="lost")
        if answered != editions:
            return cls(note="changed", earlier=Earlier(answered, written))
        return cls(_read(written, flow))

    def keep(self, response: HttpResponse, slug: str, editions: str, flow: Flow, path: str) -> None:
        """Put the answers into the browser, for the address `path` and below."""
        response.set_cookie(
            COOKIE,
            _SIGNER.sign(f"{slug}!{editions}!{_written(self.answers, flow)}"),
            max_age=MINUTES * 60,
            path=path,
            secure=settings.SITE_IS_HTTPS,
            httponly=True,
            samesite="Lax",
        )


def forget(response: HttpResponse, path: str) -> None:
    """Take the answers out of the browser."""
    response.delete_cookie(COOKIE, path=path, samesite="Lax")


def _written(answers: Mapping[str, frozenset[str]], flow: Flow) -> str:
    """Each answer as `key` and the digits of what was chosen, such as `3f-02.7k-8`."""
    parts = []
    for question in flow.questions:
        chosen = answers.get(question.key, frozenset())
        places = "".join(str(place) for place, c in enumerate(question.choices) if c.key in chosen)
        if places:
            parts.append(f"{question.key}-{places}")
    return ".".join(parts)


def _read(written: str, flow: Flow) -> dict[str, frozenset[str]]:
    """What `_written` wrote; a question or choice that the flow does not have any more is left out."""
    answers = {}
    for part in written.split("."):
        key, _, places = part.partition("-")
        question = flow.question.get(key)
        if question and places.isdecimal():
            known = [int(place) for place in places if int(place) < len(question.choices)]
            answers[key] = frozenset(question.choices[place].key for place in known)
    return answers
