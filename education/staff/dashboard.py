"""The first page of staff: pending work, due reviews, and what readers cannot find."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import F, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from education.feedback.models import FeedbackAnswer
from education.publishing.models import Document, Edition
from education.publishing.workflow.audit_log import describe_act, display_name
from education.publishing.workflow.four_eyes import four_eyes_problems
from education.publishing.workflow.schedule import Act, scheduled_acts
from education.publishing.workflow.states import (
    DUE_SOON,
    PENDING_STATES,
    WorkflowState,
    annotate_state,
    first_review_due,
    get_document_state,
)
from education.publishing.workflow.wording_checks import unchecked_editions
from education.references.link_check.broken_links import broken_links
from education.search.failed_searches import FailedWord, frequent_failed_words
from education.staff.admin_urls import admin_url
from education.staff.workflow.permissions import can_view, current_user, viewable_kinds
from education.staff.workflow.review_text import format_day, review_due_text

MAX_ITEMS = 25
RECENT_PERIOD = timedelta(days=90)


@dataclass(frozen=True)
class DashboardItem:
    """Something to act on, usually a document: its name, what to do, and a URL or ""."""

    name: str
    text: str
    url: str


@dataclass(frozen=True)
class DashboardSection:
    """One list of the dashboard; `more` counts the items not shown."""

    key: str
    title: str
    items: tuple[DashboardItem, ...]
    more: int
    empty_text: str


def dashboard_sections(request: HttpRequest) -> list[DashboardSection]:
    """The lists of this user's dashboard."""
    documents = list(_actionable_documents(request))
    today = timezone.localdate()
    review_view = "review" if current_user(request).has_perm("publishing.add_review") else "change"
    due = _documents_by_day(documents, lambda one: get_document_state(one).review_due)
    never_reviewed = _documents_by_day(documents, first_review_due)
    return [
        _section(
            "waiting",
            _("Waits for you"),
            [item for one in documents for item in _pending_for(request, one)],
            _("Nothing waits for you."),
        ),
        *_submitted_by_me(request, documents),
        *_unchecked_wording(request),
        _section("scheduled", _("Scheduled"), _scheduled(request), _("Nothing is scheduled.")),
        _section(
            "due",
            _("Reviews overdue, or due within 60 days"),
            [
                _item(one, review_due_text(one), review_view)
                for day, one in due
                if day <= today + DUE_SOON
            ],
            _("No review is due."),
        ),
        _section(
            "never",
            _("Never reviewed by a clinician"),
            [
                _item(one, _("first review by {day}").format(day=format_day(day)), review_view)
                for day, one in never_reviewed
            ],
            _("Everything that readers see was reviewed."),
        ),
        _broken_links(request),
        _failed_searches(request),
        *_low_rated_pages(request),
    ]


def _broken_links(request: HttpRequest) -> DashboardSection:
    items = [
        DashboardItem(
            display_name(mention.document, mention.heading),
            f"{link.url}: {link.problem}",
            admin_url(mention.document, "change"),
        )
        for link in broken_links()
        for mention in link.locations
        if can_view(current_user(request), mention.document)
    ]
    return _section(
        "links", _("Links that readers cannot follow"), items, _("No broken link is known.")
    )


def _failed_searches(request: HttpRequest) -> DashboardSection:
    may_see = can_view(current_user(request), Document(kind="article"))
    items = [
        DashboardItem(f"“{missed.word}”", _failed_search_text(missed), "")
        for missed in (frequent_failed_words(MAX_ITEMS + 1) if may_see else ())
    ]
    return _section("missed", _("Words that readers looked for and did not find"), items, "")


def _scheduled(request: HttpRequest) -> list[DashboardItem]:
    """Every scheduled act, the next one first, with a link to where it can be cancelled."""
    view_name = (
        "cancel" if current_user(request).has_perm("publishing.add_publication") else "change"
    )
    return [
        DashboardItem(
            describe_act(act), _scheduled_by(act), admin_url(act.entries[0].document, view_name)
        )
        for act in scheduled_acts()
        if all(can_view(current_user(request), entry.document) for entry in act.entries)
    ]


def _scheduled_by(act: Act) -> str:
    by = act.entries[0].by
    return (
        _("scheduled by {name}").format(name=by.get_full_name() or by)
        if by
        else _("scheduled by a command")
    )


def _unchecked_wording(request: HttpRequest) -> list[DashboardSection]:
    """For reviewers: texts whose wording changed since they were reviewed."""
    if not current_user(request).has_perm("publishing.add_review"):
        return []
    items = [
        DashboardItem(
            display_name(one.edition.document, one.edition.heading),
            _("readers see the new words") if one.is_live else _("waits to be published"),
            f"{reverse('admin:wording')}#edition-{one.edition.pk}",
        )
        for one in unchecked_editions(viewable_kinds(current_user(request)))
    ]
    return [_section("wording", _("Wording to compare: is the advice the same?"), items, "")]


def _failed_search_text(missed: FailedWord) -> str:
    text = ngettext("{count} time, last on {day}", "{count} times, last on {day}", missed.count)
    return text.format(count=missed.count, day=format_day(missed.last))


def _low_rated_pages(request: HttpRequest) -> list[DashboardSection]:
    """The pages with “no” answers in the last 90 days, most of them first."""
    if not current_user(request).has_perm("feedback.view_feedbackanswer"):
        return []
    today = timezone.localdate()
    recent = FeedbackAnswer.objects.unexpired(today).since(today - RECENT_PERIOD)
    counts = [row for row in recent.with_counts("edition__document") if row["no"]]
    documents = annotate_state(Document.objects.all()).in_bulk(
        [row["edition__document"] for row in counts]
    )
    answers_url = admin_url(FeedbackAnswer, "changelist")
    items = [
        DashboardItem(
            _document_name(documents[row["edition__document"]]),
            _("{no} no, {yes} yes in the last 90 days").format(no=row["no"], yes=row["yes"]),
            f"{answers_url}?document={row['edition__document']}",
        )
        for row in counts
    ]
    return [_section("not-useful", _("Readers say: not useful"), items, "")]


def _actionable_documents(request: HttpRequest) -> QuerySet[Document]:
    """Documents that need action, of the kinds that this user may see."""
    known = annotate_state(Document.objects.filter(kind__in=viewable_kinds(current_user(request))))
    soon = timezone.localdate() + DUE_SOON
    needs_review = Q(live_number__isnull=False) & (
        Q(review_due__isnull=True) | Q(review_due__lte=soon)
    )
    return known.filter(Q(state__in=PENDING_STATES) | needs_review).order_by(
        F("edited_at").asc(nulls_first=True), "kind", "slug"
    )


def _submitted_by_me(request: HttpRequest, documents: list[Document]) -> list[DashboardSection]:
    """For authors: what they submitted and is not decided yet."""
    if not current_user(request).has_perm("publishing.submit_edition"):
        return []
    mine = [
        _item(one, str(state.state.label), "change")
        for one, state in ((one, get_document_state(one)) for one in documents)
        if state.state in {WorkflowState.SUBMITTED, WorkflowState.REVIEWED}
        and state.newest_frozen_by == current_user(request).pk
    ]
    return [_section("handed-in", _("You submitted"), mine, "")]


def _pending_for(request: HttpRequest, document: Document) -> list[DashboardItem]:
    """What this user can do about a pending document: one item at most."""
    state, user = get_document_state(document), current_user(request)
    edition = Edition(document=document, edited_by_id=state.newest_edited_by)
    is_own = user.pk in {document.owner_id, document.edited_by_id, state.newest_frozen_by}
    can_decide = not four_eyes_problems(edition, user)
    can_review_it = can_decide and user.has_perm("publishing.add_review")
    can_publish_it = can_decide and user.has_perm("publishing.add_publication")
    match state.state:
        case WorkflowState.CHANGES_REQUESTED if is_own and user.has_perm(
            "publishing.submit_edition"
        ):
            return [_item(document, _("a reviewer asks for changes"), "change")]
        case WorkflowState.SUBMITTED if can_review_it:
            return [_item(document, _("submitted: review it"), "review")]
        case WorkflowState.SUBMITTED if can_publish_it:
            return [_item(document, _("submitted, not reviewed yet"), "publish")]
        case WorkflowState.REVIEWED if can_publish_it:
            return [_item(document, _("reviewed: publish it"), "publish")]
    return []


def _item(document: Document, text: str, page: str) -> DashboardItem:
    return DashboardItem(_document_name(document), text, admin_url(document, page))


def _document_name(document: Document) -> str:
    return display_name(document, get_document_state(document).newest_heading or document.slug)


def _section(key: str, title: str, items: list[DashboardItem], empty_text: str) -> DashboardSection:
    return DashboardSection(
        key, title, tuple(items[:MAX_ITEMS]), max(0, len(items) - MAX_ITEMS), empty_text
    )


def _documents_by_day(
    documents: Iterable[Document], due_day: Callable[[Document], date | None]
) -> list[tuple[date, Document]]:
    """The documents that have such a day, with it, earliest first."""
    days = ((due_day(document), document) for document in documents)
    return sorted(((day, one) for day, one in days if day), key=lambda pair: pair[0])
