"""Making a backup while the site runs."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from tomllib import loads

from django.conf import settings
from django.db import connection

from education.media.models import Image
from education.media.storage import is_valid_name
from education.operations.backup import databases, encryption, tables
from education.operations.backup.archive import (
    FORMAT,
    ArchiveWriter,
    Manifest,
    Member,
    TableEntry,
)
from education.operations.backup.backup_folder import (
    require_free_space,
    unused_name,
    work_folder,
)
from education.operations.backup.errors import BackupError


@dataclass(frozen=True)
class MadeBackup:
    """A finished backup: its file, what is in it, and uploads of the site that had no file."""

    path: Path
    manifest: Manifest
    missing_uploads: list[str]


def make_backup(folder: Path, *, with_secret_key: bool = False) -> MadeBackup:
    """Write a backup into `folder`; raises BackupError, and leaves no file that looks like one."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        recipient = encryption.load_recipient()
        with work_folder() as work:
            _require_space(work, folder)
            plain, partial = work / "backup.zip", folder / ".partial.zip.age"
            manifest, missing = _write_archive(plain, with_secret_key)
            partial.unlink(missing_ok=True)
            try:
                encryption.encrypt(plain, partial, recipient)
                partial.chmod(0o600)
                # Only a file that is whole on the disk gets the name of a backup.
                path = unused_name(folder)
                partial.rename(path)
            finally:
                partial.unlink(missing_ok=True)
            _sync(folder)
    except OSError as error:
        raise BackupError(f"The backup cannot be made ({error.strerror or error}).") from error
    return MadeBackup(path, manifest, missing)


def program_version() -> str:
    """The version of this program."""
    try:
        return version("education")
    except PackageNotFoundError:
        text = (settings.BASE_DIR / "pyproject.toml").read_text()
        return str(loads(text)["project"]["version"])


def upload_files() -> dict[str, Path]:
    """The files of uploads, by name."""
    folder = Path(settings.MEDIA_ROOT)
    if not folder.is_dir():
        return {}
    return {path.name: path for path in sorted(folder.iterdir()) if is_valid_name(path.name)}


def _require_space(work: Path, folder: Path) -> None:
    """Room for the archive and for its locked copy; compression makes both smaller than this."""
    size = sum(path.stat().st_size for path in upload_files().values())
    if file := databases.sqlite_file():
        size += file.stat().st_size if file.is_file() else 0
    else:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_database_size(current_database())")
            size += cursor.fetchone()[0]
    same_disk = work.stat().st_dev == folder.stat().st_dev
    require_free_space(work, size * (2 if same_disk else 1))
    require_free_space(folder, size)


def _write_archive(path: Path, with_secret_key: bool) -> tuple[Manifest, list[str]]:
    archive = ArchiveWriter(path)
    with databases.snapshot():
        made_at = datetime.now(UTC)
        applied = tables.applied_migrations()
        if not applied:
            raise BackupError("The database is empty: there is nothing to back up.")
        entries = dict(_write_tables(archive, applied))
        named = set(Image.objects.values_list("name", flat=True))
    # After the rows: an upload is written before its row, so all that they name are there.
    uploads = _write_uploads(archive)
    # Some may have been deleted since, with their rows.
    lost = named - uploads.keys()
    missing = sorted(Image.objects.filter(name__in=lost).values_list("name", flat=True))
    manifest = Manifest(
        format=FORMAT,
        version=program_version(),
        made_at=made_at,
        database=connection.vendor,
        migrations=applied,
        tables=entries,
        uploads=uploads,
        secret_key=archive.add_secret_key(settings.SECRET_KEY) if with_secret_key else None,
    )
    archive.close(manifest)
    return manifest, missing


def _write_tables(
    archive: ArchiveWriter, applied: tables.Applied
) -> Iterator[tuple[str, TableEntry]]:
    for table in tables.tables_after(applied):
        file, rows = archive.add_table(table.name, table.read_lines())
        yield (
            table.name,
            TableEntry(
                file=file, columns=table.columns, rows=rows, last_number=table.last_number()
            ),
        )


def _write_uploads(archive: ArchiveWriter) -> dict[str, Member]:
    found = {}
    for name, path in upload_files().items():
        try:
            found[name] = archive.add_upload(name, path)
        except FileNotFoundError:
            continue
    return found


def _sync(folder: Path) -> None:
    """Wait until the name of a new file is on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
