"""Rows of a form that are folded to one line: their fields are sent only once they are opened.

A row that is saved shows its name. Opening it fetches its fields; without scripts a button of the
form shows them. A field that was not sent keeps what is saved, so a row that nobody opened can
neither be changed nor lost.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from education.staff.editor import three_way_merge
from education.staff.editor.forms import OrderedInline, OrderedRowForm

# The button that opens a row without scripts; its value is the id of the row, or of a fold in it.
OPEN = "_open"
# Of a box to tick a browser sends nothing, whether it is empty or was never there.
_SILENT = (forms.CheckboxInput, forms.CheckboxSelectMultiple)


@dataclass(frozen=True)
class ShutFold:
    """A part of an open row that is only shown: its heading, the words of the button that opens it
    for writing, and its texts by label.
    """

    name: str
    heading: str
    button: str
    texts: list[tuple[str, str]]


class FoldedRowForm(OrderedRowForm):
    """A row that is folded while it is saved and nobody opened it."""

    # Fields that an open row folds once more, by the name of the fold.
    inner_folds: ClassVar[dict[str, tuple[str, ...]]] = {}
    # By the name of a fold, the box that opening it ticks.
    ticked_by: ClassVar[dict[str, str]] = {}

    def __init__(self, *args: Any, **kwargs: Any):
        kwargs["initial"] = {
            **self.part_values(kwargs.get("instance")),
            **(kwargs.get("initial") or {}),
        }
        super().__init__(*args, **kwargs)
        self._opened: set[str] = set()
        self._unsent: set[str] = set()
        if self.is_bound and self.instance.pk:
            self._leave_out_unsent()

    def part_values(self, instance: Any) -> dict[str, Any]:
        """The values of fields that are not columns of the row."""
        return {}

    @property
    def summary(self) -> list[str]:
        """What the folded row says: its name, then what is worth knowing of it."""
        return [str(self.instance)]

    def has_fold(self, name: str) -> bool:
        """Whether this row folds the fields of `inner_folds[name]` once more."""
        return True

    def shut_folds(self) -> list[ShutFold]:
        """The parts of the row that are only shown."""
        return []

    def folds(self) -> dict[str, list[str]]:
        """The names of the fields of each fold; those of the row itself are called ""."""
        inner = {name: list(own) for name, own in self.inner_folds.items() if self.has_fold(name)}
        apart = {"order", *(name for own in inner.values() for name in own)}
        return {"": [name for name in self.base_fields if name not in apart], **inner}

    def open(self, fold: str) -> None:
        """Show the fields of a fold, and tick the box that stands for it."""
        self._opened.add(fold)
        if fold in self.ticked_by:
            self.initial[self.ticked_by[fold]] = True

    @property
    def is_folded(self) -> bool:
        return self._is_shut("") and not (self.is_bound and self.errors)

    @property
    def shut_fields(self) -> list[str]:
        """The fields that are not shown."""
        return [name for fold, own in self.folds().items() if self._is_shut(fold) for name in own]

    def _is_shut(self, fold: str) -> bool:
        if not self.instance.pk or fold in self._opened:
            return False
        return not self.is_bound or self._unsent.issuperset(self.folds()[fold])

    def unsent_fields(self) -> set[str]:
        """The fields that a submitted form has not of a saved row."""
        if not self.is_bound or not self.data.get(self.add_prefix("id")):
            return set()
        return {
            name for own in (*self.folds().values(), ["order"]) for name in self._unsent_of(own)
        }

    def _unsent_of(self, names: Collection[str]) -> list[str]:
        own = [name for name in names if name in self.fields]
        absent = [name for name in own if self.add_prefix(name) not in self.data]
        told = [name for name in own if not isinstance(self.fields[name].widget, _SILENT)]
        is_open = any(name not in absent for name in told)
        return [name for name in absent if name in told] if is_open else absent

    def _leave_out_unsent(self) -> None:
        """Drop the fields of folds that were not sent; a single one gets its saved value."""
        self._unsent = self.unsent_fields()
        single = set()
        for own in self.folds().values():
            if not self._unsent.issuperset(own):
                single |= self._unsent.intersection(own)
        data: Any = self.data
        if single:
            self.data = data = data.copy()
        for name in single:
            field = self.fields[name]
            value = field.prepare_value(self.get_initial_for_field(field, name))
            data[self.add_prefix(name)] = "" if value is None else value
        self._unsent -= single
        for name in self._unsent:
            del self.fields[name]


class FoldedInline(OrderedInline):
    """Rows that are folded while they are saved."""

    form: type[forms.ModelForm[Any]] = FoldedRowForm
    template = "admin/document/rows.html"


def open_fold_of(field: Any) -> None:
    """Show the row of a bound field, because there is something to read beside it."""
    if isinstance(field.form, FoldedRowForm):
        field.form.open("")


def open_rows_at(inlines: Iterable[Any], paths: Iterable[tuple[str | int, ...]]) -> None:
    """Show the rows that have something to mend, by the paths of their fields in the content."""
    by_part = {inline.opts.part_field: inline.formset.forms for inline in inlines}
    for path in paths:
        match path:
            case [str(part), int(index), *_rest] if index < len(by_part.get(part, ())):
                row = by_part[part][index]
                if isinstance(row, FoldedRowForm):
                    row.open("")


def _place(target: str, formset: Any) -> tuple[int, str] | None:
    """The index of the row and the name of the fold that `target` means: `causes-2-page`."""
    index = three_way_merge.row_index(target, str(formset.prefix))
    if index is None:
        return None
    return index, target.removeprefix(f"{formset.prefix}-{index}").removeprefix("-")


def open_row(data: QueryDict, target: str, formsets: Iterable[Any]) -> QueryDict:
    """`data` with the saved values of a fold, such as `causes-2` or `causes-2-page`.

    `formsets`: those of what is saved. What was sent of the fold stays as it is.
    """
    opened = data.copy()
    for formset in formsets:
        place = _place(target, formset)
        if place is None:
            continue
        index, fold = place
        prefix = f"{formset.prefix}-{index}"
        pk = data.get(f"{prefix}-id", "")
        row = next((one for one in formset.initial_forms if str(one.instance.pk) == pk), None)
        if not isinstance(row, FoldedRowForm) or fold not in row.folds():
            continue
        row.open(fold)
        for name in row.folds()[fold]:
            value = three_way_merge.submitted_value(row[name])
            if value and f"{prefix}-{name}" not in data:
                opened.setlist(f"{prefix}-{name}", value)
    return opened


def row_fields(request: HttpRequest, inlines: Iterable[Any]) -> HttpResponse:
    """The fields of a fold as HTML, for `?row=causes-2&pk=7`; raises Http404 if there is none.

    `inlines`: the formsets as the admin shows them.
    """
    target, pk = request.GET.get("row", ""), request.GET.get("pk", "")
    for inline in inlines:
        place = _place(target, inline.formset) if inline.has_change_permission else None
        shown = next((row for row in inline if str(row.form.instance.pk or "") == pk), None)
        if place is None or shown is None or not isinstance(shown.form, FoldedRowForm):
            continue
        index, fold = place
        form = shown.form
        if fold not in form.folds():
            continue
        # Before any field is asked for: each keeps the name that it had then.
        form.prefix = f"{inline.formset.prefix}-{index}"
        own = {f"{inline.formset.prefix}-{pk}-{name}" for name in form.folds()[fold]}
        seen = three_way_merge.form_fingerprints(forms.Form(), [("", inline.formset)])
        form.open(fold)
        context = {
            "inline_admin_formset": inline,
            "inline_admin_form": shown,
            "row_index": index,
            "fold": fold,
            "own_fields": form.folds()[fold],
            "seen": three_way_merge.dump({name: seen[name] for name in seen if name in own}),
        }
        return render(request, "admin/document/_opened_row.html", context)
    raise Http404
