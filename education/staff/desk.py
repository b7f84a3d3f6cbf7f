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
from education.staff import keeping
from education.staff.shown_state import Changed, ChangedSince, Watch

if TYPE_CHECKING:
    from education.staff.documents import DocumentAdmin


@dataclass(frozen=True)
class Outcome:
    """What became of a form that was sent: done, refused with reasons, or not what was shown."""

    problems: Sequence[str] = ()
    changed: Changed | None = None
    is_done: bool = False


View = Callable[..., HttpResponse]
May = Callable[["DocumentAdmin", HttpRequest], bool]


def person(request: HttpRequest) -> Any:
    """Who is signed in; the admin lets nobody else through."""
    return request.user


def may_look(admin: DocumentAdmin, request: HttpRequest) -> bool:
    """Whether this person may see documents of this kind before readers do."""
    return admin.has_view_or_change_permission(request)


def may_submit(admin: DocumentAdmin, request: HttpRequest) -> bool:
    """Whether this person may hand what they write to others."""
    return admin.has_change_permission(request) and person(request).has_perm("publishing.submit_edition")


def may_review(admin: DocumentAdmin, request: HttpRequest) -> bool:
    """Whether this person may record a review, or ask for changes."""
    return may_look(admin, request) and person(request).has_perm("publishing.add_review")


def may_publish(admin: DocumentAdmin, request: HttpRequest) -> bool:
    """Whether this person may decide what readers see of documents of this kind."""
    return may_look(admin, request) and person(request).has_perm("publishing.add_publication")


def may_withdraw(admin: DocumentAdmin, request: HttpRequest) -> bool:
    """Whether this person may take documents of this kind away from readers: publishers and reviewers."""
    return may_publish(admin, request) or may_review(admin, request)


def may_restore(admin: DocumentAdmin, request: HttpRequest) -> bool:
    """Whether this person may put an earlier edition into the working copy."""
    return may_look(admin, request) and person(request).has_perm("publishing.restore_edition")


def may_see(request: HttpRequest, document: Document) -> bool:
    """Whether this person may see documents of the kind of `document`: only these go live by their hand."""
    return any(_may(request, document, action) for action in ("view", "change"))


def may_edit(request: HttpRequest, document: Document) -> bool:
    """Whether this person may change documents of the kind of `document`: only these they submit."""
    return _may(request, document, "change")


def _may(request: HttpRequest, document: Document, action: str) -> bool:
    options = document.document_type.model._meta
    return bool(person(request).has_perm(f"{options.app_label}.{action}_{options.model_name}"))


def document_for(admin: DocumentAdmin, request: HttpRequest, pk: int, may: May = may_look) -> Document:
    """The document, for those who may; PermissionDenied for all others, whether or not it exists."""
    if not may(admin, request):
        raise PermissionDenied
    return get_object_or_404(annotate_state(Document.objects.all()), pk=pk, kind=admin.model.CONTENT.KIND)


def page_of(
    admin: DocumentAdmin, request: HttpRequest, document: Document, title: str, **more: Any
) -> dict[str, Any]:
    """What every page of the desk shows around its own matter."""
    return {
        **admin.admin_site.each_context(request),
        "opts": admin.model._meta,
        "original": document.working_copy(),
        "document": document,
        "title": title,
        "change_address": admin.desk_address("change", document.pk),
        **more,
    }


def posted(request: HttpRequest) -> Any:
    """What was typed, sent now or kept when a session ended; None where there is nothing."""
    return request.POST if request.method == "POST" else keeping.kept(request)


def sent_with(typed: Any, button: str) -> Any:
    """What was typed, if it was for the form with this button; None for another form of the page."""
    return typed if typed is not None and button in typed else None


def is_sent(request: HttpRequest, form: Form) -> bool:
    """Whether a form was sent just now, and nothing in it is wrong: what was kept is never carried out."""
    return request.method == "POST" and form.is_bound and form.is_valid()


def carried_out(
    admin: DocumentAdmin, request: HttpRequest, document: Document, action: Callable[[], Any], watch: Watch
) -> Outcome:
    """Carry out `action` if the form still shows what is there.

    The reasons why not, each as a sentence with a link, and kept in the audit list.
    """
    try:
        with transaction.atomic():
            watch.make_sure()
            action()
    except ChangedSince as since:
        return Outcome(changed=since.changed)
    except ActionRefused as refusal:
        reasons = "\n".join(str(problem) for problem in refusal.problems)
        log_document_action(Action.REFUSED, document=document, by=person(request), details=reasons)
        return Outcome([admin.linked(problem, document) for problem in refusal.problems])
    return Outcome(is_done=True)


def done(admin: DocumentAdmin, request: HttpRequest, pk: int, message: str) -> HttpResponse:
    """Back to the form of the document, which says what was done."""
    messages.success(request, message)
    return HttpResponseRedirect(admin.desk_address("change", pk))
