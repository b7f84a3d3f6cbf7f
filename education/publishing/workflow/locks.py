"""The lock that serializes decisions on what readers see."""

from __future__ import annotations

from collections.abc import Collection

from django.db import connection

from education.publishing.models import Document


def lock_publishing(documents: Collection[int] = ()) -> None:
    """Keep others from publishing until the end of the transaction.

    `documents` (ids): their working copies cannot be saved meanwhile either. On SQLite this does
    nothing, as every transaction here takes the write lock when it begins.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE publishing_publication IN SHARE ROW EXCLUSIVE MODE")
        # Only fetched rows are locked; the order prevents deadlocks.
        list(
            Document.objects.select_for_update()
            .filter(pk__in=documents)
            .order_by("pk")
            .values_list("pk")
        )
