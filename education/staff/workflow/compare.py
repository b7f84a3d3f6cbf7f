"""What changed between two versions of a document: its working copy and its editions, any two of
them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from education.publishing.content import ActionRefused, Content
from education.publishing.diff.fields import FieldChange, diff_content
from education.publishing.models import Document, WorkingCopy
from education.publishing.workflow.states import get_document_state
from education.staff.workflow.base import View, get_document_or_403, workflow_context

if TYPE_CHECKING:
    from education.staff.admin.base import DocumentAdmin

WORKING_COPY = "working"


class ExtraChanges(NamedTuple):
    """What a kind of document tells about two versions besides: a template, and what it shows as
    `found`.
    """

    template: str
    found: object


def compare_versions(admin: DocumentAdmin) -> View:
    """Two versions side by side: what readers see and the working copy, unless others are asked
    for.
    """

    @require_safe
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        document = get_document_or_403(admin, request, pk)
        versions = _versions(document)
        seen = _live_version(document, versions)
        earlier = _select_version(request.GET.get("from", ""), versions, {"": seen, "live": seen})
        later = _select_version(
            request.GET.get("to", ""), versions, {"": WORKING_COPY, "live": seen or WORKING_COPY}
        )
        context = workflow_context(admin, request, document, _("What changed"), versions=versions)
        content = _contents(document, context["original"], {earlier, later})
        before, after = content.get(earlier), content[later]
        found = diff_content(before, after)
        context |= {
            "earlier": earlier,
            "later": later,
            "earlier_label": versions.get(earlier, _("Before the first edition")),
            "later_label": versions[later],
            "changes": found,
            "summary": summarize_changes(found),
            "extra_changes": admin.extra_changes(document, before, after) if before else None,
        }
        return render(request, "admin/document/compare.html", context)

    return view


def summarize_changes(found: Sequence[FieldChange]) -> list[str]:
    """What changed, in numbers: the fields together, and each list whose rows or lines did."""
    fields = sum(1 for change in found if not _is_list_change(change))
    lines = []
    if fields:
        lines.append(
            ngettext("{number} field changed", "{number} fields changed", fields).format(
                number=fields
            )
        )
    counts: dict[tuple[str, ...], Counter[str]] = {}
    for change in found:
        if _is_list_change(change):
            name = change.labels if change.kind == "moved" else change.labels[:-1]
            counts.setdefault(name, Counter())[change.kind] += 1
    templates = {
        "added": _("{number} added"),
        "removed": _("{number} removed"),
        "changed": _("{number} changed"),
        "moved": _("in another order"),
    }
    for name, count in counts.items():
        counts_text = ", ".join(
            text.format(number=count[kind]) for kind, text in templates.items() if count[kind]
        )
        lines.append(f"{' › '.join(name)}: {counts_text}")
    return lines


def _is_list_change(change: FieldChange) -> bool:
    return change.kind == "moved" or isinstance(change.path[-1], int)


def _versions(document: Document) -> dict[str, str]:
    """What can be compared: the name in the address of each version, and what people call it."""
    live = get_document_state(document).live_number
    versions = {WORKING_COPY: _("Working copy")}
    for number, frozen_at in document.editions.order_by("-number").values_list(
        "number", "frozen_at"
    ):
        label = (
            _("Edition {number} (live now), {date}")
            if number == live
            else _("Edition {number}, {date}")
        )
        when = date_format(localtime(frozen_at), "DATETIME_FORMAT")
        versions[str(number)] = label.format(number=number, date=when)
    return versions


def _live_version(document: Document, versions: Mapping[str, str]) -> str:
    """The live edition, or the newest one while nothing is live; empty before the first."""
    live = get_document_state(document).live_number
    newest = next((name for name in versions if name != WORKING_COPY), "")
    return str(live) if live else newest


def _select_version(
    requested: str, versions: Mapping[str, str], other_names: Mapping[str, str]
) -> str:
    """The version that the address asks for; raises Http404 for one there is not."""
    if requested in other_names:
        return other_names[requested]
    if requested not in versions:
        raise Http404
    return requested


def _contents(document: Document, working_copy: WorkingCopy, names: set[str]) -> dict[str, Content]:
    """The contents of the versions named."""
    numbers = [int(name) for name in names if name.isdigit()]
    content = {
        str(edition.number): edition.content
        for edition in document.editions.filter(number__in=numbers)
    }
    if WORKING_COPY in names:
        content[WORKING_COPY] = _content_to_freeze(working_copy)
    return content


def _content_to_freeze(working_copy: WorkingCopy) -> Content:
    """The working copy, cleaned as publishing cleans it; as far as it is written while that is
    refused.
    """
    try:
        return working_copy.content()
    except ActionRefused:
        return working_copy.draft_content()
