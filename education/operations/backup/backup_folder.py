"""The folder of the backups: their names, which is the newest, and which are kept."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self

from django.conf import settings

from education.operations.backup.errors import BackupError
from education.operations.file_lock import AlreadyLocked, file_lock

_NAME = re.compile(r"education-(\d{8}T\d{6}Z)\.zip\.age")
_STAMP = "%Y%m%dT%H%M%SZ"
_SPARE_BYTES = 32 * 1024 * 1024


@dataclass(frozen=True, order=True)
class BackupFile:
    """A finished backup. Its name says when it was made: copies lose the time of a file."""

    made_at: datetime
    path: Path

    @classmethod
    def from_path(cls, path: Path) -> Self | None:
        """None for a file that is no finished backup."""
        found = _NAME.fullmatch(path.name)
        if not found or not path.is_file():
            return None
        return cls(datetime.strptime(found[1], _STAMP).replace(tzinfo=UTC), path)


@dataclass(frozen=True)
class Retention:
    """How many days, weeks and months keep their newest backup. Empty ones do not count: a clock
    that jumps makes no backup old.
    """

    days: int
    weeks: int
    months: int

    def expired(self, backups: Iterable[BackupFile]) -> list[BackupFile]:
        """Those that no day, week or month keeps. The newest is always kept."""
        newest_first = sorted(backups, reverse=True)
        kept = set(newest_first[:1])
        kept |= _newest_of_each(newest_first, lambda at: at.date(), self.days)
        kept |= _newest_of_each(newest_first, lambda at: at.isocalendar()[:2], self.weeks)
        kept |= _newest_of_each(newest_first, lambda at: (at.year, at.month), self.months)
        return [backup for backup in newest_first if backup not in kept]


def _newest_of_each(
    newest_first: list[BackupFile], period: Callable[[datetime], object], number: int
) -> set[BackupFile]:
    newest: dict[object, BackupFile] = {}
    for backup in newest_first:
        newest.setdefault(period(backup.made_at), backup)
    return set(list(newest.values())[:number])


def list_backups(folder: Path) -> list[BackupFile]:
    """The finished backups in a folder, oldest first; none when it is missing."""
    try:
        return sorted(filter(None, map(BackupFile.from_path, folder.iterdir())))
    except FileNotFoundError:
        return []


def unused_name(folder: Path) -> Path:
    """The name of a backup that is made now; raises BackupError within a second of another."""
    path = folder / f"education-{datetime.now(UTC).strftime(_STAMP)}.zip.age"
    if path.exists():
        raise BackupError(f"{path.name} exists already. Try again in a second.")
    return path


@contextmanager
def work_folder() -> Iterator[Path]:
    """A private folder for what is not finished, beside the database; removed afterwards.

    Only one backup, restore or drill runs at a time: raises BackupError for another. So what one
    that was killed has left can be removed.
    """
    parent = settings.DATA_DIR
    try:
        with file_lock(parent / ".backup.lock", wait=False):
            for left in parent.glob(".backup-*"):
                shutil.rmtree(left, ignore_errors=True)
            with TemporaryDirectory(dir=parent, prefix=".backup-") as folder:
                yield Path(folder)
    except AlreadyLocked as error:
        raise BackupError(
            "Another backup, restore or drill is running. Wait for its end, then try again."
        ) from error


def require_free_space(folder: Path, needed: int) -> None:
    """Raise BackupError unless `needed` bytes, and some more, are free on the disk of a folder."""
    free = shutil.disk_usage(folder).free
    if free < needed + _SPARE_BYTES:
        megabytes = (needed + _SPARE_BYTES) // 1_000_000 + 1
        raise BackupError(
            f"The disk of {folder} has {free // 1_000_000} MB free, and about {megabytes} MB are needed. "
            "Nothing was changed. Free some space, then try again."
        )
