"""Collects the static files for the server when they have changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command


def collect_if_changed() -> bool:
    """Collect and compress the static files; False when nothing has changed since the last time."""
    root = Path(settings.STATIC_ROOT)
    stamp = root / ".collected"
    signature = _signature()
    if _read_text(stamp) == signature and (root / "staticfiles.json").is_file():
        return False
    stamp.unlink(missing_ok=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    # Written last, so that an interrupted collection is repeated.
    stamp.write_text(signature)
    return True


def _signature() -> str:
    """A hash of every source file's name, size and time, and of the locked dependencies."""
    sources = sorted(_sources())
    lock = settings.BASE_DIR / "requirements.lock"
    digest = hashlib.sha256(lock.read_bytes() if lock.is_file() else b"")
    digest.update(repr((settings.STORAGES["staticfiles"], sources)).encode())
    return digest.hexdigest()


def _sources() -> Iterator[tuple[str, int, int]]:
    for finder in get_finders():
        for name, storage in finder.list([]):
            stat = Path(storage.path(name)).stat()
            yield name, stat.st_size, stat.st_mtime_ns


def _read_text(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""
