"""Take back what was submitted or scheduled, and withdraw what readers see."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from education.publishing import actions
from education.publishing.checks.passed_checks import run_ahead
from education.publishing.models import Document, Edition, Publication
from education.publishing.workflow import pending
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
from education.staff.admin_urls import admin_url
from education.staff.workflow.base import FormPageView
from education.staff.workflow.forms import CancelForm, RecallForm, WithdrawForm
from education.staff.workflow.page_state import (
    LIVE,
    NEWEST,
    RECALL,
    REQUEST,
    REVIEW,
    SCHEDULED,
    PageState,
)
from education.staff.workflow.permissions import (
    can_publish,
    can_recall,
    can_submit,
    can_view,
    can_withdraw,
    current_user,
)


class CancelView(FormPageView):
    """Cancel scheduled acts of this document, each with everything decided in the same act."""

    page_name = "cancel"
    title = gettext_lazy("Scheduled")
    template_name = "admin/document/cancel.html"
    has_permission = staticmethod(can_publish)
    acts: list[Act]
    scheduled: list[Act]

    def get_page_state(self) -> PageState:
        acts = scheduled_acts_for([self.document.pk])
        members = {entry.document for act in acts for entry in act.entries}
        return PageState.from_documents({self.document, *members}, (LIVE, SCHEDULED))

    def get_form(self) -> CancelForm:
        self.acts = scheduled_acts_for([self.document.pk])
        self.scheduled = [act for act in self.acts if self._can_view_all(act)]
        return CancelForm(self.data, scheduled=self.scheduled)

    def _can_view_all(self, act: Act) -> bool:
        user = current_user(self.request)
        return all(can_view(user, entry.document) for entry in act.entries)

    def perform(self, form: CancelForm) -> None:
        entries = Publication.objects.filter(act__in=form.cleaned_data["acts"])
        actions.cancel(
            *entries.select_related("document", "edition"), by=current_user(self.request)
        )

    def get_success_message(self, form: CancelForm) -> str:
        return _("Taken back. It will not happen.")

    def get_form_context(self, form: CancelForm) -> dict[str, Any]:
        return {
            "scheduled": self.scheduled,
            "others": [act for act in self.acts if act not in self.scheduled],
        }


class WithdrawView(FormPageView):
    """Withdraw the document from readers: urgently by default, or under the four-eyes rule."""

    page_name = "withdraw"
    title = gettext_lazy("Withdraw")
    template_name = "admin/document/withdraw.html"
    has_permission = staticmethod(can_withdraw)
    dependents: list[Document]
    along: list[Document]

    def get_withdrawn_with(self) -> tuple[list[Document], list[Document]]:
        """Live documents that need this one, and parts introduced with it that nothing else needs.

        Only those that this user may see.
        """
        user = current_user(self.request)
        dependents, along = live_dependents(self.document), introduced_parts(self.document)
        return (
            [other for other in dependents if can_view(user, other)],
            [other for other in along if can_view(user, other)],
        )

    def get_page_state(self) -> PageState:
        dependents, along = self.get_withdrawn_with()
        return PageState.from_documents([self.document, *dependents, *along], (LIVE, SCHEDULED))

    def get_form(self) -> WithdrawForm:
        self.dependents, self.along = self.get_withdrawn_with()
        return WithdrawForm(
            self.data, document=self.document, dependents=self.dependents, along=self.along
        )

    def prepare(self, form: WithdrawForm) -> None:
        run_ahead(one.pk for one in (self.document, *_chosen_with(form)))

    def perform(self, form: WithdrawForm) -> None:
        given = form.cleaned_data
        actions.withdraw(
            self.document,
            reason=given["reason"],
            redirect_to=given["redirect_to"],
            also=_chosen_with(form),
            by=current_user(self.request),
            urgent=self.is_urgent,
        )

    @property
    def is_urgent(self) -> bool:
        """True unless a publisher pressed the button for a withdrawal that is not urgent."""
        return "_withdraw" not in self.request.POST or not self.user_can_publish

    @property
    def user_can_publish(self) -> bool:
        """Whether this user may publish documents of this kind."""
        return can_publish(current_user(self.request), self.document)

    def get_success_message(self, form: WithdrawForm) -> str:
        return _("Withdrawn. Readers who come to it are told why.")

    def get_form_context(self, form: WithdrawForm) -> dict[str, Any]:
        withdrawn = [self.document.pk, *(other.pk for other in (*self.dependents, *self.along))]
        ended = acts_cancelled_by_withdrawal(withdrawn, timezone.now())
        return {
            "ends": [describe_act(act) for act in ended],
            "stays": remaining_from_act(self.document, withdrawn),
            "can_publish": self.user_can_publish,
        }


class RecallView(FormPageView):
    """Take back the edition that waits; the working copy keeps its words."""

    page_name = "recall"
    title = gettext_lazy("Take back")
    template_name = "admin/document/recall.html"
    has_permission = staticmethod(can_submit)
    edition: Edition

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        edition = pending.pending_edition(self.document)
        if edition is None:
            messages.warning(request, _("Nothing waits here that could be taken back."))
            return HttpResponseRedirect(admin_url(self.document))
        if not can_recall(current_user(request), edition):
            raise PermissionDenied
        self.edition = edition
        answer = super().get(request, pk)
        if self.result.is_done and "_again" in request.POST:
            return HttpResponseRedirect(admin_url(self.document, "submit"))
        return answer

    def get_page_state(self) -> PageState:
        facts = (NEWEST, LIVE, REVIEW, REQUEST, RECALL)
        return PageState.from_documents([self.document], facts, self.edition.number)

    def get_form(self) -> RecallForm:
        return RecallForm(self.data)

    def perform(self, form: RecallForm) -> None:
        by = current_user(self.request)
        actions.recall(self.edition, by=by, reason=form.cleaned_data["reason"])

    def get_success_message(self, form: RecallForm) -> str:
        return _("Taken back. It waits for nobody now. Your words are below, as they were.")

    def get_form_context(self, form: RecallForm) -> dict[str, Any]:
        has_changed = self.edition.sha256 != self.working_copy.content_hash()
        return {"edition": self.edition, "has_changed": has_changed}


def _chosen_with(form: WithdrawForm) -> list[Document]:
    """The other documents that are to be withdrawn."""
    given = form.cleaned_data
    return [*(given.get("together") or ()), *(given.get("along") or ())]
