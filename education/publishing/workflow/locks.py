"""One decision on what readers see at a time."""

from __future__ import annotations

from collections.abc import Collection

from django.db import connection

from education.publishing.models import Document


def lock_publishing(documents: Collection[int] = ()) -> None:
    """Keep two publishers from each judging a site that the other is changing, until the
    transaction ends.

    `documents` (keys): nobody saves their working copies meanwhile, either. SQLite does all of it
    by itself: every transaction here takes the write lock when it begins.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE publishing_publication IN SHARE ROW EXCLUSIVE MODE")
        # Only rows that are fetched are locked. In one order, so that nobody waits in a ring.
        list(
            Document.objects.select_for_update()
            .filter(pk__in=documents)
            .order_by("pk")
            .values_list("pk")
        )
