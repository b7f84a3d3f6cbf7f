"""`manage.py chores`: everything that has to be done from time to time, for one timer a day."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.utils import timezone

from education.web.atomic_write import atomic_write

CHORES = {
    "clearsessions": 1,
    "delete_old_feedback": 1,
    "backup": 1,
    "restore_drill": 7,
    "check_links": 7,
    "send_review_reminders": 7,
}
"""Commands, in their order, and the days between two runs that went well."""


class Command(BaseCommand):
    """Runs the commands that are due. One that fails is tried again next time."""

    help = (
        "Run what is due of: "
        + ", ".join(CHORES)
        + ". Exit code 0: all went well. 1: one did not; the others were run."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--all", action="store_true", help="also what is not due yet")
        parser.add_argument(
            "--skip", action="append", choices=CHORES, default=[], help="may be given repeatedly"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError when a chore failed."""
        done, today, failed = self._read(), timezone.localdate(), []
        for name, days in CHORES.items():
            if name in options["skip"] or not self._can_run(name):
                continue
            if not options["all"] and not _is_due(done.get(name), today, days):
                continue
            self.stdout.write(f"{name}:")
            try:
                call_command(name, stdout=self.stdout, stderr=self.stderr)
            except (CommandError, DatabaseError, OSError, SystemExit) as error:
                self.stderr.write(f"{name} failed: {error}")
                failed.append(name)
            else:
                done[name] = today.isoformat()
        text = json.dumps(done, indent=1)
        atomic_write(settings.DATA_DIR / "chores.json", text.encode(), mode=0o600)
        if failed:
            raise CommandError(f"Not everything went well: {', '.join(failed)}.")

    def _can_run(self, name: str) -> bool:
        """Whether there is what a chore needs; the doctor says what is not there."""
        if name == "restore_drill" and settings.BACKUP_RECIPIENT:
            return settings.BACKUP_IDENTITY_FILE.exists()
        return name != "send_review_reminders" or bool(settings.EMAIL_HOST)

    def _read(self) -> dict[str, str]:
        """The last good day of each chore."""
        try:
            found = json.loads((settings.DATA_DIR / "chores.json").read_text())
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}


def _is_due(last: str | None, today: date, days: int) -> bool:
    """A day in the future is of a clock that was wrong."""
    try:
        passed = (today - date.fromisoformat(last or "")).days
    except ValueError:
        return True
    return passed >= days or passed < 0
