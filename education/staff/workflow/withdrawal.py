"""The desk's way back: cancel what is scheduled, and withdraw what readers see. Each lists what
goes.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from education.publishing import actions
from education.publishing.models import Document, Publication
from education.publishing.workflow.audit_log import describe_act
from education.publishing.workflow.schedule import (
    Act,
    acts_cancelled_by_withdrawal,
    scheduled_acts_for,
)
from education.publishing.workflow.withdrawal import (
    introduced_parts,
    live_dependents,
    remaining_from_act,
)
from education.staff.workflow.base import (
    ActionResult,
    View,
    form_data,
    get_document_or_403,
    is_submitted,
    redirect_done,
    run_action,
    workflow_context,
)
from education.staff.workflow.forms import CancelForm, WithdrawForm
from education.staff.workflow.page_state import LIVE, SCHEDULED, PageCheck, PageState
from education.staff.workflow.permissions import (
    can_publish,
    can_view_document,
    can_withdraw,
    current_user,
)
from education.staff.workflow.transitions import get_or_post

if TYPE_CHECKING:
    from education.staff.admin.base import DocumentAdmin


def cancel(admin: DocumentAdmin) -> View:
    """Take back what is scheduled for this document, each time with all that was decided together
    with it.
    """

    @get_or_post
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        document = get_document_or_403(admin, request, pk, can_publish)
        acts = scheduled_acts_for([pk])
        scheduled = [act for act in acts if _can_view_all(request, act)]
        data = form_data(request)
        page_check = PageCheck("cancel", pk, lambda: _scheduled_state(document), data)
        form = CancelForm(data, scheduled=scheduled)
        result = ActionResult(page_changes=page_check.find_changes())
        if is_submitted(request, form) and not result.page_changes:
            wanted = Publication.objects.filter(act__in=form.cleaned_data["acts"])
            chosen = wanted.select_related("document", "edition")
            action = partial(_cancel, chosen, request)
            result = run_action(admin, request, document, action, page_check)
            if result.is_done:
                return redirect_done(admin, request, pk, _("Taken back. It will not happen."))
        context = workflow_context(
            admin,
            request,
            document,
            _("Scheduled"),
            form=form,
            result=result,
            page_token=page_check.token(),
            scheduled=scheduled,
            others=[act for act in acts if act not in scheduled],
        )
        return render(request, "admin/document/cancel.html", context)

    return view


def _cancel(chosen: Iterable[Publication], request: HttpRequest) -> None:
    actions.cancel(*chosen, by=current_user(request))


def _can_view_all(request: HttpRequest, act: Act) -> bool:
    return all(can_view_document(request, entry.document) for entry in act.entries)


def _scheduled_state(document: Document) -> PageState:
    members = {entry.document for act in scheduled_acts_for([document.pk]) for entry in act.entries}
    return PageState.from_documents({document, *members}, (LIVE, SCHEDULED))


def withdraw(admin: DocumentAdmin) -> View:
    """Take the document away from readers: urgent, by one press; or not, then four eyes count."""

    @get_or_post
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        document = get_document_or_403(admin, request, pk, can_withdraw)
        together, along = _withdrawn_with(request, document)
        data = form_data(request)
        page_check = PageCheck("withdraw", pk, lambda: _live_state(request, document), data)
        form = WithdrawForm(data, document=document, dependents=together, along=along)
        result = ActionResult(page_changes=page_check.find_changes())
        if is_submitted(request, form) and not result.page_changes:
            action = partial(_withdraw, request, document, form, _is_urgent(admin, request))
            result = run_action(admin, request, document, action, page_check)
            if result.is_done:
                return redirect_done(
                    admin, request, pk, _("Withdrawn. Readers who come to it are told why.")
                )
        gone = [document.pk, *(other.pk for other in (*together, *along))]
        context = workflow_context(
            admin,
            request,
            document,
            _("Withdraw"),
            form=form,
            result=result,
            page_token=page_check.token(),
            ends=[describe_act(act) for act in acts_cancelled_by_withdrawal(gone, timezone.now())],
            stays=remaining_from_act(document, gone),
            can_publish=can_publish(admin, request),
        )
        return render(request, "admin/document/withdraw.html", context)

    return view


def _withdrawn_with(
    request: HttpRequest, document: Document
) -> tuple[list[Document], list[Document]]:
    """What cannot be shown without a document, and what came with it and nothing else needs."""
    together, along = live_dependents(document), introduced_parts(document)
    return (
        [other for other in together if can_view_document(request, other)],
        [other for other in along if can_view_document(request, other)],
    )


def _live_state(request: HttpRequest, document: Document) -> PageState:
    together, along = _withdrawn_with(request, document)
    return PageState.from_documents([document, *together, *along], (LIVE, SCHEDULED))


def _is_urgent(admin: DocumentAdmin, request: HttpRequest) -> bool:
    """Unless a publisher pressed the other button: nobody is held up by a choice."""
    return "_withdraw" not in request.POST or not can_publish(admin, request)


def _withdraw(request: HttpRequest, document: Document, form: WithdrawForm, urgent: bool) -> None:
    given = form.cleaned_data
    actions.withdraw(
        document,
        reason=given["reason"],
        redirect_to=given["redirect_to"],
        also=[*(given.get("together") or ()), *(given.get("along") or ())],
        by=current_user(request),
        urgent=urgent,
    )
