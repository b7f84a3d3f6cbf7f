"""What readers say about a page: to read, by page and edition, and to delete when it is too
personal.
"""

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
    """Answers about one page."""

    title = gettext_lazy("page")
    parameter_name = "document"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, Any]]:
        """Every page that somebody said something about, under its newest name."""
        found = (
            FeedbackAnswer.objects.unexpired()
            .order_by("edition__number")
            .values_list("edition__document", "edition__heading")
        )
        names = dict(found.distinct())
        return sorted(((str(pk), name) for pk, name in names.items()), key=lambda one: one[1])

    def queryset(self, request: Any, queryset: Any) -> Any:
        """Those about the page that was chosen."""
        chosen = self.value()
        known = {pk for pk, _name in self.lookup_choices}
        return queryset.filter(edition__document=chosen) if chosen in known else queryset


class EditionFilter(admin.SimpleListFilter):
    """Answers about one edition, once a page is chosen."""

    title = gettext_lazy("edition")
    parameter_name = "number"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, Any]]:
        """The editions of the page that was chosen."""
        document = request.GET.get("document", "")
        if not (document.isascii() and document.isdecimal() and len(document) < 18):
            return []
        found = FeedbackAnswer.objects.unexpired().filter(edition__document=int(document))
        numbers = (
            found.order_by("-edition__number").values_list("edition__number", flat=True).distinct()
        )
        return [(str(number), number) for number in numbers]

    def queryset(self, request: Any, queryset: Any) -> Any:
        """Those about the edition that was chosen."""
        chosen = self.value()
        known = {number for number, _name in self.lookup_choices}
        return queryset.filter(edition__number=chosen) if chosen in known else queryset


class HasCommentFilter(admin.SimpleListFilter):
    """Answers with or without words."""

    title = gettext_lazy("words")
    parameter_name = "words"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, Any]]:
        """With, or without."""
        return [("yes", gettext_lazy("With words")), ("no", gettext_lazy("Without words"))]

    def queryset(self, request: Any, queryset: Any) -> Any:
        """Those that were chosen."""
        match self.value():
            case "yes":
                return queryset.exclude(comment="")
            case "no":
                return queryset.filter(comment="")
        return queryset


@admin.register(FeedbackAnswer)
class FeedbackAnswerAdmin(AuditedAdminMixin):
    """What readers say, read-only; what is too personal can be deleted."""

    list_display = ("heading", "vote", "comment", "number", "day")
    list_filter = (PageFilter, EditionFilter, "useful", HasCommentFilter)
    list_select_related = ("edition",)
    # Within a day by words, not by when they came: nobody needs to know.
    ordering = ("-day", "edition", "useful", "comment", "pk")
    sortable_by = ("vote", "day")
    fields = ("heading", "number", "vote", "comment", "day")
    readonly_fields = fields
    list_per_page = 100
    change_form_template = "admin/feedback/change_form.html"
    change_list_template = "admin/feedback/change_list.html"

    def get_queryset(self, request: HttpRequest) -> Any:
        """Nothing that is older than a year, even if it is not deleted yet."""
        return FeedbackAnswer.objects.unexpired()

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never: readers add."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False

    @admin.display(description=gettext_lazy("page"), ordering="edition__heading")
    def heading(self, answer: FeedbackAnswer) -> str:
        """The page as it was called."""
        return answer.edition.heading

    @admin.display(description=gettext_lazy("edition"))
    def number(self, answer: FeedbackAnswer) -> int:
        """Which edition the reader saw."""
        return answer.edition.number

    @admin.display(description=gettext_lazy("useful"), ordering="useful")
    def vote(self, answer: FeedbackAnswer) -> str:
        """The answer in a word."""
        return _("yes") if answer.useful else _("no")

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Under its own name, with the counts of what is listed."""
        title = {"title": _("Was this page useful? What readers say")}
        response = super().changelist_view(request, {**title, **(extra_context or {})})
        shown = getattr(response, "context_data", None) or {}
        if "cl" in shown:
            counted = shown["cl"].queryset.with_counts("edition__heading", "edition__number")
            shown["counts"] = counted[:MAX_ROWS]
        return response
