"""Three-way merge of a form, field by field: the values seen, saved now, and typed.

A page carries a short fingerprint of each value that it shows. From these, the server tells which
fields the writer changed, and which of them somebody else has changed meanwhile.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, cast

from django import forms
from django.forms.models import BaseInlineFormSet
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from education.staff.editor.ordering import PositionField

FIELD = "seen_values"
MAX_ROWS = 2_000

Rows = Iterable[tuple[str, BaseInlineFormSet]]


@dataclass(frozen=True)
class FieldConflict:
    """A field that two people changed: its label, the saved value and the typed value."""

    label: str
    saved: str
    typed: str


@dataclass
class MergeResult:
    """Fields that both writers changed, and labels of changes taken over from the other writer."""

    conflicts: list[FieldConflict] = field(default_factory=list)
    taken_over: list[str] = field(default_factory=list)


def parse_small_int(text: str) -> int | None:
    """The number that `text` is, or None for anything but one to nine ASCII digits."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def row_index(key: str, prefix: str) -> int | None:
    """The index of the row that a form field belongs to; None if it belongs to none."""
    number = key.removeprefix(f"{prefix}-").split("-")[0] if key.startswith(f"{prefix}-") else ""
    return parse_small_int(number)


def editable_fields(form: forms.BaseForm) -> Iterator[Any]:
    """The bound fields of a form whose values can be compared: no files, no hidden fields."""
    for bound in form:
        if not (
            bound.is_hidden or isinstance(bound.field, forms.FileField) or bound.name == "DELETE"
        ):
            yield bound


def unsent_fields(form: forms.BaseForm) -> set[str]:
    """The fields of a submitted row that its writer never opened."""
    unsent: set[str] = form.unsent_fields() if hasattr(form, "unsent_fields") else set()
    return unsent


def submitted_value(bound: Any) -> list[str]:
    """A field's value as a browser sends it; an empty list for an unticked box."""
    value = bound.value()
    if isinstance(bound.field, forms.BooleanField):
        return ["on"] if bound.field.to_python(value) else []
    if isinstance(value, (list, tuple)):
        return sorted(str(one) for one in value)
    return ["" if value is None else str(value).replace("\r\n", "\n").replace("\r", "\n")]


def fingerprint(values: list[str]) -> str:
    """Eight hexadecimal digits."""
    return hashlib.blake2s(
        "\0".join(values).encode(errors="surrogatepass"), digest_size=4
    ).hexdigest()


def form_fingerprints(
    form: forms.BaseForm, rows: Rows, columns: Iterable[str] = ()
) -> dict[str, str]:
    """The fingerprint of each value of a form and of its rows, by name.

    `columns` are those of the instance that are edited through other fields, such as a file's name.
    """
    found = {bound.name: fingerprint(submitted_value(bound)) for bound in editable_fields(form)}
    for name in columns:
        found[name] = fingerprint([str(getattr(form.instance, name))])  # type: ignore[attr-defined]
    for _label, formset in rows:
        for row in formset.initial_forms:
            key = _key(formset, row.instance.pk)
            found.update(
                {
                    key + bound.name: fingerprint(submitted_value(bound))
                    for bound in editable_fields(row)
                }
            )
    return found


def dump(found: dict[str, str]) -> str:
    """Fingerprints as the value of the hidden field of a page."""
    return " ".join(f"{name}:{value}" for name, value in found.items())


def load(text: str) -> dict[str, str]:
    """The fingerprints in a hidden field. An invalid value gives some that match nothing."""
    parts = (item.rpartition(":") for item in text.split())
    return {name: value for name, _colon, value in parts}


def display_value(bound: Any) -> str:
    """A field's value as text for the writer."""
    value, kind = bound.value(), bound.field
    if hasattr(kind, "display_value"):
        return str(kind.display_value(value))
    if isinstance(kind, forms.BooleanField):
        return _("yes") if kind.to_python(value) else _("no")
    if isinstance(kind, forms.ModelChoiceField):
        several = value if isinstance(value, (list, tuple)) else [value]
        rows: Any = kind.queryset
        chosen = rows.filter(
            pk__in=[number for one in several if (number := parse_small_int(str(one)))]
        )
        text = ", ".join(str(kind.label_from_instance(row)) for row in chosen)
    elif isinstance(kind, forms.ChoiceField):
        choices: Any = kind.choices
        labels = {str(key): label for key, label in choices}
        several = value if isinstance(value, (list, tuple)) else [value] if value else []
        text = ", ".join(str(labels.get(str(one), one)) for one in several)
    else:
        text = submitted_value(bound)[0].strip()
    return text or _("(nothing)")


class FormMerger:
    """Merges typed and saved values into `data`, and records how in `result`."""

    def __init__(self, posted: QueryDict, now: dict[str, str]):
        self.posted = posted
        self.seen = load(posted.get(FIELD, ""))
        self.now = now
        self.result = MergeResult()
        self.data = posted.copy()
        self.data[FIELD] = dump(now)

    def merge_fields(self, typed: forms.BaseForm, saved: forms.BaseForm) -> None:
        for bound in editable_fields(typed):
            self.data.setlist(
                bound.html_name, self._choose(bound, saved[bound.name], bound.name, "")
            )
            if not self.data.getlist(bound.html_name):
                del self.data[bound.html_name]

    def merge_column(self, name: str, label: str, *, replaced: bool) -> None:
        """Report a column that somebody else changed; `replaced`: the writer changed it, too."""
        if self.seen.get(name) == self.now[name]:
            return
        if replaced:
            messages = _("Somebody else has changed it."), _("You have changed it, too.")
            self.result.conflicts.append(FieldConflict(label, *messages))
        else:
            self.result.taken_over.append(label)

    def _choose(self, typed: Any, saved: Any, key: str, prefix: str) -> list[str]:
        """The values of a field: those typed, unless only somebody else has changed it."""
        mine, theirs, seen = submitted_value(typed), submitted_value(saved), self.seen.get(key)
        label = f"{prefix}{typed.label}"
        if fingerprint(mine) != fingerprint(theirs):
            if seen == fingerprint(mine):
                self._take(saved, label)
                return theirs
            if seen != fingerprint(theirs):
                self.result.conflicts.append(
                    FieldConflict(label, display_value(saved), display_value(typed))
                )
        return mine

    def _take(self, saved: Any, label: str) -> None:
        # Moving one row renumbers many others, which is not worth a line each.
        if not isinstance(saved.field, PositionField):
            self.result.taken_over.append(label)

    def merge_rows(self, name: str, saved: BaseInlineFormSet) -> None:
        """Merge the rows of a formset; rows that are not saved come last."""
        prefix, label = str(saved.prefix), capfirst(name)
        total = parse_small_int(self.posted.get(f"{prefix}-TOTAL_FORMS", ""))
        if total is None or total > MAX_ROWS:
            return
        indexes = {
            self.posted.get(f"{prefix}-{index}-id", ""): index for index in reversed(range(total))
        }
        saved_rows = [
            self._saved_row(row, indexes.get(str(row.instance.pk)), saved, f"{label} {number}")
            for number, row in enumerate(saved.initial_forms, start=1)
        ]
        known = {indexes.get(str(row.instance.pk)) for row in saved.initial_forms}
        new = [self._new_row(i, saved, f"{label} {i + 1}") for i in range(total) if i not in known]
        self._write(saved, saved_rows, [row for row in new if row])

    def _saved_row(
        self, row: Any, index: int | None, formset: BaseInlineFormSet, label: str
    ) -> dict[str, list[str]]:
        key = _key(formset, row.instance.pk)
        values = {bound.name: submitted_value(bound) for bound in editable_fields(row)}
        if index is None:
            if not any(name.startswith(key) for name in self.seen):
                self.result.taken_over.append(_("{row}, added by somebody else").format(row=label))
        elif self.posted.get(f"{formset.prefix}-{index}-DELETE"):
            values["DELETE"] = ["on"]
            theirs = [
                b
                for b in editable_fields(row)
                if self.seen.get(key + b.name) != self.now[key + b.name]
            ]
            if text := "\n\n".join(
                display_value(bound) for bound in theirs if not _is_position(bound)
            ):
                self.result.conflicts.append(
                    FieldConflict(label, text, _("(ticked to be deleted)"))
                )
        else:
            typed = self._typed(formset, index)
            unsent = unsent_fields(typed)
            for name in list(values):
                if name not in unsent:
                    values[name] = self._choose(typed[name], row[name], key + name, f"{label}: ")
                    continue
                del values[name]
                if self.seen.get(key + name) != self.now[key + name]:
                    self._take(row[name], f"{label}: {row[name].label}")
        return {**values, "id": [str(row.instance.pk)]}

    def _new_row(
        self, index: int, formset: BaseInlineFormSet, label: str
    ) -> dict[str, list[str]] | None:
        """The values of a row that is not saved; None to leave out a row deleted by the other."""
        typed = self._typed(formset, index)
        values = {bound.name: submitted_value(bound) for bound in editable_fields(typed)}
        deleting = self.posted.get(f"{formset.prefix}-{index}-DELETE")
        if pk := self.posted.get(f"{formset.prefix}-{index}-id", ""):
            key, deleted = _key(formset, pk), _("{row}, deleted by somebody else").format(row=label)
            mine = [
                b
                for b in editable_fields(typed)
                # A field that the saved row did not show counts as seen empty.
                if b.name not in unsent_fields(typed)
                and self.seen.get(key + b.name, fingerprint([])) != fingerprint(submitted_value(b))
            ]
            if deleting:
                return None
            if all(_is_position(bound) for bound in mine):
                self.result.taken_over.append(deleted)
                return None
            text = "\n\n".join(display_value(bound) for bound in mine if not _is_position(bound))
            self.result.conflicts.append(FieldConflict(deleted, _("(nothing)"), text))
        return {**values, "id": [""], **({"DELETE": ["on"]} if deleting else {})}

    def _typed(self, formset: BaseInlineFormSet, index: int) -> Any:
        return formset.form(data=self.posted, prefix=f"{formset.prefix}-{index}")

    def _write(self, formset: BaseInlineFormSet, *parts: list[dict[str, list[str]]]) -> None:
        prefix = str(formset.prefix)
        for key in [key for key in self.data if row_index(key, prefix) is not None]:
            del self.data[key]
        for number, row in enumerate([row for part in parts for row in part]):
            parent = {formset.fk.name: [str(formset.instance.pk)]}
            for name, values in {**row, **parent}.items():
                if values:
                    self.data.setlist(f"{prefix}-{number}-{name}", values)
        self.data[f"{prefix}-INITIAL_FORMS"] = str(len(parts[0]))
        self.data[f"{prefix}-TOTAL_FORMS"] = str(sum(map(len, parts)))


def as_new_form(data: QueryDict, formsets: Iterable[type[BaseInlineFormSet]]) -> QueryDict:
    """The data of the form of a deleted row, changed to create a new row."""
    data_for_new = data.copy()
    for formset in formsets:
        prefix, parent = formset.get_default_prefix(), cast(Any, formset).fk.name
        data_for_new[f"{prefix}-INITIAL_FORMS"] = "0"
        sent = {
            row_index(key, prefix)
            for key in data
            if not key.endswith(("-id", f"-{parent}", "-order", "-DELETE"))
        }
        for key in data:
            if row_index(key, prefix) is not None and key.endswith(("-id", f"-{parent}")):
                data_for_new[key] = ""
            # Of a row that its writer never opened there is nothing to make it anew from.
            if key.endswith("-order") and row_index(key, prefix) not in sent:
                del data_for_new[key]
    return data_for_new


def _key(formset: BaseInlineFormSet, pk: Any) -> str:
    """The prefix of a row's fingerprints: by its id, because its index may change."""
    return f"{formset.prefix}-{pk}-"


def _is_position(bound: Any) -> bool:
    return isinstance(bound.field, PositionField)
