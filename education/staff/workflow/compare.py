"""What changed between two versions of a document: its working copy or any of its editions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from education.publishing.content import ActionRefused, Content
from education.publishing.diff.fields import FieldChange, diff_content
from education.publishing.models import Document, WorkingCopy
from education.publishing.workflow.states import get_document_state
from education.staff.workflow.base import WorkflowView

WORKING_COPY = "working"


class ExtraChanges(NamedTuple):
    """Changes that only one kind of document has: a template, and what it shows as `found`."""

    template: str
    found: object


class CompareView(WorkflowView):
    """Two versions compared: by default what readers see and the working copy."""

    title = gettext_lazy("What changed")
    template_name = "admin/document/compare.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        versions = _versions(self.document)
        seen = _live_version(self.document, versions)
        earlier = _select_version(request.GET.get("from", ""), versions, {"": seen, "live": seen})
        later = _select_version(
            request.GET.get("to", ""), versions, {"": WORKING_COPY, "live": seen or WORKING_COPY}
        )
        contents = _contents(self.document, self.working_copy, {earlier, later})
        before, after = contents.get(earlier), contents[later]
        changes = diff_content(before, after)
        return self.render(
            versions=versions,
            earlier=earlier,
            later=later,
            earlier_label=versions.get(earlier, _("Before the first edition")),
            later_label=versions[later],
            changes=changes,
            summary=summarize_changes(changes),
            extra_changes=self.get_extra_changes(before, after) if before else None,
        )

    def get_extra_changes(self, before: Content, after: Content) -> ExtraChanges | None:
        """Changes for readers besides the text; None for most kinds of document."""
        return None


def summarize_changes(changes: Sequence[FieldChange]) -> list[str]:
    """Counts of changes: all fields together, then each list with changed rows or lines."""
    fields = sum(1 for change in changes if not _is_list_change(change))
    lines = []
    if fields:
        lines.append(
            ngettext("{number} field changed", "{number} fields changed", fields).format(
                number=fields
            )
        )
    counts: dict[tuple[str, ...], Counter[str]] = {}
    for change in changes:
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
    """The versions that can be compared: name in the URL, and label."""
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
    """The live edition, else the newest one; "" before the first edition."""
    live = get_document_state(document).live_number
    newest = next((name for name in versions if name != WORKING_COPY), "")
    return str(live) if live else newest


def _select_version(
    requested: str, versions: Mapping[str, str], other_names: Mapping[str, str]
) -> str:
    """The version that the URL names; raises Http404 if there is none."""
    if requested in other_names:
        return other_names[requested]
    if requested not in versions:
        raise Http404
    return requested


def _contents(document: Document, working_copy: WorkingCopy, names: set[str]) -> dict[str, Content]:
    """The contents of the named versions."""
    numbers = [int(name) for name in names if name.isdigit()]
    content = {
        str(edition.number): edition.content
        for edition in document.editions.filter(number__in=numbers)
    }
    if WORKING_COPY in names:
        content[WORKING_COPY] = _content_to_freeze(working_copy)
    return content


def _content_to_freeze(working_copy: WorkingCopy) -> Content:
    """The working copy as publishing would clean it; as it is typed while that is refused."""
    try:
        return working_copy.content()
    except ActionRefused:
        return working_copy.draft_content()
