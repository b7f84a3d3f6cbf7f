"""The entry of the publication log that the code of a handout names."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q

from education.publishing.models import Edition, EditionDependency, Publication


def latest_publication_id(document_pks: Collection[int], at: datetime) -> int:
    """The key of the entry that began last, by the moment `at`, of these documents and their parts.

    0 if none was ever published. One query. A scheduled entry can have a lower key than others that
    began before it, so the moment decides, and the key only within one moment.
    """
    live = Edition.objects.live(at).filter(document__in=document_pks)
    parts = EditionDependency.objects.filter(edition__in=live.values("pk")).values("document")
    entries = Publication.objects.started(at).filter(
        Q(document__in=document_pks) | Q(document__in=parts)
    )
    return entries.order_by("-at", "-pk").values_list("pk", flat=True).first() or 0
