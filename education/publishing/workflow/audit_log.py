"""Writes the actions on documents into the audit log."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from education.audit import models as audit
from education.publishing.models import Document, Edition, Publication
from education.publishing.workflow.schedule import Act


def log_document_action(
    action: audit.Action,
    edition: Edition | None = None,
    *,
    document: Document | None = None,
    by: audit.Actor = None,
    from_edition: int | None = None,
    at: datetime | None = None,
    details: str = "",
) -> None:
    """Add an audit entry about an edition or a document.

    `at`: the start of a scheduled action. Raises ValueError without an edition and a document.
    """
    subject = edition.document if edition else document
    if subject is None:
        raise ValueError("an entry is about an edition or a document")
    if at:
        moment = timezone.localtime(at).strftime("%Y-%m-%d %H:%M %Z")
        details = "\n".join(filter(None, (_("For {moment}.").format(moment=moment), details)))
    audit.log_action(
        action,
        user=by,
        kind=subject.kind,
        slug=subject.slug,
        subject=display_name(subject, edition.heading if edition else ""),
        from_edition=from_edition,
        to_edition=edition.number if edition else None,
        details=details,
    )


def describe_act(act: Act) -> str:
    """An act in one line: its start, and its entries."""
    moment = date_format(timezone.localtime(act.at), "DATETIME_FORMAT")
    return f"{moment}: {'; '.join(describe_entry(entry) for entry in act.entries)}"


def describe_entry(entry: Publication) -> str:
    """One entry of an act: the edition to show, or the document to withdraw."""
    if entry.edition is None:
        return _("withdraw {name}").format(name=display_name(entry.document))
    return _("{name}, edition {number}").format(
        name=display_name(entry.document, entry.edition.heading), number=entry.edition.number
    )


def display_name(document: Document, name: str = "") -> str:
    """Kind and name of a document, such as "Article: White spots"; one word if they are equal."""
    kind = capfirst(str(document.document_type.label))
    name = name or str(document.working_copy())
    return kind if name == kind else f"{kind}: {name}"
