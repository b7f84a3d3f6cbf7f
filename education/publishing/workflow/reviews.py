"""Clinical reviews and requests for changes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from education.audit.models import Action
from education.publishing.checks.reassurance import find_reassurances
from education.publishing.content import Problem, raise_if_problems
from education.publishing.diff.passages import passages
from education.publishing.models import (
    ChangeRequest,
    Document,
    Edition,
    EditionDependency,
    Recall,
    Review,
)
from education.publishing.review_inheritance import effective_reviews
from education.publishing.workflow.audit_log import log_document_action
from education.publishing.workflow.comments import CommentThread, comment_lines
from education.publishing.workflow.four_eyes import four_eyes_problems
from education.publishing.workflow.locks import lock_publishing
from education.publishing.workflow.pending import edition_problems
from education.publishing.workflow.states import annotate_state, get_document_state

MAX_YEARS = 5
MAX_REQUEST = 2000


def record_review(
    editions: Sequence[Edition],
    *,
    by: User,
    shown_as: str,
    next_due: date | None = None,
    confirms: Edition | None = None,
) -> list[Review]:
    """Record that `by` has reviewed these editions today; all or none. Raises ActionRefused.

    Each must be live, or the newest of its document. `next_due` is 12 months later by default.
    `confirms`: the edition among them whose reassuring sentences `by` has confirmed as safe; any
    other edition with such sentences is refused.
    """
    today = timezone.localdate()
    due = next_due or one_year_later(today)
    with transaction.atomic():
        lock_publishing()
        raise_if_problems(
            problem
            for edition in editions
            for problem in _review_problems(edition, by, shown_as, today, due)
        )
        to_confirm = {
            edition.pk: [one.key for one in find_reassurances(edition)] for edition in editions
        }
        raise_if_problems(
            Problem(edition.key, ("confirmed",), _unconfirmed_message(edition))
            for edition in editions
            if to_confirm[edition.pk] and edition != confirms
        )
        reviews = []
        for edition in editions:
            review = Review(
                edition=edition,
                by=by,
                shown_as=shown_as.strip(),
                on=today,
                next_due=due,
                confirmed=to_confirm[edition.pk],
            )
            review.save()
            details = _("{name}. Next review due on {day}.").format(
                name=review.shown_as, day=due.isoformat()
            )
            if review.confirmed:
                details += "\n" + "\n".join((_("Confirmed as safe:"), *review.confirmed))
            log_document_action(Action.REVIEWED, edition, by=by, details=details)
            reviews.append(review)
        return reviews


def request_changes(
    edition: Edition, *, by: User, comment: str, threads: Sequence[CommentThread] = ()
) -> ChangeRequest:
    """Ask the writers of the newest edition of a document for changes. Raises ActionRefused.

    `threads`: open comments on its passages that say what to change, too.
    """
    with transaction.atomic():
        lock_publishing()
        found = []
        comment = _with_comments(edition, comment, threads)
        if not comment.strip():
            found.append(Problem(edition.key, ("comment",), _("Write what should change.")))
        elif len(comment.strip()) > MAX_REQUEST:
            found.append(Problem(edition.key, ("comment",), _("Use at most 2,000 characters.")))
        if edition.is_recalled:
            found.append(Problem(edition.key, (), recalled_message()))
        elif edition.pk != _newest_edition_id(edition.document):
            found.append(Problem(edition.key, (), _("There is a newer edition. Look at that one.")))
        raise_if_problems(found)
        request = ChangeRequest(edition=edition, by=by, comment=comment.strip())
        request.save()
        log_document_action(Action.CHANGES_REQUESTED, edition, by=by, details=request.comment)
        return request


def _with_comments(edition: Edition, comment: str, threads: Sequence[CommentThread]) -> str:
    """A request in words with the open comments below it, as many as fit."""
    text = comment.strip()
    lines = comment_lines(threads, passages(edition.content)) if threads else []
    for number, line in enumerate(lines):
        rest = _("{number} more comments.").format(number=len(lines) - number)
        if len(text) + len(line) + len(rest) + 4 > MAX_REQUEST:
            return f"{text}\n\n{rest}".strip() if len(text) <= MAX_REQUEST - 40 else text
        text = f"{text}\n\n{line}".strip()
    return text


def reviewable_editions(document: Document) -> list[Edition]:
    """The newest edition of a document, unless taken back, and the live one; newest first."""
    live = Edition.objects.live().filter(document=document).values_list("pk", flat=True)
    newest = _newest_edition_id(document)
    waiting = document.editions.not_recalled().filter(pk=newest or 0) | document.editions.filter(
        pk__in=list(live)
    )
    return list(waiting.select_related("document").order_by("-number"))


def unreviewed_parts(edition: Edition) -> list[Edition]:
    """The live or pending editions that a page is composed of, without a valid review.

    An overdue review does not count: a page is only as reviewed as its weakest part.
    """
    used = annotate_state(
        Document.objects.filter(
            pk__in=EditionDependency.objects.filter(edition=edition).values("document")
        )
    )
    ids = [
        state.newest_edition if state.is_pending else state.live_edition
        for state in map(get_document_state, used)
    ]
    parts = list(
        Edition.objects.filter(pk__in=[pk for pk in ids if pk])
        .select_related("document")
        .order_by("document__kind", "heading")
    )
    reviews = effective_reviews(parts)
    today = timezone.localdate()
    return [part for part in parts if part.pk not in reviews or reviews[part.pk].is_overdue(today)]


def open_change_requests(edition: Edition) -> list[ChangeRequest]:
    """The change requests for editions up to `edition` since the last review, newest first."""
    reviews = Review.objects.filter(
        edition__document=edition.document_id, edition__number__lte=edition.number
    )
    last = reviews.order_by("-recorded_at").first()
    requests = ChangeRequest.objects.filter(
        edition__document=edition.document_id, edition__number__lte=edition.number
    )
    if last is not None:
        requests = requests.filter(at__gt=last.recorded_at)
    return list(requests.select_related("by", "edition__document").order_by("-at"))


def change_requests_for_text(document: Document, content_hash: str) -> list[ChangeRequest]:
    """The change requests for just this content (by its hash) without a later review."""
    same = document.editions.filter(sha256=content_hash)
    reviews = Review.objects.filter(edition__in=same, recorded_at__gt=OuterRef("at"))
    requests = ChangeRequest.objects.filter(~Exists(reviews), edition__in=same)
    return list(requests.select_related("by", "edition").order_by("-at"))


def recalled_edition(document: Document) -> Edition | None:
    """The newest edition of a document, if its author took it back."""
    newest = document.editions.select_related("recall__by").order_by("-number").first()
    return newest if newest is not None and newest.is_recalled else None


def note_to_keep(document: Document) -> str:
    """What the author wrote to the newest edition, if it was taken or sent back; else empty."""
    newest = document.editions.select_related("recall").order_by("-number").first()
    if newest is None or newest.publications.exists():
        return ""
    return newest.note if newest.is_recalled or newest.change_requests.exists() else ""


def recalls_since_review(edition: Edition) -> list[Recall]:
    """What the authors took back after the last review of the document, newest first."""
    reviewed = Review.objects.filter(
        edition__document=edition.document_id, recorded_at__gte=OuterRef("at")
    )
    recalls = Recall.objects.filter(~Exists(reviewed), edition__document=edition.document_id)
    return list(recalls.select_related("by", "edition").order_by("-at"))


def recalled_message() -> str:
    """Why nothing is decided about an edition that was taken back."""
    return _("The author took this back. It waits for nobody now.")


def one_year_later(day: date) -> date:
    """The same day twelve months later; February 29 becomes February 28."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)


def _unconfirmed_message(edition: Edition) -> str:
    return _(
        "“{name}” has sentences that may tell people in danger to wait. Review it on its own page, "
        "and confirm them."
    ).format(name=edition.heading)


def _newest_edition_id(document: Document) -> int | None:
    return document.editions.order_by("-number").values_list("pk", flat=True).first()


def _publication_problems(edition: Edition) -> list[Problem]:
    """What blocks the publication of an edition blocks its review; a live one can be reviewed.

    Problems that a reviewer can confirm are left out.
    """
    if Edition.objects.live().filter(pk=edition.pk).exists():
        return []
    return [problem for problem in edition_problems(edition) if not problem.can_be_confirmed]


def _review_problems(
    edition: Edition, by: User, shown_as: str, today: date, due: date
) -> list[Problem]:
    found = [*four_eyes_problems(edition, by), *_publication_problems(edition)]
    if edition.is_recalled:
        found.append(Problem(edition.key, (), recalled_message()))
    elif edition.pk not in {other.pk for other in reviewable_editions(edition.document)}:
        message = _("Readers do not see this edition, and there is a newer one. Review that one.")
        found.append(Problem(edition.key, (), message))
    if not shown_as.strip():
        message = _("Write your name and title, as readers should see them.")
        found.append(Problem(edition.key, ("shown_as",), message))
    elif len(shown_as.strip()) > 120:
        found.append(Problem(edition.key, ("shown_as",), _("Use at most 120 characters.")))
    if due <= today:
        found.append(Problem(edition.key, ("next_due",), _("Choose a day after today.")))
    elif due > today.replace(year=today.year + MAX_YEARS, day=min(today.day, 28)):
        message = _("Choose a day within the next {years} years.").format(years=MAX_YEARS)
        found.append(Problem(edition.key, ("next_due",), message))
    return found
