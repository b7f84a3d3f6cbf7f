"""Self-checks in the admin, each written on one page with its questions and results."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from education.checklists.models import Checklist
from education.publishing.content import ContentPart, Problem
from education.publishing.models import Document
from education.selfcheck import content
from education.selfcheck.models import Outcome, Question, Route, SelfCheck
from education.staff.admin.base import DocumentAdmin
from education.staff.editor.forms import OrderedInline, WorkingCopyForm
from education.staff.selfchecks import draft_flow
from education.staff.selfchecks.compare import SelfCheckCompareView
from education.staff.selfchecks.field_locations import locate_question_field
from education.staff.selfchecks.flow_rows import write_flow
from education.staff.selfchecks.flowchart import (
    FlowchartView,
    InsertQuestionView,
    flowchart_context,
)
from education.staff.selfchecks.question_form import (
    ANSWER_OPTIONS,
    COUNTS_AS_OPTIONS,
    LEVEL_OPTIONS,
    OutcomeForm,
    OutcomeFormSet,
    QuestionForm,
    QuestionFormSet,
    find_checklist,
    only_checklist,
    sign_labels,
)
from education.staff.selfchecks.walkthrough import WalkthroughView
from education.staff.workflow.permissions import can_edit, current_user
from education.staff.workflow.problem_links import FIELD_LOCATORS

FIELD_LOCATORS[content.SelfCheckContent.KIND] = locate_question_field


class FlowInline(OrderedInline):
    """Rows that lead to each other; a blank one can be filled in without a script."""

    template = "admin/selfcheck/_rows.html"
    row_template: ClassVar[str]
    add_label: ClassVar[Any]
    new_rows: ClassVar[int]

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """The formset without Django's own refusal to delete: lines that lead there are changed
        with the same form.
        """
        formset: Any = super().get_formset(request, obj, **kwargs)
        formset.form.hand_clean_DELETE = lambda _form: None
        return formset

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        return 1 if obj else self.new_rows


class OutcomeInline(FlowInline):
    """The results of a self-check."""

    model = Outcome
    form = OutcomeForm
    formset = OutcomeFormSet
    part: ClassVar[type[ContentPart]] = content.Outcome
    part_field = "outcomes"
    heading_level = 3
    verbose_name = _("result")
    verbose_name_plural = _("results: what to do")
    row_template = "admin/selfcheck/_outcome_row.html"
    add_label = _("Add a result")
    new_rows = 4
    fields = ("order", "urgency", "title", "do_now", "when", "safety_net", "read")

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer only documents that have a page."""
        pages = Document.objects.filter(kind__in=("article", "cause", "checklist")).order_by(
            "kind", "slug"
        )
        field: Any = super().formfield_for_manytomany(
            db_field,
            request,
            **kwargs,
            queryset=pages,
            widget=forms.CheckboxSelectMultiple,
            help_text=gettext("Tick the pages that help whoever gets this result."),
        )
        field.label_from_instance = _kind_and_slug
        return field


def _kind_and_slug(page: Document) -> str:
    return f"{page.document_type.label}: {page.slug.replace('-', ' ')}"


class QuestionInline(FlowInline):
    """The questions of a self-check, in order."""

    model = Question
    form = QuestionForm
    formset = QuestionFormSet
    part: ClassVar[type[ContentPart]] = content.Question
    part_field = "questions"
    verbose_name = _("question")
    verbose_name_plural = _("questions, in order")
    row_template = "admin/selfcheck/_question_row.html"
    add_label = _("Add a question")
    new_rows = 1
    fields = ("order", "text", "why", "several")


class SelfCheckForm(WorkingCopyForm):
    """A self-check; a new one asks the only checklist that there is."""

    slug_fallback = "self-check"

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if not self.instance.pk:
            self.initial.setdefault("checklist", only_checklist())


@admin.register(SelfCheck)
class SelfCheckAdmin(DocumentAdmin):
    """Self-checks."""

    form = SelfCheckForm
    part: ClassVar[type[ContentPart]] = content.SelfCheckContent
    search_fields: ClassVar[Any] = ("title", "slug")
    prepopulated_fields: ClassVar[Any] = {}
    # Results first, so that ways on find those that are new.
    inlines = (OutcomeInline, QuestionInline)
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
        (None, {"fields": ("seen_version", "title", "introduction", "checklist")}),
        (_("How readers find it"), {"classes": ("collapse",), "fields": ("slug",)}),
    )

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "checklist":
            kwargs["queryset"] = Checklist.objects.order_by("title", "slug")
            kwargs["empty_label"] = gettext("Choose one")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_safe(self.signs))
        return [path("signs/", view, name="selfcheck_selfcheck_signs"), *super().get_urls()]

    def signs(self, request: HttpRequest) -> HttpResponse:
        """The signs of a checklist, to be ticked for a question, for the script of the form."""
        if not can_edit(current_user(request), Document(kind=SelfCheck.CONTENT.KIND)):
            raise PermissionDenied
        labels = sign_labels(find_checklist(request.GET.get("checklist")))
        return render(request, "admin/selfcheck/_signs.html", {"signs": labels, "name": "__name__"})

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save results and questions, then what connects them."""
        flow = [one for one in formsets if isinstance(one, (OutcomeFormSet, QuestionFormSet))]
        changed = any(one.has_changed() for one in flow)
        if changed and change:
            Route.objects.filter(question__self_check=form.instance).delete()
        super().save_related(request, form, formsets, change)
        if changed:
            outcomes: Any
            questions: Any
            outcomes, questions = sorted(flow, key=lambda one: isinstance(one, QuestionFormSet))
            write_flow(form.instance, questions, outcomes)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """The form, with what the ways on can lead to, and the problems at their places."""
        inlines = {one.opts.part_field: one for one in context["inline_admin_formsets"]}
        saved = context.get("original")
        problems = draft_flow.problems_by_node(saved) if saved is not None else {}
        for name, inline in inlines.items():
            for index, row in enumerate(inline.formset.forms):
                row.problems = problems.get((name, index), ()) if row.instance.pk else ()
        context |= {
            "flow_inlines": [
                inlines[name] for name in ("questions", "outcomes") if name in inlines
            ],
            "targets": [
                (label, new_label, kind, _targets(kind, inlines.get(name)))
                for name, kind, label, new_label in (
                    ("questions", "question", gettext("Questions"), gettext("A new question")),
                    ("outcomes", "outcome", gettext("Results"), gettext("A new result")),
                )
            ],
            "answer_options": ANSWER_OPTIONS,
            "counts_as_options": COUNTS_AS_OPTIONS,
            "level_options": LEVEL_OPTIONS,
        }
        return super().render_change_form(request, context, *args, **kwargs)

    def draft_page(self, request: HttpRequest, document: Document, form_url: str) -> HttpResponse:
        """The drawing of the draft, with its problems."""
        context = {
            **self.admin_site.each_context(request),
            **flowchart_context(document, form_url),
            "opts": self.opts,
            "original": document.working_copy(),
            "title": gettext("Drawing"),
            "is_popup": True,
        }
        return render(request, "admin/selfcheck/draft.html", context)

    def publication_problems(self, document: Document) -> list[Problem]:
        """What blocks the publication, including what the flowchart shows."""
        return draft_flow.publication_problems(document)


def _targets(kind: str, inline: Any) -> list[tuple[str, str]]:
    """What a way on can lead to: each row by its number and first words."""
    rows = inline.formset.forms if inline else ()
    name, words = ("title", gettext("Result {number}: {text}"))
    if kind == "question":
        name, words = ("text", gettext("Question {number}: {text}"))
    return [
        (
            f"{kind}:{row.ref_value}",
            words.format(number=number, text=str(row[name].value() or "")[:60]),
        )
        for number, row in enumerate(rows, start=1)
    ]
