"""Who may do what with documents before readers see them."""

from __future__ import annotations

from typing import cast

from django.contrib.auth.models import AnonymousUser, User
from django.http import HttpRequest

from education.publishing import document_types
from education.publishing.models import Document, Edition

RequestUser = User | AnonymousUser


def current_user(request: HttpRequest) -> User:
    """The signed-in user: the admin site admits nobody else."""
    return cast(User, request.user)


def can_view(user: RequestUser, document: Document) -> bool:
    """Whether `user` may see documents of this kind that readers do not see yet."""
    return any(_has_model_perm(user, document, action) for action in ("view", "change"))


def can_edit(user: RequestUser, document: Document) -> bool:
    """Whether `user` may change documents of this kind."""
    return _has_model_perm(user, document, "change")


def can_change_owner(user: RequestUser, document: Document) -> bool:
    """Whether `user` may say who looks after documents of this kind: authors and managers may."""
    return can_edit(user, document) or (
        can_view(user, document) and user.has_perm("auth.change_user")
    )


def can_submit(user: RequestUser, document: Document) -> bool:
    """Whether `user` may submit documents of this kind for review."""
    return can_edit(user, document) and user.has_perm("publishing.submit_edition")


def can_recall(user: RequestUser, edition: Edition) -> bool:
    """Whether `user` may take back a submitted edition: who submitted it, and the owner."""
    is_own = user.pk in {edition.frozen_by_id, edition.document.owner_id} or user.is_superuser
    return is_own and can_submit(user, edition.document)


def can_comment(user: RequestUser, document: Document) -> bool:
    """Whether `user` may comment on passages: reviewers and authors may."""
    return can_review(user, document) or can_submit(user, document)


def can_share(user: RequestUser, document: Document) -> bool:
    """Whether `user` may show drafts of this kind to people without an account."""
    may_decide = any(may(user, document) for may in (can_submit, can_review, can_publish))
    return may_decide and document.document_type.can_be_previewed


def can_review(user: RequestUser, document: Document) -> bool:
    """Whether `user` may record a review or ask for changes."""
    return can_view(user, document) and user.has_perm("publishing.add_review")


def can_publish(user: RequestUser, document: Document) -> bool:
    """Whether `user` may publish, schedule and cancel."""
    return can_view(user, document) and user.has_perm("publishing.add_publication")


def can_withdraw(user: RequestUser, document: Document) -> bool:
    """Whether `user` may withdraw documents of this kind: publishers and reviewers may."""
    return can_publish(user, document) or can_review(user, document)


def can_restore(user: RequestUser, document: Document) -> bool:
    """Whether `user` may put the text of an earlier edition into the working copy."""
    return can_view(user, document) and user.has_perm("publishing.restore_edition")


def _has_model_perm(user: RequestUser, document: Document, action: str) -> bool:
    options = document.document_type.model_class()._meta
    return bool(user.has_perm(f"{options.app_label}.{action}_{options.model_name}"))


def viewable_kinds(user: RequestUser) -> list[str]:
    """The kinds of documents that `user` may see."""
    return [name for name in document_types.names() if can_view(user, Document(kind=name))]
