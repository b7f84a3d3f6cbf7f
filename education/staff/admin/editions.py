"""Every edition in the admin, read-only."""

from __future__ import annotations

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from education.publishing.models import Edition
from education.publishing.workflow.audit_log import display_name
from education.staff.admin_urls import admin_url
from education.staff.workflow.previews import preview_edition


@admin.register(Edition)
class EditionAdmin(admin.ModelAdmin):
    """Every edition: its metadata, and a preview of its page."""

    list_display = ("heading", "kind", "number", "change", "frozen_at", "frozen_by", "page")
    list_filter = ("document__kind", "change")
    search_fields = ("heading", "document__slug", "note")
    list_select_related = ("document", "frozen_by")
    ordering = ("-frozen_at", "-pk")
    fields = ("about", "number", "change", "note", "frozen_at", "frozen_by", "page")
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Edition | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Edition | None = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        preview = self.admin_site.admin_view(self.preview)
        return [
            path("<int:pk>/preview/", preview, name="publishing_edition_preview"),
            *super().get_urls(),
        ]

    @admin.display(description=_("of what"))
    def about(self, edition: Edition) -> str:
        """The document by kind and name, with a link to its form."""
        name = display_name(edition.document, edition.heading)
        return format_html('<a href="{}">{}</a>', admin_url(edition.document), name)

    @admin.display(description=_("kind"), ordering="document__kind")
    def kind(self, edition: Edition) -> str:
        return str(edition.document.document_type.label)

    @admin.display(description=_("page"))
    def page(self, edition: Edition) -> str:
        url = admin_url(edition, "preview")
        return format_html('<a href="{}">{}</a>', url, _("Read this edition"))

    def preview(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        edition = Edition.objects.select_related("document").filter(pk=pk).first()
        if edition is None:
            raise Http404
        return preview_edition(request, edition)
