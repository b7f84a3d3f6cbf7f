"""A reader's answers: in one signed cookie of their own browser, and nowhere else.

It is signed, not secret, since only this browser has it: for the address of the self-check alone,
and for 30 minutes after the last answer. These fields are in it, joined by "!":

- the slug of the self-check;
- the editions of the self-check and its checklist that were answered, such as `3-1`;
- for each question answered, its key and the positions of the chosen choices. Under other editions
  the same positions may mean other things, so `answer_replay` reads them with those editions;
- in the same form, what was ticked last and not recorded, so that it can be shown again;
- the urgency code of the most urgent result so far, see `urgency_code`;
- the version of the answers: random, and new whenever they change. The address of a result has it
  too, so that a tab learns when another tab has changed the answers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from secrets import token_hex
from typing import NamedTuple, Self

from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from education.selfcheck.flow import Flow
from education.urgency import Urgency
from education.web.signed_cookie import SignedCookie

COOKIE_NAME = "self-check"
MAX_AGE_MINUTES = 30
# One character for each position that a choice can have.
POSITION_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
URGENCY_CODES = {"0", "2", "4", "6", "7", "8"}
_COOKIE = SignedCookie(COOKIE_NAME, MAX_AGE_MINUTES, "education.selfcheck.answer_cookie")


def urgency_code(urgency: int, is_unsure_about_emergency: bool) -> int:
    """The urgency of a result as the cookie has it: twice the urgency, one more for such doubt."""
    return 2 * urgency + is_unsure_about_emergency


def urgency_of_code(code: int) -> Urgency:
    return Urgency(code // 2)


class _CookieFields(NamedTuple):
    slug: str
    editions: str = ""
    answers: str = ""
    draft: str = ""
    highest_urgency_code: str = ""
    version: str = ""

    @classmethod
    def parse(cls, text: str) -> Self:
        """The fields of a cookie; what an older or damaged one does not have is empty."""
        return cls(*text.split("!")[: len(cls._fields)])


@dataclass(frozen=True, repr=False)
class OutdatedAnswers:
    """Answers as they are in the cookie, and the editions under which they were given."""

    editions: str
    serialized: str

    def deserialize(self, flow: Flow) -> dict[str, frozenset[str]]:
        """The answers by question; `flow` is that of those editions."""
        return _deserialize(self.serialized, flow)


@dataclass(repr=False)
class AnswerSet:
    """What a reader has answered so far: the keys of the choices by question key.

    `draft` has what was ticked at a question and not recorded.
    """

    answers: dict[str, frozenset[str]] = field(default_factory=dict)
    notice: str = ""
    outdated: OutdatedAnswers | None = None
    draft: dict[str, frozenset[str]] = field(default_factory=dict)
    highest_urgency_code: int = 0
    version: str = ""

    @classmethod
    def from_request(cls, request: HttpRequest, slug: str, editions: str, flow: Flow) -> Self:
        """The answers that a request brings to these `editions` of a self-check and its checklist.

        Empty, with a notice that says why, if the cookie is forged, damaged, stale or of other
        editions; answers under other editions are then in `outdated`.
        """
        if COOKIE_NAME not in request.COOKIES:
            return cls()
        text = _COOKIE.read(request)
        fields = _CookieFields.parse(text or "")
        if text is None or fields.slug != slug:
            return cls(notice="expired")
        code = fields.highest_urgency_code
        answer_set = cls(
            highest_urgency_code=int(code) if code in URGENCY_CODES else 0, version=fields.version
        )
        if fields.editions != editions:
            answer_set.notice = "changed"
            answer_set.outdated = OutdatedAnswers(fields.editions, fields.answers)
        else:
            answer_set.answers = _deserialize(fields.answers, flow)
            answer_set.draft = _deserialize(fields.draft, flow, keep_empty=True)
        return answer_set

    def record(self, key: str, chosen: frozenset[str] | None) -> None:
        """Set the answer to a question, or delete it if None; changed answers get a new version."""
        if chosen != self.answers.get(key) or not self.version:
            self.version = token_hex(4)
        self.answers.pop(key, None)
        if chosen is not None:
            self.answers[key] = chosen

    def set_cookie(
        self, response: HttpResponse, slug: str, editions: str, flow: Flow, path: str
    ) -> None:
        """Put the answers into the browser, for the address `path` and below."""
        fields = _CookieFields(
            slug,
            editions,
            _serialize(self.answers, flow),
            _serialize(self.draft, flow, keep_empty=True),
            str(self.highest_urgency_code),
            self.version,
        )
        _COOKIE.set(response, "!".join(fields), path)

    def form_fingerprint(self, slug: str, flow: Flow, key: str) -> str:
        """What the form of the question `key` carries, to show which answers it was made from."""
        return form_fingerprint(slug, _serialize(self.answers, flow), key)


def form_fingerprint(slug: str, serialized: str, key: str) -> str:
    """Two keyed hashes, joined by "-": of all other answers, and of that to the question `key`."""
    parts = [part for part in serialized.split(".") if part]
    own = [part for part in parts if part.partition("-")[0] == key]
    others = [part for part in parts if part not in own]
    digests = (
        salted_hmac("education.selfcheck.seen", f"{slug}!{name}!{'.'.join(some)}").hexdigest()[:16]
        for name, some in (("others", others), ("own", own))
    )
    return "-".join(digests)


def get_version(request: HttpRequest, slug: str) -> str:
    """The version of this browser's answers to this self-check; empty if there are none."""
    fields = _CookieFields.parse(_COOKIE.read(request) or "")
    return fields.version if fields.slug == slug and fields.answers else ""


def delete_cookie(response: HttpResponse, path: str) -> None:
    """Delete the answers from the browser; `path` is that of `AnswerSet.set_cookie`."""
    _COOKIE.delete(response, path)


def _serialize(
    answers: Mapping[str, frozenset[str]], flow: Flow, *, keep_empty: bool = False
) -> str:
    """Each answer as a key and a character for the position of each choice: `3f-02.7k-8c`."""
    parts = []
    for question in flow.questions:
        chosen = answers.get(question.key, frozenset())
        positions = "".join(
            digit
            for digit, choice in zip(POSITION_DIGITS, question.choices, strict=False)
            if choice.key in chosen
        )
        if positions or (keep_empty and question.key in answers):
            parts.append(f"{question.key}-{positions}")
    return ".".join(parts)


def _deserialize(
    serialized: str, flow: Flow, *, keep_empty: bool = False
) -> dict[str, frozenset[str]]:
    """What `_serialize` wrote, without questions and choices that `flow` does not have."""
    answers = {}
    for part in serialized.split("."):
        key, _, positions = part.partition("-")
        question = flow.questions_by_key.get(key)
        if question and (positions or keep_empty):
            digits = zip(POSITION_DIGITS, question.choices, strict=False)
            answers[key] = frozenset(choice.key for digit, choice in digits if digit in positions)
    return answers
