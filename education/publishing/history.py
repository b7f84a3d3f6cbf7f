"""What readers have been shown of a page over time, its parts included."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from education.publishing.models import Edition, EditionUse, Publication


@dataclass(frozen=True)
class PageChange:
    """A change of a page: when, of which part (empty: the page itself), what kind, and the note."""

    at: datetime
    part: str
    change: str
    note: str
    first: bool = False
    withdrawn: bool = False


def changes_of_page(edition: Edition, at: datetime | None = None) -> list[PageChange]:
    """Every change of the page of `edition` and of the parts it uses now, newest first; one query.

    What happened to a part before the page was first published is not this page's history.
    """
    parts = EditionUse.objects.filter(edition=edition).values("document")
    entries = list(
        Publication.objects.begun(at)
        .filter(Q(document=edition.document_id) | Q(document__in=parts))
        .select_related("edition", "document")
        .defer("edition__content", "edition__search_text")
        .order_by("at", "pk")
    )
    own = [entry for entry in entries if entry.document_id == edition.document_id]
    if not own:
        return []
    headings = {entry.document_id: entry.edition.heading for entry in entries if entry.edition}
    changes = [
        PageChange(
            at=entry.at,
            part="" if entry.document_id == edition.document_id else headings.get(entry.document_id, ""),
            change=entry.edition.change if entry.edition else "",
            note=entry.edition.note if entry.edition else entry.reason,
            first=entry.pk == own[0].pk,
            withdrawn=entry.is_withdrawal,
        )
        for entry in entries
        if entry.document_id == edition.document_id or entry.at > own[0].at
    ]
    return changes[::-1]
