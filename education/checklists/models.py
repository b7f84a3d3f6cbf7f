"""The working copy of a checklist."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import models
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from education.checklists.content import MAX_TITLE, ChecklistContent
from education.publishing.content import Content
from education.publishing.models import WorkingCopy


class Checklist(WorkingCopy):
    """A checklist, as staff edit it."""

    CONTENT: ClassVar[type[Content]] = ChecklistContent
    CONTENT_FIELDS: ClassVar[tuple[str, ...]] = (
        "title",
        "introduction",
        "picture",
        "combinations_lead",
        "emergency_on_darker_skin",
        "urgent_on_darker_skin",
        "routine_on_darker_skin",
        "none_apply",
        "safety_net",
    )
    # What a new checklist says until somebody writes it better; it promises nothing.
    DEFAULT_TEXTS: ClassVar[Mapping[str, str]] = {
        "none_apply": "Look again each day. If one of these signs comes, do what is said beside it. If you "
        "are worried, ask a doctor or nurse.",
        "safety_net": "If it gets worse, or something new comes, ask for help again.",
    }

    title = models.TextField(blank=True)
    introduction = models.TextField(blank=True)
    picture = models.TextField(blank=True, default="")
    combinations_lead = models.TextField(blank=True, default="")
    emergency_on_darker_skin = models.TextField(blank=True, default="")
    urgent_on_darker_skin = models.TextField(blank=True, default="")
    routine_on_darker_skin = models.TextField(blank=True, default="")
    none_apply = models.TextField(blank=True)
    safety_net = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.title or self.slug

    @classmethod
    def title_for(cls, page_title: str) -> str:
        """The title of a checklist that is made for the page with this title."""
        lead = _("When to see a doctor: {title}")
        room = MAX_TITLE - len(lead.format(title=""))
        return lead.format(title=Truncator(page_title).chars(room))

    def to_values(self) -> dict[str, Any]:
        return {
            **{field: getattr(self, field) for field in self.CONTENT_FIELDS},
            "signs": list(
                self.signs.values(
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
            ),
            "combinations": list(
                self.combinations.values(
                    "key", "together", "counts_as", "text", "in_short", "on_darker_skin", "sources"
                )
            ),
        }

    def save_content(self, values: Mapping[str, Any]) -> None:
        """Replace the columns, all signs and all combinations."""
        for field in self.CONTENT_FIELDS:
            setattr(self, field, values[field])
        self.save()
        self.signs.all().delete()
        WarningSign.objects.bulk_create(
            WarningSign(checklist=self, order=order, **row)
            for order, row in enumerate(values["signs"])
        )
        self.combinations.all().delete()
        Combination.objects.bulk_create(
            Combination(checklist=self, order=order, **row)
            for order, row in enumerate(values["combinations"])
        )


class WarningSign(models.Model):
    """A sign of a checklist: one record, wherever it is shown."""

    checklist = models.ForeignKey(Checklist, on_delete=models.CASCADE, related_name="signs")
    order = models.PositiveIntegerField(default=0)
    key = models.CharField(max_length=255)
    urgency = models.CharField(max_length=20)
    text = models.TextField(blank=True)
    in_short = models.TextField(blank=True, default="")
    topic = models.TextField(blank=True, default="")
    fold_label = models.TextField(blank=True, default="")
    on_darker_skin = models.TextField(blank=True)
    picture = models.TextField(blank=True, default="")
    crisis = models.BooleanField(default=False)
    sources = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.key


class Combination(models.Model):
    """Signs of a checklist that are more urgent together than each by itself."""

    checklist = models.ForeignKey(Checklist, on_delete=models.CASCADE, related_name="combinations")
    order = models.PositiveIntegerField(default=0)
    key = models.CharField(max_length=255)
    together = models.JSONField(default=list, blank=True)
    counts_as = models.CharField(max_length=20)
    text = models.TextField(blank=True)
    in_short = models.TextField(blank=True, default="")
    on_darker_skin = models.TextField(blank=True)
    sources = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.key
