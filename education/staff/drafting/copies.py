"""The page “Copy”: an article becomes the draft of a new one."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from education.articles.content import ArticleContent
from education.articles.models import Article
from education.articles.new_pages.copying import copy_article
from education.publishing.models import Document
from education.publishing.workflow.states import WorkflowState, get_document_state
from education.staff.admin_urls import admin_url
from education.staff.workflow.base import FormPageView
from education.staff.workflow.page_state import PageState
from education.staff.workflow.permissions import RequestUser, can_view, current_user

# A copy is all of these.
_ADDED = ("articles.add_article", "checklists.add_checklist")


def can_copy(user: RequestUser, document: Document) -> bool:
    """Whether `user` may make a copy of articles."""
    return can_view(user, document) and user.has_perms(_ADDED)


class CopyForm(forms.Form):
    """The title of the copy."""

    title = forms.CharField(
        label=gettext_lazy("The title of the new page"),
        help_text=ArticleContent.model_fields["title"].description or "",
        max_length=120,
        widget=forms.TextInput(attrs={"size": 60}),
        error_messages={"required": gettext_lazy("Write the title of the new page.")},
    )


class CopyView(FormPageView):
    """Copy an article with its parts."""

    page_name = "copy"
    title = gettext_lazy("Copy")
    template_name = "admin/document/copy.html"
    has_permission = staticmethod(can_copy)
    copied: Article

    @property
    def article(self) -> Article:
        return cast(Article, self.working_copy)

    def get_page_state(self) -> PageState:
        # The copy has what is saved when it is made.
        return PageState.from_documents([self.document], ())

    def get_form(self) -> CopyForm:
        return CopyForm(self.data)

    def perform(self, form: CopyForm) -> None:
        user = current_user(self.request)
        self.copied = copy_article(self.article, title=form.cleaned_data["title"], by=user)

    def get_success_message(self, form: CopyForm) -> str:
        return _("The copy is made. This is a new draft: readers do not see it.")

    def redirect_to_form(self, message: str) -> HttpResponse:
        """Go to the form of the copy."""
        messages.success(self.request, message)
        return HttpResponseRedirect(admin_url(self.copied))

    def get_form_context(self, form: CopyForm) -> dict[str, Any]:
        article = self.article
        causes = article.causes.filter(cause__isnull=False).select_related("cause")
        snippets = article.snippets.select_related("snippet")
        return {
            "shared": [*map(str, causes), *map(str, snippets)],
            "sign_count": article.checklist.signs.count() if article.checklist else 0,
            "is_withdrawn": get_document_state(self.document).state == WorkflowState.WITHDRAWN,
        }
