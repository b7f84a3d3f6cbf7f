"""Working copies of the list of sources and the glossary, and the results of link checks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from education.publishing.content import Content
from education.publishing.models import Edition, WorkingCopy
from education.references.content import GlossaryContent, SourceListContent


class SourceList(WorkingCopy):
    """The sources of one language, as staff edit them."""

    CONTENT: ClassVar[type[Content]] = SourceListContent

    class Meta:
        verbose_name = _("list of sources")
        verbose_name_plural = _("list of sources")

    def __str__(self) -> str:
        return str(_("List of sources"))

    def to_values(self) -> dict[str, Any]:
        rows = self.sources.values(
            "key", "title", "publisher", "author", "url", "published", "adapted", "withdrawn"
        )
        return {"sources": list(rows)}

    def save_content(self, values: Mapping[str, Any]) -> None:
        self.save()
        self.sources.all().delete()
        Source.objects.bulk_create(
            Source(source_list=self, order=order, **row)
            for order, row in enumerate(values["sources"])
        )


class Source(models.Model):
    """A row of the list of sources."""

    source_list = models.ForeignKey(SourceList, on_delete=models.CASCADE, related_name="sources")
    order = models.PositiveIntegerField(default=0)
    key = models.CharField(max_length=255)
    title = models.TextField(blank=True)
    publisher = models.TextField(blank=True)
    author = models.TextField(blank=True)
    url = models.TextField(blank=True)
    published = models.CharField(max_length=255, blank=True)
    adapted = models.BooleanField(default=False)
    withdrawn = models.TextField(blank=True)

    class Meta:
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.key


class Glossary(WorkingCopy):
    """The glossary of one language, as staff edit it."""

    CONTENT: ClassVar[type[Content]] = GlossaryContent

    class Meta:
        verbose_name = _("glossary")
        verbose_name_plural = _("glossary")

    def __str__(self) -> str:
        return str(_("Glossary"))

    def to_values(self) -> dict[str, Any]:
        return {"terms": list(self.terms.values("word", "also", "meaning"))}

    def save_content(self, values: Mapping[str, Any]) -> None:
        self.save()
        self.terms.all().delete()
        Term.objects.bulk_create(
            Term(glossary=self, order=order, **row) for order, row in enumerate(values["terms"])
        )


class Term(models.Model):
    """A row of the glossary."""

    glossary = models.ForeignKey(Glossary, on_delete=models.CASCADE, related_name="terms")
    order = models.PositiveIntegerField(default=0)
    word = models.CharField(max_length=255)
    also = models.JSONField(default=list, blank=True)
    meaning = models.TextField(blank=True)

    class Meta:
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.word


class CheckedLink(models.Model):
    """A link of live editions with the result of its last check.

    External links are stored while a live edition has them; internal links only while broken.
    """

    class Status(models.TextChoices):
        """The result of a check."""

        GOOD = "good", _("Works")
        UNSURE = "unsure", _("Could not be checked")
        BROKEN = "broken", _("Broken")

    url = models.CharField(max_length=1000, unique=True)
    on_site = models.BooleanField(default=False)
    status = models.CharField(max_length=10, choices=Status)
    problem = models.CharField(max_length=300, blank=True)
    http_status = models.PositiveSmallIntegerField(null=True, blank=True)
    checked_at = models.DateTimeField()
    failing_since = models.DateTimeField(null=True, blank=True)
    # The day of the first conclusive failure since the link last worked.
    failed_on = models.DateField(null=True, blank=True)
    editions = models.ManyToManyField(Edition, related_name="+")

    def __str__(self) -> str:
        return self.url
