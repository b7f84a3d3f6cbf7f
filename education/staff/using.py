"""The page “Where it is used”; and what is in use is not deleted: the form says where it is used."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from education.staff.desk import View, document_for, page_of
from education.staff.editing import RowsFormSet
from education.staff.uses import Row, Use, Used, find, uses_of

if TYPE_CHECKING:
    from education.staff.documents import DocumentAdmin


def uses(admin: DocumentAdmin) -> View:
    """Where a document and each of its rows is used."""

    @require_safe
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        document = document_for(admin, request, pk)
        context = page_of(admin, request, document, _("Where it is used"), uses=uses_of(document))
        return render(request, "admin/document/uses.html", context)

    return view


class KeptWhileUsed(admin.ModelAdmin):
    """A document that others use is not deleted: the page says which."""

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> Any:
        """The list of uses, where there are any; else Django's own page."""
        document: Any = self.get_object(request, unquote(object_id))
        if document is not None and self.has_delete_permission(request, document):
            found = uses_of(document)
            if found:
                desk: Any = self
                context = page_of(desk, request, document, _("This cannot be deleted yet"), uses=found)
                return render(request, "admin/document/in_use.html", context)
        return super().delete_view(request, object_id, extra_context)


class RowsInUse(RowsFormSet):
    """Rows that others use: they are not deleted, nor lose their key, before they are taken out there."""

    sort: ClassVar[Literal["sign", "source", "word"]]
    key_field: ClassVar[str] = "key"

    def clean(self) -> None:
        """Refuse to save while something that would go is used, naming each use."""
        super().clean()
        going = list(dict.fromkeys(self._going())) if self.instance.pk else []
        found = find(going, self.instance) if going else {}
        sentences = [self.sentence(row, use) for row in going for use in found[row.used]]
        if sentences:
            raise ValidationError(sentences)

    def sentence(self, row: Row, use: Use) -> str:
        """Why a row cannot go, and what to do first."""
        kind, name = use.document.document_type.label, use.heading
        words = {
            "sign": _("The sign “{row}” is asked by the {kind} “{name}”, {place}."),
            "source": _("The source “{row}” is named by the {kind} “{name}”, {place}."),
            "word": _("The word “{row}” stands in the {kind} “{name}”, {place}."),
        }[self.sort]
        first = _("Take it out there first.")
        if use.live:
            first = _("Take it out there and publish that first: readers see it.")
        if use.live and not use.in_working_copy:
            first = _("It is taken out there already. Publish that first: readers still see it.")
        return f"{words.format(row=row.used.name, kind=kind, name=name, place=use.place)} {first}"

    def _going(self) -> Iterator[Row]:
        """The saved rows whose key no row would have any more."""
        forms = [form for form in self.forms if form.instance.pk]
        staying = set(self._keys_after())
        for form in forms:
            key = form.initial.get(self.key_field, "")
            if key and key not in staying and (self._is_deleted(form) or self.sort != "word"):
                of = self.instance.slug if self.sort == "sign" else ""
                words = (key, *form.initial.get("also", ())) if self.sort == "word" else ()
                yield Row(Used(self.sort, key, of), key, words=words)

    def _keys_after(self) -> Iterable[str]:
        """The keys that rows would have if this were saved."""
        here = {form.instance.pk for form in self.forms}
        for row in self.get_queryset():
            if row.pk not in here:
                yield getattr(row, self.key_field)
        for form in self.forms:
            if not self._is_deleted(form):
                typed = form[self.key_field].value()
                yield getattr(form, "cleaned_data", {}).get(self.key_field, typed)

    def _is_deleted(self, form: Any) -> bool:
        return bool(self.can_delete and self._should_delete_form(form))  # type: ignore[attr-defined]


class SignsInUse(RowsInUse):
    """Warning signs: self-checks ask them."""

    sort = "sign"


class SourcesInUse(RowsInUse):
    """Sources: texts cite them."""

    sort = "source"


class WordsInUse(RowsInUse):
    """Words of the glossary: they stand in texts."""

    sort = "word"
    key_field = "word"
