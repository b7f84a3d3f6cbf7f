"""Old paper: which editions stand on paper to throw away, because advice changed or a page was
withdrawn.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from django.db.models import Exists, OuterRef, Q, QuerySet

from education.handouts.codes import MAX_NUMBER
from education.handouts.freshness import Freshness, PrintedPage
from education.handouts.log_replay import LogReplay, position_of
from education.publishing.models import Change, Document, Edition, EditionDependency, Publication

# The kinds of document that readers can print.
PRINTABLE_KINDS = ("article", "checklist", "self-check")
MAX_ENTRIES = 100


@dataclass(frozen=True)
class OutdatedHandout:
    """Paper of one page, printed before `before`, and what took its place.

    `editions`: those that may stand on it, newest first; `replaced_by`: what began at that moment,
    of the page or of its parts.
    """

    document: Document
    printed_before: datetime
    editions: tuple[Edition, ...]
    replaced_by: tuple[Publication, ...]

    @property
    def title(self) -> str:
        """The title that is on the paper."""
        return self.editions[0].heading


def find_outdated_handouts(
    kinds: Collection[str] = PRINTABLE_KINDS, at: datetime | None = None
) -> list[OutdatedHandout]:
    """What is on paper of pages of these kinds and no longer holds, newest first.

    A page that says again what the paper says is not in it. Looks at the newest `MAX_ENTRIES`
    entries of the log that change advice or withdraw.
    """
    entries = list(_entries(at)[:MAX_ENTRIES])
    changed = {entry.document_id for entry in entries}
    users = EditionDependency.objects.filter(document__in=changed).values("edition__document")
    pages = Document.objects.filter(Q(pk__in=changed) | Q(pk__in=users), kind__in=kinds)
    replay = LogReplay.from_documents([document.pk for document in pages], at)
    # What was frozen and never published is on no paper.
    documents = {document.pk: document for document in pages if document.pk in replay.entries}
    moments = [
        (moment, list(group)) for moment, group in groupby(entries, key=lambda entry: entry.at)
    ]
    replay.load_editions(
        edition
        for document in documents
        for until in (
            None,
            *map(position_of, replay.entries[document]),
            *((moment, 0) for moment, _of_it in moments),
        )
        for edition in replay.live_editions(document, until).values()
    )
    found = [
        handout
        for moment, group in moments
        for document in documents.values()
        for handout in _outdated_handout(replay, document, moment, group)
    ]
    return list(_with_all_editions(replay, found))


def _entries(at: datetime | None) -> QuerySet[Publication]:
    """Entries that took something else's place, and may have changed advice; newest first."""
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
    """The paper of a page printed before a moment, if what began then is why it no longer holds."""
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
    why = {document.pk, *page.differing_documents} if page.live_edition else {document.pk}
    replaced_by = [entry for entry in of_page if entry.document_id in why]
    if replaced_by:
        yield OutdatedHandout(document, moment, (page.printed_edition,), tuple(replaced_by))


def _with_all_editions(
    replay: LogReplay, handouts: list[OutdatedHandout]
) -> Iterator[OutdatedHandout]:
    """Each with every edition that stands on such paper and not on that of an older line.

    An edition that says what the page says today is on good paper.
    """
    for position, handout in enumerate(handouts):
        document = handout.document.pk
        older = [
            other.printed_before
            for other in handouts[position + 1 :]
            if other.document == handout.document
        ]
        starts = [
            position_of(entry)
            for entry in replay.entries[document]
            if entry.at < handout.printed_before
        ]
        if older:
            starts = [(older[0], MAX_NUMBER), *(start for start in starts if start[0] > older[0])]
        printed = [
            PrintedPage(replay, document, start)
            for start in starts
            if replay.live_editions(document, start)
        ]
        earlier = [
            page.printed_edition for page in printed[::-1] if page.freshness >= Freshness.ADVICE
        ]
        once = {edition.pk: edition for edition in (*handout.editions, *earlier)}
        yield replace(handout, editions=tuple(once.values()))
