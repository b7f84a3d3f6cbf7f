"""What the workflow pages of a document share: permission, context, and forms that do what they
showed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.admin import ModelAdmin, site
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.functional import Promise, cached_property
from django.views.generic import View

from education.audit.models import Action
from education.publishing.content import ActionRefused
from education.publishing.models import Document, WorkingCopy
from education.publishing.workflow.audit_log import log_document_action
from education.publishing.workflow.states import annotate_state
from education.staff.admin_urls import WorkflowURLs, admin_url
from education.staff.editor import draft_recovery
from education.staff.outcomes import telling_authors
from education.staff.workflow.page_state import (
    PageChangedError,
    PageChanges,
    PageCheck,
    PageState,
)
from education.staff.workflow.permissions import can_view, current_user
from education.staff.workflow.problem_links import link_problem


@dataclass(frozen=True)
class ActionResult:
    """The result of a submitted form: done, refused with problems, or outdated by page changes."""

    problems: Sequence[str] = ()
    page_changes: PageChanges | None = None
    is_done: bool = False


class WorkflowView(View):
    """An admin page about one document, mounted by `as_view(model_admin=...)`.

    A method without a handler is answered with 405, whoever asks. Then users without permission
    get 403, whether or not the document exists. Handlers find the document in `self.document`.
    """

    http_method_names = ["get", "head", "post"]
    model_admin: ModelAdmin = None  # type: ignore[assignment]  # given by as_view()
    has_permission = staticmethod(can_view)
    title: ClassVar[str | Promise] = ""
    template_name: ClassVar[str] = ""
    document: Document

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        method = str(request.method).lower()
        if method in self.http_method_names and hasattr(self, method):
            self.document = self.get_document()
        return super().dispatch(request, *args, **kwargs)

    def get_document(self) -> Document:
        """The document with its state; raises PermissionDenied or Http404."""
        kind = self.model_admin.model.CONTENT.KIND
        if not self.has_permission(current_user(self.request), Document(kind=kind)):
            raise PermissionDenied
        documents = annotate_state(Document.objects.all())
        return get_object_or_404(documents, pk=self.kwargs["pk"], kind=kind)

    @cached_property
    def working_copy(self) -> WorkingCopy:
        """The working copy as the page shows it."""
        return self.document.working_copy()

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """The context of every workflow page, with `context` added."""
        return workflow_context(
            self.request, self.document, self.working_copy, self.title, **context
        )

    def render(self, **context: Any) -> HttpResponse:
        """The page's template with its context."""
        return render(self.request, self.template_name, self.get_context_data(**context))

    def redirect_to_form(self, message: str) -> HttpResponse:
        """Go back to the document's form, which shows `message`."""
        messages.success(self.request, message)
        return HttpResponseRedirect(admin_url(self.document))


class FormPageView(WorkflowView):
    """A page with a form that is carried out only if what it showed is still the current state.

    Otherwise it is shown again with the differences and what was typed. A subclass with one form
    implements `get_form`, `perform` and `get_success_message`.
    """

    # Names the page in the signed state that its form carries.
    page_name: ClassVar[str]
    data: Any
    page_check: PageCheck
    result: ActionResult

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.start()
        form = self.get_form()
        self.find_page_changes()
        if self.submit(form, partial(self.perform, form)):
            return self.redirect_to_form(self.get_success_message(form))
        return self.render(form=form, **self.get_form_context(form))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.get(request, pk)

    def start(self) -> None:
        """Read what was typed, and the page state that its form carried."""
        self.data = form_data(self.request)
        self.page_check = PageCheck(
            self.page_name, self.document.pk, self.get_page_state, self.data
        )

    def find_page_changes(self) -> None:
        """Compare the current state with what the submitted form showed."""
        self.result = ActionResult(page_changes=self.page_check.find_changes())

    def get_page_state(self) -> PageState:
        """The current state of everything that the page shows."""
        raise NotImplementedError

    def get_form(self) -> Any:
        """The form, bound to `self.data`."""
        raise NotImplementedError

    def perform(self, form: Any) -> None:
        """Carry out a valid form; raises ActionRefused."""
        raise NotImplementedError

    def get_success_message(self, form: Any) -> str:
        """What the document's form says after the action."""
        raise NotImplementedError

    def is_complete(self, form: Any) -> bool:
        """A last check of a valid form, which may add errors to it."""
        return True

    def prepare(self, form: Any) -> None:
        """Slow work before the transaction of the action, so that nobody else waits for it."""

    def get_form_context(self, form: Any) -> dict[str, Any]:
        """What the page shows besides its form."""
        return {}

    def submit(self, form: Form, action: Callable[[], Any]) -> bool:
        """Run `action` if `form` was submitted, is valid and shows the current state.

        True if it was carried out; `self.result` says why not.
        """
        if not is_submitted(self.request, form) or self.result.page_changes:
            return False
        if self.is_complete(form):
            self.prepare(form)
            self.result = run_action(self.request, self.document, action, self.page_check)
        return self.result.is_done

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        return super().get_context_data(
            result=self.result, page_token=self.page_check.token(), **context
        )


def workflow_context(
    request: HttpRequest,
    document: Document,
    working_copy: WorkingCopy,
    title: str | Promise,
    **more: Any,
) -> dict[str, Any]:
    """The template context that every workflow page needs, with `more` added."""
    return {
        **site.each_context(request),
        "opts": document.document_type.model_class()._meta,
        "original": working_copy,
        "document": document,
        "title": title,
        "change_url": admin_url(document),
        "workflow_urls": WorkflowURLs(document),
        **more,
    }


def form_data(request: HttpRequest) -> Any:
    """The submitted data, or a draft recovered after the session ended; None without either."""
    return request.POST if request.method == "POST" else draft_recovery.recovered_post(request)


def data_for_button(data: Any, button: str) -> Any:
    """`data` if it was sent with this button, else None: it belongs to another form of the page."""
    return data if data is not None and button in data else None


def is_submitted(request: HttpRequest, form: Form) -> bool:
    """Whether a valid form was posted. A recovered draft is only shown, never carried out."""
    return request.method == "POST" and form.is_bound and form.is_valid()


def run_action(
    request: HttpRequest,
    document: Document,
    action: Callable[[], Any],
    page_check: PageCheck,
) -> ActionResult:
    """Run `action` in a transaction if the page state is unchanged.

    A refusal is written to the audit log; its problems are returned as HTML with links.
    """
    try:
        with transaction.atomic(), telling_authors(current_user(request)):
            page_check.ensure_unchanged()
            action()
    except PageChangedError as error:
        return ActionResult(page_changes=error.changes)
    except ActionRefused as refusal:
        details = "\n".join(str(problem) for problem in refusal.problems)
        log_document_action(
            Action.REFUSED, document=document, by=current_user(request), details=details
        )
        # What is true of each of several documents is said once.
        found = dict.fromkeys(link_problem(problem, document) for problem in refusal.problems)
        return ActionResult(list(found))
    return ActionResult(is_done=True)
