"""Forms and admin classes of working copies, made from the content types."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from education.publishing.content import ContentPart
from education.publishing.models import Document
from education.publishing.workflow.keys import unique_key
from education.staff.editor.edit_conflicts import ConflictAwareAdmin, ConflictAwareForm
from education.staff.editor.fields import build_form_field
from education.staff.editor.ordering import PositionField, renumber


class WorkingCopyForm(ConflictAwareForm):
    """A form that carries the version of the document that its writer saw."""

    seen_version = forms.CharField(required=False, widget=forms.HiddenInput)
    # What the address is called if it is made of a title without letters; empty: it must be typed.
    slug_fallback: ClassVar[str] = ""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        document = self.get_document()
        self.initial["seen_version"] = str(document.lock_version if document else 0)
        if not self.instance.pk:
            self.initial.pop("order", None)
        if self.slug_fallback and "slug" in self.fields:
            self.fields["slug"].required = False

    def clean_slug(self) -> str:
        """The slug, made of the title where nobody typed one and it may be made.

        Refuses one that another document of this kind has.
        """
        slug: str = self.cleaned_data["slug"]
        if not slug and self.slug_fallback:
            kind = Document.objects.filter(kind=self._meta.model.CONTENT.KIND)
            taken = set(kind.values_list("slug", flat=True))
            slug = unique_key(self.cleaned_data.get("title", ""), taken, self.slug_fallback)
        others = Document.objects.exclude(pk=self.instance.pk).filter(
            kind=self._meta.model.CONTENT.KIND, language=self.instance.language, slug=slug
        )
        if others.exists():
            raise forms.ValidationError(_("Another one has this address already. Choose another."))
        return slug

    def get_document(self) -> Document | None:
        """The document being edited; None while it is new."""
        instance: Any = self.instance
        return instance if instance.pk else None


class OrderedRowForm(forms.ModelForm):
    """A row of a document; a new one without a position becomes the last."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if not self.instance.pk:
            self.initial.pop("order", None)


class OrderedFormSet(BaseInlineFormSet):
    """Rows of a document, numbered in order."""

    def save(self, commit: bool = True) -> Any:
        """Save the rows and renumber them."""
        saved = super().save(commit)
        if commit and self.has_changed():
            moved = [
                form for form in self.forms if form.instance.pk and "order" in form.changed_data
            ]
            rows = self.get_queryset().all()
            renumber(rows, {form.instance.pk: form.initial.get("order") for form in moved})
        return saved


class ContentFormMixin:
    """Makes form fields from the content type `part`."""

    part: ClassVar[type[ContentPart]]
    heading_level: ClassVar[int] = 3

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """The field that the content type describes, or else Django's own; none is required."""
        name = db_field.name
        if name == "order":
            return PositionField()
        described = self.part.model_fields.get(name)
        label = self.label_of(name) if described else ""
        content_field = None
        if described and not db_field.is_relation:
            content_field = build_form_field(self.part, name, label, level=self.heading_level)
        field = content_field or super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
        if field is not None and not content_field:
            # Without Django's buttons that add or change the related row in a pop-up window.
            if isinstance(field.widget, RelatedFieldWidgetWrapper):
                field.widget = field.widget.widget
            if described:
                field.label = label
                field.help_text = field.help_text or described.description or ""
        return field

    @classmethod
    def label_of(cls, name: str) -> str:
        return cls.part.get_label(name)


class OrderedInline(ContentFormMixin, admin.StackedInline):
    """Rows of a document, in order."""

    form: type[forms.ModelForm[Any]] = OrderedRowForm
    formset: type[BaseInlineFormSet] = OrderedFormSet
    extra = 0
    ordering = ("order", "pk")
    show_change_link = False


class WorkingCopyAdmin(ContentFormMixin, ConflictAwareAdmin):
    """Edits a working copy. Saving changes nothing for readers and enforces no publication rule."""

    form = WorkingCopyForm
    change_form_template = "admin/document/change_form.html"
    actions = None
    save_on_top = True

    def is_unchanged(self, data: QueryDict, saved: Any) -> bool:
        """Compare the document's version, which also counts changes made elsewhere."""
        return data.get("seen_version") == str(saved.lock_version)

    def accept_current_version(self, data: QueryDict, saved: Any) -> None:
        data["seen_version"] = str(saved.lock_version)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save the rows, and record an edit of the document if anything changed."""
        super().save_related(request, form, formsets, change)
        if not change or self.changes_document(form, formsets):
            form.instance.record_edit(request.user)

    def changes_document(self, form: Any, formsets: Any) -> bool:
        """Whether what was sent changes the document."""
        return form.has_changed() or any(formset.has_changed() for formset in formsets)
