"""Editing a working copy: forms made from the content type, and two people who edit the same thing.

Whoever saves second is shown both versions, keeps every keystroke, and decides.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from education.publishing.content import Part
from education.publishing.models import Document
from education.staff.fields import form_field
from education.staff.places import PlaceField, renumber

MOST_ROWS = 2_000


@dataclass(frozen=True)
class Difference:
    """A field that two people have changed: its name, what is saved now, and what was typed here."""

    label: str
    saved: str
    typed: str


class WorkingCopyForm(forms.ModelForm):
    """A form that knows which revision of the document its writer has seen."""

    seen_revision = forms.IntegerField(required=False, widget=forms.HiddenInput)
    conflict = False

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        document = self.document()
        self.initial["seen_revision"] = document.revision if document else 0
        if not self.instance.pk:
            self.initial.pop("order", None)

    def document(self) -> Document | None:
        """The document being edited; None while it is new."""
        instance: Any = self.instance
        if isinstance(instance, Document):
            return instance if instance.pk else None
        return instance.self_check if instance.pk else None

    def clean(self) -> dict[str, Any]:
        """Find out whether somebody else has saved since; hold the document so that nobody can meanwhile."""
        cleaned = super().clean() or {}
        document = self.document()
        if document is None:
            return cleaned
        current = Document.objects.select_for_update().get(pk=document.pk).revision
        if cleaned.get("seen_revision") != current:
            self.conflict = True
            self.add_error(None, _("Somebody else saved this while you were writing."))
            # Having seen both versions, the writer's next save is meant.
            data: Any = self.data
            self.data = data = data.copy()
            data[self.add_prefix("seen_revision")] = str(current)
        return cleaned


class RowForm(forms.ModelForm):
    """A row of a document. A new one stands last, unless it is given a place."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if not self.instance.pk:
            self.initial.pop("order", None)


class RowsFormSet(BaseInlineFormSet):
    """Rows of a document. A row that somebody else deleted meanwhile comes back as a new one."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.is_bound:
            known = {str(pk) for pk in self.get_queryset().values_list("pk", flat=True)}
            self.data = _deleted_rows_last(self.data, str(self.prefix), known)

    def save(self, commit: bool = True) -> Any:
        """Save the rows, and number them as they were put in order."""
        saved = super().save(commit)
        if commit and self.has_changed():
            moved = [form for form in self.forms if form.instance.pk and "order" in form.changed_data]
            rows = self.get_queryset().all()
            renumber(rows, {form.instance.pk: form.initial.get("order") for form in moved})
        return saved


def _deleted_rows_last(sent: Any, prefix: str, known: set[str]) -> Any:
    """What was sent, with rows that are no longer in the database moved behind the others, as new ones."""
    total, initial = (small_number(sent.get(f"{prefix}-{name}_FORMS", "")) for name in ("TOTAL", "INITIAL"))
    if total is None or initial is None or total > MOST_ROWS:
        return sent
    order = list(range(total))
    gone = [index for index in order[:initial] if sent.get(f"{prefix}-{index}-id") not in known]
    if not gone:
        return sent
    data = sent.copy()
    for key in [key for key in sent if _row_of(key, prefix) is not None]:
        del data[key]
    order = [index for index in order if index not in gone] + gone
    for key in sent:
        index = _row_of(key, prefix)
        if index in order:
            name = key.removeprefix(f"{prefix}-{index}-")
            values = [""] if index in gone and name == "id" else sent.getlist(key)
            data.setlist(f"{prefix}-{order.index(index)}-{name}", values)
    data[f"{prefix}-INITIAL_FORMS"] = str(initial - len(gone))
    return data


def _row_of(key: str, prefix: str) -> int | None:
    """The number of the row that a form field belongs to, or None when it belongs to none."""
    number = key.removeprefix(f"{prefix}-").split("-")[0] if key.startswith(f"{prefix}-") else ""
    return small_number(number)


def small_number(text: str) -> int | None:
    """What a form sent as a number, or None for anything but a few plain digits."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


class ContentFormMixin:
    """Makes the fields of a form from a content type."""

    part: ClassVar[type[Part]]
    heading_level: ClassVar[int] = 3
    renamed: ClassVar[dict[str, Any]] = {}

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """The field that the content type describes, or Django's own, with nothing required."""
        name = db_field.name
        if name == "order":
            return PlaceField()
        described = self.part.model_fields.get(name)
        label = self.label_of(name) if described else ""
        made = None
        if described and not db_field.is_relation:
            made = form_field(self.part, name, label, level=self.heading_level)
        field = made or super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
        if field is not None and not made:
            # The buttons beside a choice open windows in which a writer gets lost.
            if isinstance(field.widget, RelatedFieldWidgetWrapper):
                field.widget = field.widget.widget
            if described:
                field.label = label
                field.help_text = field.help_text or described.description or ""
        return field

    @classmethod
    def label_of(cls, name: str) -> str:
        """What the form calls a field."""
        described = cls.part.model_fields.get(name)
        if name in cls.renamed:
            return str(cls.renamed[name])
        if described and described.title:
            return _(described.title)
        return name.replace("_", " ").capitalize()


class RowsInline(ContentFormMixin, admin.StackedInline):
    """Rows of a document, in order."""

    form = RowForm
    formset = RowsFormSet
    extra = 0
    ordering = ("order", "pk")
    show_change_link = False


class WorkingCopyAdmin(ContentFormMixin, admin.ModelAdmin):
    """Edits a working copy. Saving changes nothing that readers see, and refuses nothing that was typed."""

    form = WorkingCopyForm
    change_form_template = "admin/document/change_form.html"
    actions = None
    save_on_top = True

    def document_of(self, instance: Any) -> Document:
        """The document that a row belongs to."""
        return instance if isinstance(instance, Document) else instance.self_check

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save the rows below, and count the change if there was one."""
        super().save_related(request, form, formsets, change)
        if not change or form.has_changed() or any(formset.has_changed() for formset in formsets):
            self.document_of(form.instance).touch()

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """With both versions side by side when somebody else has saved meanwhile."""
        form = context["adminform"].form
        rows = [(inline.opts.verbose_name, inline.formset) for inline in context["inline_admin_formsets"]]
        if getattr(form, "conflict", False):
            context["differences"] = differences(form, rows)
            if len(form.errors) == 1 and not any(formset.total_error_count() for _name, formset in rows):
                # Nothing in the form is wrong: the two versions side by side say it all.
                context["errors"] = []
        return super().render_change_form(request, context, *args, **kwargs)


def differences(form: Any, rows: Iterable[tuple[Any, Any]]) -> list[Difference]:
    """Every field where what is saved now is not what was typed here, rows below included."""
    found = list(_form_differences(form, ""))
    for name, formset in rows:
        label = str(name).capitalize()
        for number, row in enumerate(formset.forms, start=1):
            if row.has_changed() or row.instance.pk:
                found.extend(_form_differences(row, f"{label} {number}: "))
        typed = {row.instance.pk for row in formset.forms}
        for row in formset.get_queryset():
            if row.pk not in typed:
                found.append(Difference(_("{row}, added by somebody else").format(row=label), str(row), ""))
    return found


def _form_differences(form: Any, prefix: str) -> Iterable[Difference]:
    """Where a bound form differs from its row as the database has it now."""
    fresh = type(form.instance)._default_manager.filter(pk=form.instance.pk).first()
    saved = type(form)(instance=fresh, prefix=form.prefix) if fresh else None
    for name, field in form.fields.items():
        if isinstance(field.widget, forms.HiddenInput) or (
            isinstance(field, forms.ModelChoiceField) and name == "id"
        ):
            continue
        typed = _as_text(field, form[name].value())
        now = _as_text(field, saved[name].value()) if saved and name in saved.fields else ""
        if typed != now and name not in {"DELETE"}:
            yield Difference(f"{prefix}{form[name].label}", now or _("(nothing)"), typed or _("(nothing)"))


def _as_text(field: forms.Field, value: Any) -> str:
    if isinstance(field, forms.ModelChoiceField) and value:
        rows: Any = field.queryset
        return str((rows.filter(pk=small_number(str(value))).first()) or value)
    if isinstance(field, forms.BooleanField):
        return _("yes") if value in (True, "on", "True") else _("no")
    return str("" if value is None else value).replace("\r\n", "\n").strip()
