"""Scheduled acts, and which of them another decision cancels."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from education.publishing.models import EditionDependency, Publication


@dataclass(frozen=True)
class Act:
    """Publications that were decided together, begin together and are cancelled together."""

    number: int
    at: datetime
    entries: tuple[Publication, ...]

    @property
    def is_withdrawal(self) -> bool:
        return self.entries[0].is_withdrawal

    @property
    def documents(self) -> set[int]:
        """The ids of its documents."""
        return {entry.document_id for entry in self.entries}


def scheduled_acts(after: datetime | None = None) -> list[Act]:
    """Every act that begins after a moment, by default now, earliest first; one query."""
    entries = (
        Publication.objects.upcoming(after)
        .select_related("document", "edition", "by")
        .defer("edition__data", "edition__search_text")
        .order_by("at", "act", "pk")
    )
    acts = [
        (key, tuple(group))
        for key, group in groupby(entries, key=lambda entry: (entry.at, entry.act))
    ]
    return [Act(number, at, group) for (at, number), group in acts]


def acts_cancelled_by_publication(
    documents: Collection[int], since: datetime, only: Collection[int] | None = None
) -> list[Act]:
    """The acts that would replace what is published of `documents` (ids) at `since`.

    And those that depend on these. A withdrawal is not cancelled: only a person decides that.
    `only`: of the acts about `documents`, just those with these numbers.
    """
    acts = _scheduled_since(since)
    affected = [act for act in acts if act.documents.intersection(documents)]
    if only is not None:
        return [act for act in affected if act.number in only]
    return _with_dependents([act for act in affected if not act.is_withdrawal], acts, ())


def acts_cancelled_by_withdrawal(documents: Collection[int], since: datetime) -> list[Act]:
    """The acts at `since` or later that would publish or need withdrawn `documents` (ids)."""
    acts = _scheduled_since(since)
    affected = [act for act in acts if act.documents.intersection(documents)]
    return _with_dependents(affected, acts, documents)


def _scheduled_since(since: datetime) -> list[Act]:
    """The scheduled acts that begin at `since` or later."""
    return [act for act in scheduled_acts() if act.at >= since]


def _with_dependents(
    cancelled: Iterable[Act], acts: list[Act], withdrawn: Collection[int]
) -> list[Act]:
    """`cancelled`, and those of `acts` that need them or one of the `withdrawn` documents."""
    found = {act.number: act for act in cancelled}
    editions = [entry.edition_id for act in acts for entry in act.entries if entry.edition_id]
    uses: dict[int, set[int]] = {}
    for edition, part in EditionDependency.objects.filter(edition__in=editions).values_list(
        "edition", "document"
    ):
        uses.setdefault(edition, set()).add(part)
    while True:
        missing = {document for act in found.values() for document in act.documents}.union(
            withdrawn
        )
        new = [
            act
            for act in acts
            if act.number not in found
            and any(
                not _is_live_without(part, act.at, found.keys(), withdrawn)
                for entry in act.entries
                for part in uses.get(entry.edition_id or 0, set()) & missing
            )
        ]
        if not new:
            return [act for act in acts if act.number in found]
        found |= {act.number: act for act in new}


def _is_live_without(
    document: int, at: datetime, cancelled: Collection[int], withdrawn: Collection[int]
) -> bool:
    """Whether a document is live at `at` without these acts and these documents."""
    log = Publication.objects.filter(document=document, at__lte=at).exclude(act__in=cancelled)
    if document in withdrawn:
        return False
    return log.order_by("-at", "-pk").values_list("edition", flat=True).first() is not None


def scheduled_acts_for(documents: Collection[int]) -> list[Act]:
    """The scheduled acts about one of `documents` (ids)."""
    return [act for act in scheduled_acts() if act.documents.intersection(documents)]
