"""Which entry of the publication log a print goes back to."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q

from education.publishing.models import Edition, EditionDependency, Publication


def latest_publication_id(document_pks: Collection[int], at: datetime) -> int:
    """The entry (by id) that began last among these documents and what they are made of, by the
    moment `at`.

    0 when nothing of them had ever been published. One query. An entry that was scheduled has a
    lower id than others that began before it, so the moment decides, and the id only among those of
    one moment.
    """
    live = Edition.objects.live(at).filter(document__in=document_pks)
    parts = EditionDependency.objects.filter(edition__in=live.values("pk")).values("document")
    entries = Publication.objects.started(at).filter(
        Q(document__in=document_pks) | Q(document__in=parts)
    )
    return entries.order_by("-at", "-pk").values_list("pk", flat=True).first() or 0
