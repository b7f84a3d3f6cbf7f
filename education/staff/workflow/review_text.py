"""When a review is due, in words for lists of staff."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from education.publishing.models import Document
from education.publishing.workflow.states import first_review_due, get_document_state


def review_due_text(document: Document) -> str:
    """When the review of a document from `annotate_state` is due."""
    state = get_document_state(document)
    due = state.review_due
    first = first_review_due(document)
    if first is not None:
        return _("none yet; first by {day}").format(day=format_day(first))
    if due is None or state.live_number is None:
        return "–"
    if state.is_unchecked:
        return _("wording being checked; due {day}").format(day=format_day(due))
    if due < timezone.localdate():
        return _("overdue since {day}").format(day=format_day(due))
    return _("due {day}").format(day=format_day(due))


def format_day(moment: date | datetime) -> str:
    """A day in the format of the site's language."""
    day = timezone.localdate(moment) if isinstance(moment, datetime) else moment
    return date_format(day, "DATE_FORMAT")
