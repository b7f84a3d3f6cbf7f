"""E-mails about clinical reviews that are overdue, due soon, or were never made."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from education.clinic.models import Clinic
from education.publishing import document_types
from education.publishing.models import Document, Edition
from education.publishing.workflow.audit_log import display_name
from education.publishing.workflow.states import (
    DUE_SOON,
    annotate_state,
    first_review_due,
    get_document_state,
    live_documents,
)
from education.publishing.workflow.wording_checks import unchecked_editions
from education.staff.admin_urls import admin_url


@dataclass(frozen=True)
class DueReview:
    """A document whose review is due. `day`: when; `url`: its form; `owner_email`: "" for none."""

    name: str
    day: date
    was_reviewed: bool
    url: str
    owner_email: str


def due_reviews(day: date) -> list[DueReview]:
    """Live documents whose next or first review is due by `day`, the earliest first."""
    headings = dict(Edition.objects.live().values_list("document", "heading"))
    found = []
    for document in live_documents(annotate_state(Document.objects.select_related("owner"))):
        reviewed = get_document_state(document).review_due
        when = reviewed or first_review_due(document)
        if when is not None and when <= day:
            found.append(_due_review(document, headings[document.pk], when, reviewed is not None))
    return sorted(found, key=lambda due: (due.day, due.name))


def _due_review(document: Document, heading: str, day: date, was_reviewed: bool) -> DueReview:
    owner_email = document.owner.email if document.owner and document.owner.is_active else ""
    name = display_name(document, heading)
    return DueReview(name, day, was_reviewed, settings.SITE_URL + admin_url(document), owner_email)


def build_emails(today: date) -> list[EmailMessage]:
    """One e-mail for each owner, and one for the desk about everything.

    The desk also gets the number of texts whose wording is to be compared.
    """
    found = due_reviews(today + DUE_SOON)
    by_reader: dict[str, list[DueReview]] = defaultdict(list)
    workflow_email = Clinic.load().desk_email.casefold()
    for due in found:
        for recipient in {due.owner_email.casefold(), workflow_email} - {""}:
            by_reader[recipient].append(due)
    unchecked = len(unchecked_editions(document_types.names()))
    if workflow_email and unchecked:
        by_reader.setdefault(workflow_email, [])
    return [
        _build_email(recipient, dues, today, unchecked if recipient == workflow_email else 0)
        for recipient, dues in sorted(by_reader.items())
    ]


def without_recipient(today: date) -> list[DueReview]:
    """Due reviews that nobody is told of: neither the owner nor the desk has an address."""
    return (
        []
        if Clinic.load().desk_email
        else [due for due in due_reviews(today + DUE_SOON) if not due.owner_email]
    )


def _build_email(
    recipient: str, dues: Iterable[DueReview], today: date, unchecked: int
) -> EmailMessage:
    dues = list(dues)
    overdue = [due for due in dues if due.day < today]
    context = {
        "overdue": overdue,
        "soon": [due for due in dues if due.day >= today],
        "unchecked": unchecked,
        "wording": settings.SITE_URL + reverse("admin:wording"),
        "clinic": Clinic.load(),
        "start": settings.SITE_URL + reverse("admin:index"),
    }
    if overdue:
        subject = ngettext(
            "{number} review is overdue", "{number} reviews are overdue", len(overdue)
        )
        subject = subject.format(number=len(overdue))
    elif not dues:
        subject = _("Wording to compare: {number}").format(number=unchecked)
    else:
        subject = _("Reviews due within {days} days: {number}").format(
            days=DUE_SOON.days, number=len(dues)
        )
    body = render_to_string("staff/reminder.txt", context)
    return EmailMessage(subject, body, settings.DEFAULT_FROM_EMAIL, [recipient])
