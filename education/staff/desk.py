"""The desk of a document: who may do what with it, its preview, its editions, and restoring one of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from education.audit.models import Action
from education.publishing import actions
from education.publishing.composition import preview as preview_of
from education.publishing.content import Refused
from education.publishing.models import Document, Publication
from education.publishing.recording import record
from education.publishing.states import with_state
from education.staff import keeping
from education.staff.merging import small_number

if TYPE_CHECKING:
    from education.staff.documents import DocumentAdmin

View = Callable[..., HttpResponse]
May = Callable[["DocumentAdmin", HttpRequest], bool]


def person(request: HttpRequest) -> Any:
    """Who is signed in; the admin lets nobody else through."""
    return request.user


def may_look(admin: DocumentAdmin, request: HttpRequest) -> bool:
    """Whether this person may see documents of this kind before readers do."""
    return admin.has_view_or_change_permission(request)


def may_submit(admin: DocumentAdmin, request: HttpRequest) -> bool:
    """Whether this person may hand what they write to others."""
    return admin.has_change_permission(request) and person(request).has_perm("publishing.submit_edition")


def may_review(admin: DocumentAdmin, request: HttpRequest) -> bool:
    """Whether this person may record a review, or ask for changes."""
    return may_look(admin, request) and person(request).has_perm("publishing.add_review")


def may_publish(admin: DocumentAdmin, request: HttpRequest) -> bool:
    """Whether this person may decide what readers see of documents of this kind."""
    return may_look(admin, request) and person(request).has_perm("publishing.add_publication")


def may_restore(admin: DocumentAdmin, request: HttpRequest) -> bool:
    """Whether this person may put an earlier edition into the working copy."""
    return may_look(admin, request) and person(request).has_perm("publishing.restore_edition")


def may_see(request: HttpRequest, document: Document) -> bool:
    """Whether this person may see documents of the kind of `document`: only these go live by their hand."""
    return any(_may(request, document, action) for action in ("view", "change"))


def may_edit(request: HttpRequest, document: Document) -> bool:
    """Whether this person may change documents of the kind of `document`: only these they submit."""
    return _may(request, document, "change")


def _may(request: HttpRequest, document: Document, action: str) -> bool:
    options = document.kind_of.model._meta
    return bool(person(request).has_perm(f"{options.app_label}.{action}_{options.model_name}"))


def document_for(admin: DocumentAdmin, request: HttpRequest, pk: int, may: May = may_look) -> Document:
    """The document, for those who may; PermissionDenied for all others, whether or not it exists."""
    if not may(admin, request):
        raise PermissionDenied
    return get_object_or_404(with_state(Document.objects.all()), pk=pk, kind=admin.model.CONTENT.KIND)


def page_of(
    admin: DocumentAdmin, request: HttpRequest, document: Document, title: str, **more: Any
) -> dict[str, Any]:
    """What every page of the desk shows around its own matter."""
    return {
        **admin.admin_site.each_context(request),
        "opts": admin.model._meta,
        "original": document.working_copy(),
        "document": document,
        "title": title,
        "change_address": admin.desk_address("change", document.pk),
        **more,
    }


def posted(request: HttpRequest) -> Any:
    """What was typed, sent now or kept when a session ended; None where there is nothing."""
    return request.POST if request.method == "POST" else keeping.kept(request)


def sent_with(typed: Any, button: str) -> Any:
    """What was typed, if it was for the form with this button; None for another form of the page."""
    return typed if typed is not None and button in typed else None


def is_sent(request: HttpRequest, form: Form) -> bool:
    """Whether a form was sent just now, and nothing in it is wrong: what was kept is never carried out."""
    return request.method == "POST" and form.is_bound and form.is_valid()


def carried_out(
    admin: DocumentAdmin, request: HttpRequest, document: Document, action: Callable[[], Any]
) -> list[str]:
    """Carry out `action`; the reasons why not, each as a sentence with a link, and kept in the audit list."""
    try:
        action()
    except Refused as refusal:
        reasons = "\n".join(str(problem) for problem in refusal.problems)
        record(Action.REFUSED, document=document, by=person(request), detail=reasons)
        return [admin.linked(problem, document) for problem in refusal.problems]
    return []


def preview(admin: DocumentAdmin) -> View:
    """The working copy as the site would show it."""

    @require_safe
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        document = document_for(admin, request, pk)
        request.preview_of = admin.desk_address("change", pk)  # type: ignore[attr-defined]
        try:
            return document.kind_of.page(request, preview_of(document))
        except LookupError as error:
            raise Http404(str(error)) from error

    return view


def editions(admin: DocumentAdmin) -> View:
    """Every edition, its reviews, and when readers saw it; one can be restored into the working copy."""

    @require_safe
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        document = document_for(admin, request, pk)
        frozen = document.editions.select_related("frozen_by", "document").order_by("-number")
        log = (
            Publication.objects.filter(document=document)
            .select_related("edition", "by")
            .order_by("-at", "-pk")
        )
        context = page_of(
            admin,
            request,
            document,
            _("Editions"),
            editions=frozen.defer("content", "search_text").prefetch_related(
                "reviews", "change_requests__by"
            ),
            log=log,
            pages=admin.pages(pk),
            may_restore=may_restore(admin, request),
            has_page=document.kind_of.show is not None,
        )
        return render(request, "admin/document/editions.html", context)

    return view


def restore(admin: DocumentAdmin) -> View:
    """Put the text of an edition back into the working copy. Readers see nothing of it yet.

    Words that no edition keeps are replaced only when asked a second time.
    """

    @require_http_methods(["POST"])
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        document = document_for(admin, request, pk, may_restore)
        number = small_number(request.POST.get("number", "")) or 0
        edition = get_object_or_404(document.editions.select_related("document"), number=number)
        kept = document.editions.filter(sha256=document.working_copy().content_sha())
        if request.POST.get("replace") != "yes" and not kept.exists():
            return render(
                request,
                "admin/document/restore.html",
                page_of(admin, request, document, _("Restore"), edition=edition, pages=admin.pages(pk)),
            )
        actions.restore(edition, person(request))
        messages.success(
            request,
            _("The text of edition {number} is in the working copy now.").format(number=edition.number),
        )
        return HttpResponseRedirect(admin.desk_address("change", pk))

    return view
