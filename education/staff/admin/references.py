"""The list of sources and the glossary in the admin."""

from __future__ import annotations

from typing import ClassVar

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from education.publishing.content import ContentPart
from education.references import content
from education.references.models import Glossary, Source, SourceList, Term
from education.staff.admin.base import DocumentAdmin
from education.staff.admin.protection import SourceFormSet, TermFormSet
from education.staff.editor.forms import OrderedInline


class SourceInline(OrderedInline):
    """Sources."""

    model = Source
    formset = SourceFormSet
    part: ClassVar[type[ContentPart]] = content.Source
    part_field = "sources"
    fields = (
        "order",
        "key",
        "title",
        "publisher",
        "author",
        "url",
        "published",
        "adapted",
        "withdrawn",
    )


class TermInline(OrderedInline):
    """Glossary terms."""

    model = Term
    formset = TermFormSet
    part: ClassVar[type[ContentPart]] = content.Term
    part_field = "terms"
    fields = ("order", "word", "also", "meaning")


@admin.register(SourceList)
class SourceListAdmin(DocumentAdmin):
    """The list of all sources."""

    part: ClassVar[type[ContentPart]] = content.SourceListContent
    singleton_slug = content.SOURCES.slug
    prepopulated_fields = {}
    inlines = (SourceInline,)
    fieldsets = (
        (None, {"fields": ("seen_version",), "description": _("Texts cite a source by its key.")}),
    )


@admin.register(Glossary)
class GlossaryAdmin(DocumentAdmin):
    """The glossary."""

    part: ClassVar[type[ContentPart]] = content.GlossaryContent
    singleton_slug = content.GLOSSARY.slug
    prepopulated_fields = {}
    inlines = (TermInline,)
    fieldsets = (
        (
            None,
            {"fields": ("seen_version",), "description": _("Medical words and what they mean.")},
        ),
    )
