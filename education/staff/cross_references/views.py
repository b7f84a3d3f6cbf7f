"""The page “Where it is used”."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from education.staff.cross_references.finder import (
    find_document_references,
)
from education.staff.workflow.base import View, get_document_or_403, workflow_context

if TYPE_CHECKING:
    from education.staff.admin.base import DocumentAdmin


def references(admin: DocumentAdmin) -> View:
    """Where a document and each of its rows is used."""

    @require_safe
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        document = get_document_or_403(admin, request, pk)
        context = workflow_context(
            admin,
            request,
            document,
            _("Where it is used"),
            references=find_document_references(document),
        )
        return render(request, "admin/document/references.html", context)

    return view
