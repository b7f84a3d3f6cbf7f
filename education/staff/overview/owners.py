"""Giving many pages to another owner, after a look at what is about to change."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import site
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from education.audit.models import Action
from education.publishing.models import Document
from education.publishing.workflow.audit_log import log_document_action
from education.staff.editor.three_way_merge import parse_small_int
from education.staff.overview.worklists import document_name, name_column
from education.staff.workflow.permissions import can_change_owner, current_user

MAX_DOCUMENTS = 5_000


class OwnerForm(forms.Form):
    """The new owner, and the ids of the documents, with commas between."""

    owner = forms.ModelChoiceField(
        label=gettext_lazy("Who looks after them from now on?"),
        queryset=User.objects.none(),
        error_messages={"required": gettext_lazy("Choose somebody.")},
    )
    documents = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        owner: Any = self.fields["owner"]
        owner.queryset = User.objects.filter(is_staff=True, is_active=True).order_by("username")
        owner.label_from_instance = lambda one: one.get_full_name() or one.username


def confirm_owner(request: HttpRequest, documents: list[Document]) -> HttpResponse:
    """The page that names the documents and asks for the new owner."""
    ids = ",".join(str(document.pk) for document in documents)
    return _render(request, OwnerForm(initial={"documents": ids}), documents)


@require_POST
def change_owner(request: HttpRequest) -> HttpResponse:
    """Give the documents to the chosen owner; all or none."""
    ids = [parse_small_int(text) for text in request.POST.get("documents", "").split(",")]
    wanted = [pk for pk in ids[:MAX_DOCUMENTS] if pk]
    documents = list(Document.objects.filter(pk__in=wanted).select_related("owner"))
    user = current_user(request)
    if not documents or not all(can_change_owner(user, document) for document in documents):
        raise PermissionDenied
    form = OwnerForm(request.POST)
    if not form.is_valid():
        return _render(request, form, documents)
    owner = form.cleaned_data["owner"]
    changed = [document for document in documents if document.owner != owner]
    with transaction.atomic():
        Document.objects.filter(pk__in=[one.pk for one in changed]).update(owner=owner)
        for document in changed:
            details = _("Owner: {name}").format(name=owner.get_username())
            log_document_action(Action.SAVED, document=document, by=user, details=details)
    text = ngettext(
        "{number} page has another owner now.",
        "{number} pages have another owner now.",
        len(changed),
    )
    messages.success(request, text.format(number=len(changed)))
    return HttpResponseRedirect(reverse("admin:index"))


def _render(request: HttpRequest, form: OwnerForm, documents: list[Document]) -> HttpResponse:
    named = Document.objects.filter(pk__in=[one.pk for one in documents]).select_related("owner")
    context = {
        **site.each_context(request),
        "title": _("Change the owner"),
        "form": form,
        "documents": [
            (document_name(document), document.owner)
            for document in named.annotate(name=name_column()).order_by("kind", "name")
        ],
    }
    return render(request, "admin/owners.html", context)
