"""Self-checks in the admin: the check with its outcomes, and each question on its own page."""

from __future__ import annotations

from functools import partial
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import display
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from education.publishing.content import ContentPart, Problem
from education.publishing.models import Document
from education.selfcheck import content
from education.selfcheck.models import Choice, Outcome, Question, Route, SelfCheck
from education.staff.admin.base import DocumentAdmin
from education.staff.admin.checklists import LenientChoiceField, sign_choices
from education.staff.admin_urls import admin_url
from education.staff.audited_admin import AuditedAdminMixin
from education.staff.editor.forms import OrderedInline, WorkingCopyAdmin
from education.staff.editor.ordering import renumber
from education.staff.selfchecks import draft_flow
from education.staff.selfchecks.compare import SelfCheckCompareView
from education.staff.selfchecks.field_locations import locate_question_field
from education.staff.selfchecks.flowchart import FlowchartView, InsertQuestionView
from education.staff.selfchecks.protection import (
    ChoiceFormSet,
    OutcomeFormSet,
    ProtectedInline,
    ProtectedQuestionMixin,
)
from education.staff.selfchecks.walkthrough import WalkthroughView
from education.staff.workflow.problem_links import FIELD_LOCATORS

FIELD_LOCATORS[content.SelfCheckContent.KIND] = locate_question_field


class OutcomeInline(ProtectedInline):
    """The outcomes of a self-check."""

    model = Outcome
    formset = OutcomeFormSet
    part: ClassVar[type[ContentPart]] = content.Outcome
    part_field = "outcomes"
    heading_level = 3
    fields = ("order", "key", "urgency", "title", "do_now", "when", "safety_net", "read")

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer only documents that have a page."""
        pages = Document.objects.filter(kind__in=("article", "cause", "checklist")).order_by(
            "kind", "slug"
        )
        field: Any = super().formfield_for_manytomany(
            db_field, request, **kwargs, queryset=pages, widget=forms.CheckboxSelectMultiple
        )
        field.label_from_instance = _kind_and_slug
        return field


def _kind_and_slug(page: Document) -> str:
    return f"{page.document_type.label}: {page.slug}"


@admin.register(SelfCheck)
class SelfCheckAdmin(DocumentAdmin):
    """Self-checks."""

    part: ClassVar[type[ContentPart]] = content.SelfCheckContent
    search_fields: ClassVar[Any] = ("title", "slug")
    inlines = (OutcomeInline,)
    change_form_template = "admin/selfcheck/change_form.html"
    workflow_views: ClassVar[Any] = {
        # What it asks depends on its routes: it is corrected as a whole, or switched off.
        **{key: view for key, view in DocumentAdmin.workflow_views.items() if key != "correct"},
        "compare": SelfCheckCompareView,
        "flowchart": FlowchartView,
        "insert_question": InsertQuestionView,
        "walkthrough": WalkthroughView,
    }
    fieldsets = (
        (None, {"fields": ("seen_version", "title", "slug", "introduction", "checklist")}),
        (_("Questions"), {"fields": ("questions",)}),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Questions are listed here and edited on their own pages."""
        return (*super().get_readonly_fields(request, obj), "questions")

    @display(description=_("questions, in order"))
    def questions(self, self_check: SelfCheck) -> str:
        """Links to the questions, and to add one."""
        if not self_check.pk:
            return str(_("Save first. Then add the questions."))
        rows = format_html_join(
            "",
            '<li><a href="{}">{}</a></li>',
            ((admin_url(question), question) for question in self_check.questions.all()),
        )
        add = admin_url(Question, "add") + f"?self_check={self_check.pk}"
        return format_html('<ol>{}</ol><a href="{}">{}</a>', rows, add, _("Add a question"))

    def publication_problems(self, document: Document) -> list[Problem]:
        """What blocks the publication, including what the flowchart shows."""
        return draft_flow.publication_problems(document)


class ChoiceInline(ProtectedInline):
    """The choices of a question."""

    model = Choice
    formset = ChoiceFormSet
    part: ClassVar[type[ContentPart]] = content.Choice
    part_field = "choices"
    fields = ("order", "key", "sign", "text", "answer", "counts_as")

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """The formset; its fields offer the signs of the checklist that question `obj` asks."""
        callback = partial(self.formfield_for_dbfield, request=request, question=obj)
        return super().get_formset(request, obj, formfield_callback=callback, **kwargs)

    def formfield_for_dbfield(
        self, db_field: Any, request: HttpRequest, question: Question | None = None, **kwargs: Any
    ) -> Any:
        """A warning sign is chosen from those of the self-check's own checklist (S6)."""
        if db_field.name != "sign":
            return super().formfield_for_dbfield(db_field, request, **kwargs)
        checklist = question.self_check.checklist if question else None
        stored = question.choices.values_list("sign", flat=True) if question else ()
        return LenientChoiceField(
            choices=[("", "—"), *sign_choices(checklist, stored)],
            required=False,
            label=self.label_of("sign"),
            help_text=_("The warning signs of the checklist that this self-check asks."),
        )


class RouteInline(OrderedInline):
    """Where to go next: the first route that matches is taken."""

    model = Route
    part: ClassVar[type[ContentPart]] = content.Route
    part_field = "routes"
    fk_name = "question"
    verbose_name_plural = _("where to go next: the first that fits is taken")
    fields = ("order", "choice", "at_least", "in_doubt", "to_question", "to_outcome")

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        return super().get_queryset(request).select_related("to_question", "to_outcome")

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """The formset; its fields offer the choices and targets of question `obj`."""
        callback = partial(self.formfield_for_dbfield, request=request, question=obj)
        return super().get_formset(request, obj, formfield_callback=callback, **kwargs)

    def formfield_for_dbfield(
        self, db_field: Any, request: HttpRequest, question: Question | None = None, **kwargs: Any
    ) -> Any:
        """Only choices of this question, and questions and outcomes of its self-check."""
        self_check = question.self_check if question else None
        querysets: dict[str, models.QuerySet[Any]] = {
            "choice": Choice.objects.filter(question=question),
            "to_question": Question.objects.filter(self_check=self_check),
            "to_outcome": Outcome.objects.filter(self_check=self_check),
        }
        if db_field.name in querysets:
            kwargs["queryset"] = querysets[db_field.name]
        return super().formfield_for_dbfield(db_field, request, **kwargs)


@admin.register(Question)
class QuestionAdmin(ProtectedQuestionMixin, AuditedAdminMixin, WorkingCopyAdmin):
    """One page of a self-check, with its choices and routes."""

    part: ClassVar[type[ContentPart]] = content.Question
    inlines = (ChoiceInline, RouteInline)
    fieldsets = (
        (
            None,
            {"fields": ("seen_version", "self_check", "order", "key", "text", "why", "several")},
        ),
    )

    def audit_target(self, instance: Any) -> Any:
        """Changes of a question are logged for its self-check."""
        return instance.self_check

    def delete_model(self, request: HttpRequest, obj: Question) -> None:
        """Delete it, and record the edit of its self-check."""
        super().delete_model(request, obj)
        obj.self_check.record_edit(request.user)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Questions are reached from their self-check only."""
        return False

    def get_inline_instances(self, request: HttpRequest, obj: Any = None) -> Any:
        """Choices and routes are added once the question is saved."""
        return super().get_inline_instances(request, obj) if obj else []

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """A question cannot move to another self-check."""
        return ("self_check",) if obj else ()

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save the question, and renumber all questions in their new order."""
        super().save_model(request, obj, form, change)
        if "order" in form.changed_data or not change:
            renumber(
                Question.objects.filter(self_check=obj.self_check),
                {obj.pk: form.initial.get("order")},
            )

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: Any = None
    ) -> HttpResponse:
        """Stay on the page, to add the choices."""
        messages.success(request, gettext("Saved. Now add the choices, and save again."))
        return HttpResponseRedirect(admin_url(obj))

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """Stay on the page, or go back to the self-check."""
        messages.success(
            request, gettext("Saved. Readers do not see this until the self-check is published.")
        )
        stays = "_continue" in request.POST
        return HttpResponseRedirect(admin_url(obj) if stays else admin_url(obj.self_check))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        saved = context.get("original")
        if saved is not None:
            context["close_url"] = context["self_check_url"] = admin_url(saved.self_check)
        return super().render_change_form(request, context, *args, **kwargs)

    def response_delete(self, request: HttpRequest, obj_display: str, obj_id: int) -> HttpResponse:
        return HttpResponseRedirect(admin_url(SelfCheck, "changelist"))
