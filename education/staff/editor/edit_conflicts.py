"""Admin forms for two writers at once: the second save is merged and shown, never lost."""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets, unquote
from django.db import transaction
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from education.staff.editor import autosave, draft_recovery, three_way_merge


@dataclass(frozen=True)
class UnsavedForm:
    """What a form shows that is not saved, and why: in sentences, and the merge of two versions.

    `is_autosaved`: it is a draft that its writer may also throw away.
    """

    data: QueryDict
    messages: list[str]
    merge: three_way_merge.MergeResult | None = None
    is_autosaved: bool = False


class ConflictAwareForm(forms.ModelForm):
    """A form that never validates while it shows an `unsaved_form`."""

    unsaved_form: ClassVar[UnsavedForm | None] = None

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any):
        super().__init__(self.unsaved_form.data if self.unsaved_form else data, *args, **kwargs)

    def clean(self) -> dict[str, Any]:
        """Refuse to be saved."""
        cleaned = super().clean() or {}
        if self.unsaved_form:
            self.add_error(None, self.unsaved_form.messages[0])
        return cleaned


class ConflictAwareAdmin(admin.ModelAdmin):
    """Shows the second of two writers a merge of both versions, and shows recovered drafts."""

    form = ConflictAwareForm
    # Columns that are edited through other form fields, with the names of those fields.
    tracked_columns: ClassVar[dict[str, tuple[str, ...]]] = {}
    # Set only on a copy that answers one request; see `_show_unsaved`.
    unsaved_form: UnsavedForm | None = None

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The form; instead of saving, it shows a merge if somebody else saved meanwhile."""
        if "_discard" in request.POST:
            autosave.discard_draft(request, request.path)
            return HttpResponseRedirect(request.path)
        draft = self._recovered_draft(request, object_id)
        if draft is None and request.method != "POST":
            return super().changeform_view(request, object_id, form_url, extra_context)
        data = draft.data if draft else request.POST
        with transaction.atomic():
            pk = three_way_merge.parse_small_int(unquote(object_id or ""))
            saved = self.lock_row(pk) if pk else None
            if object_id and saved is None and self.has_add_permission(request):
                return self._reopen_as_new(request, data)
            if draft and not object_id:
                data = self._as_new_form(request, data)
            messages, merge = [draft.message] if draft else [], None
            if saved is not None and self.has_change_permission(request, saved):
                data, merge = self._merge(request, data, saved)
            if merge:
                messages.append(
                    _("Somebody else saved this while you were writing. Nothing is lost.")
                )
            if saved is not None and (opened := self.opened_fields(request, data, saved)):
                data = opened
                messages.append(_("The fields that you asked for are open below."))
            if not messages:
                response = super().changeform_view(request, object_id, form_url, extra_context)
                if response.status_code == 302:
                    autosave.discard_draft(request, request.path)
                return response
            messages += [
                draft_recovery.reselect_file_message(str(file)) for file in request.FILES.values()
            ]
            unsaved = UnsavedForm(
                data, messages, merge, is_autosaved=bool(draft and draft.is_autosaved)
            )
            return self._show_unsaved(unsaved, request, object_id, form_url, extra_context)

    def opened_fields(self, request: HttpRequest, data: QueryDict, saved: Any) -> QueryDict | None:
        """`data` with fields that a button of the form asked for; None if none did."""
        return None

    def _recovered_draft(
        self, request: HttpRequest, object_id: str | None
    ) -> draft_recovery.RecoveredDraft | None:
        """What this person typed in this form and did not save."""
        if request.method != "GET" or not self._can_write(request, object_id):
            return None
        session_draft = draft_recovery.pop_draft(request, kept=False)
        return session_draft or autosave.load_draft(request, request.path)

    def _show_unsaved(self, unsaved: UnsavedForm, request: HttpRequest, *args: Any) -> HttpResponse:
        """Answer with Django's form bound to `unsaved`, by a copy of this admin that holds it.

        Django passes the admin's hooks nothing but the request, which stays as it came.
        """
        one_answer = copy(self)
        one_answer.unsaved_form = unsaved
        return super(ConflictAwareAdmin, one_answer).changeform_view(request, *args)

    def _as_new_form(self, request: HttpRequest, data: QueryDict) -> QueryDict:
        return three_way_merge.as_new_form(
            data,
            [
                formset
                for formset, inline in self.get_formsets_with_inlines(request)
                if inline.parent_model is self.model
            ],
        )

    def _can_write(self, request: HttpRequest, object_id: str | None) -> bool:
        return (
            self.has_change_permission(request) if object_id else self.has_add_permission(request)
        )

    def lock_row(self, pk: int) -> Any:
        """The saved row, locked until the transaction ends; None if it was deleted."""
        return self.model._base_manager.select_for_update().filter(pk=pk).first()

    def _reopen_as_new(self, request: HttpRequest, data: QueryDict) -> HttpResponse:
        """Redirect to the form of a new row with the data of a row that was deleted meanwhile."""
        url = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_add")
        pairs = draft_recovery.form_pairs(data, request.FILES)
        draft_recovery.store_draft(request, url, pairs, "deleted")
        return HttpResponseRedirect(url)

    def _merge(
        self, request: HttpRequest, data: QueryDict, saved: Any
    ) -> tuple[QueryDict, three_way_merge.MergeResult | None]:
        """`data` merged with the saved row; unchanged and None if the writer saw what is saved."""
        fields = flatten_fieldsets(self.get_fieldsets(request, saved))
        form_class: Any = self.get_form(request, saved, change=True, fields=fields)
        form, rows = form_class(instance=saved), list(self.saved_rows(request, saved))
        now = three_way_merge.form_fingerprints(form, rows, self.tracked_columns)
        seen = three_way_merge.load(data.get(three_way_merge.FIELD, ""))
        if seen == now and self.is_unchanged(data, saved):
            return data, None
        merger = three_way_merge.FormMerger(data, now)
        merger.merge_fields(form_class(data, request.FILES, instance=saved), form)
        for column, choosers in self.tracked_columns.items():
            described: Any = self.opts.get_field(column)
            label = capfirst(str(described.verbose_name))
            chosen = any(request.FILES.get(name) or data.get(name) for name in choosers)
            merger.merge_column(column, label, replaced=chosen)
        for name, formset in rows:
            merger.merge_rows(name, formset)
        self.accept_current_version(merger.data, saved)
        return merger.data, merger.result

    def is_unchanged(self, data: QueryDict, saved: Any) -> bool:
        """Whether the writer saw the present version, beyond the fingerprints of the fields."""
        return True

    def accept_current_version(self, data: QueryDict, saved: Any) -> None:
        """Mark the present version as seen in `data`, so that the next save is accepted."""

    def saved_rows(
        self, request: HttpRequest, saved: Any
    ) -> Iterator[tuple[str, BaseInlineFormSet]]:
        for formset_class, inline in self.get_formsets_with_inlines(request, saved):
            if inline.has_change_permission(request, saved):
                prefix, rows = formset_class.get_default_prefix(), inline.get_queryset(request)
                yield (
                    str(inline.verbose_name),
                    formset_class(instance=saved, prefix=prefix, queryset=rows),
                )

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """Django's form class, which shows the unsaved form if there is one."""
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.unsaved_form = self.unsaved_form
        return form

    def get_formset_kwargs(
        self, request: HttpRequest, obj: Any, inline: Any, prefix: str
    ) -> dict[str, Any]:
        """Django's arguments, with the data of the unsaved form if there is one."""
        kwargs: dict[str, Any] = super().get_formset_kwargs(request, obj, inline, prefix)
        if self.unsaved_form:
            kwargs |= {"data": self.unsaved_form.data.copy(), "files": request.FILES}
        return kwargs

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Add the fingerprints of the values that the form shows, and the unsaved form."""
        form, inlines = context["adminform"].form, context["inline_admin_formsets"]
        context["unsaved_form"] = self.unsaved_form
        if self.unsaved_form or request.method == "POST":
            data = self.unsaved_form.data if self.unsaved_form else request.POST
            context["seen_values"] = data.get(three_way_merge.FIELD, "")
        elif context["original"] is not None:
            rows = [("", inline.formset) for inline in inlines if inline.has_change_permission]
            context["seen_values"] = three_way_merge.dump(
                three_way_merge.form_fingerprints(form, rows, self.tracked_columns)
            )
        error_count = len(form.errors) + sum(
            inline.formset.total_error_count() for inline in inlines
        )
        if self.unsaved_form and error_count == 1:
            # The only error is that the form is not saved, which the panel above it says.
            context["errors"] = []
        return super().render_change_form(request, context, *args, **kwargs)
