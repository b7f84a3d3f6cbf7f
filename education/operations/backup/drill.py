"""The restore drill: is the newest backup really one? It is restored into a scratch place and
compared with the site.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from pydantic import BaseModel, ConfigDict, ValidationError
from pyrage.x25519 import Identity

from education.operations.backup.archive import Archive
from education.operations.backup.backup_folder import (
    list_backups,
    require_free_space,
    work_folder,
)
from education.operations.backup.creation import upload_files
from education.operations.backup.databases import scratch_sqlite
from education.operations.backup.errors import BackupError
from education.operations.backup.restoring import build_sqlite, open_backup, write_uploads
from education.publishing.content import sha256
from education.publishing.models import Edition
from education.web.atomic_write import atomic_write

_MAX_PROBLEMS = 20
_MARGIN = timedelta(minutes=10)


class DrillOutcome(BaseModel):
    """What the last drill found. It is in the data folder, so that a restore does not undo it."""

    model_config = ConfigDict(frozen=True)

    at: datetime
    backup: str
    editions: int = 0
    uploads: int = 0
    problems: list[str] = []

    @property
    def is_good(self) -> bool:
        return not self.problems


def run_drill(folder: Path, identity: Identity) -> DrillOutcome:
    """Restore the newest backup of a folder beside the site, and compare; the outcome is recorded.

    Raises BackupError only when there is none, or another one runs: then nothing is recorded.
    """
    backups = list_backups(folder)
    if not backups:
        raise BackupError(f"There is no backup in {folder}. Make one first: manage.py backup")
    newest = backups[-1].path
    found = DrillOutcome(at=datetime.now(UTC), backup=newest.name)
    with work_folder() as work:
        try:
            with open_backup(newest, identity, work) as archive:
                require_free_space(work, archive.manifest.size * 3)
                problems, editions = _compare(archive, work)
                update = {
                    "editions": editions,
                    "uploads": len(archive.manifest.uploads),
                    "problems": problems[:_MAX_PROBLEMS],
                }
        except BackupError as error:
            update = {"problems": [str(error)]}
    found = found.model_copy(update=update)
    atomic_write(_outcome_file(), found.model_dump_json().encode(), mode=0o600)
    return found


def last_drill() -> DrillOutcome | None:
    """The outcome of the last drill; None before the first."""
    try:
        return DrillOutcome.model_validate_json(_outcome_file().read_bytes())
    except (OSError, ValidationError):
        return None


def _outcome_file() -> Path:
    return settings.DATA_DIR / "restore_drill.json"


def _compare(archive: Archive, work: Path) -> tuple[list[str], int]:
    """What is not as it is in the site, and the number of editions that were compared."""
    scratch, uploads = work / "drill.sqlite3", work / "uploads"
    build_sqlite(archive, scratch)
    write_uploads(archive, uploads)
    problems = []
    with scratch_sqlite(scratch):
        restored = dict(_editions())
        for edition in Edition.objects.order_by("pk").iterator(chunk_size=200):
            if sha256(edition.data) != edition.sha256:
                problems.append(f"Edition {edition.pk} in the backup does not match its own hash.")
    live = dict(_editions())
    problems += [
        f"Edition {pk} is {'not as it is in' if pk in live else 'missing from'} the site."
        for pk, digest in restored.items()
        if live.get(pk) != digest
    ]
    # None is ever deleted. Those that were being frozen just then may be missing.
    older = Edition.objects.filter(frozen_at__lt=archive.manifest.made_at - _MARGIN)
    problems += [
        f"Edition {pk} of the site is missing from the backup."
        for pk in older.order_by("pk").values_list("pk", flat=True)
        if pk not in restored
    ]
    return problems + list(_compare_uploads(archive, uploads)), len(restored)


def _compare_uploads(archive: Archive, restored: Path) -> Iterator[str]:
    live = upload_files()
    for name, member in archive.manifest.uploads.items():
        if _sha256_of(restored / name) != member.sha256:
            yield f"The upload {name} was not restored as it was."
        elif name in live and _sha256_of(live[name]) != member.sha256:
            yield f"The upload {name} is not as it is in the site."


def _editions() -> Iterator[tuple[int, str]]:
    """The key of every edition, and a hash of every byte of it.

    PostgreSQL keeps JSON in an order of its own: so the keys in it are sorted here.
    """
    columns = [field.attname for field in Edition._meta.concrete_fields]
    for row in Edition.objects.order_by("pk").values(*columns).iterator(chunk_size=200):
        text = json.dumps(row, sort_keys=True, cls=_Exact)
        yield row["id"], hashlib.sha256(text.encode()).hexdigest()


class _Exact(DjangoJSONEncoder):
    """Django's, with all digits of a moment."""

    def default(self, o: object) -> object:
        return o.isoformat() if isinstance(o, datetime) else super().default(o)


def _sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
