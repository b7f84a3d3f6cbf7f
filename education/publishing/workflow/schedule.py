"""What is scheduled: act by act, and which acts another decision ends."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from education.publishing.models import EditionDependency, Publication


@dataclass(frozen=True)
class Act:
    """What was decided together, to begin at one moment: it happens whole, and is
    taken back whole.
    """

    number: int
    at: datetime
    entries: tuple[Publication, ...]

    @property
    def is_withdrawal(self) -> bool:
        """Whether it takes documents away instead of showing editions."""
        return self.entries[0].is_withdrawal

    @property
    def documents(self) -> set[int]:
        """The documents (keys) that it is about."""
        return {entry.document_id for entry in self.entries}


def scheduled_acts(after: datetime | None = None) -> list[Act]:
    """Every act that begins after a moment (now, unless told), the next one first; one query."""
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
    """The acts that would replace what is published of `documents` (keys) at `since`.

    And those that cannot be shown without what these would bring. One that takes a document away
    stays: it is ended only by a person who decides so. `chosen`: just these acts (numbers) of those
    about `documents`.
    """
    acts = _scheduled_since(since)
    own = [act for act in acts if act.documents.intersection(documents)]
    if only is not None:
        return [act for act in own if act.number in only]
    return _with_dependents([act for act in own if not act.is_withdrawal], acts, ())


def acts_cancelled_by_withdrawal(documents: Collection[int], since: datetime) -> list[Act]:
    """The acts that would bring back, or need, what is withdrawn of `documents` (keys)
    at `since`.
    """
    acts = _scheduled_since(since)
    own = [act for act in acts if act.documents.intersection(documents)]
    return _with_dependents(own, acts, documents)


def _scheduled_since(since: datetime) -> list[Act]:
    """What is scheduled, without what has begun, for `since` or later."""
    return [act for act in scheduled_acts() if act.at >= since]


def _with_dependents(
    ended: Iterable[Act], acts: list[Act], withdrawn: Collection[int]
) -> list[Act]:
    """`ended`, and those of `acts` that cannot be shown without them, or without what is
    `withdrawn`.
    """
    found = {act.number: act for act in ended}
    editions = [entry.edition_id for act in acts for entry in act.entries if entry.edition_id]
    uses: dict[int, set[int]] = {}
    for edition, part in EditionDependency.objects.filter(edition__in=editions).values_list(
        "edition", "document"
    ):
        uses.setdefault(edition, set()).add(part)
    while True:
        lost = {document for act in found.values() for document in act.documents}.union(withdrawn)
        new = [
            act
            for act in acts
            if act.number not in found
            and any(
                not _is_live_without(part, act.at, found.keys(), withdrawn)
                for entry in act.entries
                for part in uses.get(entry.edition_id or 0, set()) & lost
            )
        ]
        if not new:
            return [act for act in acts if act.number in found]
        found |= {act.number: act for act in new}


def _is_live_without(
    document: int, at: datetime, without: Collection[int], withdrawn: Collection[int]
) -> bool:
    """Whether readers see a document at `at`, were the acts `without` not, and those `withdrawn`
    gone.
    """
    log = Publication.objects.filter(document=document, at__lte=at).exclude(act__in=without)
    if document in withdrawn:
        return False
    return log.order_by("-at", "-pk").values_list("edition", flat=True).first() is not None


def scheduled_acts_for(documents: Collection[int]) -> list[Act]:
    """The acts to come that are about one of `documents` (keys)."""
    return [act for act in scheduled_acts() if act.documents.intersection(documents)]
