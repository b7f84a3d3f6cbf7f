"""The publication that a print is dated by: the last one to begin among what is printed and its parts."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from education.publishing.models import Edition, EditionUse, Publication


def newest_publication(documents: Collection[int], at: datetime | None = None) -> int | None:
    """The key of the publication of `documents` (keys) and their parts that began last; None before any.

    The last to begin, not the highest key: what was scheduled long ago may have begun this minute. One query.
    """
    moment = at or timezone.now()
    live = Edition.objects.live(moment).filter(document__in=documents)
    parts = EditionUse.objects.filter(edition__in=live.values("pk")).values("document")
    begun = Publication.objects.begun(moment).filter(Q(document__in=documents) | Q(document__in=parts))
    return begun.order_by("-at", "-pk").values_list("pk", flat=True).first()
