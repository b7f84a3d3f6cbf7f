"""Forms of staff that lose no words: two writers at once, and words that could not be saved when sent."""

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

from education.staff import keeping, merging


@dataclass(frozen=True)
class NotSaved:
    """Why a form is shown again instead of saved: in sentences, and with what two writers made of it."""

    sentences: list[str]
    merge: merging.Merge | None = None


class CarefulForm(forms.ModelForm):
    """A form that can be shown with what was typed, and then is never saved."""

    not_saved: ClassVar[NotSaved | None] = None

    def clean(self) -> dict[str, Any]:
        """Refuse to be saved, where it is only shown."""
        cleaned = super().clean() or {}
        if self.not_saved:
            self.add_error(None, self.not_saved.sentences[0])
        return cleaned


class CarefulAdmin(admin.ModelAdmin):
    """Shows whoever saves second what became of both versions, and shows kept words in their form again."""

    form = CarefulForm
    # Columns that change through other fields, which are named here: two people can change those, too.
    columns_seen: ClassVar[dict[str, tuple[str, ...]]] = {}

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The form; with words that are kept for it as if they were sent, though never saved."""
        came_back = keeping.words(request) if self._may_write(request, object_id) else None
        if came_back:
            request = _as_sent(
                request, came_back.data if object_id else self._as_new(request, came_back.data)
            )
        if request.method != "POST":
            return super().changeform_view(request, object_id, form_url, extra_context)
        with transaction.atomic():
            pk = merging.small_number(unquote(object_id or ""))
            saved = self.hold(pk) if pk else None
            if object_id and saved is None and self.has_add_permission(request):
                return self._begin_anew(request)
            sentences = [came_back.sentence] if came_back else []
            if saved is not None and self.has_change_permission(request, saved):
                request, merge = self._merged(request, saved)
            else:
                merge = None
            if merge:
                sentences += [_("Somebody else saved this while you were writing. Nothing is lost.")]
            if sentences:
                sentences += [keeping.choose_again(str(file)) for file in request.FILES.values()]
                request.not_saved = NotSaved(sentences, merge)  # type: ignore[attr-defined]
            return super().changeform_view(request, object_id, form_url, extra_context)

    def _as_new(self, request: HttpRequest, data: QueryDict) -> QueryDict:
        return merging.as_new(data, [formset for formset, _inline in self.get_formsets_with_inlines(request)])

    def _may_write(self, request: HttpRequest, object_id: str | None) -> bool:
        return self.has_change_permission(request) if object_id else self.has_add_permission(request)

    def hold(self, pk: int) -> Any:
        """The row as it is saved now, held until the transaction ends; None if it is gone."""
        return self.model._base_manager.select_for_update().filter(pk=pk).first()

    def _begin_anew(self, request: HttpRequest) -> HttpResponse:
        """Somebody deleted the row while its writer wrote: the words come back in the form of a new one."""
        address = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_add")
        keeping.keep(request, address, keeping.pairs_of(request), "deleted")
        return HttpResponseRedirect(address)

    def _merged(self, request: HttpRequest, saved: Any) -> tuple[HttpRequest, merging.Merge | None]:
        """The request with both versions put together, when somebody has saved since its writer looked."""
        fields = flatten_fieldsets(self.get_fieldsets(request, saved))
        form_class: Any = self.get_form(request, saved, change=True, fields=fields)
        form, rows = form_class(instance=saved), list(self._saved_rows(request, saved))
        now = merging.marks(form, rows, self.columns_seen)
        seen = merging.from_text(request.POST.get(merging.FIELD, ""))
        if seen == now and self.is_up_to_date(request, saved):
            return request, None
        merger = merging.Merger(request.POST, now)
        merger.fields(form_class(request.POST, request.FILES, instance=saved), form)
        for column, choosers in self.columns_seen.items():
            described: Any = self.opts.get_field(column)
            label = capfirst(str(described.verbose_name))
            chosen = any(request.FILES.get(name) or request.POST.get(name) for name in choosers)
            merger.column(column, label, replaced=chosen)
        for name, formset in rows:
            merger.rows(name, formset)
        self.count_as_seen(merger.data, saved)
        return _as_sent(request, merger.data), merger.result

    def is_up_to_date(self, request: HttpRequest, saved: Any) -> bool:
        """Whether the writer has seen what is saved now, as far as the marks of the values do not tell."""
        return True

    def count_as_seen(self, data: QueryDict, saved: Any) -> None:
        """The writer is shown what is saved now: their next save is meant."""

    def _saved_rows(self, request: HttpRequest, saved: Any) -> Iterator[tuple[str, BaseInlineFormSet]]:
        for formset_class, inline in self.get_formsets_with_inlines(request, saved):
            if inline.has_change_permission(request, saved):
                prefix, rows = formset_class.get_default_prefix(), inline.get_queryset(request)
                yield str(inline.verbose_name), formset_class(instance=saved, prefix=prefix, queryset=rows)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """A form that knows whether it is only to be shown."""
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.not_saved = getattr(request, "not_saved", None)
        return form

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """With the marks of what it shows, and why it is not saved."""
        form, inlines = context["adminform"].form, context["inline_admin_formsets"]
        context["not_saved"] = form.not_saved
        if request.method == "POST":
            context["seen_values"] = request.POST.get(merging.FIELD, "")
        elif context["original"] is not None:
            rows = [("", inline.formset) for inline in inlines if inline.has_change_permission]
            context["seen_values"] = merging.as_text(merging.marks(form, rows, self.columns_seen))
        wrong = len(form.errors) + sum(inline.formset.total_error_count() for inline in inlines)
        if form.not_saved and wrong == 1:
            # Nothing in the form is wrong: the panel above it says it all.
            context["errors"] = []
        return super().render_change_form(request, context, *args, **kwargs)


def _as_sent(request: HttpRequest, data: QueryDict) -> HttpRequest:
    """The request as if it had sent this; itself it stays as it came, to be answered again if need be."""
    request.FILES  # noqa: B018  it is read only once, and the copy must not read it
    other = copy(request)
    other.method = "POST"
    other.POST = data  # type: ignore[assignment]
    return other
