"""The live site at one moment, which the publication checks read."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from education.publishing.content import Content, DocumentKey
from education.publishing.models import Document, Edition, EditionDependency

Answer = bool | str | None
Question = Callable[..., Answer]
Asked = tuple[str, ...]
"""The name of a question, the kind, slug and language of a document, and the arguments."""

_QUESTIONS: dict[str, Question] = {}


def _question_name(question: Question) -> str:
    return f"{question.__module__}.{question.__qualname__}"


def site_question(function: Question) -> Question:
    """Register a question about one document: a function of its live edition, or None, and texts.

    Its answer should be the same as long as it makes no difference: pages are checked again when
    it is another one.
    """
    _QUESTIONS[_question_name(function)] = function
    return function


@site_question
def is_live(edition: Edition | None) -> bool:
    return edition is not None


@dataclass
class Reading:
    """What a check has read of the site: questions with their answers.

    `is_free`: it has read something else as well, so that the answers do not tell all.
    """

    answers: dict[Asked, Answer] = field(default_factory=dict)
    is_free: bool = False


class SiteSnapshot:
    """What is live at the moment `at`, loaded once for each document.

    `going_live`: the ids of the editions that are being published. If it is None, every edition is
    checked as one that is.
    """

    def __init__(self, at: datetime, going_live: Container[int] | None = None):
        self._at = at
        self._going_live = going_live
        self._live: dict[tuple[DocumentKey, str], Edition | None] = {}
        self._answers: dict[Asked, Answer] = {}
        self._reading: Reading | None = None

    @property
    def at(self) -> datetime:
        """The moment, for queries of a check's own."""
        self._note_free_reading()
        return self._at

    def live_edition(self, key: DocumentKey, language: str) -> Edition | None:
        """The live edition of a document, or None. A check that only asks runs less often."""
        self._note_free_reading()
        return self._get_edition(key, language)

    def load_editions(self, keys: set[DocumentKey], language: str) -> Iterable[Edition]:
        """Query the live editions of documents, which are then cached."""
        documents = Document.objects.by_keys(keys, language)
        live = Edition.objects.live(self._at).filter(document__in=documents)
        return live.select_related("document")

    def is_going_live(self, edition: Edition) -> bool:
        """Whether to check `edition` as one that is being published."""
        self._note_free_reading()
        return self.is_id_going_live(edition.pk)

    def is_id_going_live(self, pk: int) -> bool:
        return self._going_live is None or pk in self._going_live

    def content(self, key: DocumentKey, language: str) -> Content | None:
        """The content of the live edition of a document, or None."""
        edition = self.live_edition(key, language)
        return edition.content if edition else None

    def ask(self, question: Question, key: DocumentKey, language: str, *args: str) -> Answer:
        """The answer of a `site_question` about a document."""
        return self._ask((_question_name(question), *key, language, *args))

    def answer_again(self, asked: Iterable[Asked]) -> dict[Asked, Answer]:
        """The answers of recorded questions; without those that are asked no more."""
        known = [one for one in asked if one[0] in _QUESTIONS]
        wanted: dict[str, set[DocumentKey]] = {}
        for _name, kind, slug, language, *_args in known:
            if (DocumentKey(kind, slug), language) not in self._live:
                wanted.setdefault(language, set()).add(DocumentKey(kind, slug))
        for language, keys in wanted.items():
            self._load(keys, language)
        return {one: self._ask(one) for one in known}

    @contextmanager
    def record_reading(self) -> Iterator[Reading]:
        """Record what is read of the site meanwhile."""
        self._reading = Reading()
        try:
            yield self._reading
        finally:
            self._reading = None

    def affected_by(self, documents: set[int]) -> list[int]:
        """The ids of the live editions of `documents` (ids), and of those that use one of them."""
        users = EditionDependency.objects.filter(document__in=documents).values("edition")
        live = Edition.objects.live(self._at).order_by("pk").values_list("pk", flat=True)
        return list(
            dict.fromkeys([*live.filter(document__in=documents), *live.filter(pk__in=users)])
        )

    def prefill(self, editions: Iterable[Edition]) -> None:
        """Cache editions that are known to be live."""
        for edition in editions:
            self._live[edition.document.key, edition.document.language] = edition

    def _ask(self, asked: Asked) -> Answer:
        if asked not in self._answers:
            name, kind, slug, language, *args = asked
            edition = self._get_edition(DocumentKey(kind, slug), language)
            self._answers[asked] = _QUESTIONS[name](edition, *args)
        if self._reading:
            self._reading.answers[asked] = self._answers[asked]
        return self._answers[asked]

    def _get_edition(self, key: DocumentKey, language: str) -> Edition | None:
        if (key, language) not in self._live:
            self._load({key}, language)
        return self._live[key, language]

    def _load(self, keys: set[DocumentKey], language: str) -> None:
        found = {edition.key: edition for edition in self.load_editions(keys, language)}
        for key in keys:
            self._live[key, language] = found.get(key)

    def _note_free_reading(self) -> None:
        if self._reading:
            self._reading.is_free = True
