"""What goes along when a live document is withdrawn."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Exists, OuterRef

from education.publishing import document_types
from education.publishing.models import Document, Edition, EditionDependency, Publication


def live_dependents(document: Document) -> list[Document]:
    """The live documents that cannot be shown without `document`, at first or at second hand."""
    found: dict[int, Document] = {}
    asked = {document.pk}
    while asked:
        new = {
            pk: other
            for pk, other in _live_users(asked).items()
            if pk not in found and pk != document.pk
        }
        found |= new
        asked = set(new)
    return list(found.values())


def introduced_parts(document: Document) -> list[Document]:
    """What readers saw for the first time by the act that shows `document` now, and only it needs.

    Of the pages that it is made of, at any depth. To take back an act is to take these away. What
    readers had seen before stays, and so does what a page that stays needs: no older edition comes
    back, and no other page breaks.
    """
    shown = Publication.objects.latest_for(document.key, document.language)
    if shown is None or shown.is_withdrawal:
        return []
    members = Document.objects.filter(publications__act=shown.act, kind__in=_page_types())
    earlier = Publication.objects.started().exclude(act=shown.act).filter(document=OuterRef("pk"))
    new = {one.pk: one for one in members.filter(~Exists(earlier)).exclude(pk=document.pk)}
    gone = {document.pk, *(other.pk for other in live_dependents(document))}
    found: dict[int, Document] = {}
    while True:
        live = Edition.objects.live().filter(document__in={document.pk, *found}).values("pk")
        parts = EditionDependency.objects.filter(
            edition__in=live, document__in=new.keys() - gone - found.keys()
        )
        more = {
            pk: new[pk]
            for pk in set(parts.values_list("document", flat=True))
            if _live_users({pk}).keys() <= gone | found.keys()
        }
        if not more:
            return list(found.values())
        found |= more


def remaining_from_act(document: Document, gone: Collection[int]) -> list[Document]:
    """What became live by the same act as `document`, is no part of what is `gone` (keys), and
    stays live.
    """
    shown = Publication.objects.latest_for(document.key, document.language)
    if shown is None or shown.is_withdrawal:
        return []
    members = (
        Publication.objects.filter(act=shown.act).exclude(document__in=gone).values("document")
    )
    live = Edition.objects.live().filter(document__in=members).values("document")
    return list(
        Document.objects.filter(pk__in=live, kind__in=_page_types()).order_by("kind", "slug")
    )


def _page_types() -> list[str]:
    """The kinds that readers find as pages of their own, and that are not for every page."""
    return [
        name
        for name in document_types.names()
        if document_types.get(name).render_page and not document_types.get(name).is_site_wide
    ]


def _live_users(documents: set[int]) -> dict[int, Document]:
    """The live documents that use one of `documents` (keys), by key."""
    uses = EditionDependency.objects.filter(document__in=documents).values("edition")
    live = Edition.objects.live().filter(pk__in=uses).select_related("document")
    return {edition.document_id: edition.document for edition in live}
