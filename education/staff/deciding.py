"""The desk's decisions: submit, review, ask for changes, publish, schedule, cancel, withdraw."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from education.publishing import actions, reviewing
from education.publishing.composition import effective_reviews
from education.publishing.models import Document, Edition, Publication, Review
from education.staff.desk import (
    View,
    carried_out,
    document_for,
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
from education.staff.desk_forms import (
    CancelForm,
    PublishForm,
    RequestForm,
    ReviewForm,
    SetForm,
    WithdrawForm,
)
from education.staff.merging import small_number

if TYPE_CHECKING:
    from education.staff.documents import DocumentAdmin

ASKED_AND_DONE = require_http_methods(["GET", "HEAD", "POST"])


def submit(admin: DocumentAdmin) -> View:
    """Ask what changes, and hand the working copy to the reviewer."""

    @ASKED_AND_DONE
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        document = document_for(admin, request, pk, may_submit)
        near = actions.unpublished_neighbours(document)
        neighbours = [one for one in near if may_edit(request, one) and not actions.waits_unchanged(one)]
        form = SetForm(
            posted(request), neighbours=neighbours, initial={"together": _needed(document, neighbours)}
        )
        problems: list[str] = []
        if is_sent(request, form):
            given = form.cleaned_data
            chosen = [document, *given.pop("together", ())]
            problems = carried_out(
                admin, request, document, partial(actions.submit, chosen, by=person(request), **given)
            )
            if not problems:
                return _done(admin, request, pk, _("Submitted. A reviewer can look at it now."))
        context = page_of(admin, request, document, _("Submit for review"), form=form, problems=problems)
        return render(request, "admin/document/submit.html", context)

    return view


def review(admin: DocumentAdmin) -> View:
    """Record a review of an edition, or ask for changes."""

    @ASKED_AND_DONE
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        document = document_for(admin, request, pk, may_review)
        choices = reviewing.reviewable(document)
        asked = small_number(request.POST.get("asked_edition") or request.GET.get("edition", ""))
        edition = next((one for one in choices if one.number == asked), choices[0] if choices else None)
        if edition is None:
            messages.warning(request, _("There is no edition yet. The writer submits one first."))
            return HttpResponseRedirect(admin.desk_address("change", pk))
        parts = [part for part in reviewing.unreviewed_parts(edition) if may_see(request, part.document)]
        initial = {
            "edition": edition.number,
            "asked_edition": edition.number,
            "shown_as": _last_name(request),
        }
        typed = posted(request)
        form = ReviewForm(
            sent_with(typed, "_review"), parts=parts, today=timezone.localdate(), initial=initial
        )
        wishes = RequestForm(sent_with(typed, "_request"), initial=initial)
        problems: list[str] = []
        if is_sent(request, form):
            problems = carried_out(admin, request, document, partial(_record, request, document, form))
            if not problems:
                return _done(
                    admin,
                    request,
                    pk,
                    _("Your review is recorded. Readers of this edition see your name and the date."),
                )
        if is_sent(request, wishes):
            action = partial(
                reviewing.request_changes, edition, by=person(request), comment=wishes.cleaned_data["comment"]
            )
            problems = carried_out(admin, request, document, action)
            if not problems:
                return _done(admin, request, pk, _("The writers see now what should change."))
        context = page_of(
            admin,
            request,
            document,
            _("Review"),
            form=form,
            wishes=wishes,
            problems=problems,
            edition=edition,
            others=[one for one in choices if one != edition],
            parts=[part for part in parts if part.document.kind_of.show is not None],
            pages=admin.pages(pk),
            is_newest=edition == choices[0],
            has_page=document.kind_of.show is not None,
        )
        return render(request, "admin/document/review.html", context)

    return view


def _record(request: HttpRequest, document: Document, form: ReviewForm) -> None:
    given = form.cleaned_data
    edition = get_object_or_404(document.editions.select_related("document"), number=given["edition"])
    together = list(given.get("together") or Edition.objects.none())
    reviewing.record_review(
        [edition, *together], by=person(request), shown_as=given["shown_as"], next_due=given["next_due"]
    )


def _last_name(request: HttpRequest) -> str:
    """What this person was shown as last time, or the name of the account."""
    last = Review.objects.filter(by=person(request)).order_by("-recorded_at").first()
    return last.shown_as if last else person(request).get_full_name()


def publish(admin: DocumentAdmin) -> View:
    """Ask what changes and when, and make it live."""

    @ASKED_AND_DONE
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        document = document_for(admin, request, pk, may_publish)
        waiting = actions.waiting_edition(document)
        neighbours = [near for near in actions.unpublished_neighbours(document) if may_see(request, near)]
        form = PublishForm(
            posted(request),
            waiting=waiting,
            is_same=actions.waits_unchanged(document) is not None,
            neighbours=neighbours,
            initial={"together": _needed(document, neighbours)},
        )
        problems: list[str] = []
        if is_sent(request, form) and _is_complete(form, document):
            problems = carried_out(admin, request, document, partial(_publish, request, document, form))
            if not problems:
                said = _("Scheduled.") if form.moment else _("Published. Readers see it now.")
                return _done(admin, request, pk, said)
        context = page_of(
            admin,
            request,
            document,
            _("Publish"),
            form=form,
            problems=problems,
            waiting=waiting,
            review=effective_reviews([waiting]).get(waiting.pk) if waiting else None,
            pages=admin.pages(pk),
            has_page=document.kind_of.show is not None,
        )
        return render(request, "admin/document/publish.html", context)

    return view


def _needed(document: Document, neighbours: list[Document]) -> list[int]:
    """What has to go along: drafts, and, where something is in the way, parts that have changed as well."""
    used = document.working_copy().draft().uses() if actions.obstacles(document) else ()
    return [
        other.pk for other in neighbours if vars(other)["latest_publication"] is None or other.key in used
    ]


def _set_to_publish(form: PublishForm, document: Document) -> tuple[list[Document], list[Edition]]:
    """The working copies that must be frozen, and the editions that go live as they are."""
    documents: list[Document] = [] if form.publishes_waiting else [document]
    frozen = [form.waiting] if form.publishes_waiting and form.waiting else []
    for other in form.cleaned_data.get("together") or ():
        edition = actions.waits_unchanged(other)
        if edition:
            frozen.append(edition)
        else:
            documents.append(other)
    return documents, frozen


def _is_complete(form: PublishForm, document: Document) -> bool:
    documents, _frozen = _set_to_publish(form, document)
    return not documents or form.require_change()


def _publish(request: HttpRequest, document: Document, form: PublishForm) -> None:
    documents, frozen = _set_to_publish(form, document)
    actions.publish(
        documents,
        change=form.cleaned_data.get("change", ""),
        note=form.cleaned_data.get("note", ""),
        by=person(request),
        at=form.moment,
        frozen=frozen,
    )


def cancel(admin: DocumentAdmin) -> View:
    """Take back what is scheduled: this document, and what would go live at the same instant."""

    @ASKED_AND_DONE
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        document = document_for(admin, request, pk, may_publish)
        own = Publication.objects.to_come().filter(document=document)
        scheduled = [
            entry
            for entry in Publication.objects.to_come()
            .filter(at__in=own.values("at"))
            .select_related("document", "edition")
            .order_by("at", "pk")
            if may_see(request, entry.document)
        ]
        form = CancelForm(
            posted(request), scheduled=scheduled, initial={"entries": [e.pk for e in scheduled]}
        )
        problems: list[str] = []
        if is_sent(request, form):
            chosen = form.cleaned_data["entries"].select_related("document", "edition")
            action = partial(actions.cancel, *chosen, by=person(request))
            problems = carried_out(admin, request, document, action)
            if not problems:
                return _done(admin, request, pk, _("Taken back. It will not happen."))
        context = page_of(
            admin, request, document, _("Scheduled"), form=form, problems=problems, scheduled=scheduled
        )
        return render(request, "admin/document/cancel.html", context)

    return view


def withdraw(admin: DocumentAdmin) -> View:
    """Ask why, and take the document away from readers."""

    @ASKED_AND_DONE
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        document = document_for(admin, request, pk, may_publish)
        needing = [other for other in actions.needing(document) if may_see(request, other)]
        form = WithdrawForm(posted(request), document=document, needing=needing)
        problems: list[str] = []
        if is_sent(request, form):
            action = partial(actions.withdraw, document, by=person(request), **form.cleaned_data)
            problems = carried_out(admin, request, document, action)
            if not problems:
                return _done(admin, request, pk, _("Withdrawn. Readers who come to it are told why."))
        context = page_of(admin, request, document, _("Withdraw"), form=form, problems=problems)
        return render(request, "admin/document/withdraw.html", context)

    return view


def _done(admin: DocumentAdmin, request: HttpRequest, pk: int, said: Any) -> HttpResponse:
    messages.success(request, said)
    return HttpResponseRedirect(admin.desk_address("change", pk))
