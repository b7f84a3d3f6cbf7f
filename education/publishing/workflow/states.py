"""The workflow state of documents, for the lists of staff, the dashboard and the reminders."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from django.db import models
from django.db.models import (
    Case,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from education.publishing.models import (
    ChangeRequest,
    Document,
    Edition,
    Publication,
    Recall,
    Review,
)
from education.publishing.review_inheritance import annotate_reach

Documents = TypeVar("Documents", bound=QuerySet[Any])

# The first review is due this many days after a page went live; spread, see `first_review_due`.
FIRST_REVIEW_DAYS = range(30, 90)
DUE_SOON = timedelta(days=60)


class WorkflowState(models.TextChoices):
    """The workflow state of a document; states that call for action come first."""

    CHANGES_REQUESTED = "changes-requested", _("Changes asked for")
    REVIEWED = "reviewed", _("Reviewed, not published yet")
    SUBMITTED = "submitted", _("Submitted for review")
    SCHEDULED = "scheduled", _("Scheduled")
    DRAFT = "draft", _("Not published yet")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    CHANGED = "changed", _("Live, changed since")
    OVERDUE = "overdue", _("Live, review overdue")
    LIVE = "live", _("Live")


PENDING_STATES = (WorkflowState.CHANGES_REQUESTED, WorkflowState.REVIEWED, WorkflowState.SUBMITTED)


@dataclass(frozen=True)
class DocumentState:
    """The state of one document, as `annotate_state` reads it; editions and users are ids.

    `live_edition` and `live_number` are None while readers see nothing, `latest_publication` until
    the first one. `is_pending`: the newest edition was neither published, scheduled nor taken
    back. `next_at`:
    when the next scheduled change begins. `review_due` is None while the live edition has no valid
    review; `is_unchecked`: that review depends on a check of the wording.
    """

    state: WorkflowState
    latest_publication: int | None
    first_live: datetime | None
    live_edition: int | None
    live_number: int | None
    next_at: datetime | None
    newest_edition: int | None
    newest_heading: str | None
    newest_edited_by: int | None
    newest_frozen_by: int | None
    is_pending: bool
    review_due: date | None
    is_unchecked: bool


def annotate_state(documents: Documents, at: datetime | None = None) -> Documents:
    """Add the columns that `get_document_state` reads, and `state`, to filter and sort by."""
    moment = at or timezone.now()
    log = Publication.objects.filter(document=OuterRef("pk"))
    begun = log.started(moment)
    latest = begun.order_by("-at", "-pk")
    newest = Edition.objects.filter(document=OuterRef("pk")).order_by("-number")
    change_requests = ChangeRequest.objects.filter(edition=OuterRef("newest_edition")).order_by(
        "-at"
    )
    return (
        documents.annotate(
            latest_publication=Subquery(latest.values("pk")[:1]),
            live_edition=Subquery(latest.values("edition")[:1]),
            live_number=Subquery(latest.values("edition__number")[:1]),
            live_lock_version=Subquery(latest.values("edition__lock_version")[:1]),
            next_at=Subquery(log.upcoming(moment).order_by("at", "pk").values("at")[:1]),
            first_live=Subquery(begun.order_by("at", "pk").values("at")[:1]),
            newest_edition=Subquery(newest.values("pk")[:1]),
            newest_number=Subquery(newest.values("number")[:1]),
            newest_heading=Subquery(newest.values("heading")[:1]),
            newest_edited_by=Subquery(newest.values("edited_by")[:1]),
            newest_frozen_by=Subquery(newest.values("frozen_by")[:1]),
        )
        .annotate(
            is_recalled=Exists(Recall.objects.filter(edition=OuterRef("newest_edition"))),
        )
        .annotate(
            is_pending=~Exists(Publication.objects.filter(edition=OuterRef("newest_edition")))
            & Q(is_recalled=False),
            changes_requested_at=Subquery(change_requests.values("at")[:1]),
            review_due=_latest_value(_unended_reviews("live_number"), "next_due"),
            is_unchecked=Exists(_unended_reviews("live_number"))
            & ~Exists(_unended_reviews("live_number").filter(is_unchecked=False)),
            newest_reviewed_at=_latest_value(
                _unended_reviews("newest_number").filter(is_unchecked=False), "recorded_at"
            ),
        )
        .annotate(state=_state(moment))
    )


def get_document_state(document: Document) -> DocumentState:
    """The state of a document from `annotate_state`; raises KeyError for any other."""
    row = vars(document)
    values = {column.name: row[column.name] for column in fields(DocumentState)}
    return DocumentState(**values | {"state": WorkflowState(row["state"])})


def live_documents(documents: Documents) -> Documents:
    """The documents of `annotate_state` that readers see."""
    return documents.filter(live_number__isnull=False)


def never_reviewed(documents: Documents) -> Documents:
    """The live documents of `annotate_state` without a valid review."""
    return live_documents(documents).filter(review_due__isnull=True)


def reviews_due_by(documents: Documents, day: date) -> Documents:
    """The live documents of `annotate_state` whose next review is due by `day`."""
    return live_documents(documents).filter(review_due__lte=day)


def first_review_due(document: Document) -> date | None:
    """The day for the first review of a live document without one; None for any other.

    The days are spread over two months, always the same for a document, so that pages loaded
    together are not all due at once.
    """
    state = get_document_state(document)
    if state.first_live is None or state.live_number is None or state.review_due is not None:
        return None
    name = f"{document.kind} {document.language} {document.slug}"
    days = FIRST_REVIEW_DAYS[zlib.crc32(name.encode()) % len(FIRST_REVIEW_DAYS)]
    return timezone.localdate(state.first_live) + timedelta(days=days)


def _unended_reviews(number: str) -> QuerySet[Any]:
    """The reviews not ended by a change of advice, for the edition number in column `number`."""
    upto = ExpressionWrapper(OuterRef(number), output_field=models.IntegerField())
    reviews = Review.objects.annotate(upto=upto).filter(
        edition__document=OuterRef("pk"), edition__number__lte=OuterRef(number)
    )
    return annotate_reach(reviews).filter(is_ended=False)


def _latest_value(reviews: QuerySet[Review], column: str) -> Subquery:
    return Subquery(reviews.order_by("-on", "-pk").values(column)[:1])


def _state(moment: datetime) -> Case:
    is_pending = Q(newest_edition__isnull=False, is_pending=True)
    is_reviewed = Q(newest_reviewed_at__isnull=False)
    is_resolved = is_reviewed & Q(newest_reviewed_at__gt=F("changes_requested_at"))
    is_not_live = Q(live_number__isnull=True)
    return Case(
        When(
            Q(changes_requested_at__isnull=False) & ~is_resolved,
            then=Value(WorkflowState.CHANGES_REQUESTED),
        ),
        When(is_pending & is_reviewed, then=Value(WorkflowState.REVIEWED)),
        When(is_pending, then=Value(WorkflowState.SUBMITTED)),
        When(next_at__isnull=False, then=Value(WorkflowState.SCHEDULED)),
        When(is_not_live & Q(latest_publication__isnull=True), then=Value(WorkflowState.DRAFT)),
        When(is_not_live, then=Value(WorkflowState.WITHDRAWN)),
        When(~Q(live_lock_version=F("lock_version")), then=Value(WorkflowState.CHANGED)),
        When(review_due__lt=timezone.localdate(moment), then=Value(WorkflowState.OVERDUE)),
        default=Value(WorkflowState.LIVE),
        output_field=models.CharField(),
    )
