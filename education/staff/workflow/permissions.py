"""Who may do what with documents before readers see them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest

from education.publishing import document_types
from education.publishing.models import Document

if TYPE_CHECKING:
    from education.staff.admin.base import DocumentAdmin


PermissionCheck = Callable[["DocumentAdmin", HttpRequest], bool]


def current_user(request: HttpRequest) -> Any:
    """Who is signed in; the admin lets nobody else through."""
    return request.user


def can_view(admin: DocumentAdmin, request: HttpRequest) -> bool:
    """Whether this person may see documents of this kind before readers do."""
    return admin.has_view_or_change_permission(request)


def can_submit(admin: DocumentAdmin, request: HttpRequest) -> bool:
    """Whether this person may hand what they write to others."""
    return admin.has_change_permission(request) and current_user(request).has_perm(
        "publishing.submit_edition"
    )


def can_review(admin: DocumentAdmin, request: HttpRequest) -> bool:
    """Whether this person may record a review, or ask for changes."""
    return can_view(admin, request) and current_user(request).has_perm("publishing.add_review")


def can_publish(admin: DocumentAdmin, request: HttpRequest) -> bool:
    """Whether this person may decide what readers see of documents of this kind."""
    return can_view(admin, request) and current_user(request).has_perm("publishing.add_publication")


def can_withdraw(admin: DocumentAdmin, request: HttpRequest) -> bool:
    """Whether this person may take documents of this kind away from readers: publishers and
    reviewers.
    """
    return can_publish(admin, request) or can_review(admin, request)


def can_restore(admin: DocumentAdmin, request: HttpRequest) -> bool:
    """Whether this person may put an earlier edition into the working copy."""
    return can_view(admin, request) and current_user(request).has_perm("publishing.restore_edition")


def can_view_document(request: HttpRequest, document: Document) -> bool:
    """Whether this person may see documents of the kind of `document`: only these go live by their
    hand.
    """
    return any(_has_model_perm(request, document, action) for action in ("view", "change"))


def can_edit(request: HttpRequest, document: Document) -> bool:
    """Whether this person may change documents of the kind of `document`: only these
    they submit.
    """
    return _has_model_perm(request, document, "change")


def _has_model_perm(request: HttpRequest, document: Document, action: str) -> bool:
    options = document.document_type.model_class()._meta
    return bool(
        current_user(request).has_perm(f"{options.app_label}.{action}_{options.model_name}")
    )


def viewable_kinds(request: HttpRequest) -> list[str]:
    """The kinds of documents that this person may see."""
    return [
        name for name in document_types.names() if can_view_document(request, Document(kind=name))
    ]
