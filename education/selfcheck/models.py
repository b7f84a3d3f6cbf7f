"""The working copy of a self-check."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from education.checklists.models import Checklist
from education.publishing.content import Content, DocumentKey
from education.publishing.models import Document, WorkingCopy
from education.selfcheck.content import SelfCheckContent


class SelfCheck(WorkingCopy):
    """A self-check, as staff edit it."""

    CONTENT: ClassVar[type[Content]] = SelfCheckContent

    title = models.TextField(blank=True)
    introduction = models.TextField(blank=True)
    checklist = models.ForeignKey(
        Checklist, on_delete=models.PROTECT, null=True, blank=True, related_name="self_checks"
    )

    class Meta:
        verbose_name = _("self-check")
        verbose_name_plural = _("self-checks")

    def __str__(self) -> str:
        return self.title or self.slug

    def to_values(self) -> dict[str, Any]:
        questions = self.questions.prefetch_related(
            "choices", "routes__choice", "routes__to_question", "routes__to_outcome"
        )
        return {
            "title": self.title,
            "introduction": self.introduction,
            "checklist": self.checklist.slug if self.checklist else "",
            "questions": [question.values() for question in questions],
            "outcomes": [outcome.values() for outcome in self.outcomes.prefetch_related("read")],
        }

    def save_content(self, values: Mapping[str, Any]) -> None:
        """Replace all rows; raises DoesNotExist for an unknown checklist or page to read."""
        with transaction.atomic():
            self.title, self.introduction = values["title"], values["introduction"]
            self.checklist = Checklist.objects.get(language=self.language, slug=values["checklist"])
            self.save()
            Route.objects.filter(question__self_check=self).delete()
            self.questions.all().delete()
            self.outcomes.all().delete()
            outcomes = {
                row["key"]: self._write_outcome(order, row)
                for order, row in enumerate(values["outcomes"])
            }
            questions = {
                row["key"]: Question.objects.create(
                    self_check=self,
                    order=order,
                    **{name: row[name] for name in ("key", "text", "why", "several")},
                )
                for order, row in enumerate(values["questions"])
            }
            for row in values["questions"]:
                self._write_choices_and_routes(questions[row["key"]], row, questions, outcomes)

    def _write_outcome(self, order: int, row: Mapping[str, Any]) -> Outcome:
        columns = {name: value for name, value in row.items() if name != "read"}
        outcome = Outcome.objects.create(self_check=self, order=order, **columns)
        keys = {DocumentKey(*page.split("/", 1)) for page in row["read"]}
        documents = list(Document.objects.by_keys(keys, self.language))
        if len(documents) < len(keys):
            raise Document.DoesNotExist(", ".join(row["read"]))
        outcome.read.set(documents)
        return outcome

    def _write_choices_and_routes(
        self,
        question: Question,
        row: Mapping[str, Any],
        questions: Mapping[str, Question],
        outcomes: Mapping[str, Outcome],
    ) -> None:
        choices = {
            choice["key"]: Choice.objects.create(question=question, order=order, **choice)
            for order, choice in enumerate(row["choices"])
        }
        Route.objects.bulk_create(
            Route(
                question=question,
                order=order,
                choice=choices[route["choice"]] if route["choice"] else None,
                at_least=route["at_least"],
                in_doubt=route["in_doubt"],
                to_question=questions[route["question"]] if route["question"] else None,
                to_outcome=outcomes[route["outcome"]] if route["outcome"] else None,
            )
            for order, route in enumerate(row["routes"])
        )


class Question(models.Model):
    """A page of a self-check."""

    self_check = models.ForeignKey(SelfCheck, on_delete=models.CASCADE, related_name="questions")
    order = models.PositiveIntegerField(default=0)
    key = models.CharField(max_length=255)
    text = models.TextField(blank=True)
    why = models.TextField(blank=True)
    several = models.BooleanField(default=False)

    class Meta:
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.text or str(_("Question without words"))

    def values(self) -> dict[str, Any]:
        return {
            "key": self.key,
            "text": self.text,
            "why": self.why,
            "several": self.several,
            "choices": [choice.values() for choice in self.choices.all()],
            "routes": [route.values() for route in self.routes.all()],
        }


class Choice(models.Model):
    """Something to choose on a page of a self-check."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="choices")
    order = models.PositiveIntegerField(default=0)
    key = models.CharField(max_length=255)
    text = models.TextField(blank=True)
    sign = models.CharField(max_length=255, blank=True)
    answer = models.CharField(max_length=10, blank=True)
    counts_as = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.text or str(_("Choice without words"))

    def values(self) -> dict[str, Any]:
        return {
            name: getattr(self, name) for name in ("key", "text", "sign", "answer", "counts_as")
        }


class Outcome(models.Model):
    """Where a self-check can end."""

    self_check = models.ForeignKey(SelfCheck, on_delete=models.CASCADE, related_name="outcomes")
    order = models.PositiveIntegerField(default=0)
    key = models.CharField(max_length=255)
    urgency = models.CharField(max_length=20)
    title = models.TextField(blank=True)
    do_now = models.TextField(blank=True)
    when = models.TextField(blank=True)
    safety_net = models.TextField(blank=True)
    read = models.ManyToManyField(Document, blank=True, related_name="+")

    class Meta:
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.title or str(_("Result without a title"))

    def values(self) -> dict[str, Any]:
        columns = ("key", "urgency", "title", "do_now", "when", "safety_net")
        pages = sorted(f"{page.kind}/{page.slug}" for page in self.read.all())
        return {**{name: getattr(self, name) for name in columns}, "read": pages}


class Route(models.Model):
    """Where a question leads under a condition; the first route that fits is taken.

    Its choice and its target cannot be deleted before it.
    """

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="routes")
    order = models.PositiveIntegerField(default=0)
    choice = models.ForeignKey(
        Choice, on_delete=models.RESTRICT, null=True, blank=True, related_name="routes"
    )
    at_least = models.CharField(max_length=20, blank=True)
    in_doubt = models.BooleanField(default=False)
    to_question = models.ForeignKey(
        Question, on_delete=models.RESTRICT, null=True, blank=True, related_name="led_to_by"
    )
    to_outcome = models.ForeignKey(
        Outcome, on_delete=models.RESTRICT, null=True, blank=True, related_name="led_to_by"
    )

    class Meta:
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return str(self.to_question or self.to_outcome or "–")

    def values(self) -> dict[str, Any]:
        return {
            "choice": self.choice.key if self.choice else "",
            "at_least": self.at_least,
            "in_doubt": self.in_doubt,
            "question": self.to_question.key if self.to_question else "",
            "outcome": self.to_outcome.key if self.to_outcome else "",
        }
