"""The desk's decisions: submit, review, ask for changes, publish. Each does what its
page showed.
"""

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
from education.publishing.workflow.states import get_document_state
from education.staff.editor.three_way_merge import parse_small_int
from education.staff.workflow.base import (
    ActionResult,
    View,
    data_for_button,
    form_data,
    get_document_or_403,
    is_submitted,
    redirect_done,
    run_action,
    workflow_context,
)
from education.staff.workflow.detected_change import (
    detect_edition_change,
    detect_working_copy_change,
)
from education.staff.workflow.forms import (
    ChangeRequestForm,
    PublicationSetForm,
    PublishForm,
    ReviewForm,
)
from education.staff.workflow.page_state import (
    LIVE,
    NEWEST,
    REQUEST,
    REVIEW,
    PageCheck,
    PageState,
    TextDifference,
)
from education.staff.workflow.permissions import (
    can_edit,
    can_publish,
    can_review,
    can_submit,
    can_view_document,
    current_user,
)
from education.staff.workflow.related_statements import linked_related_statements

if TYPE_CHECKING:
    from education.staff.admin.base import DocumentAdmin

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


def submit(admin: DocumentAdmin) -> View:
    """Ask what changes, and hand the working copy to the reviewer."""

    @get_or_post
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        document = get_document_or_403(admin, request, pk, can_submit)
        related = _related_to_submit(request, document)
        data = form_data(request)
        page_check = PageCheck(
            "submit",
            pk,
            lambda: PageState.from_documents([document, *_related_to_submit(request, document)]),
            data,
        )
        form = PublicationSetForm(
            data, related=related, initial={"together": _required_together(document, related)}
        )
        result = ActionResult(page_changes=page_check.find_changes())
        if is_submitted(request, form) and not result.page_changes:
            given = form.cleaned_data
            chosen = [document, *given.pop("together", ())]
            action = partial(actions.submit, chosen, by=current_user(request), **given)
            result = run_action(admin, request, document, action, page_check)
            if result.is_done:
                return redirect_done(
                    admin, request, pk, _("Submitted. A reviewer can look at it now.")
                )
        context = workflow_context(
            admin,
            request,
            document,
            _("Submit for review"),
            form=form,
            result=result,
            page_token=page_check.token(),
            requests=reviews.change_requests_for_text(
                document, document.working_copy().content_hash()
            ),
            found=detect_working_copy_change(document),
        )
        return render(request, "admin/document/submit.html", context)

    return view


def _related_to_submit(request: HttpRequest, document: Document) -> list[Document]:
    """What belongs to a document, and this person could submit with it."""
    related = pending.unpublished_related(document)
    return [
        one for one in related if can_edit(request, one) and not pending.pending_if_unchanged(one)
    ]


def review(admin: DocumentAdmin) -> View:
    """Record a review of an edition, or ask for changes."""

    @get_or_post
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        document = get_document_or_403(admin, request, pk, can_review)
        choices = reviews.reviewable_editions(document)
        data = form_data(request)
        page_check = PageCheck(
            "review", pk, lambda: _review_page_state(request, document, edition), data
        )
        seen = page_check.shown_state
        requested_number = seen.number if seen else parse_small_int(request.GET.get("edition", ""))
        edition = next(
            (one for one in choices if one.number == requested_number),
            choices[0] if choices else None,
        )
        if edition is None:
            messages.warning(request, _("There is no edition yet. The writer submits one first."))
            return HttpResponseRedirect(admin.admin_url("change", pk))
        result = ActionResult(page_changes=page_check.find_changes())
        if result.page_changes and data is not None:
            # Whoever confirmed to have read it had read something else.
            data = data.copy()
            data.pop("read", None)
            data.pop("confirmed", None)
        sentences = find_reassurances(edition)
        form = ReviewForm(
            data_for_button(data, "_review"),
            parts=_parts_to_review(request, edition),
            to_confirm=bool(sentences),
            today=timezone.localdate(),
            initial={"shown_as": default_reviewer_name(request)},
        )
        change_request_form = ChangeRequestForm(data_for_button(data, "_request"))
        for sent, action, message in (
            (
                form,
                partial(_record_review, request, edition, form),
                _("Your review is recorded. Readers of this edition see your name and the date."),
            ),
            (
                change_request_form,
                partial(_request_changes, request, edition, change_request_form),
                _("The writers see now what should change."),
            ),
        ):
            if is_submitted(request, sent) and not result.page_changes:
                result = run_action(admin, request, document, action, page_check)
                if result.is_done:
                    return redirect_done(admin, request, pk, message)
        context = workflow_context(
            admin,
            request,
            document,
            _("Review"),
            form=form,
            change_request_form=change_request_form,
            result=result,
            page_token=page_check.token(),
            sentences=sentences,
        )
        context |= _edition_context(admin, request, document, edition, choices)
        return render(request, "admin/document/review.html", context)

    return view


def _edition_context(
    admin: DocumentAdmin,
    request: HttpRequest,
    document: Document,
    edition: Edition,
    choices: list[Edition],
) -> dict[str, Any]:
    """What the page of a review shows of the edition."""
    parts = _parts_to_review(request, edition)
    requests = reviews.open_change_requests(edition)
    before = next((one.edition for one in requests if one.edition_id != edition.pk), None)
    problems = [
        problem
        for problem in pending.edition_problems(edition, quick=True)
        if not problem.can_be_confirmed
    ]
    is_live = edition.number == get_document_state(document).live_number
    return {
        "edition": edition,
        "others": [one for one in choices if one != edition],
        "parts": [part for part in parts if part.document.document_type.can_be_previewed],
        "workflow_urls": admin.workflow_urls(document.pk),
        "is_newest": edition == choices[0],
        "has_page": document.document_type.can_be_previewed,
        "blocking": [admin.link_problem(problem, document) for problem in problems],
        "is_reviewable": is_live or not problems,
        "requests": requests,
        "before": before,
        "since": [TextDifference("", diff_content(before.content, edition.content))]
        if before
        else [],
        "sent_back": [
            one
            for one in reviews.change_requests_for_text(document, edition.sha256)
            if one not in requests
        ],
    }


def _parts_to_review(request: HttpRequest, edition: Edition) -> list[Edition]:
    return [
        part
        for part in reviews.unreviewed_parts(edition)
        if can_view_document(request, part.document)
    ]


def _review_page_state(
    request: HttpRequest, document: Document, edition: Edition | None
) -> PageState:
    """The edition and the parts offered with it. What authors save meanwhile does not matter to a
    review.
    """
    parts = _parts_to_review(request, edition) if edition else []
    documents = [document, *(part.document for part in parts)]
    return PageState.from_documents(
        documents, (NEWEST, LIVE, REVIEW, REQUEST), edition.number if edition else 0
    )


def _record_review(request: HttpRequest, edition: Edition, form: ReviewForm) -> None:
    given = form.cleaned_data
    reviews.record_review(
        [edition, *(given.get("together") or ())],
        by=current_user(request),
        shown_as=given["shown_as"],
        next_due=given["next_due"],
        confirms=edition if given.get("confirmed") else None,
    )


def _request_changes(request: HttpRequest, edition: Edition, form: ChangeRequestForm) -> None:
    reviews.request_changes(edition, by=current_user(request), comment=form.cleaned_data["comment"])


def default_reviewer_name(request: HttpRequest) -> str:
    """What this person was shown as last time, or the name of the account."""
    last = Review.objects.filter(by=current_user(request)).order_by("-recorded_at").first()
    return last.shown_as if last else current_user(request).get_full_name()


def publish(admin: DocumentAdmin) -> View:
    """Ask what changes and when, and make it live."""

    @get_or_post
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        document = get_document_or_403(admin, request, pk, can_publish)
        pending_edition = pending.pending_edition(document)
        is_unchanged = pending.pending_if_unchanged(document) is not None
        related = _related_to_publish(request, document)
        data = form_data(request)
        page_check = PageCheck(
            "publish",
            pk,
            lambda: PageState.from_documents([document, *_related_to_publish(request, document)]),
            data,
        )
        form = PublishForm(
            data,
            pending_edition=pending_edition,
            is_unchanged=is_unchanged,
            related=related,
            scheduled=scheduled_acts_for([pk, *(other.pk for other in related)]),
            initial={"together": _required_together(document, related)},
        )
        result = ActionResult(page_changes=page_check.find_changes())
        if (
            is_submitted(request, form)
            and not result.page_changes
            and _has_change_note(form, document)
        ):
            action = partial(_publish, request, document, form)
            result = run_action(admin, request, document, action, page_check)
            if result.is_done:
                message = (
                    _("Scheduled.") if form.publish_at else _("Published. Readers see it now.")
                )
                return redirect_done(admin, request, pk, message)
        sha = pending_edition.sha256 if pending_edition else document.working_copy().content_hash()
        context = workflow_context(
            admin,
            request,
            document,
            _("Publish"),
            form=form,
            result=result,
            page_token=page_check.token(),
            pending_edition=pending_edition,
            review=effective_reviews([pending_edition]).get(pending_edition.pk)
            if pending_edition
            else None,
            requests=reviews.change_requests_for_text(document, sha),
            found=detect_edition_change(pending_edition) if pending_edition else None,
            found_in_working_copy=None if is_unchanged else detect_working_copy_change(document),
            workflow_urls=admin.workflow_urls(pk),
            has_page=document.document_type.can_be_previewed,
            related=linked_related_statements(request, document, related),
        )
        return render(request, "admin/document/publish.html", context)

    return view


def _related_to_publish(request: HttpRequest, document: Document) -> list[Document]:
    """What belongs to a document, is not live as it stands, and may go live by this
    person's hand.
    """
    return [
        other
        for other in pending.unpublished_related(document)
        if can_view_document(request, other)
    ]


def _required_together(document: Document, related: list[Document]) -> list[int]:
    """What has to go along: drafts, and, where something is in the way, parts that have changed as
    well.
    """
    used = (
        document.working_copy().draft_content().dependencies()
        if pending.publication_problems(document)
        else ()
    )
    return [
        other.pk
        for other in related
        if get_document_state(other).latest_publication is None or other.key in used
    ]


def _split_by_state(form: PublishForm, document: Document) -> tuple[list[Document], list[Edition]]:
    """The working copies that must be frozen, and the editions that go live as they are."""
    documents: list[Document] = [] if form.publishes_pending else [document]
    frozen = [form.pending_edition] if form.publishes_pending and form.pending_edition else []
    for other in form.cleaned_data.get("together") or ():
        edition = pending.pending_if_unchanged(other)
        if edition:
            frozen.append(edition)
        else:
            documents.append(other)
    return documents, frozen


def _has_change_note(form: PublishForm, document: Document) -> bool:
    documents, _frozen = _split_by_state(form, document)
    return not documents or form.require_change_note()


def _publish(request: HttpRequest, document: Document, form: PublishForm) -> None:
    documents, frozen = _split_by_state(form, document)
    actions.publish(
        documents,
        note=form.cleaned_data.get("note", ""),
        by=current_user(request),
        at=form.publish_at,
        editions=frozen,
        cancel_acts=form.cleaned_data.get("take_back", ()),
    )
