"""Taking back what was submitted, to leave it or to submit it anew."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from education.publishing import actions
from education.publishing.models import Edition
from education.publishing.workflow import pending
from education.staff.admin_urls import admin_url
from education.staff.workflow.base import FormPageView
from education.staff.workflow.forms import RecallForm
from education.staff.workflow.page_state import LIVE, NEWEST, RECALL, REQUEST, REVIEW, PageState
from education.staff.workflow.permissions import can_recall, can_submit, current_user


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
