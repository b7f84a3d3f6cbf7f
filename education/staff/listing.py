"""The lists of documents: where each stands, what readers see of it, and when a review is due."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin import display
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from education.publishing.models import Document, WorkingCopy
from education.publishing.workflow import states
from education.publishing.workflow.states import WorkflowState, first_review_due, get_state


class StateFilter(admin.SimpleListFilter):
    """Documents that stand in one state."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, Any]]:
        """Every state there is."""
        return list(WorkflowState.choices)

    def queryset(self, request: Any, queryset: Any) -> Any:
        """Those in the state that was chosen."""
        return queryset.filter(state_key=self.value()) if self.value() in WorkflowState.values else queryset


class ReviewFilter(admin.SimpleListFilter):
    """Documents by the review that readers can rely on."""

    title = gettext_lazy("review")
    parameter_name = "review"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, Any]]:
        """What matters about a review."""
        return [
            ("never", gettext_lazy("Never reviewed")),
            ("overdue", gettext_lazy("Overdue")),
            ("soon", gettext_lazy("Due within 60 days")),
        ]

    def queryset(self, request: Any, queryset: Any) -> Any:
        """Those that readers see, with that review."""
        today = timezone.localdate()
        match self.value():
            case "never":
                return states.never_reviewed(queryset)
            case "overdue":
                return states.reviews_due_by(queryset, today).exclude(review_due=today)
            case "soon":
                return states.reviews_due_by(queryset, today + states.DUE_SOON).filter(review_due__gte=today)
        return queryset


class StateColumns(admin.ModelAdmin):
    """The columns of a list of documents."""

    list_display: Any = ("heading", "state", "readers_see", "review", "owner")
    list_filter: ClassVar[Any] = (StateFilter, ReviewFilter, ("owner", admin.RelatedOnlyFieldListFilter))
    list_select_related: ClassVar[Any] = ("owner",)

    @display(description=gettext_lazy("name"))
    def heading(self, document: WorkingCopy) -> str:
        """The name, or the address while there is none."""
        return str(document)

    @display(description=gettext_lazy("state"), ordering="state_key")
    def state(self, document: Document) -> str:
        """Where it stands."""
        return str(get_state(document).label)

    @display(description=gettext_lazy("readers see"))
    def readers_see(self, document: Document) -> str:
        """The edition that is live, and when that will change."""
        row = vars(document)
        number, next_at = row["live_number"], row["next_at"]
        now = _("edition {number}").format(number=number) if number else "–"
        return _("{now}; changes on {day}").format(now=now, day=shown_day(next_at)) if next_at else now

    @display(description=gettext_lazy("review"), ordering="review_due")
    def review(self, document: Document) -> str:
        """When it is due; of what nobody has reviewed yet, by when somebody should."""
        return review_words(document)


def review_words(document: Document) -> str:
    """When the review of a document from `with_state` is due, as a list says it."""
    due = vars(document)["review_due"]
    first = first_review_due(document)
    if first is not None:
        return _("none yet; first by {day}").format(day=shown_day(first))
    if due is None or vars(document)["live_number"] is None:
        return "–"
    if vars(document)["is_unchecked"]:
        return _("wording being checked; due {day}").format(day=shown_day(due))
    if due < timezone.localdate():
        return _("overdue since {day}").format(day=shown_day(due))
    return _("due {day}").format(day=shown_day(due))


def shown_day(moment: date | datetime) -> str:
    """A day, as the site's language writes it."""
    day = timezone.localdate(moment) if isinstance(moment, datetime) else moment
    return date_format(day, "DATE_FORMAT")
