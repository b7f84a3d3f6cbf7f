"""The desk of a document: preview, publish, withdraw, its editions, and restoring one of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from education.publishing import actions
from education.publishing.composition import preview as preview_of
from education.publishing.content import Refused
from education.publishing.models import Change, Document, Edition, Publication, State
from education.staff.editing import small_number

if TYPE_CHECKING:
    from education.staff.documents import DocumentAdmin

View = Callable[..., HttpResponse]


class PublishForm(forms.Form):
    """What kind of change it is, the note that readers see, and what goes live together."""

    change = forms.ChoiceField(
        label=gettext_lazy("What changes for readers?"),
        choices=[
            (Change.WORDING, gettext_lazy("Only the wording. The advice is the same.")),
            (Change.ADVICE, gettext_lazy("The advice. It needs a new clinical review.")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say whether the wording or the advice changed.")},
    )
    note = forms.CharField(
        label=gettext_lazy("What changed, in words for readers?"),
        help_text=gettext_lazy("One or two plain sentences. They stand in the history of the page."),
        widget=forms.Textarea(attrs={"rows": 3, "cols": 60}),
        max_length=500,
        error_messages={"required": gettext_lazy("Write what changed, in words for readers.")},
    )
    together = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Publish together with it"),
        help_text=gettext_lazy("These belong to it and have changed, too."),
        queryset=Document.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, neighbours: list[Document], **kwargs: Any):
        super().__init__(*args, **kwargs)
        field = self.fields["together"]
        field.queryset = Document.objects.filter(pk__in=[other.pk for other in neighbours])  # type: ignore[attr-defined]
        field.label_from_instance = named  # type: ignore[attr-defined]
        if not neighbours:
            del self.fields["together"]


class WithdrawForm(forms.Form):
    """Why readers can no longer see a page, and where to send them."""

    reason = forms.CharField(
        label=gettext_lazy("Why, in words for readers?"),
        help_text=gettext_lazy("Readers who come to the address see this."),
        widget=forms.Textarea(attrs={"rows": 3, "cols": 60}),
        max_length=500,
        error_messages={"required": gettext_lazy("Write why, in words for readers.")},
    )
    send_to = forms.ModelChoiceField(
        label=gettext_lazy("A page to send them to"),
        queryset=Document.objects.none(),
        required=False,
        empty_label=gettext_lazy("No other page"),
    )

    def __init__(self, *args: Any, document: Document, **kwargs: Any):
        super().__init__(*args, **kwargs)
        live = Edition.objects.live().of_kind(document.kind, document.language).values("document")
        field = self.fields["send_to"]
        field.queryset = Document.objects.filter(pk__in=live).exclude(pk=document.pk)  # type: ignore[attr-defined]
        field.label_from_instance = named  # type: ignore[attr-defined]


def named(document: Document) -> str:
    """A document by its kind and name."""
    kind = capfirst(str(document.kind_of.label))
    name = str(document.working_copy())
    return kind if name == kind else f"{kind}: {name}"


def may_publish(admin: DocumentAdmin, request: HttpRequest, document: Any) -> bool:
    """Whether this person may decide what readers see of this document."""
    return admin.has_change_permission(request, document) and request.user.has_perm(
        "publishing.add_publication"
    )


def _document(admin: DocumentAdmin, request: HttpRequest, pk: int, *, publishing: bool = False) -> Document:
    """The document, for those who may see it; PermissionDenied for all others, whether or not it exists."""
    if not admin.has_view_or_change_permission(request):
        raise PermissionDenied
    if publishing and not may_publish(admin, request, None):
        raise PermissionDenied
    return get_object_or_404(Document.objects.with_state(), pk=pk, kind=admin.model.CONTENT.KIND)


def _page(
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


def preview(admin: DocumentAdmin) -> View:
    """The working copy as the site would show it."""

    @require_safe
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        document = _document(admin, request, pk)
        request.preview_of = admin.desk_address("change", pk)  # type: ignore[attr-defined]
        try:
            return document.kind_of.page(request, preview_of(document))
        except LookupError as error:
            raise Http404(str(error)) from error

    return view


def publish(admin: DocumentAdmin) -> View:
    """Ask what changes, and make it live."""

    @require_http_methods(["GET", "HEAD", "POST"])
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        document = _document(admin, request, pk, publishing=True)
        neighbours = [near for near in actions.unpublished_neighbours(document) if _may_edit(request, near)]
        initial = {"together": [other.pk for other in neighbours if other.state == State.DRAFT]}
        form = PublishForm(_posted(request), neighbours=neighbours, initial=initial)
        problems: list[str] = []
        if request.method == "POST" and form.is_valid():
            chosen = [document, *form.cleaned_data.get("together", ())]
            try:
                actions.publish(
                    chosen,
                    change=form.cleaned_data["change"],
                    note=form.cleaned_data["note"],
                    by=_person(request),
                )
            except Refused as refusal:
                problems = [admin.linked(problem, document) for problem in refusal.problems]
            else:
                messages.success(request, _("Published. Readers see it now."))
                return HttpResponseRedirect(admin.desk_address("change", pk))
        context = _page(admin, request, document, _("Publish"), form=form, problems=problems)
        return render(request, "admin/document/publish.html", context)

    return view


def withdraw(admin: DocumentAdmin) -> View:
    """Ask why, and take the document away from readers."""

    @require_http_methods(["GET", "HEAD", "POST"])
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        document = _document(admin, request, pk, publishing=True)
        form = WithdrawForm(_posted(request), document=document)
        problems: list[str] = []
        if request.method == "POST" and form.is_valid():
            try:
                actions.withdraw(document, by=_person(request), **form.cleaned_data)
            except Refused as refusal:
                problems = [admin.linked(problem, document) for problem in refusal.problems]
            else:
                messages.success(request, _("Withdrawn. Readers who come to it are told why."))
                return HttpResponseRedirect(admin.desk_address("change", pk))
        context = _page(admin, request, document, _("Withdraw"), form=form, problems=problems)
        return render(request, "admin/document/withdraw.html", context)

    return view


def editions(admin: DocumentAdmin) -> View:
    """Every edition, and when readers saw it; one can be restored into the working copy."""

    @require_safe
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        document = _document(admin, request, pk)
        frozen = document.editions.select_related("frozen_by", "document").order_by("-number")
        log = (
            Publication.objects.filter(document=document)
            .select_related("edition", "by")
            .order_by("-at", "-pk")
        )
        context = _page(
            admin,
            request,
            document,
            _("Editions"),
            editions=frozen.defer("content", "search_text"),
            log=log,
            restore_address=admin.desk_address("restore", pk),
            may_change=admin.has_change_permission(request),
            has_page=document.kind_of.show is not None,
        )
        return render(request, "admin/document/editions.html", context)

    return view


def restore(admin: DocumentAdmin) -> View:
    """Put the text of an edition back into the working copy. Readers see nothing of it yet."""

    @require_http_methods(["POST"])
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        document = _document(admin, request, pk)
        if not admin.has_change_permission(request):
            raise PermissionDenied
        number = request.POST.get("number", "")
        edition = get_object_or_404(document.editions, number=small_number(number) or 0)
        document.working_copy().restore(edition.said)
        messages.success(
            request,
            _("The text of edition {number} is in your working copy now.").format(number=edition.number),
        )
        return HttpResponseRedirect(admin.desk_address("change", pk))

    return view


def _may_edit(request: HttpRequest, document: Document) -> bool:
    """Whether this person may change this kind: only what one may edit goes live by one's hand."""
    options = document.kind_of.model._meta
    return bool(_person(request).has_perm(f"{options.app_label}.change_{options.model_name}"))


def _posted(request: HttpRequest) -> Any:
    """What was sent, be it nothing at all; None while the form is only looked at."""
    return request.POST if request.method == "POST" else None


def _person(request: HttpRequest) -> Any:
    """Who is signed in; the admin lets nobody else through."""
    return request.user


PAGES: dict[str, Callable[[DocumentAdmin], View]] = {
    "preview": preview,
    "publish": publish,
    "withdraw": withdraw,
    "editions": editions,
    "restore": restore,
}
