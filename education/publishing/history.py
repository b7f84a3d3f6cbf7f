"""The history of a page and its parts as readers saw it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from education.publishing.models import Edition, EditionDependency, Publication


@dataclass(frozen=True)
class PageChange:
    """A change of a page: moment, part (empty: the page itself), kind of change and note."""

    at: datetime
    part: str
    change: str
    note: str
    first: bool = False
    withdrawn: bool = False


def page_changes(edition: Edition, at: datetime | None = None) -> list[PageChange]:
    """Every change of the page of `edition` and of its current parts, newest first; one query.

    Changes of a part before the first publication of the page are left out.
    """
    parts = EditionDependency.objects.filter(edition=edition).values("document")
    entries = list(
        Publication.objects.started(at)
        .filter(Q(document=edition.document_id) | Q(document__in=parts))
        .annotate_change()
        .select_related("edition", "document")
        .defer("edition__data", "edition__search_text")
        .order_by("at", "pk")
    )
    own = [entry for entry in entries if entry.document_id == edition.document_id]
    if not own:
        return []
    headings = {entry.document_id: entry.edition.heading for entry in entries if entry.edition}
    changes = [
        PageChange(
            at=entry.at,
            part=""
            if entry.document_id == edition.document_id
            else headings.get(entry.document_id, ""),
            change=entry.change or "",
            note=entry.edition.note if entry.edition else entry.reason,
            first=entry.pk == own[0].pk,
            withdrawn=entry.is_withdrawal,
        )
        for entry in entries
        if entry.document_id == edition.document_id or entry.at > own[0].at
    ]
    return changes[::-1]


def last_modified_times(
    editions: QuerySet[Edition], at: datetime | None = None
) -> dict[int, datetime]:
    """The last change of the page of each live edition or its parts, by id; four queries."""
    log = Publication.objects.started(at)
    own = log.filter(document=OuterRef("document")).order_by("-at", "-pk").values("at")[:1]
    changed = dict(editions.annotate(begun=Subquery(own)).values_list("pk", "begun"))
    uses = EditionDependency.objects.filter(edition__in=editions.values("pk")).order_by()
    parts = set(uses.values_list("document", flat=True).distinct())
    newest = log.filter(document__in=parts, at__gt=min(changed.values(), default=timezone.now()))
    begun = dict(newest.values_list("document").annotate(Max("at")).order_by())
    # Of hundreds of pages, few parts are newer than all.
    for edition, part in uses.filter(document__in=begun).values_list("edition", "document"):
        # A page that went live between two queries is dated the next time.
        if edition in changed and begun[part] > changed[edition]:
            changed[edition] = begun[part]
    return changed


@dataclass(frozen=True)
class FeedItem:
    """One entry of the feed: kind of change, heading and note."""

    entry: Publication
    kind: str
    heading: str

    @property
    def note(self) -> str:
        return self.entry.edition.note if self.entry.edition else self.entry.reason


def recent_changes(
    language: str, kinds: Collection[str], limit: int, at: datetime | None = None
) -> list[FeedItem]:
    """The newest changes of pages of these kinds, newest first; one query.

    A withdrawn page has one entry, the withdrawal, without its heading and earlier notes.
    """
    begun = Publication.objects.started(at)
    own = begun.filter(document=OuterRef("document"))
    latest = own.order_by("-at", "-pk")
    earlier = own.filter(Q(at__lt=OuterRef("at")) | Q(at=OuterRef("at"), pk__lt=OuterRef("pk")))
    entries = (
        begun.filter(document__language=language, document__kind__in=kinds)
        .annotate_change()
        .annotate(
            seen=Subquery(latest.values("edition")[:1]),
            last=Subquery(latest.values("pk")[:1]),
            is_later=Exists(earlier),
        )
        .filter(Q(seen__isnull=False) | Q(pk=F("last")))
        .select_related("edition", "document")
        .defer("edition__data", "edition__search_text")
        .order_by("-at", "-pk")
    )
    return [_feed_item(entry) for entry in entries[:limit]]


def _feed_item(entry: Any) -> FeedItem:
    if entry.edition is None:
        return FeedItem(entry, "withdrawn", "")
    return FeedItem(entry, entry.change if entry.is_later else "first", entry.edition.heading)
