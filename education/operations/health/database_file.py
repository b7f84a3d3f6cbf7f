"""Whether the file of a SQLite database is still the one that this process began with.

A file that was deleted or replaced goes on answering whoever has it open: what staff save then is
lost. And whoever opens it anew would make an empty one.
"""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import quote

from django.db import connection

_watched: tuple[Path, tuple[int, int]] | None = None


def watch() -> None:
    """From now on make no database file, and notice when the present one goes. For the server."""
    global _watched
    if connection.vendor != "sqlite":
        return
    path = Path(str(connection.settings_dict["NAME"]))
    connection.settings_dict["NAME"] = f"file:{quote(str(path))}?mode=rw"
    _watched = path, _identity(path)


def is_in_place() -> bool:
    """Whether the file of `watch` is where it was; always, where nothing is watched."""
    if _watched is None:
        return True
    path, identity = _watched
    try:
        return _identity(path) == identity
    except OSError:
        return False


def _identity(path: Path) -> tuple[int, int]:
    found = os.stat(path)  # noqa: PTH116  asked for with every request: the shortest way
    return found.st_dev, found.st_ino
