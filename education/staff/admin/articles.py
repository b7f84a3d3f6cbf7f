"""Articles, causes and snippets in the admin."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from education.articles import article_cause, content
from education.articles.models import Article, ArticleCause, ArticleSnippet, Cause, Snippet
from education.publishing.content import ContentPart
from education.staff.admin.base import DocumentAdmin
from education.staff.editor.forms import OrderedInline


class DocumentChoiceInline(OrderedInline):
    """Rows that each refer to a document by name."""

    document_field: ClassVar[str]
    name_field: ClassVar[str]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related(self.document_field)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == self.document_field:
            documents = db_field.remote_field.model._default_manager
            kwargs["queryset"] = documents.order_by(self.name_field, "slug")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class ArticleCauseInline(DocumentChoiceInline):
    """The causes of an article, in order, each with the article's own explanation."""

    model = ArticleCause
    part: ClassVar[type[ContentPart]] = article_cause.ArticleCause
    part_field = "causes"
    document_field = "cause"
    name_field = "name"
    heading_level = 5
    verbose_name = _("cause")
    verbose_name_plural = _("causes, in order")
    fieldsets = (
        (None, {"fields": ("order", "cause", "name", "picture")}),
        # These texts follow a heading of level 4, here as on the page.
        (
            None,
            {
                "description": format_html("<h4>{}</h4>", _("What this page says about it")),
                "fields": (
                    "what_happens",
                    "looks",
                    "self_care",
                    "self_care_picture",
                    "may_suggest",
                    "may_suggest_in_short",
                ),
            },
        ),
        (
            None,
            {
                "description": format_html(
                    "<h4>{}</h4>", _("At a glance: a row of the table of causes")
                ),
                "fields": article_cause.GLANCE_FIELDS,
            },
        ),
    )


class ArticleSnippetInline(DocumentChoiceInline):
    """The snippets that an article includes, in order."""

    model = ArticleSnippet
    part: ClassVar[type[ContentPart]] = content.ArticleContent
    part_field = "snippets"
    document_field = "snippet"
    name_field = "title"
    verbose_name = _("snippet")
    verbose_name_plural = _("snippets: pieces that pages share, in order")
    fields = ("order", "snippet")


@admin.register(Article)
class ArticleAdmin(DocumentAdmin):
    """Articles."""

    part: ClassVar[type[ContentPart]] = content.ArticleContent
    search_fields: ClassVar[Any] = ("title", "slug")
    inlines = (ArticleCauseInline, ArticleSnippetInline)
    fieldsets = (
        (None, {"fields": ("seen_version", "title", "slug", "also_called")}),
        (_("How readers find it"), {"fields": ("areas", "looks_like")}),
        (
            _("What the page says first"),
            {"fields": ("reassurance", "first_step", "picture", "summary", "introduction")},
        ),
        (_("When to see a doctor"), {"fields": ("checklist", "key_signs")}),
        (_("Do and Do not"), {"fields": ("do", "do_not")}),
        (_("In easy words"), {"fields": ("in_easy_words",)}),
        (_("Where it comes from"), {"fields": ("adapted_from",)}),
    )


@admin.register(Cause)
class CauseAdmin(DocumentAdmin):
    """Causes, as they are described in general."""

    part: ClassVar[type[ContentPart]] = content.CauseContent
    search_fields: ClassVar[Any] = ("name", "slug")
    prepopulated_fields = {"slug": ("name",)}
    fieldsets = (
        (None, {"fields": ("seen_version", "name", "slug", "also_called")}),
        (_("What it is"), {"fields": ("reassurance", "what_it_is", "picture")}),
        (_("For professionals"), {"fields": ("codes",)}),
    )


@admin.register(Snippet)
class SnippetAdmin(DocumentAdmin):
    """Texts that several articles include."""

    part: ClassVar[type[ContentPart]] = content.SnippetContent
    search_fields: ClassVar[Any] = ("title", "slug")
    fieldsets = (
        (
            None,
            {
                "fields": ("seen_version", "title", "slug", "text", "with_medicines"),
                "description": _("A change of this changes every page that includes it."),
            },
        ),
    )
