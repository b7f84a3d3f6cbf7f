"""Admin mixin that writes to the audit log in place of Django's."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
)
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from education.audit.models import Action, AuditLogEntry, log_action
from education.publishing.models import Document
from education.publishing.workflow.audit_log import display_name
from education.staff.admin_urls import admin_url


class AuditedAdminMixin(admin.ModelAdmin):
    """Writes what staff save and delete to the audit log."""

    save_action = Action.SAVED

    def audit_target(self, instance: Any) -> Any:
        """The object that the entry is about: the row, or the document that it belongs to."""
        return instance

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> None:  # type: ignore[override]
        self._log(self.save_action, request, obj, _("New."))

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> None:  # type: ignore[override]
        """Log a change; nothing if nothing changed."""
        if message:
            self._log(self.save_action, request, obj, _describe_changes(message))

    def log_deletions(self, request: HttpRequest, queryset: Iterable[Any]) -> None:  # type: ignore[override]
        for obj in queryset:
            self._log(
                Action.DELETED, request, obj, "" if self.audit_target(obj) is obj else str(obj)
            )

    def _log(self, action: Action, request: HttpRequest, obj: Any, detail: str) -> None:
        about = self.audit_target(obj)
        if isinstance(about, Document):
            kind, slug, subject = about.kind, about.slug, display_name(about, str(about))
        else:
            kind, slug = str(about._meta.model_name), str(about.pk)
            subject = f"{capfirst(str(about._meta.verbose_name))}: {about}"
        log_action(action, user=request.user, kind=kind, slug=slug, subject=subject, details=detail)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """Redirect to the entries of this object in the audit log."""
        instance = self.get_object(request, object_id)
        if instance is None or not self.has_view_or_change_permission(request, instance):
            raise PermissionDenied
        about = self.audit_target(instance)
        is_document = isinstance(about, Document)
        kind, slug = (about.kind, about.slug) if is_document else (about._meta.model_name, about.pk)
        query = urlencode({"kind__exact": kind, "slug__exact": slug})
        return HttpResponseRedirect(f"{admin_url(AuditLogEntry, 'changelist')}?{query}")


def _describe_changes(message: list[dict[str, Any]]) -> str:
    """Django's change message as one line for each row: what was done, to which fields."""
    lines = []
    for part in message:
        for verb, what in part.items():
            row = f"{what['name']} “{what['object']}”" if "name" in what else ""
            fields = ", ".join(map(str, what.get("fields", ())))
            verb_label = {"added": _("new"), "changed": _("changed"), "deleted": _("deleted")}[verb]
            lines.append(
                ": ".join(filter(None, (" ".join(filter(None, (row, verb_label))), fields)))
            )
    return "\n".join(lines)
