"""What something leads to is kept: choices, questions and outcomes go only after the ways that need them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from education.selfcheck.models import Question, Route, SelfCheck
from education.staff.desk import page_of
from education.staff.drawings import question_address
from education.staff.editing import RowsFormSet, RowsInline


@dataclass(frozen=True)
class Way:
    """A route as it is found in the forms: of which question, and which number from above."""

    route: Route
    seen_by: ClassVar[str] = ""

    def __str__(self) -> str:
        return _("Question {key}, way on number {number}").format(
            key=self.route.question.key, number=self._place + 1
        )

    @property
    def address(self) -> str:
        """Where it is edited."""
        return f"{question_address(self.route.question)}#routes-{self._place}"

    @property
    def _place(self) -> int:
        return list(self.route.question.routes.values_list("pk", flat=True)).index(self.route.pk)


class RowsLedTo(RowsFormSet):
    """Rows that ways need: they are not deleted before these are gone."""

    # The relation from a row to the ways.
    ways: ClassVar[str]

    def clean(self) -> None:
        """Refuse to save while something that would go is still needed, naming each way."""
        super().clean()
        going = [form.instance for form in self.forms if form.instance.pk and self._should_delete_form(form)]  # type: ignore[attr-defined]
        sentences = [
            self.sentence(row, Way(route))
            for row in (going if self.can_delete else ())
            for route in getattr(row, self.ways).select_related("question")
        ]
        if sentences:
            raise ValidationError(sentences)

    def sentence(self, row: Any, way: Way) -> str:
        """Why a row cannot go, and what to do first."""
        raise NotImplementedError


class OutcomesLedTo(RowsLedTo):
    """Outcomes: questions lead to them."""

    ways = "led_to_by"

    def sentence(self, row: Any, way: Way) -> str:
        """Which question leads there."""
        words = _("{way} leads to the outcome “{row}”. Let it lead elsewhere first.")
        return words.format(way=way, row=row)


class ChoicesLedBy(RowsLedTo):
    """Choices: ways are taken when they were chosen."""

    ways = "routes"

    def sentence(self, row: Any, way: Way) -> str:
        """Which way is taken by it, and where that leads."""
        words = _("{way} is taken when “{row}” was chosen, and leads to “{target}”. Take it out first.")
        return words.format(way=way, row=row, target=way.route)


class KeptRowsInline(RowsInline):
    """Rows that are refused to be deleted in our own words."""

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """Without Django's sentence, which comes first and names no place."""
        formset: Any = super().get_formset(request, obj, **kwargs)
        formset.form.hand_clean_DELETE = lambda _form: None
        return formset


class KeptWhileLedTo(admin.ModelAdmin):
    """A question that others lead to is not deleted: the page says which."""

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> Any:
        """The list of ways to it, where there are any; else Django's own page."""
        question: Any = self.get_object(request, unquote(object_id))
        if question is not None and self.has_delete_permission(request, question):
            ways = Route.objects.filter(to_question=question).exclude(question=question)
            if found := [Way(route) for route in ways.select_related("question")]:
                return self._refusal(request, question, found)
        return super().delete_view(request, object_id, extra_context)

    def _refusal(self, request: HttpRequest, question: Question, found: list[Way]) -> HttpResponse:
        desk: Any = self.admin_site.get_model_admin(SelfCheck)
        context = page_of(desk, request, question.self_check, _("This cannot be deleted yet"))
        context |= {"uses": {"own": found}, "change_address": question_address(question)}
        return render(request, "admin/document/in_use.html", context)
