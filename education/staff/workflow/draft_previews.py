"""The page with what somebody is typing, beside the form: saved, shown, taken back."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from education.publishing.composition import compose_draft
from education.publishing.models import Document
from education.publishing.preview import PreviewContext
from education.staff.admin_urls import admin_url
from education.staff.editor import autosave
from education.staff.workflow.previews import frame_in_form, render_preview


def preview_draft(
    model_admin: Any, request: HttpRequest, path: str, pk: int | None
) -> HttpResponse:
    """The page of a document with this person's draft of its form; nothing is stored.

    The draft is saved as the form would save it, in a transaction that is taken back. What the
    form would refuse is said in place of the page.
    """
    draft = autosave.load_draft(request, path)
    if draft is None and pk is None:
        problems = [("", _("Nothing is written yet."))]
        return frame_in_form(
            render(request, "admin/document/draft_refused.html", {"problems": problems})
        )
    with transaction.atomic():
        answer: Any = None
        if draft is not None:
            submitted = autosave.as_submitted(request, path, draft.data)
            answer = model_admin.changeform_view(submitted, str(pk) if pk else None)
        if answer is None or answer.status_code == 302:
            page = _page(model_admin, request, pk)
        else:
            page = _refusal(request, answer)
        transaction.set_rollback(True)
    return frame_in_form(page)


def _page(model_admin: Any, request: HttpRequest, pk: int | None) -> HttpResponse:
    rows = model_admin.model._default_manager
    saved = rows.get(pk=pk) if pk else rows.order_by("-pk").first()
    document = Document.objects.get(pk=saved.pk)
    return render_preview(
        request,
        compose_draft(document),
        PreviewContext(_("Draft. Readers do not see this."), "", ""),
        unpublished_url=lambda other: admin_url(other, "preview"),
        names_parts=False,
    )


def _refusal(request: HttpRequest, answer: Any) -> HttpResponse:
    context = answer.context_data
    forms = [context["adminform"].form]
    forms += [row for inline in context["inline_admin_formsets"] for row in inline.formset.forms]
    labels = [
        (form[name].label if name in form.fields else "", messages)
        for form in forms
        for name, messages in form.errors.items()
    ]
    labels += [
        ("", inline.formset.non_form_errors()) for inline in context["inline_admin_formsets"]
    ]
    problems = [(label, message) for label, messages in labels for message in messages]
    return render(request, "admin/document/draft_refused.html", {"problems": problems})
