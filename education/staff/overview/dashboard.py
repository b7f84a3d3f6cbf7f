"""The first page of staff: pending work, due reviews, and what readers cannot find."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from education.feedback.models import FeedbackAnswer
from education.publishing.models import Document
from education.publishing.workflow.audit_log import describe_act, display_name
from education.publishing.workflow.schedule import Act, scheduled_acts
from education.publishing.workflow.states import annotate_state, get_document_state
from education.publishing.workflow.wording_checks import unchecked_editions
from education.references.link_check.broken_links import broken_links
from education.search.failed_searches import FailedWord, frequent_failed_words
from education.staff.admin_urls import admin_url
from education.staff.overview.worklists import (
    WORKLISTS,
    NextStep,
    Worklist,
    document_name,
    first_review_text,
    next_step,
)
from education.staff.workflow.permissions import can_view, current_user, viewable_kinds
from education.staff.workflow.review_text import format_day, review_due_text

MAX_ITEMS = 25
MAX_WORKLIST_ITEMS = 8
# Their items lead reviewers to the review.
REVIEW_LISTS = ("overdue", "due-soon", "never")
RECENT_PERIOD = timedelta(days=90)


@dataclass(frozen=True)
class DashboardItem:
    """Something to act on, usually a document: its name, what to do, and a URL or ""."""

    name: str
    text: str
    url: str


@dataclass(frozen=True)
class DashboardSection:
    """One list of the dashboard; `more` counts the items not shown.

    `all_url`: the page of the whole list, which has `total` items; "" for none.
    """

    key: str
    title: str
    items: tuple[DashboardItem, ...]
    more: int
    empty_text: str
    all_url: str = ""
    total: int = 0


def dashboard_sections(request: HttpRequest) -> list[DashboardSection]:
    """The lists of this user's dashboard."""
    return [
        _worklist_section(request, "waiting"),
        *_for_authors(request),
        *_unchecked_wording(request),
        _scheduled(request),
        *(_worklist_section(request, key) for key in ("overdue", "due-soon", "never")),
        _worklist_section(request, "withdrawn"),
        _broken_links(request),
        _failed_searches(request),
        *_low_rated_pages(request),
    ]


def _for_authors(request: HttpRequest) -> list[DashboardSection]:
    if not current_user(request).has_perm("publishing.submit_edition"):
        return []
    return [_worklist_section(request, key) for key in ("drafts", "handed-in")]


def _worklist_section(request: HttpRequest, key: str) -> DashboardSection:
    """The first items of a list across kinds, with a link to all of it."""
    worklist, user = WORKLISTS[key], current_user(request)
    documents, total = worklist.first(user, MAX_WORKLIST_ITEMS)
    is_review_list = key in REVIEW_LISTS and user.has_perm("publishing.add_review")
    items = []
    for document in documents:
        step = next_step(document, user)
        page = "review" if is_review_list else step.page
        text = _item_text(worklist, document, step)
        items.append(DashboardItem(document_name(document), text, admin_url(document, page)))
    return DashboardSection(
        key,
        str(worklist.title),
        tuple(items),
        total - len(items),
        str(worklist.empty_text),
        reverse("admin:worklist", args=[key]),
        total,
    )


def _item_text(worklist: Worklist, document: Document, step: NextStep) -> str:
    """What the list is about: the next step, a review, or a day."""
    match worklist.key:
        case "waiting" | "handed-in":
            return step.text
        case "overdue" | "due-soon":
            return review_due_text(document)
        case "never":
            return first_review_text(document)
    day = vars(document)[worklist.day]
    return f"{worklist.day_label} {format_day(day)}" if day else step.text


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


def _scheduled(request: HttpRequest) -> DashboardSection:
    """The next scheduled acts, with links to where they can be cancelled, and to all documents."""
    user = current_user(request)
    view_name = "cancel" if user.has_perm("publishing.add_publication") else "change"
    items = [
        DashboardItem(
            describe_act(act), _scheduled_by(act), admin_url(act.entries[0].document, view_name)
        )
        for act in scheduled_acts()
        if all(can_view(user, entry.document) for entry in act.entries)
    ]
    section = _section("scheduled", _("Scheduled"), items, _("Nothing is scheduled."))
    return replace(section, all_url=reverse("admin:worklist", args=["scheduled"]), total=len(items))


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
            display_name(
                documents[row["edition__document"]],
                get_document_state(documents[row["edition__document"]]).newest_heading or "",
            ),
            _("{no} no, {yes} yes in the last 90 days").format(no=row["no"], yes=row["yes"]),
            f"{answers_url}?document={row['edition__document']}",
        )
        for row in counts
    ]
    return [_section("not-useful", _("Readers say: not useful"), items, "")]


def _section(key: str, title: str, items: list[DashboardItem], empty_text: str) -> DashboardSection:
    return DashboardSection(
        key, title, tuple(items[:MAX_ITEMS]), max(0, len(items) - MAX_ITEMS), empty_text
    )
