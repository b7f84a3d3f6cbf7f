"""A reader's answers: in one signed cookie of their own browser, and nowhere else.

The cookie holds the slug, the editions of the self-check and its checklist that were answered and,
for each question answered, its key and the places of the chosen choices; what was ticked last and
not recorded, so that it can be shown again; how urgent the gravest result was that they led to; and
a mark, drawn by lot when they changed. The address of a result has the same mark, so that a tab
which answered otherwise is told. Under other editions the same places may mean other things, so
they are read with the editions that were answered, and then replayed. It is signed, not secret:
only this browser has it, for the self-check's own address and for thirty minutes after the last
answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from secrets import token_hex

from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from education.selfcheck.flow import Flow
from education.web.signed_cookie import SignedCookie

COOKIE_NAME = "self-check"
MAX_AGE_MINUTES = 30
# A sign for each place that a choice can have.
POSITION_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
# Twice each urgency, and half a step below an emergency.
URGENCY_CODES = {"0", "2", "4", "6", "7", "8"}
_COOKIE = SignedCookie(COOKIE_NAME, MAX_AGE_MINUTES, "education.selfcheck.answer_cookie")


@dataclass(frozen=True, repr=False)
class OutdatedAnswers:
    """Answers as they stand in the cookie, and the editions under which they were given."""

    editions: str
    serialized: str

    def deserialize(self, flow: Flow) -> dict[str, frozenset[str]]:
        """The answers, by the flow of those editions."""
        return _deserialize(self.serialized, flow)


@dataclass(repr=False)
class AnswerSet:
    """What a reader has answered so far: the keys of the choices, by question key."""

    answers: dict[str, frozenset[str]] = field(default_factory=dict)
    notice: str = ""
    outdated: OutdatedAnswers | None = None
    # What was ticked at a question and not recorded, by its key; and twice the gravest urgency of a
    # result.
    draft: dict[str, frozenset[str]] = field(default_factory=dict)
    highest_urgency_code: int = 0
    version: str = ""

    @classmethod
    def from_request(cls, request: HttpRequest, slug: str, editions: str, flow: Flow) -> AnswerSet:
        """The answers that a request brings to these editions of a self-check and its checklist.

        There are none, and a note says why, when the cookie is forged, damaged, stale or of other
        editions; what was answered under other editions is then in `outdated`.
        """
        if COOKIE_NAME not in request.COOKIES:
            return cls()
        text = _COOKIE.read(request)
        if text is None:
            return cls(notice="expired")
        mine, answered, serialized, draft, highest_urgency_code, version = (
            *text.split("!"),
            *[""] * 5,
        )[:6]
        if mine != slug:
            return cls(notice="expired")
        level = int(highest_urgency_code) if highest_urgency_code in URGENCY_CODES else 0
        if answered != editions:
            return cls(
                notice="changed",
                outdated=OutdatedAnswers(answered, serialized),
                highest_urgency_code=level,
                version=version,
            )
        draft_read = _deserialize(draft, flow, keep_empty=True)
        return cls(
            _deserialize(serialized, flow),
            draft=draft_read,
            highest_urgency_code=level,
            version=version,
        )

    def record(self, key: str, chosen: frozenset[str] | None) -> None:
        """Take the answer to a question, or with None take it back. Other answers have another
        version.
        """
        if chosen != self.answers.get(key) or not self.version:
            self.version = token_hex(4)
        self.answers.pop(key, None)
        if chosen is not None:
            self.answers[key] = chosen

    def set_cookie(
        self, response: HttpResponse, slug: str, editions: str, flow: Flow, path: str
    ) -> None:
        """Put the answers into the browser, for the address `path` and below."""
        serialized, draft = (
            _serialize(self.answers, flow),
            _serialize(self.draft, flow, keep_empty=True),
        )
        text = "!".join(
            (slug, editions, serialized, draft, str(self.highest_urgency_code), self.version)
        )
        _COOKIE.set(response, text, path)

    def form_fingerprint(self, slug: str, flow: Flow, key: str) -> str:
        """What the form of the question `key` carries, so that it is known which answers it was
        made from.
        """
        return form_fingerprint(slug, _serialize(self.answers, flow), key)


def form_fingerprint(slug: str, serialized: str, key: str) -> str:
    """Two marks that tell nothing: of the answers to other questions, and of that to the question
    `key`.
    """
    parts = [part for part in serialized.split(".") if part]
    own = [part for part in parts if part.partition("-")[0] == key]
    others = [part for part in parts if part not in own]
    digests = (
        salted_hmac("education.selfcheck.seen", f"{slug}!{name}!{'.'.join(some)}").hexdigest()[:16]
        for name, some in (("others", others), ("own", own))
    )
    return "-".join(digests)


def get_version(request: HttpRequest, slug: str) -> str:
    """The version of the answers to this self-check that the browser holds; empty when it holds
    none.
    """
    text = _COOKIE.read(request) or ""
    mine, _editions, serialized, _draft, _gravest, version = (*text.split("!"), *[""] * 5)[:6]
    return version if mine == slug and serialized else ""


def delete_cookie(response: HttpResponse, path: str) -> None:
    """Take the answers out of the browser."""
    _COOKIE.delete(response, path)


def _serialize(
    answers: Mapping[str, frozenset[str]], flow: Flow, *, keep_empty: bool = False
) -> str:
    """Each answer as `key` and a sign for the place of each choice, such as `3f-02.7k-8c`."""
    parts = []
    for question in flow.questions:
        chosen = answers.get(question.key, frozenset())
        positions = "".join(
            sign
            for sign, choice in zip(POSITION_DIGITS, question.choices, strict=False)
            if choice.key in chosen
        )
        if positions or (keep_empty and question.key in answers):
            parts.append(f"{question.key}-{positions}")
    return ".".join(parts)


def _deserialize(
    serialized: str, flow: Flow, *, keep_empty: bool = False
) -> dict[str, frozenset[str]]:
    """What `_serialize` wrote; a question or choice that the flow does not have any more is left
    out.
    """
    answers = {}
    for part in serialized.split("."):
        key, _, positions = part.partition("-")
        question = flow.questions_by_key.get(key)
        if question and (positions or keep_empty):
            known = zip(POSITION_DIGITS, question.choices, strict=False)
            answers[key] = frozenset(choice.key for sign, choice in known if sign in positions)
    return answers
