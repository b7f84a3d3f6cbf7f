"""The pages “Import”: a leaflet from elsewhere becomes a draft, and what the draft lacks."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import site
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from education.articles.leaflets.blocks import Leaflet
from education.articles.leaflets.drafts import make_draft
from education.articles.leaflets.reading import (
    UnreadableLeaflet,
    check_size,
    read_pasted_text,
    read_word_file,
)
from education.articles.models import LeafletImport
from education.publishing.models import Document
from education.staff.admin_urls import admin_url
from education.staff.workflow.base import form_data, is_submitted
from education.staff.workflow.permissions import RequestUser, can_edit, can_view, current_user

# A draft is all of these.
_ADDED = ("articles.add_article", "checklists.add_checklist", "media.add_image")
_WORD = ".docx,application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def can_import(user: RequestUser) -> bool:
    """Whether `user` may make a draft from a leaflet."""
    return user.has_perms(_ADDED)


class LeafletForm(forms.Form):
    """A Word file, or a pasted text. A valid form has read it: `leaflet` and `leaflet_name`."""

    file = forms.FileField(
        label=gettext_lazy("Word file"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": _WORD}),
        help_text=gettext_lazy("A file that ends in .docx, of at most 20 MB."),
    )
    text = forms.CharField(
        label=gettext_lazy("Or the text of a web page"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=gettext_lazy("Copy the page, and paste it here. Pictures do not come along."),
    )
    leaflet: Leaflet
    leaflet_name: str

    def clean_file(self) -> Leaflet | None:
        sent: UploadedFile | None = self.cleaned_data["file"]
        if sent is None:
            return None
        self.leaflet_name = PurePath(sent.name or "").stem
        try:
            check_size(sent.size or 0)
            return read_word_file(sent.read())
        except UnreadableLeaflet as refusal:
            raise ValidationError(str(refusal)) from refusal

    def clean_text(self) -> Leaflet | None:
        typed: str = self.cleaned_data["text"]
        if not typed.strip() or self.files.get("file"):
            return None
        self.leaflet_name = _("Pasted text")
        try:
            return read_pasted_text(typed)
        except UnreadableLeaflet as refusal:
            raise ValidationError(str(refusal)) from refusal

    def clean(self) -> dict[str, Any]:
        """Exactly one leaflet, with words in it."""
        if self.errors:
            return self.cleaned_data
        read = self.cleaned_data["file"] or self.cleaned_data["text"]
        if self.files.get("file") and self.data.get("text", "").strip():
            self.add_error("text", _("Choose a file or paste a text, not both."))
        elif read is None:
            self.add_error("file", _("Choose a file, or paste a text below."))
        elif not read.blocks:
            self.add_error("file", _("There are no words in this."))
        else:
            self.leaflet = read
        return self.cleaned_data


@require_http_methods(["GET", "HEAD", "POST"])
def import_leaflet(request: HttpRequest) -> HttpResponse:
    """The form; sent, it makes a draft and leads to what became of the leaflet."""
    if not can_import(current_user(request)):
        raise PermissionDenied
    form = LeafletForm(form_data(request), request.FILES or None)
    if is_submitted(request, form):
        made = make_draft(form.leaflet, name=form.leaflet_name, by=current_user(request))
        messages.success(request, _("The draft is made. Readers do not see it."))
        return HttpResponseRedirect(reverse("admin:imported_leaflet", args=[made.article_id]))
    context = {**site.each_context(request), "title": _("Import a leaflet"), "form": form}
    return render(request, "admin/leaflets/import.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def imported_leaflet(request: HttpRequest, pk: int) -> HttpResponse:
    """What became of the leaflet of an article; sent, the page says that all has its place."""
    user, article_kind = current_user(request), Document(kind="article")
    allowed = can_edit if request.method == "POST" else can_view
    if not allowed(user, article_kind):
        raise PermissionDenied
    rows = LeafletImport.objects.select_related("article__checklist", "imported_by")
    leaflet = get_object_or_404(rows, article=pk)
    if request.method == "POST":
        leaflet.delete()
        messages.success(request, _("What the leaflet had beside the draft is put away."))
        return HttpResponseRedirect(admin_url(leaflet.article))
    context = {
        **site.each_context(request),
        "title": _("What became of “{name}”").format(name=leaflet.name),
        "leaflet": leaflet,
        "placed": _placed(leaflet),
        "article_url": admin_url(leaflet.article),
        "checklist_url": admin_url(leaflet.article.checklist)
        if leaflet.article.checklist and user.has_perm("checklists.view_checklist")
        else "",
        "can_edit": can_edit(user, article_kind),
    }
    return render(request, "admin/leaflets/imported.html", context)


def _placed(leaflet: LeafletImport) -> dict[str, list[str]]:
    """The headings of the leaflet, by the part of the article that they became."""
    parts: dict[str, list[str]] = {}
    for heading, part in leaflet.placed:
        parts.setdefault(part, []).append(heading)
    return parts
