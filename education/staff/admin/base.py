"""The admin of documents: list, form, and what leads from the form to publishing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from education.publishing.content import Content, Problem
from education.publishing.models import ChangeRequest, Document, Edition, Publication
from education.publishing.workflow.audit_log import describe_act, display_name
from education.publishing.workflow.pending import problems_with_all_drafts
from education.publishing.workflow.reviews import change_requests_for_text
from education.publishing.workflow.schedule import scheduled_acts_for
from education.publishing.workflow.states import WorkflowState, annotate_state, get_document_state
from education.staff.admin import protection
from education.staff.admin.audited import AuditedAdminMixin
from education.staff.admin.changelist import WorkflowColumnsMixin
from education.staff.admin_urls import admin_url
from education.staff.cross_references import views
from education.staff.editor.forms import WorkingCopyAdmin
from education.staff.editor.writing_help import document_help
from education.staff.workflow import (
    base,
    compare,
    editions,
    permissions,
    previews,
    transitions,
    withdrawal,
)
from education.staff.workflow.compare import ExtraChanges
from education.staff.workflow.forms import FORMS
from education.staff.workflow.review_text import review_due_text

WORKFLOW_VIEWS: dict[str, Callable[[DocumentAdmin], base.View]] = {
    "preview": previews.preview_working_copy,
    "editions": editions.editions,
    "compare": compare.compare_versions,
    "restore": editions.restore,
    "submit": transitions.submit,
    "review": transitions.review,
    "publish": transitions.publish,
    "cancel": withdrawal.cancel,
    "withdraw": withdrawal.withdraw,
    "references": views.references,
}


class DocumentAdmin(
    protection.ProtectedAdminMixin, AuditedAdminMixin, WorkflowColumnsMixin, WorkingCopyAdmin
):
    """A kind of document: its list with states, its form, and its desk."""

    search_fields: ClassVar[Any] = ("slug",)
    prepopulated_fields = {"slug": ("title",)}
    singleton_slug = ""
    # Pages of the desk that only this kind has.
    extra_views: ClassVar[dict[str, Callable[[DocumentAdmin], base.View]]] = {}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """For the list, with the state of each document, in the same query."""
        found = super().get_queryset(request)
        is_list = request.resolver_match and str(request.resolver_match.url_name).endswith(
            "_changelist"
        )
        return annotate_state(found) if is_list else found

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Under the name of what it lists; straight to the form where there is only one."""
        if self.singleton_slug and self.has_view_or_change_permission(request):
            only = self.model._default_manager.first()
            if only is not None:
                return HttpResponseRedirect(self.admin_url("change", only.pk))
        title = str(self.model._meta.verbose_name_plural).capitalize()
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """The address does not change once it was published: readers and papers point at it."""
        was_published = obj is not None and Publication.objects.filter(document=obj).exists()
        return ("slug",) if was_published else ()

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """With the owner, after everything that readers see."""
        return [
            *super().get_fieldsets(request, obj),
            (_("Who looks after this"), {"fields": ("owner",)}),
        ]

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """An owner is somebody who works here."""
        if db_field.name == "owner":
            kwargs["queryset"] = User.objects.filter(is_staff=True, is_active=True).order_by(
                "username"
            )
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """The address is suggested from the title while it can still change."""
        return {} if "slug" in self.get_readonly_fields(request, obj) else self.prepopulated_fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A list that there is only one of is added once."""
        is_there = bool(self.singleton_slug) and self.model._default_manager.exists()
        return super().has_add_permission(request) and not is_there

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What has editions is withdrawn, never deleted."""
        return super().has_delete_permission(request, obj) and not (obj and obj.editions.exists())

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save the columns; the first who saves becomes the owner."""
        obj.slug = self.singleton_slug or obj.slug
        obj.owner = obj.owner or request.user
        super().save_model(request, obj, form, change)

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: Any = None
    ) -> HttpResponse:
        """Stay with the document that was just begun."""
        return self._after_saving(request, obj) or super().response_add(
            request, obj, post_url_continue
        )

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """Go on to what the button said."""
        return self._after_saving(request, obj) or super().response_change(request, obj)

    def _after_saving(self, request: HttpRequest, obj: Any) -> HttpResponse | None:
        for button in ("preview", "submit", "publish"):
            if f"_{button}" in request.POST:
                return HttpResponseRedirect(self.admin_url(button, obj.pk))
        if "_addanother" in request.POST:
            return None
        messages.success(request, _("Saved. Readers do not see this until it is published."))
        url = self.admin_url("change", obj.pk) if "_continue" in request.POST else None
        return HttpResponseRedirect(url or self.admin_url("changelist"))

    def workflow_urls(self, pk: int) -> dict[str, str]:
        """The addresses of the desk's pages for one document."""
        return {page: self.admin_url(page, pk) for page in (*WORKFLOW_VIEWS, *self.extra_views)}

    def admin_url(self, view_name: str, *arguments: int) -> str:
        """The address of one of this kind's own pages."""
        options = self.model._meta
        return reverse(
            f"admin:{options.app_label}_{options.model_name}_{view_name}", args=arguments
        )

    def get_urls(self) -> list[URLPattern]:
        """With the desk's pages."""
        options = self.model._meta
        own = [
            path(
                f"<int:pk>/{page}/",
                self.admin_site.admin_view(view(self)),
                name=f"{options.app_label}_{options.model_name}_{page}",
            )
            for page, view in (*WORKFLOW_VIEWS.items(), *self.extra_views.items())
        ]
        return [*own, *super().get_urls()]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """With where the document stands, and what blocks its publication."""
        saved = context.get("original")
        if saved is not None:
            context |= self._status_context(request, saved)
        if self.singleton_slug:
            context["close_url"] = reverse("admin:index")
        return super().render_change_form(request, context, *args, **kwargs)

    def _status_context(self, request: HttpRequest, saved: Any) -> dict[str, Any]:
        document = annotate_state(Document.objects.select_related("edited_by")).get(pk=saved.pk)
        state = get_document_state(document)
        pending_edition = Edition.objects.select_related("frozen_by").filter(
            pk=state.newest_edition or 0, publications=None
        )
        change_requests = ChangeRequest.objects.select_related("by").filter(
            edition=state.newest_edition
        )
        allowed = {
            "can_submit": permissions.can_submit(self, request),
            "can_review": permissions.can_review(self, request)
            and state.newest_edition is not None,
            "can_publish": permissions.can_publish(self, request),
            "can_withdraw": permissions.can_withdraw(self, request),
        }
        return allowed | {
            "state": state.state,
            "document": document,
            "review_due_text": review_due_text(document),
            "is_live": state.live_number is not None,
            "is_settled": state.state in {WorkflowState.LIVE, WorkflowState.OVERDUE},
            "pending_edition": pending_edition.first(),
            "change_requests": list(change_requests.order_by("-at")),
            "sent_back": [
                one
                for one in change_requests_for_text(document, saved.content_hash())
                if one.edition_id != state.newest_edition
            ],
            "scheduled": [describe_act(act) for act in scheduled_acts_for([saved.pk])],
            "writing_help": document_help(saved).with_links(
                lambda path: self.locate_field(Problem(document.key, path, ""), saved)
            ),
            "problems": [
                self.link_problem(problem, saved) for problem in self.publication_problems(document)
            ],
            "workflow_urls": self.workflow_urls(saved.pk),
            # What readers find only on the pages of others is looked at through “Where it is used”.
            "public_url": ""
            if document.document_type.render_preview
            else document.get_absolute_url(),
            "has_page": document.document_type.can_be_previewed,
        }

    def publication_problems(self, document: Document) -> list[Problem]:
        """What must be mended before the working copy can be published, with all that belongs to
        it.
        """
        return problems_with_all_drafts(document)

    def extra_changes(
        self, document: Document, before: Content, after: Content
    ) -> ExtraChanges | None:
        """What else differs for readers between two versions, beyond what they say; None for most
        kinds.
        """
        return None

    def link_problem(self, problem: Problem, document: Document) -> str:
        """A problem as a sentence that links to its field."""
        url, label = self.locate_field(problem, document)
        return format_html('<a href="{}">{}</a>: {}', url, label, problem.message)

    def locate_field(self, problem: Problem, document: Document) -> tuple[str, str]:
        """Where the field of a problem is edited, and what it is called."""
        form_fields = {name: field for form in FORMS for name, field in form.base_fields.items()}
        if problem.path and problem.path[0] in form_fields:
            return f"#id_{problem.path[0]}", str(form_fields[str(problem.path[0])].label)
        if problem.key != document.key:
            other = Document.objects.filter(kind=problem.key.kind, slug=problem.key.slug).first()
            if other is None:
                return "#", f"{problem.key.kind} {problem.key.slug}"
            return admin_url(other), display_name(other)
        url, label = self._locate_in_form(problem, document)
        return url, self.label_in_edition(label, problem, document)

    def label_in_edition(self, label: str, problem: Problem, document: Document) -> str:
        """`label`, with the edition it speaks of, when the working copy says something
        else by now.
        """
        edition = document.editions.filter(number=problem.edition).first()
        if edition is None or edition.sha256 == document.working_copy().content_hash():
            return label
        return _("{label} (in edition {number})").format(label=label, number=edition.number)

    def _locate_in_form(self, problem: Problem, document: Document) -> tuple[str, str]:
        form = admin_url(document)
        match [step for step in problem.path if step != "__root__"]:
            case []:
                return f"{form}#content-start", _("This document")
            case [str(name), int(index), *rest] if inline := self._get_inline(name):
                row = f"{str(inline.verbose_name or inline.model._meta.verbose_name).capitalize()} {index + 1}"
                if not rest:
                    return f"{form}#{name}-{index}", row
                return f"{form}#id_{name}-{index}-{rest[0]}", ", ".join(
                    (row, *self._field_labels(inline, rest))
                )
            case [str(name)] if self._get_inline(name):
                return f"{form}#{name}-group", name.capitalize()
            case [name, *rest]:
                return f"{form}#id_{name}", ", ".join(self._field_labels(self, [name, *rest]))
        raise AssertionError(problem.path)

    def _get_inline(self, name: str) -> Any:
        """The inline of a list of rows, or None."""
        return next((inline for inline in self.inlines if inline.part_field == name), None)  # type: ignore[attr-defined]

    def _field_labels(self, described: Any, steps: Iterable[Any]) -> list[str]:
        """Fields as the form calls them, and lines by their number."""
        return [
            _("line {number}").format(number=step + 1)
            if isinstance(step, int)
            else described.label_of(step)
            for step in steps
        ]
