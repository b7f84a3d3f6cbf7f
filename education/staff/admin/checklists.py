"""Checklists in the admin."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from education.checklists import content
from education.checklists.models import Checklist, Combination, WarningSign
from education.publishing.content import ContentPart
from education.staff.admin.base import DocumentAdmin
from education.staff.admin.protection import SignFormSet
from education.staff.editor.forms import OrderedInline
from education.urgency import Urgency


def sign_choices(checklist: Checklist | None, stored: Iterable[str]) -> list[tuple[str, Any]]:
    """Form choices: the signs of a checklist by urgency, most urgent first.

    Stored keys that the checklist does not have come last.
    """
    signs = list(checklist.signs.all()) if checklist else []
    groups = [
        (
            str(level.labels.label),
            [(sign.key, sign_label(sign)) for sign in signs if sign.urgency == level.key],
        )
        for level in sorted(Urgency, reverse=True)
    ]
    known = {sign.key for sign in signs}
    unknown = [key for key in dict.fromkeys(stored) if key and key not in known]
    missing = [(key, _("{key} (not a sign of this checklist)").format(key=key)) for key in unknown]
    found: list[tuple[str, Any]] = [(label, rows) for label, rows in groups if rows]
    return [*found, (str(_("Not in this checklist")), missing)] if missing else found


def sign_label(sign: WarningSign) -> str:
    return f"{sign.text[:80]} ({sign.key})"


class LenientChoiceField(forms.ChoiceField):
    """A choice field that accepts any value; publication checks report unknown ones."""

    def valid_value(self, value: Any) -> bool:
        return True


class LenientMultipleChoiceField(LenientChoiceField, forms.MultipleChoiceField):
    """Several choices, any value accepted."""


class WarningSignInline(OrderedInline):
    """The warning signs of a checklist, most urgent first."""

    model = WarningSign
    formset = SignFormSet
    part: ClassVar[type[ContentPart]] = content.WarningSign
    part_field = "signs"
    verbose_name = _("warning sign")
    verbose_name_plural = _("warning signs, most urgent first")
    fields = (
        "order",
        "key",
        "urgency",
        "text",
        "in_short",
        "topic",
        "fold_label",
        "on_darker_skin",
        "picture",
        "crisis",
        "sources",
    )


class CombinationInline(OrderedInline):
    """Signs that are more urgent together than each alone."""

    model = Combination
    part: ClassVar[type[ContentPart]] = content.Combination
    part_field = "combinations"
    verbose_name = _("combination")
    verbose_name_plural = _("signs that are more urgent together")
    fields = (
        *("order", "key", "together", "counts_as"),
        *("text", "in_short", "on_darker_skin", "sources"),
    )

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """The formset; its fields offer the signs of the checklist `obj`."""
        callback = partial(self.formfield_for_dbfield, request=request, checklist=obj)
        return super().get_formset(request, obj, formfield_callback=callback, **kwargs)

    def formfield_for_dbfield(
        self,
        db_field: Any,
        request: HttpRequest,
        checklist: Checklist | None = None,
        **kwargs: Any,
    ) -> Any:
        if db_field.name != "together":
            return super().formfield_for_dbfield(db_field, request, **kwargs)
        rows = checklist.combinations.values_list("together", flat=True) if checklist else ()
        return LenientMultipleChoiceField(
            choices=sign_choices(checklist, (key for row in rows for key in row)),
            required=False,
            label=self.label_of("together"),
            help_text=_(
                "Tick 2 to 6 signs, all of which must be true. A new sign is offered once it is saved."
            ),
            widget=forms.CheckboxSelectMultiple,
        )


@admin.register(Checklist)
class ChecklistAdmin(DocumentAdmin):
    """Checklists of warning signs."""

    part: ClassVar[type[ContentPart]] = content.ChecklistContent
    search_fields: ClassVar[Any] = ("title", "slug")
    inlines = (WarningSignInline, CombinationInline)
    fieldsets = (
        (None, {"fields": ("seen_version", "title", "slug", "introduction", "picture")}),
        (_("What to say after the list"), {"fields": ("none_apply", "safety_net")}),
        (
            _("The cards on pages"),
            {
                "fields": (
                    "combinations_lead",
                    "emergency_on_darker_skin",
                    "urgent_on_darker_skin",
                    "routine_on_darker_skin",
                )
            },
        ),
    )
