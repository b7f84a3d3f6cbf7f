"""`manage.py restore_drill`: prove that the newest backup can be restored."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser

from education.operations.backup.drill import run_drill
from education.operations.backup.encryption import load_identity
from education.operations.backup.errors import BackupError
from education.publishing.management.site_command import SiteCommand


class Command(SiteCommand):
    """Restores the newest backup into a scratch place, and compares it with the site."""

    help = (
        "Restore the newest backup beside the site, and compare every edition and upload. The site "
        "is not touched. Exit code 0: all is as it is in the site. 1: it is not; sentences say what."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--from", type=Path, help="the folder, instead of BACKUP_DIR")
        parser.add_argument("--identity", type=Path, help="the file with the key that opens it")

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError when the newest backup is not good."""
        os.umask(0o077)
        try:
            found = run_drill(
                options["from"] or settings.BACKUP_DIR,
                load_identity(options["identity"] or settings.BACKUP_IDENTITY_FILE),
            )
        except BackupError as error:
            raise CommandError(f"No drill was made. {error}") from error
        if not found.is_good:
            raise CommandError("\n".join([f"{found.backup} is no good backup:", *found.problems]))
        self.stdout.write(
            f"{found.backup} can be restored: {found.editions} editions and {found.uploads} uploads are as they are in the site."
        )
