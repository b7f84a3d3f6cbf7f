"""The live site at one moment, which the publication checks read."""

from __future__ import annotations

from collections.abc import Container, Iterable
from datetime import datetime

from education.publishing.content import Content, DocumentKey
from education.publishing.models import Edition, EditionDependency


class SiteSnapshot:
    """What is live at the moment `at`, loaded once for each document.

    `going_live`: the ids of the editions that are being published. If it is None, every edition is
    checked as one that is.
    """

    def __init__(self, at: datetime, going_live: Container[int] | None = None):
        self.at = at
        self._going_live = going_live
        self._live: dict[tuple[DocumentKey, str], Edition | None] = {}

    def live_edition(self, key: DocumentKey, language: str) -> Edition | None:
        """The live edition of a document, or None."""
        if (key, language) not in self._live:
            self._live[key, language] = self.load_edition(key, language)
        return self._live[key, language]

    def load_edition(self, key: DocumentKey, language: str) -> Edition | None:
        """Query the edition that `live_edition` then caches."""
        return (
            Edition.objects.live(self.at)
            .of_kind(key.kind, language)
            .filter(document__slug=key.slug)
            .select_related("document")
            .first()
        )

    def is_going_live(self, edition: Edition) -> bool:
        """Whether to check `edition` as one that is being published."""
        return self._going_live is None or edition.pk in self._going_live

    def content(self, key: DocumentKey, language: str) -> Content | None:
        """The content of the live edition of a document, or None."""
        edition = self.live_edition(key, language)
        return edition.content if edition else None

    def affected_by(self, documents: set[int]) -> list[Edition]:
        """The live editions of `documents` (ids), and those that use one of them."""
        users = EditionDependency.objects.filter(document__in=documents).values("edition")
        live = Edition.objects.live(self.at).select_related("document")
        editions = {edition.pk: edition for edition in live.filter(document__in=documents)}
        editions |= {edition.pk: edition for edition in live.filter(pk__in=users)}
        self.prefill(editions.values())
        return list(editions.values())

    def prefill(self, editions: Iterable[Edition]) -> None:
        """Cache editions that are known to be live."""
        for edition in editions:
            self._live[edition.document.key, edition.document.language] = edition
