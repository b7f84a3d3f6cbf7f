"""The editions of a document, and putting one of them back into the working copy."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from education.publishing import actions
from education.publishing.models import Document, Publication
from education.publishing.workflow import reviews
from education.staff.editor.three_way_merge import parse_small_int
from education.staff.workflow.base import View, get_document_or_403, run_action, workflow_context
from education.staff.workflow.page_state import NEWEST, REQUEST, REVIEW, TEXT, PageCheck, PageState
from education.staff.workflow.permissions import can_restore, current_user

if TYPE_CHECKING:
    from education.staff.admin.base import DocumentAdmin


def editions(admin: DocumentAdmin) -> View:
    """Every edition, its reviews, and when readers saw it; one can be restored into the working
    copy.
    """

    @require_safe
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        document = get_document_or_403(admin, request, pk)
        frozen = document.editions.select_related("frozen_by", "document").order_by("-number")
        log = (
            Publication.objects.filter(document=document)
            .select_related("edition", "by")
            .order_by("-at", "-pk")
        )
        may = can_restore(admin, request)
        context = workflow_context(
            admin,
            request,
            document,
            _("Editions"),
            editions=frozen.defer("data", "search_text").prefetch_related(
                "reviews", "change_requests__by", "wording_checks__compared_with"
            ),
            log=log,
            workflow_urls=admin.workflow_urls(pk),
            can_restore=may,
            page_token=_page_check(document).token() if may else "",
            has_page=document.document_type.can_be_previewed,
        )
        return render(request, "admin/document/editions.html", context)

    return view


def restore(admin: DocumentAdmin) -> View:
    """Put the text of an edition back into the working copy. Readers see nothing of it yet.

    Words that no edition keeps, and a text that a reviewer sent back, only when asked a second
    time.
    """

    @require_http_methods(["POST"])
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        document = get_document_or_403(admin, request, pk, can_restore)
        number = parse_small_int(request.POST.get("number", "")) or 0
        edition = get_object_or_404(document.editions.select_related("document"), number=number)
        page_check = _page_check(document, request.POST)
        changed = page_check.find_changes()
        same_editions = document.editions.filter(sha256=document.working_copy().content_hash())
        requests = reviews.change_requests_for_text(document, edition.sha256)
        is_sure = request.POST.get("replace") == "yes" or (same_editions.exists() and not requests)
        if is_sure and not changed:
            action = partial(actions.restore, edition, current_user(request))
            result = run_action(admin, request, document, action, page_check)
            if result.is_done:
                text = _("The text of edition {number} is in the working copy now.")
                messages.success(request, text.format(number=number))
                return HttpResponseRedirect(admin.admin_url("change", pk))
            changed = result.page_changes
        context = workflow_context(
            admin,
            request,
            document,
            _("Restore"),
            edition=edition,
            changed=changed,
            requests=requests,
            is_in_edition=same_editions.exists(),
            page_token=page_check.token(),
            workflow_urls=admin.workflow_urls(pk),
        )
        return render(request, "admin/document/restore.html", context)

    return view


def _page_check(document: Document, sent: Any = None) -> PageCheck:
    facts = (TEXT, NEWEST, REVIEW, REQUEST)
    return PageCheck(
        "restore", document.pk, lambda: PageState.from_documents([document], facts), sent
    )
