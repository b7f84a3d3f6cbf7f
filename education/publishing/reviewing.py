"""Clinical review: recording one, which alone moves the date of the next, and asking for changes instead."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from education.audit.models import Action
from education.publishing.composition import effective_reviews
from education.publishing.content import Problem, refuse
from education.publishing.models import ChangeRequest, Document, Edition, EditionUse, Review
from education.publishing.permitting import problems_of_four_eyes
from education.publishing.recording import record
from education.publishing.states import with_state

MOST_YEARS = 5


def record_review(
    editions: Sequence[Edition], *, by: User, shown_as: str, next_due: date | None = None
) -> list[Review]:
    """Record that `by` has reviewed these editions today; all or none. Raises Refused.

    Each must be one that readers see, or the newest of its document. The next review is due 12 months later,
    unless `next_due` says otherwise.
    """
    today = timezone.localdate()
    due = next_due or a_year_after(today)
    with transaction.atomic():
        refuse(problem for edition in editions for problem in _problems(edition, by, shown_as, today, due))
        reviews = []
        for edition in editions:
            review = Review(edition=edition, by=by, shown_as=shown_as.strip(), on=today, next_due=due)
            review.save()
            detail = _("{name}. Next review due on {day}.").format(name=review.shown_as, day=due.isoformat())
            record(Action.REVIEWED, edition, by=by, detail=detail)
            reviews.append(review)
        return reviews


def request_changes(edition: Edition, *, by: User, comment: str) -> ChangeRequest:
    """Ask the writers of the newest edition of a document for changes. Raises Refused."""
    with transaction.atomic():
        found = []
        if not comment.strip():
            found.append(Problem(edition.key, ("comment",), _("Write what should change.")))
        elif len(comment.strip()) > 2000:
            found.append(Problem(edition.key, ("comment",), _("Use at most 2,000 characters.")))
        if edition.pk != _newest(edition.document):
            found.append(Problem(edition.key, (), _("There is a newer edition. Look at that one.")))
        refuse(found)
        request = ChangeRequest(edition=edition, by=by, comment=comment.strip())
        request.save()
        record(Action.CHANGES_REQUESTED, edition, by=by, detail=request.comment)
        return request


def reviewable(document: Document) -> list[Edition]:
    """The editions of a document that can be reviewed: the newest one, and the one that readers see."""
    live = Edition.objects.live().filter(document=document).values_list("pk", flat=True)
    newest = _newest(document)
    wanted = {*live, *([newest] if newest else [])}
    return list(document.editions.filter(pk__in=wanted).select_related("document").order_by("-number"))


def unreviewed_parts(edition: Edition) -> list[Edition]:
    """What the page of `edition` is put together from, as it is live or waits, without a review that holds.

    One whose review is overdue counts as well: the page is as reviewed as its weakest part.
    """
    used = with_state(
        Document.objects.filter(pk__in=EditionUse.objects.filter(edition=edition).values("document"))
    )
    wanted = [row["newest_edition"] if row["waits"] else row["live_edition"] for row in map(vars, used)]
    parts = list(
        Edition.objects.filter(pk__in=[pk for pk in wanted if pk])
        .select_related("document")
        .order_by("document__kind", "heading")
    )
    held = effective_reviews(parts)
    today = timezone.localdate()
    return [part for part in parts if part.pk not in held or held[part.pk].is_overdue(today)]


def a_year_after(day: date) -> date:
    """The same day twelve months later; February 29 becomes February 28."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)


def _newest(document: Document) -> int | None:
    return document.editions.order_by("-number").values_list("pk", flat=True).first()


def _problems(edition: Edition, by: User, shown_as: str, today: date, due: date) -> list[Problem]:
    found = problems_of_four_eyes(edition, by)
    if edition.pk not in {other.pk for other in reviewable(edition.document)}:
        message = _("Readers do not see this edition, and there is a newer one. Review that one.")
        found.append(Problem(edition.key, (), message))
    if not shown_as.strip():
        message = _("Write your name and title, as readers should see them.")
        found.append(Problem(edition.key, ("shown_as",), message))
    elif len(shown_as.strip()) > 120:
        found.append(Problem(edition.key, ("shown_as",), _("Use at most 120 characters.")))
    if due <= today:
        found.append(Problem(edition.key, ("next_due",), _("Choose a day after today.")))
    elif due > today.replace(year=today.year + MOST_YEARS, day=min(today.day, 28)):
        message = _("Choose a day within the next {years} years.").format(years=MOST_YEARS)
        found.append(Problem(edition.key, ("next_due",), message))
    return found
