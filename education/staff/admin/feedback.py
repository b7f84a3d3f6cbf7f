"""Readers' feedback in the admin: read by page and edition, and deleted when it is too personal."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from education.feedback.models import FeedbackAnswer
from education.staff.audited_admin import AuditedAdminMixin

MAX_ROWS = 50


class PageFilter(admin.SimpleListFilter):
    """Filter by page."""

    title = gettext_lazy("page")
    parameter_name = "document"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, Any]]:
        """Every page with feedback, by its newest heading."""
        found = (
            FeedbackAnswer.objects.unexpired()
            .order_by("edition__number")
            .values_list("edition__document", "edition__heading")
        )
        names = dict(found.distinct())
        return sorted(((str(pk), name) for pk, name in names.items()), key=lambda one: one[1])

    def queryset(self, request: Any, queryset: Any) -> Any:
        chosen = self.value()
        known = {pk for pk, _name in self.lookup_choices}
        return queryset.filter(edition__document=chosen) if chosen in known else queryset


class EditionFilter(admin.SimpleListFilter):
    """Filter by edition, once a page is chosen."""

    title = gettext_lazy("edition")
    parameter_name = "number"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, Any]]:
        document = request.GET.get("document", "")
        if not (document.isascii() and document.isdecimal() and len(document) < 18):
            return []
        found = FeedbackAnswer.objects.unexpired().filter(edition__document=int(document))
        numbers = (
            found.order_by("-edition__number").values_list("edition__number", flat=True).distinct()
        )
        return [(str(number), number) for number in numbers]

    def queryset(self, request: Any, queryset: Any) -> Any:
        chosen = self.value()
        known = {number for number, _name in self.lookup_choices}
        return queryset.filter(edition__number=chosen) if chosen in known else queryset


class HasCommentFilter(admin.SimpleListFilter):
    """Filter by whether there is a comment."""

    title = gettext_lazy("words")
    parameter_name = "words"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", gettext_lazy("With words")), ("no", gettext_lazy("Without words"))]

    def queryset(self, request: Any, queryset: Any) -> Any:
        match self.value():
            case "yes":
                return queryset.exclude(comment="")
            case "no":
                return queryset.filter(comment="")
        return queryset


@admin.register(FeedbackAnswer)
class FeedbackAnswerAdmin(AuditedAdminMixin):
    """Feedback, read-only except for deleting it."""

    list_display = ("heading", "vote", "comment", "number", "day")
    list_filter = (PageFilter, EditionFilter, "useful", HasCommentFilter)
    list_select_related = ("edition",)
    # Within a day by comment, not by time: the order of arrival stays private.
    ordering = ("-day", "edition", "useful", "comment", "pk")
    sortable_by = ("vote", "day")
    fields = ("heading", "number", "vote", "comment", "day")
    readonly_fields = fields
    list_per_page = 100
    change_form_template = "admin/feedback/change_form.html"
    change_list_template = "admin/feedback/change_list.html"

    def get_queryset(self, request: HttpRequest) -> Any:
        """Unexpired answers only, even if older ones are not deleted yet."""
        return FeedbackAnswer.objects.unexpired()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=gettext_lazy("page"), ordering="edition__heading")
    def heading(self, answer: FeedbackAnswer) -> str:
        return answer.edition.heading

    @admin.display(description=gettext_lazy("edition"))
    def number(self, answer: FeedbackAnswer) -> int:
        return answer.edition.number

    @admin.display(description=gettext_lazy("useful"), ordering="useful")
    def vote(self, answer: FeedbackAnswer) -> str:
        return _("yes") if answer.useful else _("no")

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The list, with counts by page and edition of what the filters select."""
        title = {"title": _("Was this page useful? What readers say")}
        response = super().changelist_view(request, {**title, **(extra_context or {})})
        shown = getattr(response, "context_data", None) or {}
        if "cl" in shown:
            counted = shown["cl"].queryset.with_counts("edition__heading", "edition__number")
            shown["counts"] = counted[:MAX_ROWS]
        return response
