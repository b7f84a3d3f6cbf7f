"""The page “Old paper”: printed handouts to throw away, and why."""

from __future__ import annotations

from django.contrib.admin import site
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from education.handouts.handout import PRINTABLE_KINDS
from education.handouts.outdated import find_outdated_handouts
from education.publishing.models import Document
from education.staff.admin_urls import admin_url
from education.staff.workflow.permissions import RequestUser, can_view, current_user


def viewable_printed_kinds(user: RequestUser) -> list[str]:
    """The kinds with printed handouts that `user` may see."""
    return [kind for kind in PRINTABLE_KINDS if can_view(user, Document(kind=kind))]


@require_safe
def outdated_handouts(request: HttpRequest) -> HttpResponse:
    """The printed handouts whose advice no longer holds, newest first."""
    kinds = viewable_printed_kinds(current_user(request))
    if not kinds:
        raise PermissionDenied
    context = {
        **site.each_context(request),
        "title": _("Old paper"),
        "papers": [
            (handout, admin_url(handout.document, "editions"))
            for handout in find_outdated_handouts(kinds)
        ],
    }
    return render(request, "admin/outdated_handouts.html", context)
