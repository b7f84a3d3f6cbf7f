"""The list of documents: state, live edition, and when a review is due."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin import display
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from education.publishing.models import Document, WorkingCopy
from education.publishing.workflow import states
from education.publishing.workflow.states import WorkflowState, get_document_state
from education.staff.workflow.review_text import format_day, review_due_text


class StateFilter(admin.SimpleListFilter):
    """Filter by workflow state."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, Any]]:
        return list(WorkflowState.choices)

    def queryset(self, request: Any, queryset: Any) -> Any:
        return (
            queryset.filter(state=self.value())
            if self.value() in WorkflowState.values
            else queryset
        )


class ReviewFilter(admin.SimpleListFilter):
    """Filter by the review of the live edition."""

    title = gettext_lazy("review")
    parameter_name = "review"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("never", gettext_lazy("Never reviewed")),
            ("overdue", gettext_lazy("Overdue")),
            ("soon", gettext_lazy("Due within 60 days")),
        ]

    def queryset(self, request: Any, queryset: Any) -> Any:
        today = timezone.localdate()
        match self.value():
            case "never":
                return states.never_reviewed(queryset)
            case "overdue":
                return states.reviews_due_by(queryset, today).exclude(review_due=today)
            case "soon":
                return states.reviews_due_by(queryset, today + states.DUE_SOON).filter(
                    review_due__gte=today
                )
        return queryset


class WorkflowColumnsMixin(admin.ModelAdmin):
    """The columns of a list of documents."""

    list_display: Any = ("heading", "state", "readers_see", "review", "owner")
    list_filter: ClassVar[Any] = (
        StateFilter,
        ReviewFilter,
        ("owner", admin.RelatedOnlyFieldListFilter),
    )
    list_select_related: ClassVar[Any] = ("owner",)

    @display(description=gettext_lazy("name"))
    def heading(self, document: WorkingCopy) -> str:
        """The title, or the slug while there is none."""
        return str(document)

    @display(description=gettext_lazy("state"), ordering="state")
    def state(self, document: Document) -> str:
        return str(get_document_state(document).state.label)

    @display(description=gettext_lazy("readers see"))
    def readers_see(self, document: Document) -> str:
        """The live edition, and the day of the next scheduled change."""
        state = get_document_state(document)
        number, next_at = state.live_number, state.next_at
        now = _("edition {number}").format(number=number) if number else "–"
        return (
            _("{now}; changes on {day}").format(now=now, day=format_day(next_at))
            if next_at
            else now
        )

    @display(description=gettext_lazy("review"), ordering="review_due")
    def review(self, document: Document) -> str:
        return review_due_text(document)
