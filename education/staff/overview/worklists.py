"""Lists of documents across kinds, for staff: what waits, drafts, scheduled, withdrawn, due."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import Case, CharField, Count, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models import Window as OverAll
from django.db.models.functions import Coalesce, NullIf
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from education.publishing import document_types
from education.publishing.models import Document, Edition, Publication, working_copy_model
from education.publishing.workflow.audit_log import display_name
from education.publishing.workflow.four_eyes import four_eyes_problems
from education.publishing.workflow.states import (
    DUE_SOON,
    WorkflowState,
    annotate_state,
    first_review_due,
    get_document_state,
    live_documents,
    never_reviewed,
    reviews_due_by,
)
from education.staff.workflow.permissions import viewable_kinds
from education.staff.workflow.review_text import format_day

Documents = QuerySet[Any]
# The columns of a working copy that hold its name; a kind with neither is called by its kind.
_NAME_COLUMNS = ("title", "name")


@dataclass(frozen=True)
class NextStep:
    """What one user can do about a document: in words, and the admin page where it is done."""

    text: str
    page: str


@dataclass(frozen=True)
class Worklist:
    """One list across kinds.

    `select` narrows documents from `_annotated`; `day` is the column that the list is about and is
    sorted by; `newest_first`: the latest day stands first.
    """

    key: str
    title: str | Promise
    empty_text: str | Promise
    day: str
    day_label: str | Promise
    select: Callable[[Documents, User], Documents]
    newest_first: bool = False

    def documents(self, user: User) -> Documents:
        """The documents of this list for `user`, in its order; one query."""
        day = F(self.day).desc(nulls_last=True) if self.newest_first else F(self.day)
        return self.select(_annotated(user), user).order_by(day, "name", "pk")

    def first(self, user: User, number: int) -> tuple[list[Document], int]:
        """The first documents of this list, and how many it has in all; one query."""
        found = list(self.documents(user).annotate(total=OverAll(Count("pk")))[:number])
        return found, found[0].total if found else 0


def _annotated(user: User) -> Documents:
    """The documents that `user` may see, with their state, name and the days of the lists."""
    newest = Edition.objects.filter(document=OuterRef("pk")).order_by("-number")
    latest = Publication.objects.filter(pk=OuterRef("latest_publication"))
    documents = Document.objects.filter(kind__in=viewable_kinds(user)).select_related("owner")
    return annotate_state(documents).annotate(
        name=name_column(),
        newest_lock_version=Subquery(newest.values("lock_version")[:1]),
        submitted_at=Subquery(newest.values("frozen_at")[:1]),
        latest_at=Subquery(latest.values("at")[:1]),
    )


def name_column() -> Coalesce:
    """The name in the working copy, or the slug while there is none."""
    whens = []
    for kind in document_types.names():
        model: Any = working_copy_model(kind)
        columns = {field.name for field in model._meta.get_fields()}
        column = next((name for name in _NAME_COLUMNS if name in columns), None)
        rows = model._default_manager.filter(pk=OuterRef("pk"))
        name = Subquery(rows.values(column)[:1]) if column else Value(str(model()))
        whens.append(When(kind=kind, then=name))
    written = Case(*whens, default=Value(""), output_field=CharField())
    return Coalesce(NullIf(written, Value("")), F("slug"))


def document_name(document: Document) -> str:
    """Kind and name of a document of a list."""
    return display_name(document, vars(document)["name"])


def next_step(document: Document, user: User) -> NextStep:
    """What `user` can do about a document of a list; if nothing, its state."""
    state = get_document_state(document)
    edition = Edition(document=document, edited_by_id=state.newest_edited_by)
    is_own = user.pk in {document.owner_id, document.edited_by_id, state.newest_frozen_by}
    can_decide = not four_eyes_problems(edition, user)
    can_review = can_decide and user.has_perm("publishing.add_review")
    can_publish = can_decide and user.has_perm("publishing.add_publication")
    match state.state:
        case WorkflowState.CHANGES_REQUESTED if is_own and user.has_perm(
            "publishing.submit_edition"
        ):
            return NextStep(_("a reviewer asks for changes"), "change")
        case WorkflowState.SUBMITTED if can_review:
            return NextStep(_("submitted: review it"), "review")
        case WorkflowState.SUBMITTED if can_publish:
            return NextStep(_("submitted, not reviewed yet"), "publish")
        case WorkflowState.REVIEWED if can_publish:
            return NextStep(_("reviewed: publish it"), "publish")
    return NextStep(str(state.state.label), "change")


def _waiting(documents: Documents, user: User) -> Documents:
    """What `next_step` offers `user` more than to look at."""
    found = Q(pk__in=())
    can_decide = Q()
    if settings.FOUR_EYES:
        # NULL, for a text from a file, is unequal to nothing.
        can_decide = Q(newest_edited_by__isnull=True) | ~Q(newest_edited_by=user.pk)
    if user.has_perm("publishing.submit_edition"):
        own = Q(owner=user.pk) | Q(edited_by=user.pk) | Q(newest_frozen_by=user.pk)
        found |= own & Q(state=WorkflowState.CHANGES_REQUESTED)
    if user.has_perm("publishing.add_review"):
        found |= can_decide & Q(state=WorkflowState.SUBMITTED)
    if user.has_perm("publishing.add_publication"):
        found |= can_decide & Q(state__in=(WorkflowState.SUBMITTED, WorkflowState.REVIEWED))
    return documents.filter(found)


def _drafts(documents: Documents, user: User) -> Documents:
    """What `user` owns or wrote last, with words that are in no edition yet."""
    own = Q(owner=user.pk) | Q(edited_by=user.pk)
    unsubmitted = Q(newest_edition__isnull=True) | ~Q(newest_lock_version=F("lock_version"))
    return documents.filter(own & unsubmitted)


def _submitted(documents: Documents, user: User) -> Documents:
    """What `user` submitted, while it waits for somebody else."""
    undecided = (WorkflowState.SUBMITTED, WorkflowState.REVIEWED)
    return documents.filter(newest_frozen_by=user.pk, state__in=undecided)


def _scheduled(documents: Documents, user: User) -> Documents:
    return documents.filter(next_at__isnull=False)


def _withdrawn(documents: Documents, user: User) -> Documents:
    """What readers are told was taken away, whether or not a new text is on its way."""
    return documents.filter(live_number__isnull=True, latest_publication__isnull=False)


def _overdue(documents: Documents, user: User) -> Documents:
    return reviews_due_by(documents, timezone.localdate() - timedelta(days=1))


def _due_soon(documents: Documents, user: User) -> Documents:
    today = timezone.localdate()
    return reviews_due_by(documents, today + DUE_SOON).filter(review_due__gte=today)


def _never_reviewed(documents: Documents, user: User) -> Documents:
    return never_reviewed(live_documents(documents))


def first_review_text(document: Document) -> str:
    """When a live document without a review is due for its first one."""
    day = first_review_due(document)
    return _("first review by {day}").format(day=format_day(day)) if day else ""


WORKLISTS = {
    worklist.key: worklist
    for worklist in (
        Worklist(
            "waiting",
            gettext_lazy("Waits for you"),
            gettext_lazy("Nothing waits for you."),
            "submitted_at",
            gettext_lazy("submitted on"),
            _waiting,
        ),
        Worklist(
            "drafts",
            gettext_lazy("My drafts"),
            gettext_lazy("Everything that you wrote was submitted."),
            "edited_at",
            gettext_lazy("last saved on"),
            _drafts,
            newest_first=True,
        ),
        Worklist(
            "handed-in",
            gettext_lazy("You submitted"),
            gettext_lazy("Nothing that you submitted waits for others."),
            "submitted_at",
            gettext_lazy("submitted on"),
            _submitted,
            newest_first=True,
        ),
        Worklist(
            "scheduled",
            gettext_lazy("Scheduled"),
            gettext_lazy("Nothing is scheduled."),
            "next_at",
            gettext_lazy("changes on"),
            _scheduled,
        ),
        Worklist(
            "overdue",
            gettext_lazy("Reviews overdue"),
            gettext_lazy("No review is overdue."),
            "review_due",
            gettext_lazy("was due on"),
            _overdue,
        ),
        Worklist(
            "due-soon",
            gettext_lazy("Reviews due within 60 days"),
            gettext_lazy("No review is due soon."),
            "review_due",
            gettext_lazy("due on"),
            _due_soon,
        ),
        Worklist(
            "never",
            gettext_lazy("Never reviewed by a clinician"),
            gettext_lazy("Everything that readers see was reviewed."),
            "first_live",
            gettext_lazy("readers see it since"),
            _never_reviewed,
        ),
        Worklist(
            "withdrawn",
            gettext_lazy("Withdrawn"),
            gettext_lazy("Nothing is withdrawn."),
            "latest_at",
            gettext_lazy("withdrawn on"),
            _withdrawn,
            newest_first=True,
        ),
    )
}
