"""Image files: one flat folder, random names, atomic writes."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path

from django.conf import settings

from education.web.atomic_write import atomic_write

_NAME = re.compile(r"[0-9a-f]{32}\.webp")


def is_valid_name(name: str) -> bool:
    """Whether `name` has the form of our file names."""
    return _NAME.fullmatch(name) is not None


def write(name: str, data: bytes) -> None:
    """Store `data` under `name`; raises OSError, and leaves nothing behind, when it cannot."""
    atomic_write(_path(name), data, mode=0o644)


def read(name: str) -> bytes | None:
    """The content of the file `name`; None for a name not ours, a link or a missing file."""
    if not is_valid_name(name):
        return None
    try:
        # Opened without blocking, because opening a pipe would block the request.
        with open(_path(name), "rb", opener=_open_no_follow) as file:
            return file.read() if stat.S_ISREG(os.fstat(file.fileno()).st_mode) else None
    except OSError:
        return None


def remove(name: str) -> None:
    """Delete the file `name` if it exists."""
    _path(name).unlink(missing_ok=True)


def _open_no_follow(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK)


def _path(name: str) -> Path:
    if not is_valid_name(name):
        raise ValueError(f"{name!r} is not the name of a picture")
    return Path(settings.MEDIA_ROOT) / name
