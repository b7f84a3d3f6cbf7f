"""Putting a backup in the place of the site's database and uploads."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.core.cache import caches
from django.db import DatabaseError, connection, transaction
from pyrage.x25519 import Identity

from education.operations.backup import databases, encryption, loading
from education.operations.backup.archive import Archive, Manifest
from education.operations.backup.backup_folder import require_free_space, work_folder
from education.operations.backup.creation import upload_files
from education.operations.backup.errors import BackupError
from education.operations.file_lock import AlreadyLocked, file_lock
from education.publishing import db_triggers
from education.web.atomic_write import atomic_write

_SQLITE_JOURNALS = ("-wal", "-shm", "-journal")


@dataclass(frozen=True)
class Restored:
    """What was restored, and where the replaced database and uploads were put."""

    manifest: Manifest
    kept: list[Path]


@contextmanager
def open_backup(file: Path, identity: Identity, work: Path) -> Iterator[Archive]:
    """A backup with every byte checked; raises BackupError. Nothing but `work` is changed."""
    if not file.is_file():
        raise BackupError(f"There is no file {file}. Nothing was changed.")
    require_free_space(work, file.stat().st_size * 2)
    plain = work / "backup.zip"
    encryption.decrypt(file, plain, identity)
    with Archive.open(plain) as archive:
        loading.require_known(archive.manifest)
        yield archive
    plain.unlink()


def restore(file: Path, identity: Identity, *, replace: bool, with_secret_key: bool) -> Restored:
    """Restore a backup. All or nothing: raises BackupError, and the site is as it was.

    `replace`: a site that is there goes; on SQLite its file is kept beside the new one.
    """
    _require_owner(settings.DATA_DIR)
    with _stopped_site(), work_folder() as work, open_backup(file, identity, work) as archive:
        if not replace and _has_tables():
            raise BackupError(
                "There is a site in this database already. Nothing was changed. "
                "To put the backup in its place, add --replace"
            )
        if with_secret_key and not archive.manifest.secret_key:
            raise BackupError("The secret key is not in this backup. Nothing was changed.")
        require_free_space(work, archive.manifest.size * 3)
        now = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
        # More than the database names does no harm; less would.
        _add_uploads(archive)
        kept = _replace_database(archive, work, now)
        kept += _set_aside_other_uploads(archive, now)
        if with_secret_key:
            key = archive.secret_key() or ""
            atomic_write(settings.DATA_DIR / "secret_key", key.encode(), mode=0o600)
        caches["handouts"].clear()
        return Restored(archive.manifest, kept)


def write_uploads(archive: Archive, folder: Path) -> None:
    """Write the uploads into a folder, each as a whole; what is there already stays."""
    for name in archive.manifest.uploads:
        if not (folder / name).exists():
            with archive.upload(name) as file:
                atomic_write(folder / name, file.read(), mode=0o644)


@contextmanager
def _stopped_site() -> Iterator[None]:
    """Hold what the server holds while it runs, so that neither starts during the other."""
    try:
        with file_lock(settings.DATA_DIR / ".serving", wait=False):
            yield
    except AlreadyLocked as error:
        raise BackupError(
            "The site is running. Nothing was changed. Stop it first: sudo systemctl stop education"
        ) from error


def _require_owner(folder: Path) -> None:
    owner = folder.stat().st_uid
    if os.geteuid() != owner:
        raise BackupError(
            f"{folder} belongs to another user, who could not read what is restored. Nothing was changed. "
            "Run this as that user, such as: sudo -u education …"
        )


def _has_tables() -> bool:
    file = databases.sqlite_file()
    if file and not file.exists():
        return False
    try:
        return "django_migrations" in connection.introspection.table_names()
    except DatabaseError:
        # A damaged database is one that is not overwritten without being asked to.
        return True


def _replace_database(archive: Archive, work: Path, now: str) -> list[Path]:
    if file := databases.sqlite_file():
        fresh = work / "restored.sqlite3"
        build_sqlite(archive, fresh)
        connection.close()
        return _put_in_place(fresh, file, now)
    with transaction.atomic():
        _drop_tables()
        loading.load(archive)
    return []


def build_sqlite(archive: Archive, path: Path) -> None:
    """Load an archive into the new SQLite database `path`: one file, without a journal."""
    with databases.scratch_sqlite(path):
        loading.load(archive)
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA integrity_check")
            if cursor.fetchall() != [("ok",)]:
                raise BackupError("The restored database is damaged. Nothing was changed.")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    path.chmod(0o600)


def _put_in_place(fresh: Path, target: Path, now: str) -> list[Path]:
    """Put a database file in the place of another, which is kept. There is always one of them."""
    kept = []
    if target.exists():
        # Writes what is in the journal into the file. A damaged one is kept with its journal.
        with suppress(DatabaseError), connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        aside = target.with_name(f"{target.name}.before-restore-{now}")
        os.link(target, aside)
        aside.chmod(0o600)
        kept.append(aside)
    for journal in _SQLITE_JOURNALS:
        stale = target.with_name(target.name + journal)
        if not stale.exists():
            continue
        if kept:
            stale.rename(kept[0].with_name(kept[0].name + journal))
        else:
            stale.unlink()
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with fresh.open("rb") as file:
        os.fsync(file.fileno())
    shutil.move(fresh, target)
    return kept


def _drop_tables() -> None:
    """Everything of the site in a PostgreSQL database; seen by others when all is done."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '15s'")
        for name in connection.introspection.table_names():
            cursor.execute(f"DROP TABLE IF EXISTS {connection.ops.quote_name(name)} CASCADE")
    with connection.schema_editor(atomic=False) as editor:
        db_triggers.remove(editor)


def _add_uploads(archive: Archive) -> None:
    try:
        write_uploads(archive, Path(settings.MEDIA_ROOT))
    except OSError as error:
        raise BackupError(
            f"The uploads cannot be written ({error.strerror}). The database was not changed."
        ) from error


def _set_aside_other_uploads(archive: Archive, now: str) -> list[Path]:
    """Move uploads that the backup does not have out of what readers can ask for."""
    others = upload_files().keys() - archive.manifest.uploads.keys()
    if not others:
        return []
    aside = settings.DATA_DIR / f"uploads.before-restore-{now}"
    aside.mkdir(mode=0o700)
    for name in others:
        shutil.move(Path(settings.MEDIA_ROOT) / name, aside / name)
    return [aside]
