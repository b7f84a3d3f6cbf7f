"""The admin of documents: list, form, and the workflow pages of each document."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.admin import action
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from education.publishing import document_types
from education.publishing.content import Problem
from education.publishing.diff.passages import passages
from education.publishing.models import ChangeRequest, Document, Edition, Publication
from education.publishing.workflow.audit_log import describe_act
from education.publishing.workflow.comments import open_threads
from education.publishing.workflow.pending import pending_edition, problems_with_all_drafts
from education.publishing.workflow.reviews import change_requests_for_text, recalled_edition
from education.publishing.workflow.schedule import scheduled_acts_for
from education.publishing.workflow.states import (
    DocumentState,
    WorkflowState,
    annotate_state,
    get_document_state,
)
from education.staff.admin import protection
from education.staff.admin.changelist import WorkflowColumnsMixin
from education.staff.admin_urls import WorkflowURLs, admin_url
from education.staff.audited_admin import AuditedAdminMixin
from education.staff.comments import (
    CommentsView,
    show_beside_fields,
    shown_comments,
)
from education.staff.cross_references.views import ReferencesView
from education.staff.drafting.corrections import CorrectView
from education.staff.editor import autosave, folded_rows
from education.staff.editor.forms import WorkingCopyAdmin
from education.staff.editor.writing_help import document_help
from education.staff.overview.owners import MAX_DOCUMENTS, confirm_owner
from education.staff.preview_links import ShareView
from education.staff.workflow import permissions
from education.staff.workflow.base import WorkflowView
from education.staff.workflow.compare import CompareView
from education.staff.workflow.editions import EditionsView, RestoreView
from education.staff.workflow.permissions import current_user
from education.staff.workflow.previews import PreviewView, preview_draft, render_draft
from education.staff.workflow.problem_links import link_problem, locate_field
from education.staff.workflow.review_text import review_due_text
from education.staff.workflow.transitions import PublishView, ReviewView, SubmitView
from education.staff.workflow.withdrawal import CancelView, RecallView, WithdrawView


class DocumentAdmin(
    protection.ProtectedAdminMixin, AuditedAdminMixin, WorkflowColumnsMixin, WorkingCopyAdmin
):
    """A kind of document: its list with states, its form, and its workflow pages."""

    search_fields: ClassVar[Any] = ("slug",)
    prepopulated_fields = {"slug": ("title",)}
    singleton_slug = ""
    actions: Any = ("change_owner",)
    # By URL name, which is also the last part of the path.
    workflow_views: ClassVar[dict[str, type[WorkflowView]]] = {
        "preview": PreviewView,
        "editions": EditionsView,
        "compare": CompareView,
        "restore": RestoreView,
        "submit": SubmitView,
        "comments": CommentsView,
        "recall": RecallView,
        "correct": CorrectView,
        "share": ShareView,
        "review": ReviewView,
        "publish": PublishView,
        "cancel": CancelView,
        "withdraw": WithdrawView,
        "references": ReferencesView,
    }

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """The rows; on the list page with their state, in the same query."""
        found = super().get_queryset(request)
        is_list = request.resolver_match and str(request.resolver_match.url_name).endswith(
            "_changelist"
        )
        return annotate_state(found) if is_list else found

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Nothing but a change of owner is done to many rows at once."""
        own = super().get_actions(request)
        may = permissions.can_change_owner(
            current_user(request), Document(kind=self.model.CONTENT.KIND)
        )
        return {name: own[name] for name in ("change_owner",) if may and name in own}

    @action(description=gettext_lazy("Change the owner…"))
    def change_owner(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse:
        """Ask for the new owner."""
        ids = queryset.order_by().values("pk")[:MAX_DOCUMENTS]
        return confirm_owner(request, list(Document.objects.filter(pk__in=ids)))

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The list; a singleton redirects to its form."""
        if self.singleton_slug and self.has_view_or_change_permission(request):
            only = self.model._default_manager.first()
            if only is not None:
                return HttpResponseRedirect(admin_url(only))
        title = str(self.model._meta.verbose_name_plural).capitalize()
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """The slug is fixed after the first publication: readers and handouts refer to it."""
        was_published = obj is not None and Publication.objects.filter(document=obj).exists()
        return ("slug",) if was_published else ()

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return [
            *super().get_fieldsets(request, obj),
            (_("Who looks after this"), {"fields": ("owner",)}),
        ]

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Owners are active members of staff."""
        if db_field.name == "owner":
            kwargs["queryset"] = User.objects.filter(is_staff=True, is_active=True).order_by(
                "username"
            )
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """The slug is suggested while it can still change."""
        return {} if "slug" in self.get_readonly_fields(request, obj) else self.prepopulated_fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A singleton is added once."""
        is_there = bool(self.singleton_slug) and self.model._default_manager.exists()
        return super().has_add_permission(request) and not is_there

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A document with editions is withdrawn, never deleted."""
        return super().has_delete_permission(request, obj) and not (obj and obj.editions.exists())

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save the row; the first user who saves becomes the owner."""
        obj.slug = self.singleton_slug or obj.slug
        obj.owner = obj.owner or request.user
        super().save_model(request, obj, form, change)

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: Any = None
    ) -> HttpResponse:
        return self._after_saving(request, obj) or super().response_add(
            request, obj, post_url_continue
        )

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        return self._after_saving(request, obj) or super().response_change(request, obj)

    def _after_saving(self, request: HttpRequest, obj: Any) -> HttpResponse | None:
        for button in ("preview", "submit", "publish"):
            if f"_{button}" in request.POST:
                return HttpResponseRedirect(admin_url(obj, button))
        if "_addanother" in request.POST:
            return None
        messages.success(request, _("Saved. Readers do not see this until it is published."))
        stays = "_continue" in request.POST
        return HttpResponseRedirect(
            admin_url(obj) if stays else admin_url(self.model, "changelist")
        )

    def get_urls(self) -> list[URLPattern]:
        options = self.model._meta
        drafts = [
            path(
                f"{place}{name}/",
                self.admin_site.admin_view(allowed(view)),
                name=f"{options.app_label}_{options.model_name}_{suffix}{name}",
            )
            for place, suffix in (("<int:pk>/", ""), ("add/", "add_"))
            for name, view, allowed in (
                ("autosave", self.autosave, require_POST),
                ("draft", self.draft, require_safe),
            )
        ]
        rows = path(
            "<int:pk>/row/",
            self.admin_site.admin_view(require_safe(self.row)),
            name=f"{options.app_label}_{options.model_name}_row",
        )
        own = [
            path(
                f"<int:pk>/{name}/",
                self.admin_site.admin_view(view.as_view(model_admin=self)),
                name=f"{options.app_label}_{options.model_name}_{name}",
            )
            for name, view in self.workflow_views.items()
        ]
        return [*drafts, rows, *own, *super().get_urls()]

    def autosave(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        """Store what is typed in the form of a document, or of a new one, as a draft."""
        return autosave.autosave(request, self._form_path(request, pk))

    def draft(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        """The page with this person's draft."""
        form_path = self._form_path(request, pk)
        if not document_types.get(self.model.CONTENT.KIND).can_be_previewed:
            raise Http404
        return preview_draft(self, request, form_path, pk)

    def draft_page(self, request: HttpRequest, document: Document, form_url: str) -> HttpResponse:
        """What stands beside the form at `form_url`, of a draft saved for this answer only."""
        return render_draft(request, document)

    def row(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The fields of a folded row, for the script that opens it."""
        saved = get_object_or_404(self.model, pk=pk)
        if not self.has_change_permission(request, saved):
            raise PermissionDenied
        formsets, inlines = self._create_formsets(request, saved, change=True)  # type: ignore[attr-defined]
        shown = self.get_inline_formsets(request, formsets, inlines, saved)
        return folded_rows.row_fields(request, shown)

    def opened_fields(self, request: HttpRequest, data: QueryDict, saved: Any) -> QueryDict | None:
        """What the form has, and the fields of a row that a button of the form opens."""
        opening = request.POST.get(folded_rows.OPEN, "")
        if not opening:
            return None
        rows = (formset for _name, formset in self.saved_rows(request, saved))
        return folded_rows.open_row(data, opening, rows)

    def _form_path(self, request: HttpRequest, pk: int | None) -> str:
        """The address of the form; raises PermissionDenied or Http404."""
        if pk is None:
            if not self.has_add_permission(request):
                raise PermissionDenied
            return admin_url(self.model, "add")
        if not self.has_change_permission(request):
            raise PermissionDenied
        return admin_url(get_object_or_404(self.model, pk=pk))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """The form, with the state of the document and what blocks its publication."""
        saved = context.get("original")
        if saved is not None:
            context |= self._status_context(request, saved)
            if not context["adminform"].form.is_bound:
                folded_rows.open_rows_at(context["inline_admin_formsets"], context["problem_paths"])
            threads = open_threads(saved)
            if threads:
                context["comments"] = shown_comments(
                    saved,
                    threads,
                    saved.draft_content(),
                    lambda path: locate_field(Problem(saved.key, path, ""), saved),
                )
                show_beside_fields(
                    context["adminform"].form,
                    context["inline_admin_formsets"],
                    threads,
                    saved.draft_content(),
                )
            if not self.has_change_permission(request, saved):
                # A form that cannot be changed would show values as they are stored.
                context["text_passages"] = passages(saved.draft_content())
        kind = document_types.get(self.model.CONTENT.KIND)
        context.setdefault("has_page", kind.can_be_previewed)
        page, suffix = (saved, "") if saved is not None else (self.model, "add_")
        context["draft_urls"] = {
            name: admin_url(page, f"{suffix}{name}") for name in ("autosave", "draft")
        }
        if saved is not None:
            context["row_url"] = admin_url(saved, "row")
        else:
            new = Document(kind=self.model.CONTENT.KIND)
            context["can_submit"] = permissions.can_submit(request.user, new)
        if self.singleton_slug:
            context["close_url"] = reverse("admin:index")
        return super().render_change_form(request, context, *args, **kwargs)

    def _status_context(self, request: HttpRequest, saved: Any) -> dict[str, Any]:
        document = annotate_state(Document.objects.select_related("edited_by")).get(pk=saved.pk)
        state = get_document_state(document)
        waiting = pending_edition(document)
        change_requests = ChangeRequest.objects.select_related("by").filter(
            edition=state.newest_edition
        )
        problems = self.publication_problems(document)
        allowed = self._allowed_actions(current_user(request), document, state, waiting)
        return allowed | {
            "state": state.state,
            "document": document,
            "review_due_text": review_due_text(document),
            "is_live": state.live_number is not None,
            "is_settled": _is_settled(state),
            "pending_edition": waiting,
            "recalled": recalled_edition(document),
            "change_requests": list(change_requests.order_by("-at")),
            "sent_back": [
                one
                for one in change_requests_for_text(document, saved.content_hash())
                if one.edition_id != state.newest_edition
            ],
            "scheduled": [describe_act(act) for act in scheduled_acts_for([saved.pk])],
            "writing_help": document_help(saved).with_links(
                lambda path: locate_field(Problem(document.key, path, ""), saved)
            ),
            "problems": [link_problem(problem, saved) for problem in problems],
            "problem_paths": [one.path for one in problems if one.key == document.key],
            "workflow_urls": WorkflowURLs(document),
            # Documents without a page of their own are viewed through “Where it is used”.
            "public_url": ""
            if document.document_type.render_preview
            else document.get_absolute_url(),
            "has_page": document.document_type.can_be_previewed,
        }

    def _allowed_actions(
        self, user: User, document: Document, state: DocumentState, waiting: Edition | None
    ) -> dict[str, bool]:
        """What `user` may do with a document; `waiting`: the edition that was submitted."""
        return {
            "can_submit": permissions.can_submit(user, document),
            # While nothing else is pending, the form itself has what readers see.
            "can_correct": "correct" in self.workflow_views
            and permissions.can_submit(user, document)
            and state.live_number is not None
            and not _is_settled(state),
            "can_review": permissions.can_review(user, document)
            and (waiting is not None or state.live_edition is not None),
            "can_publish": permissions.can_publish(user, document),
            "can_comment": permissions.can_comment(user, document)
            and state.newest_edition is not None,
            "can_share": permissions.can_share(user, document),
            "can_recall": waiting is not None
            and state.state != WorkflowState.CHANGES_REQUESTED
            and permissions.can_recall(user, waiting),
            "can_withdraw": permissions.can_withdraw(user, document),
        }

    def publication_problems(self, document: Document) -> list[Problem]:
        """What must be fixed before the working copy can be published with its parts."""
        return problems_with_all_drafts(document)


def _is_settled(state: DocumentState) -> bool:
    """Whether readers see just what the form has."""
    return state.state in {WorkflowState.LIVE, WorkflowState.OVERDUE}
