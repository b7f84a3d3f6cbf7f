"""The page of each list across kinds: filter, sort, search, CSV and print."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django import forms
from django.contrib.admin import site
from django.contrib.auth.models import User
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from education.publishing import document_types
from education.publishing.models import Document
from education.publishing.workflow.states import WorkflowState, get_document_state
from education.staff.admin_urls import admin_url
from education.staff.csv_export import csv_response
from education.staff.overview.worklists import (
    WORKLISTS,
    Documents,
    Worklist,
    first_review_text,
    next_step,
)
from education.staff.workflow.permissions import current_user, viewable_kinds
from education.staff.workflow.review_text import format_day

ROWS_ON_A_PAGE = 50
# Longer lists are printed in parts: filter first.
ROWS_IN_PRINT = 1_000
# By the name in the address; the day sorts by the column of the list.
SORT_COLUMNS = {"name": "name", "kind": "kind", "state": "state", "owner": "owner__username"}


class WorklistFilterForm(forms.Form):
    """What of a list to show; it is sent in the address."""

    q = forms.CharField(label=gettext_lazy("Name"), required=False, max_length=100)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), required=False)
    state = forms.ChoiceField(label=gettext_lazy("State"), required=False)
    owner = forms.TypedChoiceField(label=gettext_lazy("Owner"), required=False, coerce=int)
    sort = forms.ChoiceField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: User, **kwargs: Any):
        super().__init__(*args, **kwargs)
        kinds = [
            (kind, capfirst(str(document_types.get(kind).label_plural)))
            for kind in viewable_kinds(user)
        ]
        owners = User.objects.filter(is_staff=True).order_by("username")
        choices: dict[str, list[Any]] = {
            "kind": [("", _("All kinds")), *kinds],
            "state": [("", _("All states")), *WorkflowState.choices],
            "owner": [
                ("", _("Everybody")),
                (0, _("Nobody")),
                *((one.pk, one.get_full_name() or one.username) for one in owners),
            ],
            "sort": [
                ("", ""),
                *((f"{sign}{name}", name) for name in (*SORT_COLUMNS, "day") for sign in ("", "-")),
            ],
        }
        for name, values in choices.items():
            field: Any = self.fields[name]
            field.choices = values

    def narrow(self, documents: Documents, worklist: Worklist) -> Documents:
        """`documents` as filtered and sorted; a value that is no choice filters nothing."""
        self.is_valid()
        given = self.cleaned_data
        if given.get("q"):
            documents = documents.filter(name__icontains=given["q"])
        for name in ("kind", "state"):
            if given.get(name):
                documents = documents.filter(**{name: given[name]})
        if given.get("owner") not in {None, ""}:
            documents = documents.filter(owner=given["owner"] or None)
        sort = given.get("sort") or ""
        if sort:
            column = SORT_COLUMNS.get(sort.removeprefix("-"), worklist.day)
            sign = "-" if sort.startswith("-") else ""
            documents = documents.order_by(f"{sign}{column}", "name", "pk")
        return documents


class WorklistRow:
    """One document of a list, in words."""

    def __init__(self, document: Document, worklist: Worklist, user: User):
        step = next_step(document, user)
        day: date | datetime | None = vars(document)[worklist.day]
        self.name = vars(document)["name"]
        self.kind = capfirst(str(document.document_type.label))
        self.state = str(get_document_state(document).state.label)
        self.owner = (
            (document.owner.get_full_name() or str(document.owner)) if document.owner else ""
        )
        self.day = format_day(day) if day else ""
        is_state = step.text == self.state
        self.remark = first_review_text(document) or ("" if is_state else step.text)
        self.url = admin_url(document, step.page)
        self.iso_day = _iso_day(day)


def _iso_day(day: date | datetime | None) -> str:
    moment = timezone.localdate(day) if isinstance(day, datetime) else day
    return moment.isoformat() if moment else ""


@require_safe
def worklist_page(request: HttpRequest, key: str) -> HttpResponseBase:
    """One list: a part of it, all of it for the printer, or a CSV file."""
    worklist = WORKLISTS.get(key)
    if worklist is None:
        raise Http404
    user = current_user(request)
    form = WorklistFilterForm(request.GET, user=user)
    documents = form.narrow(worklist.documents(user), worklist)
    if request.GET.get("as") == "csv":
        return _as_csv(worklist, documents, user)
    is_print = request.GET.get("as") == "print"
    paginator = Paginator(documents, ROWS_IN_PRINT if is_print else ROWS_ON_A_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    context = {
        **site.each_context(request),
        "title": worklist.title,
        "worklist": worklist,
        "others": [other for other in WORKLISTS.values() if other is not worklist],
        "form": form,
        "columns": _columns(request, worklist),
        "rows": [WorklistRow(document, worklist, user) for document in page],
        "page": page,
        "total": paginator.count,
        "is_print": is_print,
        "is_filtered": any(request.GET.get(name) for name in ("q", "kind", "state", "owner")),
        "urls": {name: _query(request, **{"as": name}) for name in ("csv", "print")},
        "previous_url": _query(request, page=page.previous_page_number())
        if page.has_previous()
        else "",
        "next_url": _query(request, page=page.next_page_number()) if page.has_next() else "",
    }
    return render(request, "admin/worklist.html", context)


def _as_csv(worklist: Worklist, documents: Documents, user: User) -> HttpResponseBase:
    header = (_("name"), _("kind"), _("state"), _("owner"), worklist.day_label, _("remark"))
    rows = (WorklistRow(document, worklist, user) for document in documents.iterator(500))
    lines: Iterable[tuple[str, ...]] = (
        (row.name, row.kind, row.state, row.owner, row.iso_day, row.remark) for row in rows
    )
    return csv_response(worklist.key, header, lines)


def _columns(request: HttpRequest, worklist: Worklist) -> list[dict[str, Any]]:
    """The heads of the table: label, the address that sorts by it, and how it is sorted now."""
    labels = {
        "name": _("Name"),
        "kind": _("Kind"),
        "state": _("State"),
        "owner": _("Owner"),
        "day": capfirst(str(worklist.day_label)),
    }
    now = request.GET.get("sort", "")
    return [
        {
            "label": label,
            "url": _query(request, sort=f"-{name}" if now == name else name, page=""),
            "sorted": {name: "ascending", f"-{name}": "descending"}.get(now, ""),
        }
        for name, label in labels.items()
    ]


def _query(request: HttpRequest, **changed: Any) -> str:
    """The address of this page with other values."""
    query = request.GET.copy()
    query.pop("as", None)
    for name, value in changed.items():
        query[name] = str(value)
        if value == "":
            del query[name]
    return f"?{query.urlencode()}"
