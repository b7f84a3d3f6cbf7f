"""The working copies of articles, causes and snippets."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, ClassVar, TypeVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from education.articles.article_cause import GLANCE_FIELDS
from education.articles.content import ArticleContent, CauseContent, SnippetContent
from education.checklists.models import Checklist
from education.publishing.content import Content
from education.publishing.models import WorkingCopy

P = TypeVar("P", bound=WorkingCopy)


class ColumnWorkingCopy(WorkingCopy):
    """A working copy with content in its own columns: those that `CONTENT_FIELDS` names."""

    CONTENT_FIELDS: ClassVar[tuple[str, ...]]

    class Meta(WorkingCopy.Meta):
        abstract = True

    def to_values(self) -> dict[str, Any]:
        return {field: getattr(self, field) for field in self.CONTENT_FIELDS}

    def save_content(self, values: Mapping[str, Any]) -> None:
        for field in self.CONTENT_FIELDS:
            setattr(self, field, values[field])
        self.save()


class Cause(ColumnWorkingCopy):
    """The working copy of a cause."""

    CONTENT: ClassVar[type[Content]] = CauseContent
    CONTENT_FIELDS: ClassVar[tuple[str, ...]] = (
        "name",
        "also_called",
        "codes",
        "picture",
        "reassurance",
        "what_it_is",
    )

    name = models.TextField(blank=True)
    also_called = models.JSONField(default=list, blank=True)
    codes = models.JSONField(default=list, blank=True)
    picture = models.TextField(blank=True)
    reassurance = models.TextField(blank=True, default="")
    what_it_is = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.name or self.slug


class Snippet(ColumnWorkingCopy):
    """The working copy of a text that several articles include."""

    CONTENT: ClassVar[type[Content]] = SnippetContent
    CONTENT_FIELDS: ClassVar[tuple[str, ...]] = ("title", "with_medicines", "text")

    title = models.TextField(blank=True)
    with_medicines = models.BooleanField(default=False)
    text = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.title or self.slug


class Article(ColumnWorkingCopy):
    """The working copy of an article."""

    CONTENT: ClassVar[type[Content]] = ArticleContent
    CONTENT_FIELDS: ClassVar[tuple[str, ...]] = (
        "title",
        "also_called",
        "areas",
        "looks_like",
        "adapted_from",
        "picture",
        "reassurance",
        "first_step",
        "key_signs",
        "summary",
        "introduction",
        "do",
        "do_not",
        "in_easy_words",
    )

    title = models.TextField(blank=True)
    also_called = models.JSONField(default=list, blank=True)
    areas = models.JSONField(default=list, blank=True)
    looks_like = models.JSONField(default=list, blank=True)
    adapted_from = models.JSONField(default=list, blank=True)
    checklist = models.ForeignKey(
        Checklist, on_delete=models.PROTECT, null=True, blank=True, related_name="articles"
    )
    picture = models.TextField(blank=True)
    reassurance = models.TextField(blank=True, default="")
    first_step = models.TextField(blank=True, default="")
    key_signs = models.JSONField(default=list, blank=True)
    summary = models.TextField(blank=True)
    introduction = models.TextField(blank=True)
    do = models.JSONField(_("do"), default=list, blank=True)
    do_not = models.JSONField(_("do not"), default=list, blank=True)
    in_easy_words = models.JSONField(_("in easy words"), default=list, blank=True)

    def __str__(self) -> str:
        return self.title or self.slug

    def to_values(self) -> dict[str, Any]:
        return {
            **super().to_values(),
            "checklist": self.checklist.slug if self.checklist else "",
            "snippets": list(self.snippets.values_list("snippet__slug", flat=True)),
            "causes": [tag.to_values() for tag in self.causes.select_related("cause")],
        }

    def save_content(self, values: Mapping[str, Any]) -> None:
        """Replace the columns and the rows; raises DoesNotExist for an unknown part.

        A draft may have no checklist yet.
        """
        slug = values["checklist"]
        self.checklist = self._get_parts(Checklist, [slug])[slug] if slug else None
        super().save_content(values)
        self.causes.all().delete()
        slugs = [row["cause"] for row in values["causes"] if row["cause"]]
        causes = self._get_parts(Cause, slugs)
        ArticleCause.objects.bulk_create(
            ArticleCause(article=self, order=order, **{**row, "cause": causes.get(row["cause"])})
            for order, row in enumerate(values["causes"])
        )
        self.snippets.all().delete()
        snippets = self._get_parts(Snippet, values["snippets"])
        ArticleSnippet.objects.bulk_create(
            ArticleSnippet(article=self, order=order, snippet=snippets[slug])
            for order, slug in enumerate(values["snippets"])
        )

    def _get_parts(self, model: type[P], slugs: Collection[str]) -> dict[str, P]:
        """The working copies with these slugs, by slug; raises DoesNotExist with unknown slugs."""
        rows: Any = model._default_manager.filter(language=self.language, slug__in=slugs)
        parts = {row.slug: row for row in rows}
        if missing := set(slugs) - set(parts):
            raise model.DoesNotExist(", ".join(sorted(missing)))
        return parts


class ArticleCause(models.Model):
    """A cause of an article, with the article's own explanation of it.

    `name` and `picture` are those of a cause without a page, which has no `cause`.
    """

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="causes")
    cause = models.ForeignKey(
        Cause, on_delete=models.PROTECT, null=True, blank=True, related_name="tagged_on"
    )
    name = models.TextField(blank=True, default="")
    picture = models.TextField(blank=True, default="")
    order = models.PositiveIntegerField(default=0)
    what_happens = models.TextField(blank=True)
    looks = models.TextField(blank=True)
    self_care = models.TextField(blank=True)
    self_care_picture = models.TextField(blank=True, default="")
    may_suggest = models.TextField(blank=True)
    may_suggest_in_short = models.TextField(blank=True, default="")
    glance_looks = models.TextField(blank=True)
    glance_hurts = models.TextField(blank=True)
    glance_comes_out = models.TextField(blank=True)
    glance_helps = models.TextField(blank=True)

    class Meta:
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return str(self.cause or self.name)

    def to_values(self) -> dict[str, Any]:
        return {
            "cause": self.cause.slug if self.cause else "",
            "name": self.name,
            "picture": self.picture,
            "what_happens": self.what_happens,
            "looks": self.looks,
            "self_care": self.self_care,
            "self_care_picture": self.self_care_picture,
            "may_suggest": self.may_suggest,
            "may_suggest_in_short": self.may_suggest_in_short,
            **{name: getattr(self, name) for name in GLANCE_FIELDS},
        }


class ArticleSnippet(models.Model):
    """A snippet that an article includes, with its order."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="snippets")
    snippet = models.ForeignKey(
        Snippet,
        on_delete=models.PROTECT,
        related_name="included_in",
        verbose_name=_("snippet"),
        help_text=_(
            "It stands on the page with its own title. Change its words in the list of snippets."
        ),
    )
    order = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return str(self.snippet)


class LeafletImport(models.Model):
    """The leaflet that an article was made from: what became of it, and what the article lacks."""

    article = models.OneToOneField(Article, on_delete=models.CASCADE, related_name="leaflet_import")
    name = models.CharField(max_length=200)
    imported_at = models.DateTimeField(default=timezone.now)
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    # Headings that became a part: [heading, part].
    placed = models.JSONField(default=list)
    # Texts without a place: {"heading", "why", "text"}, the text in Markdown.
    beside = models.JSONField(default=list)
    # Passages of which words lack: {"place", "text", "words", "is_whole"}.
    lacking = models.JSONField(default=list)
    # What could not be read: {"text", "after"}.
    notes = models.JSONField(default=list)

    def __str__(self) -> str:
        return self.name
