"""Statements elsewhere about a fact that a publication would change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils import timezone
from django.utils.text import capfirst

from education.publishing.changes.related_statements import (
    ContentChange,
    RelatedStatement,
    find_related_statements,
)
from education.publishing.checks.site_snapshot import SiteSnapshot
from education.publishing.content import Problem
from education.publishing.models import Document
from education.publishing.workflow import pending
from education.publishing.workflow.audit_log import display_name
from education.staff.workflow.permissions import can_view, current_user
from education.staff.workflow.problem_links import locate_field


@dataclass(frozen=True)
class LinkedStatement:
    """A sentence that may no longer fit: its document, and where it is edited.

    `url` is "" for users who may not see the form. `is_changed`: a document that may be published
    together changes it.
    """

    statement: RelatedStatement
    name: str
    label: str
    url: str
    is_changed: bool


def linked_related_statements(
    request: HttpRequest, document: Document, related: Sequence[Document]
) -> list[LinkedStatement]:
    """Statements elsewhere about facts that `document` or `related` documents would change.

    What goes live is the pending edition, or the working copy if there is none.
    """
    site = SiteSnapshot(timezone.now())
    own = _content_change(document, site)
    everything = find_related_statements(
        [own, *(_content_change(other, site) for other in related)], site
    )
    alone = find_related_statements([own], site) if related else ()
    together = {other.pk for other in related}
    known = {(found.document.pk, found.sentence) for found in everything}
    changed = [
        found
        for found in alone
        if found.document.pk in together and (found.document.pk, found.sentence) not in known
    ]
    return [
        *_link_statements(request, everything, False),
        *_link_statements(request, changed, True),
    ]


def _content_change(document: Document, site: SiteSnapshot) -> ContentChange:
    pending_edition = pending.pending_edition(document)
    after = pending_edition.content if pending_edition else document.working_copy().draft_content()
    return ContentChange(document, site.content(document.key, document.language), after)


def _link_statements(
    request: HttpRequest, statements: Sequence[RelatedStatement], is_changed: bool
) -> Iterator[LinkedStatement]:
    for found in statements:
        document = found.document
        url, label = locate_field(Problem(document.key, found.path, ""), document)
        name = display_name(document, found.heading or document.slug)
        yield LinkedStatement(
            found,
            name,
            capfirst(label),
            url if can_view(current_user(request), document) else "",
            is_changed,
        )
