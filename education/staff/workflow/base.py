"""The desk of a document: who may do what with it, and what its pages share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404

from education.audit.models import Action
from education.publishing.content import ActionRefused
from education.publishing.models import Document
from education.publishing.workflow.audit_log import log_document_action
from education.publishing.workflow.states import annotate_state
from education.staff.editor import draft_recovery
from education.staff.workflow.page_state import PageChangedError, PageChanges, PageCheck
from education.staff.workflow.permissions import PermissionCheck, can_view, current_user

if TYPE_CHECKING:
    from education.staff.admin.base import DocumentAdmin


@dataclass(frozen=True)
class ActionResult:
    """What became of a form that was sent: done, refused with reasons, or not what was shown."""

    problems: Sequence[str] = ()
    page_changes: PageChanges | None = None
    is_done: bool = False


View = Callable[..., HttpResponse]


def get_document_or_403(
    admin: DocumentAdmin, request: HttpRequest, pk: int, check: PermissionCheck = can_view
) -> Document:
    """The document, for those who may; PermissionDenied for all others, whether or not
    it exists.
    """
    if not check(admin, request):
        raise PermissionDenied
    return get_object_or_404(
        annotate_state(Document.objects.all()), pk=pk, kind=admin.model.CONTENT.KIND
    )


def workflow_context(
    admin: DocumentAdmin, request: HttpRequest, document: Document, title: str, **more: Any
) -> dict[str, Any]:
    """What every page of the desk shows around its own matter."""
    return {
        **admin.admin_site.each_context(request),
        "opts": admin.model._meta,
        "original": document.working_copy(),
        "document": document,
        "title": title,
        "change_url": admin.admin_url("change", document.pk),
        **more,
    }


def form_data(request: HttpRequest) -> Any:
    """What was typed, sent now or kept when a session ended; None where there is nothing."""
    return request.POST if request.method == "POST" else draft_recovery.recovered_post(request)


def data_for_button(data: Any, button: str) -> Any:
    """What was typed, if it was for the form with this button; None for another form
    of the page.
    """
    return data if data is not None and button in data else None


def is_submitted(request: HttpRequest, form: Form) -> bool:
    """Whether a form was sent just now, and nothing in it is wrong: what was kept is never carried
    out.
    """
    return request.method == "POST" and form.is_bound and form.is_valid()


def run_action(
    admin: DocumentAdmin,
    request: HttpRequest,
    document: Document,
    action: Callable[[], Any],
    page_check: PageCheck,
) -> ActionResult:
    """Carry out `action` if the form still shows what is there.

    The reasons why not, each as a sentence with a link, and kept in the audit list.
    """
    try:
        with transaction.atomic():
            page_check.ensure_unchanged()
            action()
    except PageChangedError as since:
        return ActionResult(page_changes=since.changes)
    except ActionRefused as refusal:
        messages_text = "\n".join(str(problem) for problem in refusal.problems)
        log_document_action(
            Action.REFUSED, document=document, by=current_user(request), details=messages_text
        )
        return ActionResult([admin.link_problem(problem, document) for problem in refusal.problems])
    return ActionResult(is_done=True)


def redirect_done(
    admin: DocumentAdmin, request: HttpRequest, pk: int, message: str
) -> HttpResponse:
    """Back to the form of the document, which says what was done."""
    messages.success(request, message)
    return HttpResponseRedirect(admin.admin_url("change", pk))
