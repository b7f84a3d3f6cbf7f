"""The page “Old paper”: which printed handouts to throw away, and why."""

from __future__ import annotations

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from education.handouts.handout import PRINTABLE_KINDS
from education.handouts.outdated import find_outdated_handouts
from education.publishing.models import Document
from education.staff.admin_urls import admin_url
from education.staff.workflow.base import View
from education.staff.workflow.permissions import can_view_document


def viewable_printed_kinds(request: HttpRequest) -> list[str]:
    """The kinds of printed pages that this person may see."""
    return [kind for kind in PRINTABLE_KINDS if can_view_document(request, Document(kind=kind))]


def outdated_handouts(site: AdminSite) -> View:
    """What is on paper and no longer holds, newest first."""

    @require_safe
    def view(request: HttpRequest) -> HttpResponse:
        kinds = viewable_printed_kinds(request)
        if not kinds:
            raise PermissionDenied
        context = {
            **site.each_context(request),
            "title": _("Old paper"),
            "papers": [
                (paper, admin_url(paper.document, "editions"))
                for paper in find_outdated_handouts(kinds)
            ],
        }
        return render(request, "admin/outdated_handouts.html", context)

    return view
