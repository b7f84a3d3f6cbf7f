"""The publication log of some documents and their parts: what was live after each entry."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Self

from django.utils import timezone

from education.publishing.models import Change, Edition, EditionDependency, Publication
from education.publishing.review_inheritance import group_by_advice

LogPosition = tuple[datetime, int]
"""The position of an entry in the log: its moment and its order within it; 0 is before all."""


def position_of(entry: Publication) -> LogPosition:
    """The position of an entry: the entries before it had begun when it began.

    The entries of an act have one position. So have all that were scheduled for one moment, because
    readers never saw some of them without the others. The acts of that very moment follow.
    """
    return entry.at, 1 if entry.recorded_at < entry.at else entry.act + 1


@dataclass
class LogReplay:
    """The entries up to a moment of some documents and of everything that their editions used.

    All keys are primary keys. `entries`: by document, oldest first; `dependencies`: the documents
    that an edition uses; `advice`: for each edition number of a document, a value that is equal
    for editions that are known to give the same advice.
    """

    at: datetime
    entries: Mapping[int, list[Publication]]
    dependencies: Mapping[int, set[int]]
    advice: Mapping[int, Mapping[int, int]]
    _editions: dict[int, Edition] = field(default_factory=dict)

    @classmethod
    def from_documents(cls, documents: Collection[int], at: datetime | None = None) -> Self:
        """Read the log of `documents`; three queries."""
        moment = at or timezone.now()
        uses: dict[int, set[int]] = {}
        used = EditionDependency.objects.filter(edition__document__in=documents).values_list(
            "edition", "document"
        )
        for edition, part in used:
            uses.setdefault(edition, set()).add(part)
        everything = set(documents).union(*uses.values())
        entries: dict[int, list[Publication]] = {}
        begun = Publication.objects.started(moment).filter(document__in=everything)
        texts = ("edition__data", "edition__search_text", "edition__abstract", "edition__synonyms")
        log = begun.annotate_change().select_related("document", "edition").defer(*texts)
        for entry in log.order_by("at", "pk"):
            entries.setdefault(entry.document_id, []).append(entry)
        editions = Edition.objects.filter(document__in=everything).order_by("document", "number")
        changes = editions.values_list(
            "document", "number", "change", "wording_checks__compared_with__number"
        )
        advice = {
            document: group_by_advice(row[1:] for row in group)
            for document, group in groupby(changes, key=itemgetter(0))
        }
        return cls(moment, entries, uses, advice)

    def entry(self, publication: int) -> Publication | None:
        """The entry with this key, if it is in this part of the log."""
        found = (entry for entries in self.entries.values() for entry in entries)
        return next((entry for entry in found if entry.pk == publication), None)

    def kind(self, document: int) -> str:
        """The kind of a document that was ever live; empty for any other."""
        return next((entry.document.kind for entry in self.entries.get(document, ())), "")

    def live_publication(
        self, document: int, until: LogPosition | None = None
    ) -> Publication | None:
        """The last entry of a document up to `until`, by default of the whole log."""
        entries = self.entries.get(document, [])
        count = bisect_right(entries, until, key=position_of) if until else len(entries)
        return entries[count - 1] if count else None

    def live_editions(self, document: int, until: LogPosition | None = None) -> dict[int, Edition]:
        """The live editions of a document and its parts after `until`, by document.

        Empty while the document is not live. Their content is deferred; see `load_editions`.
        """
        own = self.live_publication(document, until)
        if own is None or own.edition is None:
            return {}
        parts = (
            self.live_publication(part, until) for part in self.dependencies.get(own.edition.pk, ())
        )
        found = [own, *(entry for entry in parts if entry)]
        return {entry.document_id: entry.edition for entry in found if entry.edition}

    def publications_after(self, document: int, since: LogPosition) -> list[Publication]:
        """The entries of a document after `since`, oldest first."""
        entries = self.entries.get(document, [])
        return entries[bisect_right(entries, since, key=position_of) :]

    def changes_advice(self, entry: Publication) -> bool:
        """Whether `entry` withdraws a document, or changes the advice of the edition before it."""
        return entry.edition is None or (
            entry.replaced is not None and entry.change == Change.ADVICE
        )

    def advice_changed_since(self, document: int, since: LogPosition) -> bool:
        """Whether any edition after the one that was live at `since` changed advice."""
        before = self.live_publication(document, since)
        later = [entry for entry in self.publications_after(document, since) if entry.edition]
        return bool(before and before.edition) and any(map(self.changes_advice, later))

    def has_same_advice(self, document: int, since: LogPosition) -> bool:
        """Whether the live edition is known to give the same advice as the one live at `since`.

        Also true if nothing was live then or is live now; callers check that separately.
        """
        then, now = self.live_publication(document, since), self.live_publication(document)
        if not (then and now and then.edition and now.edition):
            return True
        classes = self.advice[document]
        return classes[then.edition.number] == classes[now.edition.number]

    def load_editions(self, wanted: Iterable[Edition]) -> dict[int, Edition]:
        """These editions with content, by key; one query for those that were not read before."""
        keys = {edition.pk for edition in wanted}
        missing = keys - self._editions.keys()
        if missing:
            found = (
                Edition.objects.filter(pk__in=missing)
                .select_related("document")
                .defer("search_text")
            )
            self._editions |= {edition.pk: edition for edition in found}
        return {key: self._editions[key] for key in keys}
