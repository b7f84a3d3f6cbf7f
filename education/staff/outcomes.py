"""What became of what somebody submitted: on the desk, and by e-mail if a mail server is set."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from education.audit.models import Action, AuditLogEntry
from education.clinic.models import Clinic
from education.publishing import document_types
from education.publishing.models import Document, Edition
from education.staff.admin_urls import admin_url
from education.staff.models import SeenOutcomes

logger = logging.getLogger(__name__)

SHOWN_FOR = timedelta(days=90)
# A mail server that does not answer keeps nobody waiting for longer.
MAIL_TIMEOUT = 5
OUTCOMES = {
    Action.REVIEWED: gettext_lazy("reviewed"),
    Action.WORDING_CHECKED: gettext_lazy("the wording was compared: the advice is the same"),
    Action.COMMENTED: gettext_lazy("a passage has a comment"),
    Action.CHANGES_REQUESTED: gettext_lazy("a reviewer asks for changes"),
    Action.PUBLISHED: gettext_lazy("published: readers see it"),
    Action.SCHEDULED: gettext_lazy("scheduled"),
    Action.CANCELLED: gettext_lazy("what was scheduled was taken back"),
    Action.RECALLED: gettext_lazy("the submission was taken back"),
    Action.WITHDRAWN: gettext_lazy("withdrawn: readers no longer see it"),
}
# Their details are words of colleagues; the others are for the audit log.
_WITH_DETAILS = (
    Action.COMMENTED,
    Action.CHANGES_REQUESTED,
    Action.RECALLED,
    Action.WITHDRAWN,
    Action.SCHEDULED,
)


@dataclass(frozen=True)
class Outcome:
    """One decision on a submission; `url` leads to the document."""

    pk: int
    subject: str
    edition: int
    text: str
    details: str
    by: str
    at: datetime
    url: str
    is_new: bool


def outcomes_for(user: User, number: int, *, only_new: bool = False) -> list[Outcome]:
    """The latest decisions of others on what `user` submitted, newest first; three queries."""
    seen = SeenOutcomes.objects.filter(user=user).values_list("upto", flat=True).first() or 0
    entries = _decisions().filter(
        created_at__gte=timezone.now() - SHOWN_FOR, author=user.pk, pk__gt=seen if only_new else 0
    )
    latest = list(entries.exclude(user=user).select_related("user").order_by("-pk")[:number])
    documents = Document.objects.in_bulk([vars(entry)["document"] for entry in latest])
    return [
        Outcome(
            pk=entry.pk,
            subject=entry.subject,
            edition=entry.to_edition or 0,
            text=str(OUTCOMES[Action(entry.action)]),
            details=entry.details if entry.action in _WITH_DETAILS else "",
            by=(entry.user.get_full_name() or entry.user.get_username()) if entry.user else "",
            at=entry.created_at,
            url=admin_url(documents[vars(entry)["document"]]),
            is_new=entry.pk > seen,
        )
        for entry in latest
    ]


def mark_seen(user: User, upto: int) -> None:
    """Remember that `user` has seen every outcome up to this entry; never goes back."""
    row = SeenOutcomes.objects.get_or_create(user=user)[0]
    SeenOutcomes.objects.filter(pk=row.pk, upto__lt=upto).update(upto=upto)


@contextmanager
def telling_authors(by: User) -> Iterator[None]:
    """Send the authors an e-mail about what `by` decides inside, once it is committed.

    Nothing is sent without a mail server; an e-mail that cannot be sent is only logged.
    """
    if not settings.EMAIL_HOST:
        yield
        return
    last = AuditLogEntry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    yield
    decided = _decisions().filter(pk__gt=last, user=by).exclude(author=by.pk)
    by_author: dict[int, list[AuditLogEntry]] = defaultdict(list)
    for entry in decided.order_by("pk"):
        by_author[vars(entry)["author"]].append(entry)
    authors = User.objects.filter(is_active=True, pk__in=[pk for pk in by_author if pk])
    name = by.get_full_name() or by.get_username()
    emails = [
        _build_email(author, by_author[author.pk], name) for author in authors if author.email
    ]
    if emails:
        transaction.on_commit(partial(_send, emails), robust=True)


def _decisions() -> QuerySet[Any]:
    """The entries about a decision on an edition, with `author` and `document` (ids)."""
    editions = Edition.objects.filter(
        document__kind=OuterRef("kind"),
        document__slug=OuterRef("slug"),
        number=OuterRef("to_edition"),
    )
    entries = AuditLogEntry.objects.filter(
        Exists(editions), action__in=list(OUTCOMES), kind__in=document_types.names()
    )
    return entries.annotate(
        author=Subquery(editions.values("frozen_by")[:1]),
        document=Subquery(editions.values("document")[:1]),
    )


def _build_email(author: User, entries: Iterable[AuditLogEntry], name: str) -> EmailMessage:
    """What was decided, and where to read more: no text of a page, and no comment."""
    entries = list(entries)
    documents = Document.objects.in_bulk([vars(entry)["document"] for entry in entries])
    lines = [
        (
            entry.subject,
            OUTCOMES[Action(entry.action)],
            settings.SITE_URL + admin_url(documents[vars(entry)["document"]]),
        )
        for entry in entries
    ]
    context = {
        "lines": lines,
        "name": name,
        "clinic": Clinic.load(),
        "start": settings.SITE_URL + reverse("admin:index"),
    }
    subject = " ".join(f"{entries[0].subject}: {OUTCOMES[Action(entries[0].action)]}".split())
    if len(entries) > 1:
        subject = _("What became of what you submitted")
    body = render_to_string("staff/outcome.txt", context)
    return EmailMessage(subject, body, settings.DEFAULT_FROM_EMAIL, [author.email])


def _send(emails: list[EmailMessage]) -> None:
    try:
        get_connection(timeout=MAIL_TIMEOUT).send_messages(emails)
    except (OSError, SMTPException) as error:
        logger.warning("Authors were not told by e-mail: %s", type(error).__name__)
