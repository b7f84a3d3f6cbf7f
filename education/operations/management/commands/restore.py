"""`manage.py restore FILE`: put a backup in the place of the site."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from education.operations.backup.encryption import load_identity
from education.operations.backup.errors import BackupError
from education.operations.backup.restoring import restore


class Command(BaseCommand):
    """Checks a backup, and restores it into an empty place, or in place of a stopped site."""

    help = (
        "Check a backup and restore it, into SQLite or PostgreSQL. Stop the site before. "
        "Exit code 0: restored. 1: nothing was changed; a sentence says why."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="the backup")
        parser.add_argument(
            "--replace", action="store_true", help="in place of the site that is there"
        )
        parser.add_argument("--identity", type=Path, help="the file with the key that opens it")
        parser.add_argument(
            "--with-secret-key",
            action="store_true",
            help="put the secret key of the backup in place of the one in the data folder",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError when nothing was changed."""
        os.umask(0o077)
        try:
            restored = restore(
                options["file"],
                load_identity(options["identity"] or settings.BACKUP_IDENTITY_FILE),
                replace=options["replace"],
                with_secret_key=options["with_secret_key"],
            )
        except BackupError as error:
            raise CommandError(f"Not restored. {error}") from error
        except (DatabaseError, OSError) as error:
            reason = str(error).strip().partition("\n")[0]
            raise CommandError(f"Not restored ({reason}). The database is as it was.") from error
        manifest = restored.manifest
        rows = sum(table.rows for table in manifest.tables.values())
        self.stdout.write(
            f"Restored the backup of {manifest.made_at:%Y-%m-%d %H:%M} UTC: {rows:,} rows, {len(manifest.uploads)} uploads."
        )
        for path in restored.kept:
            self.stdout.write(f"What was there before is kept: {path}. Delete it when all is well.")
        self.stdout.write(
            "Everybody signs in again. Start the site: sudo systemctl start education"
        )
