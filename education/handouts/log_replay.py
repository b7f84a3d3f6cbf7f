"""The publication log of some documents and their parts, replayed: what was live right after each
entry.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Self

from education import clock
from education.publishing.models import Change, Edition, EditionDependency, Publication
from education.publishing.review_inheritance import group_by_advice

LogPosition = tuple[datetime, int]
"""The position of an entry in the log: its time and its order within it; 0 is before all."""


def position_of(entry: Publication) -> LogPosition:
    """Where an entry stands; whatever stands before it had begun when it began.

    An act is one place, whatever the order of its rows. So is all that was scheduled for one
    moment: readers never saw some of it without the rest. What is decided at that very moment
    follows, act by act.
    """
    return entry.at, 1 if entry.recorded_at < entry.at else entry.act + 1


@dataclass
class LogReplay:
    """What began by one moment, of some documents and of everything that their editions ever used.

    `uses`: the documents (keys) that an edition (key) uses; `advice`: for the numbers of all
    editions of a document (key), values that are equal where they are known to give the same
    advice.
    """

    at: datetime
    entries: Mapping[int, list[Publication]]
    dependencies: Mapping[int, set[int]]
    advice: Mapping[int, Mapping[int, int]]
    _editions: dict[int, Edition] = field(default_factory=dict)

    @classmethod
    def from_documents(cls, documents: Collection[int], at: datetime | None = None) -> Self:
        """The log of `documents` (keys); three queries."""
        moment = at or clock.now()
        uses: dict[int, set[int]] = {}
        used = EditionDependency.objects.filter(edition__document__in=documents).values_list(
            "edition", "document"
        )
        for edition, part in used:
            uses.setdefault(edition, set()).add(part)
        everything = set(documents).union(*uses.values())
        entries: dict[int, list[Publication]] = {}
        begun = Publication.objects.started(moment).filter(document__in=everything)
        for entry in (
            begun.annotate_change()
            .select_related("document", "edition")
            .defer(
                "edition__data", "edition__search_text", "edition__abstract", "edition__synonyms"
            )
            .order_by("at", "pk")
        ):
            entries.setdefault(entry.document_id, []).append(entry)
        rows = Edition.objects.filter(document__in=everything).order_by("document", "number")
        told = rows.values_list(
            "document", "number", "change", "wording_checks__compared_with__number"
        )
        advice = {
            document: group_by_advice(row[1:] for row in group)
            for document, group in groupby(told, key=itemgetter(0))
        }
        return cls(moment, entries, uses, advice)

    def entry(self, publication: int) -> Publication | None:
        """The entry with this key, if it is of these documents and has begun."""
        found = (entry for entries in self.entries.values() for entry in entries)
        return next((entry for entry in found if entry.pk == publication), None)

    def kind(self, document: int) -> str:
        """The kind of a document that was ever live; empty for any other."""
        return next((entry.document.kind for entry in self.entries.get(document, ())), "")

    def live_publication(
        self, document: int, until: LogPosition | None = None
    ) -> Publication | None:
        """The entry that decided what readers saw right after `upto`; of the whole log, unless
        told.
        """
        entries = self.entries.get(document, [])
        count = bisect_right(entries, until, key=position_of) if until else len(entries)
        return entries[count - 1] if count else None

    def live_editions(self, document: int, until: LogPosition | None = None) -> dict[int, Edition]:
        """The live editions of a document and of its parts, by document; none while it is not live.

        They hold no content yet: `read` brings it.
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
        """The entries of a document that began after `upto`, oldest first."""
        entries = self.entries.get(document, [])
        return entries[bisect_right(entries, since, key=position_of) :]

    def changes_advice(self, entry: Publication) -> bool:
        """Whether `entry` takes a document away, or shows other advice than what was shown before
        it.
        """
        return entry.edition is None or (
            entry.replaced is not None and entry.change == Change.ADVICE
        )

    def advice_changed_since(self, document: int, since: LogPosition) -> bool:
        """Whether any edition that came between what was live at `upto` and now changed advice."""
        before = self.live_publication(document, since)
        later = [entry for entry in self.publications_after(document, since) if entry.edition]
        return bool(before and before.edition) and any(map(self.changes_advice, later))

    def has_same_advice(self, document: int, since: LogPosition) -> bool:
        """Whether what is live now is known to give the same advice as what was live at `upto`.

        True as well where nothing was live then, or is now: that something came or went is told
        elsewhere.
        """
        then, now = self.live_publication(document, since), self.live_publication(document)
        if not (then and now and then.edition and now.edition):
            return True
        classes = self.advice[document]
        return classes[then.edition.number] == classes[now.edition.number]

    def load_editions(self, wanted: Iterable[Edition]) -> dict[int, Edition]:
        """Those editions with their contents, by key; one query for what was not read before."""
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
