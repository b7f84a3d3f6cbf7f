"""Pages as readers would see them, shown to staff: of a working copy, or of an edition."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from csp.constants import SELF
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from education.publishing.checks.internal_links import linked_documents
from education.publishing.composition import Composition, compose_draft, compose_pending
from education.publishing.content import DocumentKey
from education.publishing.models import Document, Edition, Publication
from education.publishing.preview import PreviewContext
from education.publishing.workflow.audit_log import display_name
from education.staff.admin_urls import admin_url
from education.staff.editor import autosave
from education.staff.editor.form_errors import form_errors
from education.staff.workflow.base import WorkflowView
from education.staff.workflow.permissions import can_view, current_user


def preview_context(document: Document) -> PreviewContext:
    """The banner of a preview of the working copy, with a link to its form."""
    return PreviewContext(
        _("Preview. Readers do not see this."), admin_url(document), _("Back to the form")
    )


def frame_in_form(response: HttpResponse) -> HttpResponse:
    """Let the forms of this site, and nobody else, show a preview beside what is typed."""
    response["X-Frame-Options"] = "SAMEORIGIN"
    response._csp_replace = {"frame-ancestors": [SELF]}  # type: ignore[attr-defined]
    return response


class PreviewView(WorkflowView):
    """The working copy as the site would show it, with the working copies of its parts."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return render_preview(
            request,
            compose_draft(self.document),
            preview_context(self.document),
            unpublished_url=lambda other: admin_url(other, "preview"),
        )


def preview_edition(request: HttpRequest, edition: Edition) -> HttpResponse:
    """The page of an edition, with the pending editions of its parts if it is not live."""
    composition = compose_pending(edition)
    if Edition.objects.live().filter(pk=edition.pk).exists():
        message = _("This is edition {number}, as readers see it now.")
    elif edition.is_recalled:
        message = _("This is edition {number}. Its author took it back.")
    elif Publication.objects.started(timezone.now()).filter(edition=edition).exists():
        message = _("This is edition {number}. Readers do not see it now.")
    else:
        message = _("This is edition {number}, as readers would see it. They do not see it yet.")
    if current_user(request).has_perm("publishing.add_review"):
        url = f"{admin_url(edition.document, 'review')}?edition={edition.number}"
        back = url, _("Back to the review")
    elif current_user(request).has_perm("publishing.add_publication"):
        back = admin_url(edition.document, "publish"), _("Back to “Publish”")
    else:
        back = admin_url(edition.document, "editions"), _("Back to the editions")
    preview = PreviewContext(message.format(number=edition.number), *back)
    return render_preview(request, composition, preview, unpublished_url=_newest_preview_url)


def render_preview(
    request: HttpRequest,
    composition: Composition,
    preview: PreviewContext,
    *,
    unpublished_url: Callable[[Document], str],
    names_parts: bool = True,
) -> HttpResponse:
    """The page of `composition` with a banner. Raises Http404 for a kind without a page.

    `unpublished_url`: the URL to which a link to an unpublished document is changed.
    """
    urls = {
        document.get_absolute_url(): unpublished_url(document)
        for document in unpublished_documents(composition)
        if document.pk
        and document.document_type.can_be_previewed
        and can_view(current_user(request), document)
    }
    return render_composition(request, composition, preview, urls, names_parts=names_parts)


def render_composition(
    request: HttpRequest,
    composition: Composition,
    preview: PreviewContext,
    urls: Mapping[str, str],
    *,
    names_parts: bool = True,
) -> HttpResponse:
    """The page of `composition` with a banner; links to the keys of `urls` lead to their values."""
    unpublished = composition.unpublished_parts if names_parts else ()
    parts = [_describe_part(part) for part in unpublished]
    try:
        response = composition.edition.document.document_type.render(
            request, composition, replace(preview, unpublished_parts=parts)
        )
    except LookupError as error:
        raise Http404(str(error)) from error
    if urls:
        there = "|".join(map(re.escape, urls))
        text = re.sub(
            f'href="({there})((?:#[^"]*)?)"',
            lambda found: f'href="{urls[found[1]]}{found[2]}"',
            response.content.decode(),
        )
        response.content = text.encode()
    return response


def unpublished_documents(composition: Composition) -> list[Document]:
    """What the page names or links to that readers do not find, or not in this version."""
    content = composition.edition.content
    keys: set[DocumentKey] = {
        *content.dependencies(),
        *(key for _path, key, _language in linked_documents(content)),
    }
    for part in composition.parts.values():
        keys |= {key for _path, key, _language in linked_documents(part.content)}
    live = Edition.objects.live().values("document")
    missing = Document.objects.by_keys(keys, composition.language).exclude(pk__in=live)
    return [*missing, *(part.document for part in composition.unpublished_parts)]


def _newest_preview_url(document: Document) -> str:
    newest = document.editions.order_by("-number").defer("data", "search_text").first()
    return admin_url(newest or document, "preview")


def _describe_part(part: Edition) -> str:
    name = display_name(part.document, part.heading)
    if part.pk:
        return _("{name}, edition {number}").format(name=name, number=part.number)
    return _("{name}, as it is written now").format(name=name)


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
            rows = model_admin.model._default_manager
            saved = rows.get(pk=pk) if pk else rows.order_by("-pk").first()
            page = model_admin.draft_page(request, Document.objects.get(pk=saved.pk), path)
        else:
            page = _refusal(request, answer)
        transaction.set_rollback(True)
    return frame_in_form(page)


def render_draft(request: HttpRequest, document: Document) -> HttpResponse:
    """The page of the working copy, beside its form."""
    return render_preview(
        request,
        compose_draft(document),
        PreviewContext(_("Draft. Readers do not see this."), "", ""),
        unpublished_url=lambda other: admin_url(other, "preview"),
        names_parts=False,
    )


def _refusal(request: HttpRequest, answer: Any) -> HttpResponse:
    context = answer.context_data
    refused = form_errors(context["adminform"].form, context["inline_admin_formsets"])
    problems = [(error.label, error.message) for error in refused]
    return render(request, "admin/document/draft_refused.html", {"problems": problems})
