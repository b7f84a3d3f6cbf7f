"""Choices, questions and outcomes cannot be deleted while routes refer to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from education.selfcheck.models import Question, Route
from education.staff.admin_urls import admin_url
from education.staff.editor.forms import OrderedFormSet, OrderedInline
from education.staff.workflow.base import workflow_context


@dataclass(frozen=True)
class RouteReference:
    """A route, named by its question and its number in the form."""

    route: Route
    visibility_message: ClassVar[str] = ""

    def __str__(self) -> str:
        return _("Question {key}, way on number {number}").format(
            key=self.route.question.key, number=self._index + 1
        )

    @property
    def url(self) -> str:
        """The URL where the route is edited."""
        return f"{admin_url(self.route.question)}#routes-{self._index}"

    @property
    def _index(self) -> int:
        return list(self.route.question.routes.values_list("pk", flat=True)).index(self.route.pk)


class RouteTargetFormSet(OrderedFormSet):
    """Rows cannot be deleted while routes refer to them."""

    # The relation from a row to its routes.
    route_relation: ClassVar[str]

    def clean(self) -> None:
        """Raise ValidationError with one message for each route to a deleted row."""
        super().clean()
        saved = [form for form in self.forms if form.instance.pk]
        deleted = [f.instance for f in saved if self._should_delete_form(f)]  # type: ignore[attr-defined]
        messages = [
            self.message(row, RouteReference(route))
            for row in (deleted if self.can_delete else ())
            for route in getattr(row, self.route_relation).select_related("question")
        ]
        if messages:
            raise ValidationError(messages)

    def message(self, row: Any, reference: RouteReference) -> str:
        """Why a row cannot be deleted, and what to do first."""
        raise NotImplementedError


class OutcomeFormSet(RouteTargetFormSet):
    """Outcomes; routes lead to them."""

    route_relation = "led_to_by"

    def message(self, row: Any, reference: RouteReference) -> str:
        text = _("{way} leads to the outcome “{row}”. Let it lead elsewhere first.")
        return text.format(way=reference, row=row)


class ChoiceFormSet(RouteTargetFormSet):
    """Choices; routes depend on them."""

    route_relation = "routes"

    def message(self, row: Any, reference: RouteReference) -> str:
        text = _(
            "{way} is taken when “{row}” was chosen, and leads to “{target}”. Take it out first."
        )
        return text.format(way=reference, row=row, target=reference.route)


class ProtectedInline(OrderedInline):
    """An inline whose refusals to delete are ours."""

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """The formset without Django's message, which comes first and names no field."""
        formset: Any = super().get_formset(request, obj, **kwargs)
        formset.form.hand_clean_DELETE = lambda _form: None
        return formset


class ProtectedQuestionMixin(admin.ModelAdmin):
    """A question that routes lead to cannot be deleted; the page lists them."""

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> Any:
        """The list of routes to it, or Django's page if there is none."""
        question: Any = self.get_object(request, unquote(object_id))
        if question is not None and self.has_delete_permission(request, question):
            routes = Route.objects.filter(to_question=question).exclude(question=question)
            if found := [RouteReference(route) for route in routes.select_related("question")]:
                return self._refusal(request, question, found)
        return super().delete_view(request, object_id, extra_context)

    def _refusal(
        self, request: HttpRequest, question: Question, found: list[RouteReference]
    ) -> HttpResponse:
        context = workflow_context(
            request,
            question.self_check,
            question.self_check,
            _("This cannot be deleted yet"),
            references={"own": found},
        )
        context["change_url"] = admin_url(question)
        return render(request, "admin/document/protected.html", context)
