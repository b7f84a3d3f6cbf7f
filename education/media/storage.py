"""Image files: one flat folder, random names, atomic writes."""

from __future__ import annotations

import os
import re
import secrets
import stat
from pathlib import Path

from django.conf import settings

_NAME = re.compile(r"[0-9a-f]{32}\.webp")


def is_valid_name(name: str) -> bool:
    """Whether `name` has the form of our file names."""
    return _NAME.fullmatch(name) is not None


def write(name: str, data: bytes) -> None:
    """Store `data` under `name`; raises OSError, and then leaves no file behind."""
    path = _path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{name}.{secrets.token_hex(4)}")
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o644)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


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
