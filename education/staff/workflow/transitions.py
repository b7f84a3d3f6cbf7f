"""Workflow steps: submit, review, request changes, publish."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from education.handouts.trial import is_sheet_over
from education.publishing import actions
from education.publishing.checks.passed_checks import run_ahead
from education.publishing.checks.reassurance import Reassurance, find_reassurances
from education.publishing.diff.fields import diff_content
from education.publishing.models import Document, Edition, Review
from education.publishing.review_inheritance import effective_reviews
from education.publishing.workflow import pending, reviews
from education.publishing.workflow.comments import CommentThread, open_threads
from education.publishing.workflow.last_look import last_looks
from education.publishing.workflow.schedule import scheduled_acts_for
from education.publishing.workflow.states import get_document_state
from education.staff.admin_urls import admin_url
from education.staff.editor.three_way_merge import parse_small_int
from education.staff.workflow.base import FormPageView, data_for_button
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
    RECALL,
    REQUEST,
    REVIEW,
    PageState,
    TextDifference,
)
from education.staff.workflow.permissions import (
    can_edit,
    can_publish,
    can_review,
    can_submit,
    can_view,
    current_user,
)
from education.staff.workflow.problem_links import link_problem
from education.staff.workflow.related_statements import linked_related_statements

SHEET_IS_OVER = gettext_lazy(
    "Its handout does not fit on one sheet: it goes on to a third page. Shorter texts “in short” "
    "would help."
)


def shown_problems(view: FormPageView, edition: Edition | None = None) -> list[str]:
    """What blocks the publication of a pending edition, or of the working copy, with links."""
    document, model_admin = view.document, view.model_admin
    found = (
        pending.edition_problems(edition, quick=True)
        if edition
        else model_admin.publication_problems(document)  # type: ignore[attr-defined]
    )
    return list(dict.fromkeys(link_problem(problem, document) for problem in found))


class SubmitView(FormPageView):
    """Submit the working copy for review, with the parts that changed with it."""

    page_name = "submit"
    title = gettext_lazy("Submit for review")
    template_name = "admin/document/submit.html"
    has_permission = staticmethod(can_submit)

    def get_related(self) -> list[Document]:
        """The unpublished documents that belong to this one and that this user could submit."""
        user = current_user(self.request)
        return [
            one
            for one in pending.unpublished_related(self.document)
            if can_edit(user, one) and not pending.pending_if_unchanged(one)
        ]

    def get_page_state(self) -> PageState:
        return PageState.from_documents([self.document, *self.get_related()])

    def get_form(self) -> PublicationSetForm:
        related = self.get_related()
        user = current_user(self.request)
        mine = [one.pk for one in related if one.edited_by_id == user.pk]
        together = dict.fromkeys((*_required_together(self.document, related), *mine))
        initial = {"together": list(together), "note": reviews.note_to_keep(self.document)}
        return PublicationSetForm(self.data, related=related, initial=initial)

    def perform(self, form: PublicationSetForm) -> None:
        given = dict(form.cleaned_data)
        documents = [self.document, *given.pop("together", ())]
        actions.submit(documents, by=current_user(self.request), **given)

    def get_success_message(self, form: PublicationSetForm) -> str:
        return _("Submitted. A reviewer can look at it now.")

    def get_form_context(self, form: PublicationSetForm) -> dict[str, Any]:
        sha = self.working_copy.content_hash()
        return {
            "requests": reviews.change_requests_for_text(self.document, sha),
            "found": detect_working_copy_change(self.document),
            "problems": shown_problems(self),
        }


class ReviewView(FormPageView):
    """Record a review of an edition, or request changes to it."""

    page_name = "review"
    title = gettext_lazy("Review")
    template_name = "admin/document/review.html"
    has_permission = staticmethod(can_review)
    choices: list[Edition]
    edition: Edition
    comments: list[CommentThread]

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.start()
        self.choices = reviews.reviewable_editions(self.document)
        if not self.choices:
            is_recalled = reviews.recalled_edition(self.document) is not None
            none_yet = _("There is no edition yet. The writer submits one first.")
            messages.warning(request, reviews.recalled_message() if is_recalled else none_yet)
            return HttpResponseRedirect(admin_url(self.document))
        self.edition = self._requested_edition()
        self.find_page_changes()
        if self.result.page_changes and self.data is not None:
            # What the reviewer confirmed having read is not what is shown now.
            self.data = self.data.copy()
            self.data.pop("read", None)
            self.data.pop("confirmed", None)
        form = self.get_form()
        if self.submit(form, partial(self.perform, form)):
            return self.redirect_to_form(self.get_success_message(form))
        self.comments = open_threads(self.document)
        change_request_form = ChangeRequestForm(
            data_for_button(self.data, "_request"), has_comments=bool(self.comments)
        )
        if self.submit(change_request_form, partial(self.request_changes, change_request_form)):
            return self.redirect_to_form(_("The writers see now what should change."))
        return self.render(
            form=form, change_request_form=change_request_form, **self.get_form_context(form)
        )

    def _requested_edition(self) -> Edition:
        """The edition that the submitted form showed or the URL names; else the newest."""
        shown = self.page_check.shown_state
        number = shown.number if shown else parse_small_int(self.request.GET.get("edition", ""))
        return next((one for one in self.choices if one.number == number), self.choices[0])

    @cached_property
    def sentences(self) -> list[Reassurance]:
        """The sentences that the reviewer must confirm."""
        return find_reassurances(self.edition)

    def get_parts(self) -> list[Edition]:
        """The unreviewed parts of the edition that this user may see."""
        return [
            part
            for part in reviews.unreviewed_parts(self.edition)
            if can_view(current_user(self.request), part.document)
        ]

    def get_page_state(self) -> PageState:
        # Working copies are left out: what authors save meanwhile does not affect a review.
        documents = [self.document, *(part.document for part in self.get_parts())]
        return PageState.from_documents(
            documents, (NEWEST, LIVE, REVIEW, REQUEST, RECALL), self.edition.number
        )

    def get_form(self) -> ReviewForm:
        return ReviewForm(
            data_for_button(self.data, "_review"),
            parts=self.get_parts(),
            to_confirm=bool(self.sentences),
            today=timezone.localdate(),
            initial={"shown_as": default_reviewer_name(self.request)},
        )

    def perform(self, form: ReviewForm) -> None:
        given = form.cleaned_data
        reviews.record_review(
            [self.edition, *(given.get("together") or ())],
            by=current_user(self.request),
            shown_as=given["shown_as"],
            next_due=given["next_due"],
            confirms=self.edition if given.get("confirmed") else None,
        )

    def get_success_message(self, form: ReviewForm) -> str:
        return _("Your review is recorded. Readers of this edition see your name and the date.")

    def request_changes(self, form: ChangeRequestForm) -> None:
        """Record what should change."""
        reviews.request_changes(
            self.edition,
            by=current_user(self.request),
            comment=form.cleaned_data["comment"],
            threads=self.comments,
        )

    def get_form_context(self, form: ReviewForm) -> dict[str, Any]:
        edition = self.edition
        requests = reviews.open_change_requests(edition)
        parts = [part for part in self.get_parts() if part.document.document_type.can_be_previewed]
        looks = last_looks([edition, *parts], current_user(self.request))
        look = looks.get(edition.pk)
        before = next((one.edition for one in requests if one.edition_id != edition.pk), None)
        if look and look.edition == before:
            before = None  # Shown once, as what changed since.
        problems = [
            problem
            for problem in pending.edition_problems(edition, quick=True)
            if not problem.can_be_confirmed
        ]
        return {
            "sentences": self.sentences,
            "comments": self.comments,
            "recalls": reviews.recalls_since_review(edition),
            "edition": edition,
            "others": [one for one in self.choices if one != edition],
            "look": look,
            "changes_since_look": look.changes_to(edition) if look else (),
            "parts": [
                (part, looks.get(part.pk), admin_url(part.document, "compare")) for part in parts
            ],
            "is_newest": edition == self.choices[0],
            "has_page": self.document.document_type.can_be_previewed,
            "blocking": [link_problem(problem, self.document) for problem in problems],
            "is_reviewable": edition.number == get_document_state(self.document).live_number
            or not problems,
            "requests": requests,
            "before": before,
            "since": [TextDifference("", diff_content(before.content, edition.content))]
            if before
            else [],
            "sent_back": [
                one
                for one in reviews.change_requests_for_text(self.document, edition.sha256)
                if one not in requests
            ],
        }


def default_reviewer_name(request: HttpRequest) -> str:
    """The name on the user's last review, or the full name of the account."""
    last = Review.objects.filter(by=current_user(request)).order_by("-recorded_at").first()
    return last.shown_as if last else current_user(request).get_full_name()


class PublishView(FormPageView):
    """Publish the submitted edition or the working copy, now or at a time."""

    page_name = "publish"
    title = gettext_lazy("Publish")
    template_name = "admin/document/publish.html"
    has_permission = staticmethod(can_publish)
    pending_edition: Edition | None
    is_unchanged: bool
    related: list[Document]

    def get_related(self) -> list[Document]:
        """The unpublished documents that belong to this one and that this user may see."""
        return [
            other
            for other in pending.unpublished_related(self.document)
            if can_view(current_user(self.request), other)
        ]

    def get_page_state(self) -> PageState:
        return PageState.from_documents([self.document, *self.get_related()])

    def get_form(self) -> PublishForm:
        self.pending_edition = pending.pending_edition(self.document)
        self.is_unchanged = pending.pending_if_unchanged(self.document) is not None
        self.related = self.get_related()
        return PublishForm(
            self.data,
            pending_edition=self.pending_edition,
            is_unchanged=self.is_unchanged,
            related=self.related,
            scheduled=scheduled_acts_for([self.document.pk, *(other.pk for other in self.related)]),
            initial={"together": self._ticked_at_first()},
        )

    def _ticked_at_first(self) -> list[int]:
        """What goes along: nothing that only the draft needs, if another edition is published."""
        edition = self.pending_edition
        if edition is None or self.is_unchanged:
            return _required_together(self.document, self.related)
        needed = edition.content.dependencies()
        return [
            one.pk
            for one in self.related
            if one.key in needed and get_document_state(one).live_edition is None
        ]

    def is_complete(self, form: PublishForm) -> bool:
        documents, _frozen = self._split_by_state(form)
        return not documents or form.require_change_note()

    def prepare(self, form: PublishForm) -> None:
        documents = (self.document, *(form.cleaned_data.get("together") or ()))
        run_ahead(one.pk for one in documents)

    def perform(self, form: PublishForm) -> None:
        documents, frozen = self._split_by_state(form)
        actions.publish(
            documents,
            note=form.cleaned_data.get("note", ""),
            by=current_user(self.request),
            at=form.publish_at,
            editions=frozen,
            cancel_acts=form.cleaned_data.get("take_back", ()),
        )

    def _split_by_state(self, form: PublishForm) -> tuple[list[Document], list[Edition]]:
        """Documents whose working copy must be frozen, and pending editions to publish as is."""
        documents: list[Document] = [] if form.publishes_pending else [self.document]
        frozen = [form.pending_edition] if form.publishes_pending and form.pending_edition else []
        for other in form.cleaned_data.get("together") or ():
            edition = pending.pending_if_unchanged(other)
            if edition:
                frozen.append(edition)
            else:
                documents.append(other)
        return documents, frozen

    def get_success_message(self, form: PublishForm) -> str:
        if form.publish_at:
            return _("Scheduled.")
        published = Edition.objects.live().filter(document=self.document).first()
        message = _("Published. Readers see it now.")
        return f"{message} {SHEET_IS_OVER}" if published and is_sheet_over(published) else message

    def get_form_context(self, form: PublishForm) -> dict[str, Any]:
        document, edition = self.document, self.pending_edition
        sha = edition.sha256 if edition else self.working_copy.content_hash()
        return {
            "pending_edition": edition,
            "review": effective_reviews([edition]).get(edition.pk) if edition else None,
            "requests": reviews.change_requests_for_text(document, sha),
            "found": detect_edition_change(edition) if edition else None,
            "found_in_working_copy": None
            if self.is_unchanged
            else detect_working_copy_change(document),
            "problems": shown_problems(self, edition),
            "sheet_is_over": SHEET_IS_OVER if edition and is_sheet_over(edition) else "",
            "has_page": document.document_type.can_be_previewed,
            "related": linked_related_statements(self.request, document, self.related),
        }


def _required_together(document: Document, related: list[Document]) -> list[int]:
    """The ids of related documents that are ticked at first.

    These are the ones never published, and, if `document` has problems, changed ones it uses.
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
