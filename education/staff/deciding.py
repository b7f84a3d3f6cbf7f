"""The desk's decisions: submit, review, ask for changes, publish. Each does what its page showed."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from education.publishing import actions
from education.publishing.checks.reassurance import find_reassurances
from education.publishing.diff.fields import diff_content
from education.publishing.models import Document, Edition, Review
from education.publishing.review_inheritance import effective_reviews
from education.publishing.workflow import pending, reviews
from education.publishing.workflow.schedule import scheduled_acts_for
from education.staff.change_found import change_of_edition, change_of_working_copy
from education.staff.desk import (
    Outcome,
    View,
    carried_out,
    document_for,
    done,
    is_sent,
    may_edit,
    may_publish,
    may_review,
    may_see,
    may_submit,
    page_of,
    person,
    posted,
    sent_with,
)
from education.staff.desk_forms import PublishForm, RequestForm, ReviewForm, SetForm
from education.staff.merging import small_number
from education.staff.related import related_statements_for
from education.staff.shown_state import LIVE, NEWEST, REQUEST, REVIEW, Difference, ShownState, Watch

if TYPE_CHECKING:
    from education.staff.documents import DocumentAdmin

ASKED_AND_DONE = require_http_methods(["GET", "HEAD", "POST"])


def submit(admin: DocumentAdmin) -> View:
    """Ask what changes, and hand the working copy to the reviewer."""

    @ASKED_AND_DONE
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        document = document_for(admin, request, pk, may_submit)
        neighbours = _to_submit(request, document)
        typed = posted(request)
        watch = Watch("submit", pk, lambda: ShownState.of([document, *_to_submit(request, document)]), typed)
        form = SetForm(typed, neighbours=neighbours, initial={"together": _needed(document, neighbours)})
        outcome = Outcome(changed=watch.changed())
        if is_sent(request, form) and not outcome.changed:
            given = form.cleaned_data
            chosen = [document, *given.pop("together", ())]
            action = partial(actions.submit, chosen, by=person(request), **given)
            outcome = carried_out(admin, request, document, action, watch)
            if outcome.is_done:
                return done(admin, request, pk, _("Submitted. A reviewer can look at it now."))
        context = page_of(
            admin,
            request,
            document,
            _("Submit for review"),
            form=form,
            outcome=outcome,
            shown=watch.token(),
            requests=reviews.change_requests_for_text(document, document.working_copy().content_hash()),
            found=change_of_working_copy(document),
        )
        return render(request, "admin/document/submit.html", context)

    return view


def _to_submit(request: HttpRequest, document: Document) -> list[Document]:
    """What belongs to a document, and this person could submit with it."""
    near = pending.unpublished_related(document)
    return [one for one in near if may_edit(request, one) and not pending.pending_if_unchanged(one)]


def review(admin: DocumentAdmin) -> View:
    """Record a review of an edition, or ask for changes."""

    @ASKED_AND_DONE
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        document = document_for(admin, request, pk, may_review)
        choices = reviews.reviewable_editions(document)
        typed = posted(request)
        watch = Watch("review", pk, lambda: _shown_to_reviewer(request, document, edition), typed)
        seen = watch.seen
        asked = seen.number if seen else small_number(request.GET.get("edition", ""))
        edition = next((one for one in choices if one.number == asked), choices[0] if choices else None)
        if edition is None:
            messages.warning(request, _("There is no edition yet. The writer submits one first."))
            return HttpResponseRedirect(admin.desk_address("change", pk))
        outcome = Outcome(changed=watch.changed())
        if outcome.changed and typed is not None:
            # Whoever confirmed to have read it had read something else.
            typed = typed.copy()
            typed.pop("read", None)
            typed.pop("confirmed", None)
        sentences = find_reassurances(edition)
        form = ReviewForm(
            sent_with(typed, "_review"),
            parts=_parts_to_review(request, edition),
            to_confirm=bool(sentences),
            today=timezone.localdate(),
            initial={"shown_as": last_name(request)},
        )
        wishes = RequestForm(sent_with(typed, "_request"))
        for sent, action, message in (
            (
                form,
                partial(_record, request, edition, form),
                _("Your review is recorded. Readers of this edition see your name and the date."),
            ),
            (
                wishes,
                partial(_request_changes, request, edition, wishes),
                _("The writers see now what should change."),
            ),
        ):
            if is_sent(request, sent) and not outcome.changed:
                outcome = carried_out(admin, request, document, action, watch)
                if outcome.is_done:
                    return done(admin, request, pk, message)
        context = page_of(
            admin,
            request,
            document,
            _("Review"),
            form=form,
            wishes=wishes,
            outcome=outcome,
            shown=watch.token(),
            sentences=sentences,
        )
        context |= _to_read(admin, request, document, edition, choices)
        return render(request, "admin/document/review.html", context)

    return view


def _to_read(
    admin: DocumentAdmin, request: HttpRequest, document: Document, edition: Edition, choices: list[Edition]
) -> dict[str, Any]:
    """What the page of a review shows of the edition."""
    parts = _parts_to_review(request, edition)
    requests = reviews.open_change_requests(edition)
    before = next((one.edition for one in requests if one.edition_id != edition.pk), None)
    problems = [
        problem for problem in pending.edition_problems(edition, quick=True) if not problem.can_be_confirmed
    ]
    is_live = edition.number == vars(document)["live_number"]
    return {
        "edition": edition,
        "others": [one for one in choices if one != edition],
        "parts": [part for part in parts if part.document.document_type.can_be_previewed],
        "pages": admin.pages(document.pk),
        "is_newest": edition == choices[0],
        "has_page": document.document_type.can_be_previewed,
        "blocking": [admin.linked(problem, document) for problem in problems],
        "may_be_reviewed": is_live or not problems,
        "requests": requests,
        "before": before,
        "since": [Difference("", diff_content(before.content, edition.content))] if before else [],
        "sent_back": [
            one for one in reviews.change_requests_for_text(document, edition.sha256) if one not in requests
        ],
    }


def _parts_to_review(request: HttpRequest, edition: Edition) -> list[Edition]:
    return [part for part in reviews.unreviewed_parts(edition) if may_see(request, part.document)]


def _shown_to_reviewer(request: HttpRequest, document: Document, edition: Edition | None) -> ShownState:
    """The edition and the parts offered with it. What authors save meanwhile does not matter to a review."""
    parts = _parts_to_review(request, edition) if edition else []
    documents = [document, *(part.document for part in parts)]
    return ShownState.of(documents, (NEWEST, LIVE, REVIEW, REQUEST), edition.number if edition else 0)


def _record(request: HttpRequest, edition: Edition, form: ReviewForm) -> None:
    given = form.cleaned_data
    reviews.record_review(
        [edition, *(given.get("together") or ())],
        by=person(request),
        shown_as=given["shown_as"],
        next_due=given["next_due"],
        confirms=edition if given.get("confirmed") else None,
    )


def _request_changes(request: HttpRequest, edition: Edition, wishes: RequestForm) -> None:
    reviews.request_changes(edition, by=person(request), comment=wishes.cleaned_data["comment"])


def last_name(request: HttpRequest) -> str:
    """What this person was shown as last time, or the name of the account."""
    last = Review.objects.filter(by=person(request)).order_by("-recorded_at").first()
    return last.shown_as if last else person(request).get_full_name()


def publish(admin: DocumentAdmin) -> View:
    """Ask what changes and when, and make it live."""

    @ASKED_AND_DONE
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        document = document_for(admin, request, pk, may_publish)
        waiting = pending.pending_edition(document)
        is_same = pending.pending_if_unchanged(document) is not None
        neighbours = _to_publish(request, document)
        typed = posted(request)
        watch = Watch(
            "publish", pk, lambda: ShownState.of([document, *_to_publish(request, document)]), typed
        )
        form = PublishForm(
            typed,
            waiting=waiting,
            is_same=is_same,
            neighbours=neighbours,
            scheduled=scheduled_acts_for([pk, *(other.pk for other in neighbours)]),
            initial={"together": _needed(document, neighbours)},
        )
        outcome = Outcome(changed=watch.changed())
        if is_sent(request, form) and not outcome.changed and _is_complete(form, document):
            action = partial(_publish, request, document, form)
            outcome = carried_out(admin, request, document, action, watch)
            if outcome.is_done:
                message = _("Scheduled.") if form.moment else _("Published. Readers see it now.")
                return done(admin, request, pk, message)
        sha = waiting.sha256 if waiting else document.working_copy().content_hash()
        context = page_of(
            admin,
            request,
            document,
            _("Publish"),
            form=form,
            outcome=outcome,
            shown=watch.token(),
            waiting=waiting,
            review=effective_reviews([waiting]).get(waiting.pk) if waiting else None,
            requests=reviews.change_requests_for_text(document, sha),
            found=change_of_edition(waiting) if waiting else None,
            found_in_working_copy=None if is_same else change_of_working_copy(document),
            pages=admin.pages(pk),
            has_page=document.document_type.can_be_previewed,
            related=related_statements_for(request, document, neighbours),
        )
        return render(request, "admin/document/publish.html", context)

    return view


def _to_publish(request: HttpRequest, document: Document) -> list[Document]:
    """What belongs to a document, is not live as it stands, and may go live by this person's hand."""
    return [near for near in pending.unpublished_related(document) if may_see(request, near)]


def _needed(document: Document, neighbours: list[Document]) -> list[int]:
    """What has to go along: drafts, and, where something is in the way, parts that have changed as well."""
    used = (
        document.working_copy().draft_content().dependencies()
        if pending.publication_problems(document)
        else ()
    )
    return [
        other.pk for other in neighbours if vars(other)["latest_publication"] is None or other.key in used
    ]


def _set_to_publish(form: PublishForm, document: Document) -> tuple[list[Document], list[Edition]]:
    """The working copies that must be frozen, and the editions that go live as they are."""
    documents: list[Document] = [] if form.publishes_waiting else [document]
    frozen = [form.waiting] if form.publishes_waiting and form.waiting else []
    for other in form.cleaned_data.get("together") or ():
        edition = pending.pending_if_unchanged(other)
        if edition:
            frozen.append(edition)
        else:
            documents.append(other)
    return documents, frozen


def _is_complete(form: PublishForm, document: Document) -> bool:
    documents, _frozen = _set_to_publish(form, document)
    return not documents or form.require_note()


def _publish(request: HttpRequest, document: Document, form: PublishForm) -> None:
    documents, frozen = _set_to_publish(form, document)
    actions.publish(
        documents,
        note=form.cleaned_data.get("note", ""),
        by=person(request),
        publish_at=form.moment,
        editions=frozen,
        cancel_acts=form.cleaned_data.get("take_back", ()),
    )
