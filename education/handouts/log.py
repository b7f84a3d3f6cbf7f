"""The publication log of some documents and their parts, replayed: what was live right after each entry."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Self

from education import clock
from education.publishing.models import Change, Edition, EditionUse, Publication

Place = tuple[datetime, int]
"""Where an entry stands in the log: its moment and, among entries of one moment, its key."""


def place_of(entry: Publication) -> Place:
    """Where an entry stands; whatever stands before it had begun when it began."""
    return entry.at, entry.pk


@dataclass
class Log:
    """What began by one moment, of some documents and of everything that their editions ever used.

    `uses`: the documents (keys) that an edition (key) uses; `of_advice`: the numbers of the editions of a
    document (key) that changed advice, be they published or not.
    """

    at: datetime
    entries: Mapping[int, list[Publication]]
    uses: Mapping[int, set[int]]
    of_advice: Mapping[int, set[int]]
    _editions: dict[int, Edition] = field(default_factory=dict)

    @classmethod
    def of(cls, documents: Collection[int], at: datetime | None = None) -> Self:
        """The log of `documents` (keys); three queries."""
        moment = at or clock.now()
        uses: dict[int, set[int]] = {}
        used = EditionUse.objects.filter(edition__document__in=documents).values_list("edition", "document")
        for edition, part in used:
            uses.setdefault(edition, set()).add(part)
        everything = set(documents).union(*uses.values())
        entries: dict[int, list[Publication]] = {}
        begun = Publication.objects.begun(moment).filter(document__in=everything)
        for entry in (
            begun.select_related("document", "edition")
            .defer("edition__content", "edition__search_text", "edition__abstract", "edition__synonyms")
            .order_by("at", "pk")
        ):
            entries.setdefault(entry.document_id, []).append(entry)
        of_advice: dict[int, set[int]] = {}
        advice = Edition.objects.filter(document__in=everything, change=Change.ADVICE)
        for document, number in advice.values_list("document", "number"):
            of_advice.setdefault(document, set()).add(number)
        return cls(moment, entries, uses, of_advice)

    def entry(self, publication: int) -> Publication | None:
        """The entry with this key, if it is of these documents and has begun."""
        found = (entry for entries in self.entries.values() for entry in entries)
        return next((entry for entry in found if entry.pk == publication), None)

    def kind(self, document: int) -> str:
        """The kind of a document that was ever live; empty for any other."""
        return next((entry.document.kind for entry in self.entries.get(document, ())), "")

    def live(self, document: int, upto: Place | None = None) -> Publication | None:
        """The entry that decided what readers saw right after `upto`; of the whole log, unless told."""
        entries = self.entries.get(document, [])
        count = bisect_right(entries, upto, key=place_of) if upto else len(entries)
        return entries[count - 1] if count else None

    def shown(self, document: int, upto: Place | None = None) -> dict[int, Edition]:
        """The live editions of a document and of its parts, by document; none while it is not live.

        They hold no content yet: `read` brings it.
        """
        own = self.live(document, upto)
        if own is None or own.edition is None:
            return {}
        parts = (self.live(part, upto) for part in self.uses.get(own.edition.pk, ()))
        found = [own, *(entry for entry in parts if entry)]
        return {entry.document_id: entry.edition for entry in found if entry.edition}

    def after(self, document: int, upto: Place) -> list[Publication]:
        """The entries of a document that began after `upto`, oldest first."""
        entries = self.entries.get(document, [])
        return entries[bisect_right(entries, upto, key=place_of) :]

    def brings_advice(self, entry: Publication) -> bool:
        """Whether `entry` takes a document away, or shows other advice than what was shown before it."""
        before = [
            other.edition.number
            for other in self.entries[entry.document_id]
            if other.edition and place_of(other) < place_of(entry)
        ]
        if entry.edition is None or not before:
            return entry.edition is None
        return self._has_advice(entry.document_id, [before[-1], entry.edition.number])

    def advice_since(self, document: int, upto: Place) -> bool:
        """Whether any edition between what was live at `upto` and what is live now changed advice.

        One that was never published counts as well: the edition after it holds its change.
        """
        before = self.live(document, upto)
        later = [entry.edition.number for entry in self.after(document, upto) if entry.edition]
        first = [before.edition.number] if before and before.edition else []
        numbers = [*first, *later]
        return bool(later and first) and self._has_advice(document, numbers)

    def _has_advice(self, document: int, numbers: list[int]) -> bool:
        """Whether an edition between those with these numbers changed advice."""
        between = range(min(numbers) + 1, max(numbers) + 1)
        return bool(self.of_advice.get(document, set()).intersection(between))

    def read(self, wanted: Iterable[Edition]) -> dict[int, Edition]:
        """Those editions with their contents, by key; one query for what was not read before."""
        keys = {edition.pk for edition in wanted}
        missing = keys - self._editions.keys()
        if missing:
            found = Edition.objects.filter(pk__in=missing).select_related("document").defer("search_text")
            self._editions |= {edition.pk: edition for edition in found}
        return {key: self._editions[key] for key in keys}
