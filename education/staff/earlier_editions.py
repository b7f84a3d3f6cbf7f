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
from education.staff.desk import View, carried_out, document_for, may_restore, page_of, person
from education.staff.merging import small_number
from education.staff.shown_state import NEWEST, REQUEST, REVIEW, TEXT, ShownState, Watch

if TYPE_CHECKING:
    from education.staff.documents import DocumentAdmin


def editions(admin: DocumentAdmin) -> View:
    """Every edition, its reviews, and when readers saw it; one can be restored into the working copy."""

    @require_safe
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        document = document_for(admin, request, pk)
        frozen = document.editions.select_related("frozen_by", "document").order_by("-number")
        log = (
            Publication.objects.filter(document=document)
            .select_related("edition", "by")
            .order_by("-at", "-pk")
        )
        may = may_restore(admin, request)
        context = page_of(
            admin,
            request,
            document,
            _("Editions"),
            editions=frozen.defer("data", "search_text").prefetch_related(
                "reviews", "change_requests__by", "wording_checks__compared_with"
            ),
            log=log,
            pages=admin.pages(pk),
            may_restore=may,
            shown=_watch(document).token() if may else "",
            has_page=document.document_type.can_be_previewed,
        )
        return render(request, "admin/document/editions.html", context)

    return view


def restore(admin: DocumentAdmin) -> View:
    """Put the text of an edition back into the working copy. Readers see nothing of it yet.

    Words that no edition keeps, and a text that a reviewer sent back, only when asked a second time.
    """

    @require_http_methods(["POST"])
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        document = document_for(admin, request, pk, may_restore)
        number = small_number(request.POST.get("number", "")) or 0
        edition = get_object_or_404(document.editions.select_related("document"), number=number)
        watch = _watch(document, request.POST)
        changed = watch.changed()
        kept = document.editions.filter(sha256=document.working_copy().content_hash())
        requests = reviews.change_requests_for_text(document, edition.sha256)
        is_sure = request.POST.get("replace") == "yes" or (kept.exists() and not requests)
        if is_sure and not changed:
            action = partial(actions.restore, edition, person(request))
            outcome = carried_out(admin, request, document, action, watch)
            if outcome.is_done:
                words = _("The text of edition {number} is in the working copy now.")
                messages.success(request, words.format(number=number))
                return HttpResponseRedirect(admin.desk_address("change", pk))
            changed = outcome.changed
        context = page_of(
            admin,
            request,
            document,
            _("Restore"),
            edition=edition,
            changed=changed,
            requests=requests,
            is_kept=kept.exists(),
            shown=watch.token(),
            pages=admin.pages(pk),
        )
        return render(request, "admin/document/restore.html", context)

    return view


def _watch(document: Document, sent: Any = None) -> Watch:
    facts = (TEXT, NEWEST, REVIEW, REQUEST)
    return Watch("restore", document.pk, lambda: ShownState.of([document], facts), sent)
