"""The first page of staff: what waits for this person, which reviews are due, what readers cannot find."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from education.feedback.models import FeedbackAnswer
from education.publishing import document_types
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
    get_state,
)
from education.publishing.workflow.wording_checks import unchecked_editions
from education.references.link_check.broken_links import broken_links
from education.search.failed_searches import FailedWord, frequent_failed_words
from education.staff.admin_urls import admin_url
from education.staff.desk import may_see, person
from education.staff.listing import review_words, shown_day

MOST = 25
OF_LATE = timedelta(days=90)


@dataclass(frozen=True)
class Item:
    """Something to do something about, most often a document: its name, what to do, and perhaps where."""

    name: str
    words: str
    address: str


@dataclass(frozen=True)
class Section:
    """One list of the dashboard; `more` counts what is not shown."""

    key: str
    title: str
    items: tuple[Item, ...]
    more: int
    nothing: str


def sections(request: HttpRequest) -> list[Section]:
    """The lists of this person's first page."""
    documents = list(_documents(request))
    today = timezone.localdate()
    review = "review" if person(request).has_perm("publishing.add_review") else "change"
    due = [one for one in documents if _due(one) and _due(one) <= today + DUE_SOON]
    never = [one for one in documents if _first_due(one)]
    return [
        _section(
            "waiting",
            _("Waits for you"),
            [item for one in documents for item in _waiting_for(request, one)],
            _("Nothing waits for you."),
        ),
        *_handed_in(request, documents),
        *_wording(request),
        _section("scheduled", _("Scheduled"), _scheduled(request), _("Nothing is scheduled.")),
        _section(
            "due",
            _("Reviews overdue, or due within 60 days"),
            [_item(one, review_words(one), review) for one in sorted(due, key=_due)],
            _("No review is due."),
        ),
        _section(
            "never",
            _("Never reviewed by a clinician"),
            [_item(one, _first_words(one), review) for one in sorted(never, key=_first_due)],
            _("Everything that readers see was reviewed."),
        ),
        _section(
            "links",
            _("Links that readers cannot follow"),
            [
                Item(
                    display_name(mention.document, mention.heading),
                    f"{link.url}: {link.problem}",
                    admin_url(mention.document, "change"),
                )
                for link in broken_links()
                for mention in link.locations
                if may_see(request, mention.document)
            ],
            _("No broken link is known."),
        ),
        _section(
            "missed",
            _("Words that readers looked for and did not find"),
            [
                Item(f"“{missed.word}”", _missed_words(missed), "")
                for missed in frequent_failed_words(MOST + 1)
            ]
            if may_see(request, Document(kind="article"))
            else [],
            "",
        ),
        *_not_useful(request),
    ]


def _scheduled(request: HttpRequest) -> list[Item]:
    """All that is scheduled, act by act, the next one first; a line leads to where it can be taken back."""
    page = "cancel" if person(request).has_perm("publishing.add_publication") else "change"
    return [
        Item(describe_act(act), _scheduled_by(act), admin_url(act.entries[0].document, page))
        for act in scheduled_acts()
        if all(may_see(request, entry.document) for entry in act.entries)
    ]


def _scheduled_by(act: Act) -> str:
    by = act.entries[0].by
    return (
        _("scheduled by {name}").format(name=by.get_full_name() or by) if by else _("scheduled by a command")
    )


def _wording(request: HttpRequest) -> list[Section]:
    """For reviewers: texts whose words have changed, to be compared with what was reviewed."""
    if not person(request).has_perm("publishing.add_review"):
        return []
    items = [
        Item(
            display_name(edition.document, edition.heading),
            _("readers see the new words") if vars(edition)["is_live"] else _("waits to be published"),
            f"{reverse('admin:wording')}#edition-{edition.pk}",
        )
        for edition in unchecked_editions(kinds_seen(request))
    ]
    return [_section("wording", _("Wording to compare: is the advice the same?"), items, "")]


def kinds_seen(request: HttpRequest) -> list[str]:
    """The kinds of documents that this person may see."""
    return [name for name in document_types.names() if may_see(request, Document(kind=name))]


def _missed_words(missed: FailedWord) -> str:
    words = ngettext("{count} time, last on {day}", "{count} times, last on {day}", missed.count)
    return words.format(count=missed.count, day=shown_day(missed.last))


def _not_useful(request: HttpRequest) -> list[Section]:
    """The pages to which readers said no of late, most often first."""
    if not person(request).has_perm("feedback.view_feedbackanswer"):
        return []
    today = timezone.localdate()
    recent = FeedbackAnswer.objects.unexpired(today).since(today - OF_LATE)
    counts = [row for row in recent.with_counts("edition__document") if row["no"]]
    newest = Edition.objects.filter(document=OuterRef("pk")).order_by("-number")
    documents = Document.objects.annotate(newest_heading=Subquery(newest.values("heading")[:1])).in_bulk(
        [row["edition__document"] for row in counts]
    )
    items = [
        Item(
            display_name(
                documents[row["edition__document"]],
                vars(documents[row["edition__document"]])["newest_heading"],
            ),
            _("{no} no, {yes} yes in the last 90 days").format(no=row["no"], yes=row["yes"]),
            f"{reverse('admin:feedback_feedbackanswer_changelist')}?document={row['edition__document']}",
        )
        for row in counts
    ]
    return [_section("not-useful", _("Readers say: not useful"), items, "")]


def _documents(request: HttpRequest) -> QuerySet[Document]:
    """What somebody has to do something about, of the kinds that this person may see."""
    newest = Edition.objects.filter(document=OuterRef("pk")).order_by("-number")
    known = annotate_state(Document.objects.filter(kind__in=kinds_seen(request))).annotate(
        newest_heading=Subquery(newest.values("heading")[:1]),
        newest_edited_by=Subquery(newest.values("edited_by")[:1]),
        newest_frozen_by=Subquery(newest.values("frozen_by")[:1]),
    )
    soon = timezone.localdate() + DUE_SOON
    needs_review = Q(live_number__isnull=False) & (Q(review_due__isnull=True) | Q(review_due__lte=soon))
    return known.filter(Q(state_key__in=PENDING_STATES) | needs_review).order_by(
        F("edited_at").asc(nulls_first=True), "kind", "slug"
    )


def _handed_in(request: HttpRequest, documents: list[Document]) -> list[Section]:
    """For those who write: what they submitted and others have to decide on."""
    if not person(request).has_perm("publishing.submit_edition"):
        return []
    mine = [
        _item(one, str(get_state(one).label), "change")
        for one in documents
        if get_state(one) in {WorkflowState.SUBMITTED, WorkflowState.REVIEWED}
        and vars(one)["newest_frozen_by"] == person(request).pk
    ]
    return [_section("handed-in", _("You submitted"), mine, "")]


def _waiting_for(request: HttpRequest, document: Document) -> list[Item]:
    """What this person can do about a document that waits, one thing at most."""
    row, who = vars(document), person(request)
    edition = Edition(document=document, edited_by_id=row["newest_edited_by"])
    is_own = who.pk in {document.owner_id, document.edited_by_id, row["newest_frozen_by"]}
    may_decide = not four_eyes_problems(edition, who)
    may_review = may_decide and who.has_perm("publishing.add_review")
    may_publish = may_decide and who.has_perm("publishing.add_publication")
    match get_state(document):
        case WorkflowState.CHANGES_REQUESTED if is_own and who.has_perm("publishing.submit_edition"):
            return [_item(document, _("a reviewer asks for changes"), "change")]
        case WorkflowState.SUBMITTED if may_review:
            return [_item(document, _("submitted: review it"), "review")]
        case WorkflowState.SUBMITTED if may_publish:
            return [_item(document, _("submitted, not reviewed yet"), "publish")]
        case WorkflowState.REVIEWED if may_publish:
            return [_item(document, _("reviewed: publish it"), "publish")]
    return []


def _item(document: Document, words: str, page: str) -> Item:
    name = display_name(document, vars(document)["newest_heading"] or document.slug)
    return Item(name, words, admin_url(document, page))


def _section(key: str, title: str, items: list[Item], nothing: str) -> Section:
    return Section(key, title, tuple(items[:MOST]), max(0, len(items) - MOST), nothing)


def _due(document: Document) -> Any:
    return vars(document)["review_due"]


def _first_words(document: Document) -> str:
    return _("first review by {day}").format(day=shown_day(_first_due(document)))


def _first_due(document: Document) -> Any:
    return first_review_due(document)
