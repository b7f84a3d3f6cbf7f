"""Outdated handouts: printed editions to throw away after advice changed or a withdrawal."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from django.db.models import Exists, OuterRef, Q, QuerySet

from education.handouts.codes import MAX_NUMBER
from education.handouts.freshness import Freshness, PrintedPage
from education.handouts.handout import PRINTABLE_KINDS
from education.handouts.log_replay import LogReplay, position_of
from education.publishing.models import Change, Document, Edition, EditionDependency, Publication

# The newest entries of the log that are searched.
MAX_ENTRIES = 100


@dataclass(frozen=True)
class OutdatedHandout:
    """Handouts of one page that were printed before a moment, and what replaced them.

    `editions`: those that may be on them, newest first; `replaced_by`: the publications of the page
    or of its parts at that moment.
    """

    document: Document
    printed_before: datetime
    editions: tuple[Edition, ...]
    replaced_by: tuple[Publication, ...]

    @property
    def title(self) -> str:
        """The title on the handout."""
        return self.editions[0].heading


def find_outdated_handouts(
    kinds: Collection[str] = PRINTABLE_KINDS, at: datetime | None = None
) -> list[OutdatedHandout]:
    """The outdated handouts of pages of these kinds, newest first.

    A handout whose text is live again is not among them. Only the newest `MAX_ENTRIES` entries of
    the log that change advice or withdraw are considered.
    """
    entries = list(_entries(at)[:MAX_ENTRIES])
    changed = {entry.document_id for entry in entries}
    users = EditionDependency.objects.filter(document__in=changed).values("edition__document")
    pages = Document.objects.filter(Q(pk__in=changed) | Q(pk__in=users), kind__in=kinds)
    replay = LogReplay.from_documents([document.pk for document in pages], at)
    # A document that was frozen and never published is on no handout.
    documents = [document for document in pages if document.pk in replay.entries]
    by_moment = {
        moment: list(group) for moment, group in groupby(entries, key=lambda entry: entry.at)
    }
    _load_editions(replay, documents, by_moment)
    handouts = [
        handout
        for moment, group in by_moment.items()
        for document in documents
        for handout in _outdated_handout(replay, document, moment, group)
    ]
    return list(_with_all_editions(replay, handouts))


def _load_editions(
    replay: LogReplay, documents: Iterable[Document], moments: Iterable[datetime]
) -> None:
    """Read all editions that were ever live of these pages and their parts, in one query."""
    needed: list[Edition] = []
    for document in documents:
        entries = replay.entries[document.pk]
        positions = [*map(position_of, entries), *((moment, 0) for moment in moments)]
        for until in (None, *positions):
            needed += replay.live_editions(document.pk, until).values()
    replay.load_editions(needed)


def _entries(at: datetime | None) -> QuerySet[Publication]:
    """Entries that replaced another one and changed advice or withdrew, newest first."""
    earlier = Publication.objects.started(at).filter(
        Q(at__lt=OuterRef("at")) | Q(at=OuterRef("at"), pk__lt=OuterRef("pk")),
        document=OuterRef("document"),
    )
    return (
        Publication.objects.started(at)
        .annotate_change()
        .filter(Q(change=Change.ADVICE) | Q(edition=None))
        .filter(Exists(earlier))
        .select_related("document", "edition")
        .defer("edition__data", "edition__search_text")
        .order_by("-at", "-pk")
    )


def _outdated_handout(
    replay: LogReplay, document: Document, moment: datetime, entries: list[Publication]
) -> Iterator[OutdatedHandout]:
    """The handouts of a page before a moment, if its `entries` made them outdated."""
    before = (moment, 0)
    shown = replay.live_editions(document.pk, before)
    of_page = [
        entry for entry in entries if entry.document_id in shown and replay.changes_advice(entry)
    ]
    if not of_page:
        return
    page = PrintedPage(replay, document.pk, before)
    if page.freshness < Freshness.ADVICE:
        return
    causes = {document.pk, *page.differing_documents} if page.live_edition else {document.pk}
    replaced_by = [entry for entry in of_page if entry.document_id in causes]
    if replaced_by:
        yield OutdatedHandout(document, moment, (page.printed_edition,), tuple(replaced_by))


def _with_all_editions(
    replay: LogReplay, handouts: list[OutdatedHandout]
) -> Iterator[OutdatedHandout]:
    """Each handout with every edition that may be on it and on no older one of its page.

    An edition with the text that is live today is not outdated.
    """
    for index, handout in enumerate(handouts):
        document = handout.document.pk
        others = (other for other in handouts[index + 1 :] if other.document == handout.document)
        older = next(others, None)
        starts = [
            position_of(entry)
            for entry in replay.entries[document]
            if entry.at < handout.printed_before
        ]
        if older:
            bound = older.printed_before
            starts = [(bound, MAX_NUMBER), *(start for start in starts if start[0] > bound)]
        editions = {edition.pk: edition for edition in handout.editions}
        for start in reversed(starts):
            if not replay.live_editions(document, start):
                continue
            page = PrintedPage(replay, document, start)
            if page.freshness >= Freshness.ADVICE:
                editions.setdefault(page.printed_edition.pk, page.printed_edition)
        yield replace(handout, editions=tuple(editions.values()))
