"""The desk's way back: cancel what is scheduled, and withdraw what readers see. Each lists what goes."""

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
from education.publishing.workflow.schedule import Act, acts_cancelled_by_withdrawal, scheduled_acts_for
from education.publishing.workflow.withdrawal import introduced_parts, live_dependents, remaining_from_act
from education.staff.deciding import ASKED_AND_DONE
from education.staff.desk import (
    Outcome,
    View,
    carried_out,
    document_for,
    done,
    is_sent,
    may_publish,
    may_see,
    may_withdraw,
    page_of,
    person,
    posted,
)
from education.staff.desk_forms import CancelForm, WithdrawForm
from education.staff.shown_state import LIVE, SCHEDULED, ShownState, Watch

if TYPE_CHECKING:
    from education.staff.documents import DocumentAdmin


def cancel(admin: DocumentAdmin) -> View:
    """Take back what is scheduled for this document, each time with all that was decided together with it."""

    @ASKED_AND_DONE
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        document = document_for(admin, request, pk, may_publish)
        acts = scheduled_acts_for([pk])
        scheduled = [act for act in acts if _may_see_all(request, act)]
        typed = posted(request)
        watch = Watch("cancel", pk, lambda: _shown_scheduled(document), typed)
        form = CancelForm(typed, scheduled=scheduled)
        outcome = Outcome(changed=watch.changed())
        if is_sent(request, form) and not outcome.changed:
            wanted = Publication.objects.filter(act__in=form.cleaned_data["acts"])
            chosen = wanted.select_related("document", "edition")
            action = partial(_cancel, chosen, request)
            outcome = carried_out(admin, request, document, action, watch)
            if outcome.is_done:
                return done(admin, request, pk, _("Taken back. It will not happen."))
        context = page_of(
            admin,
            request,
            document,
            _("Scheduled"),
            form=form,
            outcome=outcome,
            shown=watch.token(),
            scheduled=scheduled,
            others=[act for act in acts if act not in scheduled],
        )
        return render(request, "admin/document/cancel.html", context)

    return view


def _cancel(chosen: Iterable[Publication], request: HttpRequest) -> None:
    actions.cancel(*chosen, by=person(request))


def _may_see_all(request: HttpRequest, act: Act) -> bool:
    return all(may_see(request, entry.document) for entry in act.entries)


def _shown_scheduled(document: Document) -> ShownState:
    members = {entry.document for act in scheduled_acts_for([document.pk]) for entry in act.entries}
    return ShownState.of({document, *members}, (LIVE, SCHEDULED))


def withdraw(admin: DocumentAdmin) -> View:
    """Take the document away from readers: urgent, by one press; or not, then four eyes count."""

    @ASKED_AND_DONE
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        document = document_for(admin, request, pk, may_withdraw)
        together, along = _going(request, document)
        typed = posted(request)
        watch = Watch("withdraw", pk, lambda: _shown_live(request, document), typed)
        form = WithdrawForm(typed, document=document, needing=together, along=along)
        outcome = Outcome(changed=watch.changed())
        if is_sent(request, form) and not outcome.changed:
            action = partial(_withdraw, request, document, form, _is_urgent(admin, request))
            outcome = carried_out(admin, request, document, action, watch)
            if outcome.is_done:
                return done(admin, request, pk, _("Withdrawn. Readers who come to it are told why."))
        gone = [document.pk, *(other.pk for other in (*together, *along))]
        context = page_of(
            admin,
            request,
            document,
            _("Withdraw"),
            form=form,
            outcome=outcome,
            shown=watch.token(),
            ends=[describe_act(act) for act in acts_cancelled_by_withdrawal(gone, timezone.now())],
            stays=remaining_from_act(document, gone),
            may_publish=may_publish(admin, request),
        )
        return render(request, "admin/document/withdraw.html", context)

    return view


def _going(request: HttpRequest, document: Document) -> tuple[list[Document], list[Document]]:
    """What cannot be shown without a document, and what came with it and nothing else needs."""
    together, along = live_dependents(document), introduced_parts(document)
    return (
        [other for other in together if may_see(request, other)],
        [other for other in along if may_see(request, other)],
    )


def _shown_live(request: HttpRequest, document: Document) -> ShownState:
    together, along = _going(request, document)
    return ShownState.of([document, *together, *along], (LIVE, SCHEDULED))


def _is_urgent(admin: DocumentAdmin, request: HttpRequest) -> bool:
    """Unless a publisher pressed the other button: nobody is held up by a choice."""
    return "_withdraw" not in request.POST or not may_publish(admin, request)


def _withdraw(request: HttpRequest, document: Document, form: WithdrawForm, urgent: bool) -> None:
    given = form.cleaned_data
    actions.withdraw(
        document,
        reason=given["reason"],
        redirect_to=given["send_to"],
        also=[*(given.get("together") or ()), *(given.get("along") or ())],
        by=person(request),
        urgent=urgent,
    )
