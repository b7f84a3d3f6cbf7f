"""A reader's answers: in one signed cookie of their own browser, and nowhere else.

The cookie holds the slug, the editions of the self-check and its checklist that were answered and, for each
question answered, its key and the places of the chosen choices; what was ticked last and not recorded, so
that it can be shown again; how urgent the gravest result was that they led to; and a mark, drawn by lot when
they changed. The address of a result has the same mark, so that a tab which answered otherwise is told. Under
other editions the same places may mean other things, so they are read with the editions that were answered,
and then replayed. It is signed, not secret: only this browser has it, for the self-check's own address and
for thirty minutes after the last answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from secrets import token_hex

from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from education.selfcheck.flow import Flow
from education.web.signed_cookie import SignedCookie

COOKIE = "self-check"
MINUTES = 30
# A sign for each place that a choice can have.
PLACES = "0123456789abcdefghijklmnopqrstuvwxyz"
# Twice each urgency, and half a step below an emergency.
GRAVEST = {"0", "2", "4", "6", "7", "8"}
_COOKIE = SignedCookie(COOKIE, MINUTES, "education.selfcheck.answers")


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
    # What was ticked at a question and not recorded, by its key; and twice the gravest urgency of a result.
    draft: dict[str, frozenset[str]] = field(default_factory=dict)
    gravest: int = 0
    mark: str = ""

    @classmethod
    def of(cls, request: HttpRequest, slug: str, editions: str, flow: Flow) -> Given:
        """The answers that a request brings to these editions of a self-check and its checklist.

        There are none, and a note says why, when the cookie is forged, damaged, stale or of other editions;
        what was answered under other editions is then in `earlier`.
        """
        if COOKIE not in request.COOKIES:
            return cls()
        text = _COOKIE.read(request)
        if text is None:
            return cls(note="lost")
        mine, answered, written, draft, gravest, mark = (*text.split("!"), *[""] * 5)[:6]
        if mine != slug:
            return cls(note="lost")
        level = int(gravest) if gravest in GRAVEST else 0
        if answered != editions:
            return cls(note="changed", earlier=Earlier(answered, written), gravest=level, mark=mark)
        draft_read = _read(draft, flow, keep_empty=True)
        return cls(_read(written, flow), draft=draft_read, gravest=level, mark=mark)

    def record(self, key: str, chosen: frozenset[str] | None) -> None:
        """Take the answer to a question, or with None take it back. Other answers have another mark."""
        if chosen != self.answers.get(key) or not self.mark:
            self.mark = token_hex(4)
        self.answers.pop(key, None)
        if chosen is not None:
            self.answers[key] = chosen

    def keep(self, response: HttpResponse, slug: str, editions: str, flow: Flow, path: str) -> None:
        """Put the answers into the browser, for the address `path` and below."""
        written, draft = _written(self.answers, flow), _written(self.draft, flow, keep_empty=True)
        text = "!".join((slug, editions, written, draft, str(self.gravest), self.mark))
        _COOKIE.set(response, text, path)

    def seen(self, slug: str, flow: Flow, key: str) -> str:
        """What the form of the question `key` carries, so that it is known which answers it was made from."""
        return seen(slug, _written(self.answers, flow), key)


def seen(slug: str, written: str, key: str) -> str:
    """Two marks that tell nothing: of the answers to other questions, and of that to the question `key`."""
    parts = [part for part in written.split(".") if part]
    own = [part for part in parts if part.partition("-")[0] == key]
    others = [part for part in parts if part not in own]
    marks = (
        salted_hmac("education.selfcheck.seen", f"{slug}!{name}!{'.'.join(some)}").hexdigest()[:16]
        for name, some in (("others", others), ("own", own))
    )
    return "-".join(marks)


def mark_of(request: HttpRequest, slug: str) -> str:
    """The mark of the answers to this self-check that the browser holds; empty when it holds none."""
    text = _COOKIE.read(request) or ""
    mine, _editions, written, _draft, _gravest, mark = (*text.split("!"), *[""] * 5)[:6]
    return mark if mine == slug and written else ""


def forget(response: HttpResponse, path: str) -> None:
    """Take the answers out of the browser."""
    _COOKIE.delete(response, path)


def _written(answers: Mapping[str, frozenset[str]], flow: Flow, *, keep_empty: bool = False) -> str:
    """Each answer as `key` and a sign for the place of each choice, such as `3f-02.7k-8c`."""
    parts = []
    for question in flow.questions:
        chosen = answers.get(question.key, frozenset())
        places = "".join(
            sign for sign, choice in zip(PLACES, question.choices, strict=False) if choice.key in chosen
        )
        if places or (keep_empty and question.key in answers):
            parts.append(f"{question.key}-{places}")
    return ".".join(parts)


def _read(written: str, flow: Flow, *, keep_empty: bool = False) -> dict[str, frozenset[str]]:
    """What `_written` wrote; a question or choice that the flow does not have any more is left out."""
    answers = {}
    for part in written.split("."):
        key, _, places = part.partition("-")
        question = flow.question.get(key)
        if question and (places or keep_empty):
            known = zip(PLACES, question.choices, strict=False)
            answers[key] = frozenset(choice.key for sign, choice in known if sign in places)
    return answers
