"""Finds the documents to withdraw together with a live one."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Exists, OuterRef

from education.publishing import document_types
from education.publishing.models import Document, Edition, EditionDependency, Publication


def live_dependents(document: Document) -> list[Document]:
    """The live documents that need `document`, directly or through others."""
    found: dict[int, Document] = {}
    frontier = {document.pk}
    while frontier:
        new = {
            pk: other
            for pk, other in _live_users(frontier).items()
            if pk not in found and pk != document.pk
        }
        found |= new
        frontier = set(new)
    return list(found.values())


def introduced_parts(document: Document) -> list[Document]:
    """The parts of `document` that its current act published first and nothing else needs.

    At any depth. Withdrawing them with `document` undoes the act. Parts that were live before stay,
    and so do parts that another live page needs.
    """
    current = Publication.objects.latest_for(document.key, document.language)
    if current is None or current.is_withdrawal:
        return []
    members = Document.objects.filter(publications__act=current.act, kind__in=_page_types())
    earlier = Publication.objects.started().exclude(act=current.act).filter(document=OuterRef("pk"))
    new = {one.pk: one for one in members.filter(~Exists(earlier)).exclude(pk=document.pk)}
    withdrawn = {document.pk, *(other.pk for other in live_dependents(document))}
    found: dict[int, Document] = {}
    while True:
        live = Edition.objects.live().filter(document__in={document.pk, *found}).values("pk")
        parts = EditionDependency.objects.filter(
            edition__in=live, document__in=new.keys() - withdrawn - found.keys()
        )
        more = {
            pk: new[pk]
            for pk in set(parts.values_list("document", flat=True))
            if _live_users({pk}).keys() <= withdrawn | found.keys()
        }
        if not more:
            return list(found.values())
        found |= more


def remaining_from_act(document: Document, gone: Collection[int]) -> list[Document]:
    """The live documents published by the act of `document`, except those in `gone` (ids)."""
    current = Publication.objects.latest_for(document.key, document.language)
    if current is None or current.is_withdrawal:
        return []
    members = (
        Publication.objects.filter(act=current.act).exclude(document__in=gone).values("document")
    )
    live = Edition.objects.live().filter(document__in=members).values("document")
    return list(
        Document.objects.filter(pk__in=live, kind__in=_page_types()).order_by("kind", "slug")
    )


def _page_types() -> list[str]:
    """The kinds with a page of their own that are not site-wide."""
    return [
        name
        for name in document_types.names()
        if document_types.get(name).render_page and not document_types.get(name).is_site_wide
    ]


def _live_users(documents: set[int]) -> dict[int, Document]:
    """The live documents that use one of `documents` (ids), by id."""
    uses = EditionDependency.objects.filter(document__in=documents).values("edition")
    live = Edition.objects.live().filter(pk__in=uses).select_related("document")
    return {edition.document_id: edition.document for edition in live}
