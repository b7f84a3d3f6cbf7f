"""The page “Where it is used”."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy

from education.staff.cross_references.finder import find_document_references
from education.staff.workflow.base import WorkflowView


class ReferencesView(WorkflowView):
    """Where a document and each of its rows is used."""

    title = gettext_lazy("Where it is used")
    template_name = "admin/document/references.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.render(references=find_document_references(self.document))
