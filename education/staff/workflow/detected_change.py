"""What an edition changes for readers, as detected by the program, shown before submitting."""

from __future__ import annotations

from dataclasses import dataclass

from education.publishing.changes.change_kinds import ChangeReason
from education.publishing.changes.classification import (
    compare_with_editions,
    overall_change,
    reasons_between,
)
from education.publishing.content import ActionRefused
from education.publishing.models import Change, Document, Edition

MAX_SHOWN = 12


@dataclass(frozen=True)
class EditionComparison:
    """One edition that a text was compared with; `more` counts reasons not shown."""

    edition: Edition
    is_live: bool
    reasons: tuple[ChangeReason, ...]
    more: int


@dataclass(frozen=True)
class DetectedChange:
    """The kind of change and its reasons; `comparisons` is empty for a first edition."""

    change: Change
    comparisons: tuple[EditionComparison, ...]


def detect_working_copy_change(document: Document) -> DetectedChange | None:
    """What the working copy would change; None while it cannot be frozen."""
    try:
        content = document.working_copy().content()
    except ActionRefused:
        return None
    found = compare_with_editions(document, content)
    return DetectedChange(
        overall_change(found),
        tuple(
            _summarize(comparison.edition, comparison.is_live, comparison.reasons)
            for comparison in found
        ),
    )


def detect_edition_change(edition: Edition) -> DetectedChange:
    """What a pending edition would change for readers of the live one."""
    live = (
        Edition.objects.live()
        .filter(document=edition.document_id)
        .select_related("document")
        .first()
    )
    if live is None:
        return DetectedChange(Change(edition.change), ())
    reasons = reasons_between(live, edition.document, edition.content)
    return DetectedChange(Change(edition.change), (_summarize(live, True, reasons),))


def _summarize(
    edition: Edition, is_live: bool, reasons: tuple[ChangeReason, ...]
) -> EditionComparison:
    most_severe_first = sorted(reasons, key=lambda reason: reason.kind, reverse=True)
    return EditionComparison(
        edition, is_live, tuple(most_severe_first[:MAX_SHOWN]), max(0, len(reasons) - MAX_SHOWN)
    )
