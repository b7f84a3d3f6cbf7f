"""Forms of staff that lose no words: two writers at once, and words that could not be saved when
sent.
"""

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

from education.staff.editor import draft_recovery, three_way_merge


@dataclass(frozen=True)
class UnsavedReason:
    """Why a form is shown again instead of saved: in sentences, and with what two writers made of
    it.
    """

    messages: list[str]
    merge: three_way_merge.MergeResult | None = None


class ConflictAwareForm(forms.ModelForm):
    """A form that can be shown with what was typed, and then is never saved."""

    unsaved_reason: ClassVar[UnsavedReason | None] = None

    def clean(self) -> dict[str, Any]:
        """Refuse to be saved, where it is only shown."""
        cleaned = super().clean() or {}
        if self.unsaved_reason:
            self.add_error(None, self.unsaved_reason.messages[0])
        return cleaned


class ConflictAwareAdmin(admin.ModelAdmin):
    """Shows whoever saves second what became of both versions, and shows kept words in their form
    again.
    """

    form = ConflictAwareForm
    # Columns that change through other fields, which are named here: two people can change those,
    # too.
    tracked_columns: ClassVar[dict[str, tuple[str, ...]]] = {}

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The form; with words that are kept for it as if they were sent, though never saved."""
        recovered = (
            draft_recovery.pop_draft(request) if self._can_write(request, object_id) else None
        )
        if recovered:
            request = _as_post(
                request, recovered.data if object_id else self._as_new_form(request, recovered.data)
            )
        if request.method != "POST":
            return super().changeform_view(request, object_id, form_url, extra_context)
        with transaction.atomic():
            pk = three_way_merge.parse_small_int(unquote(object_id or ""))
            saved = self.lock_row(pk) if pk else None
            if object_id and saved is None and self.has_add_permission(request):
                return self._reopen_as_new(request)
            messages = [recovered.message] if recovered else []
            if saved is not None and self.has_change_permission(request, saved):
                request, merge = self._merge_request(request, saved)
            else:
                merge = None
            if merge:
                messages += [_("Somebody else saved this while you were writing. Nothing is lost.")]
            if messages:
                messages += [
                    draft_recovery.reselect_file_message(str(file))
                    for file in request.FILES.values()
                ]
                request.unsaved_reason = UnsavedReason(messages, merge)  # type: ignore[attr-defined]
            return super().changeform_view(request, object_id, form_url, extra_context)

    def _as_new_form(self, request: HttpRequest, data: QueryDict) -> QueryDict:
        return three_way_merge.as_new_form(
            data, [formset for formset, _inline in self.get_formsets_with_inlines(request)]
        )

    def _can_write(self, request: HttpRequest, object_id: str | None) -> bool:
        return (
            self.has_change_permission(request) if object_id else self.has_add_permission(request)
        )

    def lock_row(self, pk: int) -> Any:
        """The row as it is saved now, held until the transaction ends; None if it is gone."""
        return self.model._base_manager.select_for_update().filter(pk=pk).first()

    def _reopen_as_new(self, request: HttpRequest) -> HttpResponse:
        """Somebody deleted the row while its writer wrote: the words come back in the form of a new
        one.
        """
        url = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_add")
        draft_recovery.store_draft(request, url, draft_recovery.form_pairs(request), "deleted")
        return HttpResponseRedirect(url)

    def _merge_request(
        self, request: HttpRequest, saved: Any
    ) -> tuple[HttpRequest, three_way_merge.MergeResult | None]:
        """The request with both versions put together, when somebody has saved since its writer
        looked.
        """
        fields = flatten_fieldsets(self.get_fieldsets(request, saved))
        form_class: Any = self.get_form(request, saved, change=True, fields=fields)
        form, rows = form_class(instance=saved), list(self._saved_rows(request, saved))
        now = three_way_merge.form_fingerprints(form, rows, self.tracked_columns)
        seen = three_way_merge.load(request.POST.get(three_way_merge.FIELD, ""))
        if seen == now and self.is_unchanged(request, saved):
            return request, None
        merger = three_way_merge.FormMerger(request.POST, now)
        merger.merge_fields(form_class(request.POST, request.FILES, instance=saved), form)
        for column, choosers in self.tracked_columns.items():
            described: Any = self.opts.get_field(column)
            label = capfirst(str(described.verbose_name))
            chosen = any(request.FILES.get(name) or request.POST.get(name) for name in choosers)
            merger.merge_column(column, label, replaced=chosen)
        for name, formset in rows:
            merger.merge_rows(name, formset)
        self.accept_current_version(merger.data, saved)
        return _as_post(request, merger.data), merger.result

    def is_unchanged(self, request: HttpRequest, saved: Any) -> bool:
        """Whether the writer has seen what is saved now, as far as the marks of the values do not
        tell.
        """
        return True

    def accept_current_version(self, data: QueryDict, saved: Any) -> None:
        """The writer is shown what is saved now: their next save is meant."""

    def _saved_rows(
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
        """A form that knows whether it is only to be shown."""
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.unsaved_reason = getattr(request, "unsaved_reason", None)
        return form

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """With the marks of what it shows, and why it is not saved."""
        form, inlines = context["adminform"].form, context["inline_admin_formsets"]
        context["unsaved_reason"] = form.unsaved_reason
        if request.method == "POST":
            context["seen_values"] = request.POST.get(three_way_merge.FIELD, "")
        elif context["original"] is not None:
            rows = [("", inline.formset) for inline in inlines if inline.has_change_permission]
            context["seen_values"] = three_way_merge.dump(
                three_way_merge.form_fingerprints(form, rows, self.tracked_columns)
            )
        error_count = len(form.errors) + sum(
            inline.formset.total_error_count() for inline in inlines
        )
        if form.unsaved_reason and error_count == 1:
            # Nothing in the form is wrong: the panel above it says it all.
            context["errors"] = []
        return super().render_change_form(request, context, *args, **kwargs)


def _as_post(request: HttpRequest, data: QueryDict) -> HttpRequest:
    """The request as if it had sent this; itself it stays as it came, to be answered again if need
    be.
    """
    request.FILES  # noqa: B018  it is read only once, and the copy must not read it
    other = copy(request)
    other.method = "POST"
    other.POST = data  # type: ignore[assignment]
    return other
