"""What the program found that an edition changes for readers, shown before it is submitted or published."""

from __future__ import annotations

from dataclasses import dataclass

from education.publishing.changes.change_kinds import ChangeReason
from education.publishing.changes.classification import compare_with_editions, overall_change, reasons_between
from education.publishing.content import ActionRefused
from education.publishing.models import Change, Document, Edition

MAX_SHOWN = 12


@dataclass(frozen=True)
class FoundIn:
    """One edition that a text was compared with, and where it differs; `more` counts what is not shown."""

    edition: Edition
    is_live: bool
    reasons: tuple[ChangeReason, ...]
    more: int


@dataclass(frozen=True)
class FoundChange:
    """What a text changes, and why; `comparisons` is empty for a first edition."""

    change: Change
    comparisons: tuple[FoundIn, ...]


def change_of_working_copy(document: Document) -> FoundChange | None:
    """What the working copy of `document` would change; None while it cannot be frozen."""
    try:
        content = document.working_copy().content()
    except ActionRefused:
        return None
    found = compare_with_editions(document, content)
    return FoundChange(
        overall_change(found), tuple(_shown(one.edition, one.is_live, one.reasons) for one in found)
    )


def change_of_edition(edition: Edition) -> FoundChange:
    """What an edition that waits would change for those who read what is live now."""
    live = Edition.objects.live().filter(document=edition.document_id).select_related("document").first()
    if live is None:
        return FoundChange(Change(edition.change), ())
    reasons = reasons_between(live, edition.document, edition.content)
    return FoundChange(Change(edition.change), (_shown(live, True, reasons),))


def _shown(edition: Edition, is_live: bool, reasons: tuple[ChangeReason, ...]) -> FoundIn:
    gravest_first = sorted(reasons, key=lambda reason: reason.kind, reverse=True)
    return FoundIn(edition, is_live, tuple(gravest_first[:MAX_SHOWN]), max(0, len(reasons) - MAX_SHOWN))
