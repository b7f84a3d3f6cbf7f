"""`manage.py backup`: write everything that cannot be made again into one locked file."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from education.operations.backup.backup_folder import Retention, list_backups
from education.operations.backup.creation import MadeBackup, make_backup
from education.operations.backup.errors import BackupError


class Command(BaseCommand):
    """Makes a backup while the site runs, and deletes those that are not kept any more."""

    help = (
        "Write the database and the uploads into one encrypted file, while the site runs. "
        "Exit code 0: it is whole on the disk. 1: no backup was made; a sentence says why."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", type=Path, help="the folder, instead of BACKUP_DIR")
        for period, number in (("days", 7), ("weeks", 5), ("months", 12)):
            parser.add_argument(
                f"--keep-{period}",
                type=int,
                default=number,
                metavar="NUMBER",
                help=f"the last {period} that keep their newest backup; {number} by default",
            )
        parser.add_argument(
            "--with-secret-key",
            action="store_true",
            help="the secret key of the site, too; otherwise keep a copy of it elsewhere",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError when no backup was made."""
        os.umask(0o077)
        folder = (options["to"] or settings.BACKUP_DIR).absolute()
        try:
            made = make_backup(folder, with_secret_key=options["with_secret_key"])
        except BackupError as error:
            raise CommandError(f"No backup was made. {error}") from error
        except DatabaseError as error:
            reason = str(error).strip().partition("\n")[0]
            raise CommandError(
                f"No backup was made. The database cannot be read ({reason})."
            ) from error
        self._report(made)
        retention = Retention(options["keep_days"], options["keep_weeks"], options["keep_months"])
        expired = retention.expired(list_backups(folder))
        for backup in expired:
            backup.path.unlink(missing_ok=True)
        if expired:
            self.stdout.write(f"Deleted {len(expired)} of the older backups.")

    def _report(self, made: MadeBackup) -> None:
        size = made.path.stat().st_size
        rows = sum(table.rows for table in made.manifest.tables.values())
        self.stdout.write(
            f"{made.path}: {size:,} bytes, {rows:,} rows, {len(made.manifest.uploads)} uploads."
        )
        if settings.BACKUP_RECIPIENT:
            self.stdout.write("Only the key that belongs to BACKUP_RECIPIENT opens it.")
        else:
            self.stdout.write(
                f"Only the key in {settings.BACKUP_IDENTITY_FILE} opens it: keep a copy of that file on another machine."
            )
        if made.manifest.secret_key:
            self.stdout.write("The secret key of the site is in it.")
        elif os.environ.get("SECRET_KEY"):
            self.stdout.write("The secret key of the site is not in it: SECRET_KEY holds it.")
        else:
            self.stdout.write(
                f"The secret key of the site is not in it: it is in {settings.DATA_DIR / 'secret_key'}."
            )
        for name in made.missing_uploads:
            self.stderr.write(
                f"The upload {name} is missing on the disk, so it is not in the backup."
            )
