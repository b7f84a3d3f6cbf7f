"""Checklists in the admin."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from education.checklists import content
from education.checklists.models import Checklist, WarningSign
from education.publishing.content import Part
from education.staff.documents import DocumentAdmin
from education.staff.editing import RowsInline
from education.staff.using import SignsInUse


class WarningSignInline(RowsInline):
    """The warning signs of a checklist, most urgent first."""

    model = WarningSign
    formset = SignsInUse
    part: ClassVar[type[Part]] = content.WarningSign
    part_field = "signs"
    verbose_name = _("warning sign")
    verbose_name_plural = _("warning signs, most urgent first")
    fields = ("order", "key", "urgency", "text", "on_darker_skin", "sources")


@admin.register(Checklist)
class ChecklistAdmin(DocumentAdmin):
    """When to see a doctor."""

    part: ClassVar[type[Part]] = content.ChecklistContent
    search_fields: ClassVar[Any] = ("title", "slug")
    inlines = (WarningSignInline,)
    fieldsets = (
        (None, {"fields": ("seen_revision", "title", "slug", "introduction")}),
        (_("What to say after the list"), {"fields": ("none_apply", "safety_net")}),
    )
