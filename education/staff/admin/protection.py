"""Documents, signs, sources and glossary terms in use cannot be deleted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar, Literal

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.shortcuts import render
from django.utils.translation import gettext as _

from education.staff.cross_references.finder import (
    ReferableRow,
    Reference,
    Referent,
    find_document_references,
    find_references,
)
from education.staff.editor.forms import OrderedFormSet
from education.staff.workflow.base import workflow_context


class ProtectedAdminMixin(admin.ModelAdmin):
    """A document that others use cannot be deleted; the page lists the references."""

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> Any:
        """The list of references, or Django's page if there is none."""
        document: Any = self.get_object(request, unquote(object_id))
        if document is not None and self.has_delete_permission(request, document):
            found = find_document_references(document)
            if found:
                context = workflow_context(
                    request,
                    document,
                    document,
                    _("This cannot be deleted yet"),
                    references=found,
                )
                return render(request, "admin/document/protected.html", context)
        return super().delete_view(request, object_id, extra_context)


class ProtectedFormSet(OrderedFormSet):
    """Rows in use can neither be deleted nor change their key."""

    referent_type: ClassVar[Literal["sign", "source", "word"]]
    key_field: ClassVar[str] = "key"

    def clean(self) -> None:
        """Raise ValidationError with one message for each reference to a removed row."""
        super().clean()
        removed = list(dict.fromkeys(self._rows_to_remove())) if self.instance.pk else []
        found = find_references(removed, self.instance) if removed else {}
        messages = [self.message(row, use) for row in removed for use in found[row.referent]]
        if messages:
            raise ValidationError(messages)

    def message(self, row: ReferableRow, reference: Reference) -> str:
        """Why a row cannot be removed, and what to do first."""
        kind, name = reference.document.document_type.label, reference.heading
        text = {
            "sign": _("The sign “{row}” is asked by the {kind} “{name}”, {place}."),
            "source": _("The source “{row}” is named by the {kind} “{name}”, {place}."),
            "word": _("The word “{row}” stands in the {kind} “{name}”, {place}."),
        }[self.referent_type]
        first = _("Take it out there first.")
        if reference.live:
            first = _("Take it out there and publish that first: readers see it.")
        if reference.live and not reference.in_working_copy:
            first = _("It is taken out there already. Publish that first: readers still see it.")
        return f"{text.format(row=row.referent.name, kind=kind, name=name, place=reference.field_label)} {first}"

    def _rows_to_remove(self) -> Iterator[ReferableRow]:
        """The saved rows whose key no row would have after saving."""
        forms = [form for form in self.forms if form.instance.pk]
        staying = set(self._remaining_keys())
        for form in forms:
            key = form.initial.get(self.key_field) or getattr(form.instance, self.key_field)
            if (
                key
                and key not in staying
                and (self._is_deleted(form) or self.referent_type != "word")
            ):
                scope = self.instance.slug if self.referent_type == "sign" else ""
                terms = (key, *form.initial.get("also", ())) if self.referent_type == "word" else ()
                yield ReferableRow(Referent(self.referent_type, key, scope), key, terms=terms)

    def _remaining_keys(self) -> Iterable[str]:
        """The keys of all rows after saving."""
        here = {form.instance.pk for form in self.forms}
        for row in self.get_queryset():
            if row.pk not in here:
                yield getattr(row, self.key_field)
        for form in self.forms:
            if self.key_field not in form.fields:
                yield "" if self._is_deleted(form) else getattr(form.instance, self.key_field)
            elif not self._is_deleted(form):
                typed = form[self.key_field].value()
                yield getattr(form, "cleaned_data", {}).get(self.key_field, typed)

    def _is_deleted(self, form: Any) -> bool:
        return bool(self.can_delete and self._should_delete_form(form))  # type: ignore[attr-defined]


class SignFormSet(ProtectedFormSet):
    """Warning signs; self-checks refer to them."""

    referent_type = "sign"


class SourceFormSet(ProtectedFormSet):
    """Sources; texts cite them."""

    referent_type = "source"


class TermFormSet(ProtectedFormSet):
    """Glossary terms; texts contain them."""

    referent_type = "word"
    key_field = "word"
