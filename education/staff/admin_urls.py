"""URLs of admin pages."""

from __future__ import annotations

from django.db.models import Model
from django.urls import reverse

from education.publishing.models import Document


def admin_url(target: Model | type[Model], view_name: str = "change") -> str:
    """The URL of an admin page of one row, or of a model ("changelist", "add").

    A document may be given as the base `Document`: its pages are those of its kind.
    """
    described = target.document_type.model_class() if isinstance(target, Document) else target
    options = described._meta
    args = [] if isinstance(target, type) else [target.pk]
    return reverse(f"admin:{options.app_label}_{options.model_name}_{view_name}", args=args)


class WorkflowURLs:
    """The URLs of one document's admin pages, for templates: `{{ workflow_urls.compare }}`."""

    def __init__(self, document: Document):
        self._document = document

    def __getitem__(self, view_name: str) -> str:
        return admin_url(self._document, view_name)
