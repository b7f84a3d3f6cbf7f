"""The shipped content on a live server, and every reader's address of it."""

from __future__ import annotations

import sqlite3

from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection

from education.publishing.models import Edition
from tests.row_snapshot import RowSnapshot

FIXED = (
    "/",
    "/conditions/",
    "/causes/",
    "/when-to-see-a-doctor/",
    "/glossary/",
    "/about/",
    "/privacy/",
    "/accessibility/",
    "/browse/",
    "/browse/area/back/",
    "/browse/look/small-bumps/",
    "/search/",
    "/search/?q=acne",
    "/search/?q=zzzz",
    "/search/?q=chills",
    "/search/?q=suicide",
    "/handouts/",
    "/no-such-page/",
)


_kept: sqlite3.Connection | None = None
_snapshot = RowSnapshot(lambda: call_command("load_content", verbosity=0))


def load() -> None:
    """Publish the shipped content into an empty site; from the second time on, as a copy of the
    first.
    """
    if connection.vendor != "sqlite":
        call_command("load_content", verbosity=0)
    elif connection.in_atomic_block:
        _snapshot.restore()
    elif User.objects.exists():
        call_command("load_content", verbosity=0)
    else:
        _load_whole()


def _load_whole() -> None:
    global _kept
    connection.ensure_connection()
    if _kept is None:
        call_command("load_content", verbosity=0)
        _kept = sqlite3.connect(":memory:", check_same_thread=False)
        connection.connection.backup(_kept)
    else:
        _kept.backup(connection.connection)
        ContentType.objects.clear_cache()


def all_urls(*, one_of_each: bool = False) -> list[str]:
    """Every reader's page there is; `one_of_each`: one page of each kind of document."""
    found = list(FIXED)
    seen: set[str] = set()
    for edition in Edition.objects.live().select_related("document").order_by("pk"):
        if one_of_each and edition.document.kind in seen:
            continue
        seen.add(edition.document.kind)
        if edition.document.kind in {"article", "cause", "checklist"}:
            found.append(edition.get_absolute_url())
        if edition.document.kind == "article":
            found.append(f"{edition.get_absolute_url()}history/")
            found.append(f"{edition.get_absolute_url()}save/")
            found.append(f"/handouts/{edition.document.slug}/")
    return found
