"""Links that show a draft to people without an account, for two weeks."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from education.audit.models import Action, Actor
from education.publishing.composition import compose_draft
from education.publishing.models import Document
from education.publishing.preview import PreviewContext
from education.publishing.workflow.audit_log import log_document_action
from education.staff.editor.three_way_merge import parse_small_int
from education.staff.models import PreviewLink
from education.staff.workflow.base import WorkflowView
from education.staff.workflow.permissions import can_share, current_user
from education.staff.workflow.previews import render_composition, unpublished_documents
from education.staff.workflow.review_text import format_day

LIFETIME = timedelta(days=14)
# Nothing keeps a copy of these pages, finds them or learns their address from a link on them.
HEADERS = {
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Referrer-Policy": "no-referrer",
}


def make_link(document: Document, by: Any) -> str:
    """A new link to the draft of `document`: its address, which is stored nowhere."""
    token = secrets.token_urlsafe(32)
    PreviewLink.objects.create(
        document=Document.objects.get(pk=document.pk),
        token_hash=_hash(token),
        by=by,
        ends_at=timezone.now() + LIFETIME,
    )
    log_document_action(Action.SHARED, document=document, by=by, details=_("A preview link."))
    return _address(token)


def end_link(link: PreviewLink, by: Actor) -> None:
    """Take a link back at once; one that has ended stays as it is."""
    if link.is_working:
        PreviewLink.objects.filter(pk=link.pk).update(ends_at=timezone.now())
        details = _("A preview link was taken back.")
        log_document_action(Action.SHARED, document=link.document, by=by, details=details)


class ShareView(WorkflowView):
    """The preview links of a document: make one, take one back."""

    title = gettext_lazy("Preview link")
    template_name = "admin/document/share.html"
    has_permission = staticmethod(can_share)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._show("")

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        by = current_user(request)
        if "_end" not in request.POST:
            return self._show(request.build_absolute_uri(make_link(self.document, by)))
        wanted = parse_small_int(request.POST["_end"])
        link = PreviewLink.objects.filter(document=self.document, pk=wanted or 0).first()
        if link is not None:
            end_link(link, by)
        return self._show("")

    def _show(self, address: str) -> HttpResponse:
        links = PreviewLink.objects.filter(document=self.document).select_related("by")
        return self.render(address=address, links=links.order_by("-pk"), days=LIFETIME.days)


def shared_preview(
    request: HttpRequest, token: str, kind: str = "", slug: str = ""
) -> HttpResponse:
    """The draft behind a link, or a draft that belongs to it, for anybody who has the address."""
    link = PreviewLink.objects.select_related("document").filter(token_hash=_hash(token)).first()
    if link is None or not link.is_working:
        status = 404 if link is None else 410
        response = render(request, "staff/preview_link_ended.html", status=status)
    else:
        with translation.override(link.document.language):
            response = _render(request, link, token, kind, slug)
    for name, value in HEADERS.items():
        response[name] = value
    return response


def _render(
    request: HttpRequest, link: PreviewLink, token: str, kind: str, slug: str
) -> HttpResponse:
    composition = compose_draft(link.document)
    belonging = [document for document in unpublished_documents(composition) if document.pk]
    if kind:
        composition = compose_draft(_find(belonging, kind, slug))
    message = _("Draft, not for patients. It may be wrong. This link ends on {day}.")
    preview = PreviewContext(
        message.format(day=format_day(link.ends_at)),
        _address(token) if kind else "",
        _("Back to the first page of this draft") if kind else "",
    )
    urls = {
        document.get_absolute_url(): _address(token, document)
        for document in (link.document, *belonging)
        if document.document_type.can_be_previewed
    }
    return render_composition(request, composition, preview, urls)


def _find(documents: list[Document], kind: str, slug: str) -> Document:
    for document in documents:
        if (document.kind, document.slug) == (kind, slug):
            return document
    raise Http404


def _address(token: str, document: Document | None = None) -> str:
    if document is None:
        return reverse("shared-preview", args=[token])
    return reverse("shared-preview", args=[token, document.kind, document.slug])


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
