"""Where things are in the admin."""

from __future__ import annotations

from django.urls import reverse

from education.publishing.models import Document


def admin_url(document: Document, page: str = "change") -> str:
    """The address of a page of the desk of a document, such as "editions"; of its form, unless
    told.
    """
    options = document.document_type.model_class()._meta
    return reverse(f"admin:{options.app_label}_{options.model_name}_{page}", args=[document.pk])
