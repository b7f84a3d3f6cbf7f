"""Connections to the database besides that of the site."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

from django.conf import settings as site_settings
from django.contrib.contenttypes.models import ContentType
from django.db import connection, connections, transaction

from education.operations.backup.errors import BackupError


def sqlite_file() -> Path | None:
    """The file of the site's database; None on PostgreSQL."""
    if connection.vendor != "sqlite":
        return None
    return Path(str(connection.settings_dict["NAME"]))


@contextmanager
def snapshot() -> Iterator[None]:
    """Read the database as it is at one moment, while others write to it.

    Raises BackupError when there is no database.
    """
    if (file := sqlite_file()) and not file.is_file():
        raise BackupError(f"There is no database to back up: {file} is missing.")
    settings = _copied_settings()
    if connection.vendor == "sqlite":
        # Unlike IMMEDIATE, it takes no lock: who saves does not wait.
        settings["OPTIONS"]["transaction_mode"] = "DEFERRED"
    with _default_connection(settings), transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


@contextmanager
def scratch_sqlite(path: Path) -> Iterator[None]:
    """Work on the SQLite database in the file `path`, which is made if it is missing."""
    with _default_connection({**_copied_settings(), **site_settings.SQLITE, "NAME": str(path)}):
        yield


def _copied_settings() -> dict[str, Any]:
    copied = dict(connection.settings_dict)
    copied["OPTIONS"] = dict(copied["OPTIONS"])
    return copied


@contextmanager
def _default_connection(settings: dict[str, Any]) -> Iterator[None]:
    """All of Django uses a connection with these settings, in this thread."""
    outer = connections["default"]
    inner = import_module(f"{settings['ENGINE']}.base").DatabaseWrapper(settings, "default")
    connections["default"] = inner
    # Keyed by the name of the connection, not by the database behind it.
    ContentType.objects.clear_cache()
    try:
        yield
    finally:
        inner.close()
        connections["default"] = outer
        ContentType.objects.clear_cache()
