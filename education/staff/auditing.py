"""What staff save and delete, written into the audit list; and that list itself, to read and to take away."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from education.audit.models import Action, AuditLogEntry, log_action
from education.publishing.models import Document
from education.publishing.workflow.audit_log import display_name


class Audited(admin.ModelAdmin):
    """Writes what staff do here into the audit list, in place of Django's own log."""

    saving = Action.SAVED

    def audited(self, instance: Any) -> Any:
        """What the entry is about: the row itself, or the document that it belongs to."""
        return instance

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> None:  # type: ignore[override]
        """Somebody began something new."""
        self._record(self.saving, request, obj, _("New."))

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> None:  # type: ignore[override]
        """Somebody saved; nothing is written where nothing changed."""
        if message:
            self._record(self.saving, request, obj, _sentences(message))

    def log_deletions(self, request: HttpRequest, queryset: Iterable[Any]) -> None:  # type: ignore[override]
        """Somebody deleted something."""
        for obj in queryset:
            self._record(Action.DELETED, request, obj, "" if self.audited(obj) is obj else str(obj))

    def _record(self, action: Action, request: HttpRequest, obj: Any, detail: str) -> None:
        about = self.audited(obj)
        if isinstance(about, Document):
            kind, slug, subject = about.kind, about.slug, display_name(about, str(about))
        else:
            kind, slug = str(about._meta.model_name), str(about.pk)
            subject = f"{capfirst(str(about._meta.verbose_name))}: {about}"
        log_action(action, user=request.user, kind=kind, slug=slug, subject=subject, details=detail)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """What was done to it, in the audit list."""
        instance = self.get_object(request, object_id)
        if instance is None or not self.has_view_or_change_permission(request, instance):
            raise PermissionDenied
        about = self.audited(instance)
        is_document = isinstance(about, Document)
        kind, slug = (about.kind, about.slug) if is_document else (about._meta.model_name, about.pk)
        query = urlencode({"kind__exact": kind, "slug__exact": slug})
        return HttpResponseRedirect(f"{reverse('admin:audit_auditlogentry_changelist')}?{query}")


def _sentences(message: list[dict[str, Any]]) -> str:
    """Django's note of a change, as one line for each thing: which fields, of which row."""
    lines = []
    for part in message:
        for verb, what in part.items():
            row = f"{what['name']} “{what['object']}”" if "name" in what else ""
            fields = ", ".join(map(str, what.get("fields", ())))
            words = {"added": _("new"), "changed": _("changed"), "deleted": _("deleted")}[verb]
            lines.append(": ".join(filter(None, (" ".join(filter(None, (row, words))), fields))))
    return "\n".join(lines)


class DayFilter(admin.SimpleListFilter):
    """Entries of the last day, week, month or year."""

    title = gettext_lazy("when")
    parameter_name = "since"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, Any]]:
        """Days back."""
        return [
            ("1", gettext_lazy("Today")),
            ("7", gettext_lazy("The last 7 days")),
            ("31", gettext_lazy("The last 31 days")),
            ("366", gettext_lazy("The last 12 months")),
        ]

    def queryset(self, request: Any, queryset: Any) -> Any:
        """From the beginning of the first of these days."""
        if self.value() not in {days for days, _label in self.lookups(request, None)}:
            return queryset
        first = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
        return queryset.between(first - timedelta(days=int(self.value() or 1) - 1), None)


@admin.register(AuditLogEntry)
class EntryAdmin(admin.ModelAdmin):
    """Who did what. Nobody changes it, whatever they may do elsewhere."""

    list_display = ("created_at", "who", "action", "subject", "editions", "more")
    list_display_links = None
    list_filter = (DayFilter, "action", "kind", ("user", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("user",)
    search_fields = ("subject", "slug", "details", "user__username")
    ordering = ("-created_at", "-pk")
    list_per_page = 100
    show_full_result_count = False
    change_list_template = "admin/audit/change_list.html"
    actions = None

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        """The history of one thing is a link to this list."""
        return lookup == "slug__exact" or super().lookup_allowed(lookup, value, request)  # type: ignore[arg-type]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never: entries are written by what people do."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False

    @admin.display(description=gettext_lazy("who"), ordering="user__username")
    def who(self, entry: AuditLogEntry) -> str:
        """The account, or that nobody was signed in."""
        return person_of(entry)

    @admin.display(description=gettext_lazy("editions"))
    def editions(self, entry: AuditLogEntry) -> str:
        """From which edition to which."""
        steps = [entry.from_edition, entry.to_edition]
        return " → ".join(str(step) for step in steps if step) or "–"

    @admin.display(description=gettext_lazy("more"))
    def more(self, entry: AuditLogEntry) -> str:
        """What else there is to know."""
        return entry.details

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Under its own name: nothing is selected here to be changed."""
        return super().changelist_view(request, {"title": _("Who did what"), **(extra_context or {})})

    def get_urls(self) -> list[URLPattern]:
        """With the list as a file."""
        export = self.admin_site.admin_view(require_safe(self.export))
        return [path("export.csv", export, name="audit_log_export"), *super().get_urls()]

    def export(self, request: HttpRequest) -> HttpResponseBase:
        """What the list shows now, filters included, as a CSV file."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            entries = self.get_changelist_instance(request).get_queryset(request).select_related("user")
        except IncorrectLookupParameters:
            return HttpResponseRedirect(reverse("admin:audit_auditlogentry_changelist"))
        answer = StreamingHttpResponse(_csv(entries.iterator(500)), content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="who-did-what-{_today()}.csv"'
        answer["Cache-Control"] = "no-store"
        return answer


def person_of(entry: AuditLogEntry) -> str:
    """Who did it, as the list and the file say it."""
    if entry.user:
        return str(entry.user.get_full_name() or entry.user.get_username())
    return _("a stranger") if entry.action == Action.SIGN_IN_FAILED else _("a command")


class _Echo:
    """A file that gives back each line that is written to it."""

    def write(self, line: str) -> str:
        return line


def _csv(entries: Iterable[AuditLogEntry]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff"
    header = ("when", "who", "account", "what", "kind", "address", "of what", "from", "to", "more")
    yield writer.writerow(header)
    for entry in entries:
        account = entry.user.get_username() if entry.user else ""
        about = (entry.kind, entry.slug, entry.subject, entry.from_edition or "", entry.to_edition or "")
        when = timezone.localtime(entry.created_at).isoformat(timespec="seconds")
        row = (when, person_of(entry), account, entry.get_action_display(), *about, entry.details)
        yield writer.writerow([_harmless(cell) for cell in row])


def _harmless(cell: Any) -> Any:
    """A cell that no spreadsheet program takes for a formula."""
    is_formula = isinstance(cell, str) and cell.lstrip()[:1] in {"=", "+", "-", "@"}
    return f"'{cell}" if is_formula else cell


def _today() -> date:
    return timezone.localdate()
