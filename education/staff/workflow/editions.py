"""The editions of a document, and restoring one of them into the working copy."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from education.publishing import actions
from education.publishing.models import Document, Publication
from education.publishing.workflow import reviews
from education.staff.admin_urls import admin_url
from education.staff.editor.three_way_merge import parse_small_int
from education.staff.workflow.base import WorkflowView, run_action
from education.staff.workflow.page_state import NEWEST, REQUEST, REVIEW, TEXT, PageCheck, PageState
from education.staff.workflow.permissions import can_restore, current_user


class EditionsView(WorkflowView):
    """Every edition with its reviews, and when readers saw it."""

    title = gettext_lazy("Editions")
    template_name = "admin/document/editions.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        editions = self.document.editions.select_related("frozen_by", "document", "recall__by")
        log = (
            Publication.objects.filter(document=self.document)
            .select_related("edition", "by")
            .order_by("-at", "-pk")
        )
        is_restorer = can_restore(current_user(request), self.document)
        return self.render(
            editions=editions.order_by("-number")
            .defer("data", "search_text")
            .prefetch_related("reviews", "change_requests__by", "wording_checks__compared_with"),
            log=log,
            can_restore=is_restorer,
            page_token=_page_check(self.document).token() if is_restorer else "",
            has_page=self.document.document_type.can_be_previewed,
        )


class RestoreView(WorkflowView):
    """Put the text of an edition back into the working copy. Readers see no change.

    Asks for confirmation before it replaces a text that is in no edition, or restores a text that
    a reviewer sent back.
    """

    title = gettext_lazy("Restore")
    template_name = "admin/document/restore.html"
    has_permission = staticmethod(can_restore)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        number = parse_small_int(request.POST.get("number", "")) or 0
        editions = self.document.editions.select_related("document")
        edition = get_object_or_404(editions, number=number)
        page_check = _page_check(self.document, request.POST)
        page_changes = page_check.find_changes()
        sha = self.document.working_copy().content_hash()
        is_in_edition = self.document.editions.filter(sha256=sha).exists()
        requests = reviews.change_requests_for_text(self.document, edition.sha256)
        is_confirmed = request.POST.get("replace") == "yes" or (is_in_edition and not requests)
        if is_confirmed and not page_changes:
            action = partial(actions.restore, edition, current_user(request))
            result = run_action(request, self.document, action, page_check)
            if result.is_done:
                text = _("The text of edition {number} is in the working copy now.")
                messages.success(request, text.format(number=number))
                return HttpResponseRedirect(admin_url(self.document))
            page_changes = result.page_changes
        return self.render(
            edition=edition,
            changed=page_changes,
            requests=requests,
            is_in_edition=is_in_edition,
            page_token=page_check.token(),
        )


def _page_check(document: Document, data: Any = None) -> PageCheck:
    facts = (TEXT, NEWEST, REVIEW, REQUEST)
    return PageCheck(
        "restore", document.pk, lambda: PageState.from_documents([document], facts), data
    )
