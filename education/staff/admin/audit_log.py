"""The audit log in the admin, read-only, with a CSV export."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
)
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from education.audit.models import Action, AuditLogEntry
from education.staff.admin_urls import admin_url
from education.staff.csv_export import csv_response


class PeriodFilter(admin.SimpleListFilter):
    """Entries of the last day, week, month or year."""

    title = gettext_lazy("when")
    parameter_name = "since"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, Any]]:
        """Periods by their length in days."""
        return [
            ("1", gettext_lazy("Today")),
            ("7", gettext_lazy("The last 7 days")),
            ("31", gettext_lazy("The last 31 days")),
            ("366", gettext_lazy("The last 12 months")),
        ]

    def queryset(self, request: Any, queryset: Any) -> Any:
        """Entries since the start of the first day of the period."""
        if self.value() not in {days for days, _label in self.lookups(request, None)}:
            return queryset
        first = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
        return queryset.between(first - timedelta(days=int(self.value() or 1) - 1), None)


@admin.register(AuditLogEntry)
class AuditLogAdmin(admin.ModelAdmin):
    """Who did what. Nobody can change it, whatever permissions they have."""

    list_display = ("created_at", "who", "action", "subject", "editions", "more")
    list_display_links = None
    list_filter = (PeriodFilter, "action", "kind", ("user", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("user",)
    search_fields = ("subject", "slug", "details", "user__username")
    ordering = ("-created_at", "-pk")
    list_per_page = 100
    show_full_result_count = False
    change_list_template = "admin/audit/change_list.html"
    actions = None

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        """Allow links to the history of one object."""
        return lookup == "slug__exact" or super().lookup_allowed(lookup, value, request)  # type: ignore[arg-type]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=gettext_lazy("who"), ordering="user__username")
    def who(self, entry: AuditLogEntry) -> str:
        return actor_name(entry)

    @admin.display(description=gettext_lazy("editions"))
    def editions(self, entry: AuditLogEntry) -> str:
        """“3 → 4”, one number, or a dash."""
        steps = [entry.from_edition, entry.to_edition]
        return " → ".join(str(step) for step in steps if step) or "–"

    @admin.display(description=gettext_lazy("more"))
    def more(self, entry: AuditLogEntry) -> str:
        return entry.details

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The list under a title of its own: Django's says to select a row to change."""
        return super().changelist_view(
            request, {"title": _("Who did what"), **(extra_context or {})}
        )

    def get_urls(self) -> list[URLPattern]:
        export = self.admin_site.admin_view(require_safe(self.export))
        return [path("export.csv", export, name="audit_log_export"), *super().get_urls()]

    def export(self, request: HttpRequest) -> HttpResponseBase:
        """The entries that the filtered list shows, as a CSV file."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            entries = (
                self.get_changelist_instance(request).get_queryset(request).select_related("user")
            )
        except IncorrectLookupParameters:
            return HttpResponseRedirect(admin_url(AuditLogEntry, "changelist"))
        return csv_response("who-did-what", _CSV_HEADER, map(_csv_row, entries.iterator(500)))


def actor_name(entry: AuditLogEntry) -> str:
    """The name of the user, “a stranger” for a failed login, or “a command”."""
    if entry.user:
        return str(entry.user.get_full_name() or entry.user.get_username())
    return _("a stranger") if entry.action == Action.SIGN_IN_FAILED else _("a command")


_CSV_HEADER = (
    "when",
    "who",
    "account",
    "what",
    "kind",
    "address",
    "of what",
    "from",
    "to",
    "more",
)


def _csv_row(entry: AuditLogEntry) -> tuple[Any, ...]:
    return (
        timezone.localtime(entry.created_at).isoformat(timespec="seconds"),
        actor_name(entry),
        entry.user.get_username() if entry.user else "",
        entry.get_action_display(),
        entry.kind,
        entry.slug,
        entry.subject,
        entry.from_edition or "",
        entry.to_edition or "",
        entry.details,
    )
