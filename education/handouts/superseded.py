"""Old paper: which editions stand on paper to throw away, because advice changed or a page was withdrawn."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from django.db.models import Exists, OuterRef, Q, QuerySet

from education.handouts.codes import LARGEST
from education.handouts.freshness import PrintedPage, Verdict
from education.handouts.log import Log, place_of
from education.publishing.models import Change, Document, Edition, EditionDependency, Publication

# The kinds of document that readers can print.
PRINTED = ("article", "checklist", "self-check")
MOST_ENTRIES = 100


@dataclass(frozen=True)
class OldPaper:
    """Paper of one page, printed before `before`, and what took its place.

    `editions`: those that may stand on it, newest first; `replaced_by`: what began at that moment, of the
    page or of its parts.
    """

    document: Document
    before: datetime
    editions: tuple[Edition, ...]
    replaced_by: tuple[Publication, ...]

    @property
    def title(self) -> str:
        """The title that is on the paper."""
        return self.editions[0].heading


def old_papers(kinds: Collection[str] = PRINTED, at: datetime | None = None) -> list[OldPaper]:
    """What is on paper of pages of these kinds and no longer holds, newest first.

    A page that says again what the paper says is not in it. Looks at the newest `MOST_ENTRIES` entries of the
    log that change advice or withdraw.
    """
    entries = list(_entries(at)[:MOST_ENTRIES])
    changed = {entry.document_id for entry in entries}
    users = EditionDependency.objects.filter(document__in=changed).values("edition__document")
    pages = Document.objects.filter(Q(pk__in=changed) | Q(pk__in=users), kind__in=kinds)
    log = Log.of([document.pk for document in pages], at)
    # What was frozen and never published is on no paper.
    documents = {document.pk: document for document in pages if document.pk in log.entries}
    moments = [(moment, list(group)) for moment, group in groupby(entries, key=lambda entry: entry.at)]
    log.read(
        edition
        for document in documents
        for upto in (
            None,
            *map(place_of, log.entries[document]),
            *((moment, 0) for moment, _of_it in moments),
        )
        for edition in log.shown(document, upto).values()
    )
    found = [
        paper
        for moment, group in moments
        for document in documents.values()
        for paper in _paper(log, document, moment, group)
    ]
    return list(_with_all_editions(log, found))


def _entries(at: datetime | None) -> QuerySet[Publication]:
    """Entries that took something else's place, and may have changed advice; newest first."""
    earlier = Publication.objects.started(at).filter(
        Q(at__lt=OuterRef("at")) | Q(at=OuterRef("at"), pk__lt=OuterRef("pk")), document=OuterRef("document")
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


def _paper(log: Log, document: Document, moment: datetime, entries: list[Publication]) -> Iterator[OldPaper]:
    """The paper of a page printed before a moment, if what began then is why it no longer holds."""
    before = (moment, 0)
    shown = log.shown(document.pk, before)
    of_page = [entry for entry in entries if entry.document_id in shown and log.brings_advice(entry)]
    if not of_page:
        return
    page = PrintedPage(log, document.pk, before)
    if page.verdict < Verdict.ADVICE:
        return
    why = {document.pk, *page.differing_documents} if page.now else {document.pk}
    replaced_by = [entry for entry in of_page if entry.document_id in why]
    if replaced_by:
        yield OldPaper(document, moment, (page.was,), tuple(replaced_by))


def _with_all_editions(log: Log, papers: list[OldPaper]) -> Iterator[OldPaper]:
    """Each with every edition that stands on such paper and not on that of an older line.

    An edition that says what the page says today is on good paper.
    """
    for place, paper in enumerate(papers):
        document = paper.document.pk
        older = [other.before for other in papers[place + 1 :] if other.document == paper.document]
        starts = [place_of(entry) for entry in log.entries[document] if entry.at < paper.before]
        if older:
            starts = [(older[0], LARGEST), *(start for start in starts if start[0] > older[0])]
        printed = [PrintedPage(log, document, start) for start in starts if log.shown(document, start)]
        earlier = [page.was for page in printed[::-1] if page.verdict >= Verdict.ADVICE]
        once = {edition.pk: edition for edition in (*paper.editions, *earlier)}
        yield replace(paper, editions=tuple(once.values()))
