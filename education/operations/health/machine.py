"""The doctor's look at the machine: files, disk, clock, mail, backups, timers, fonts."""

from __future__ import annotations

import shutil
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from django.conf import settings
from django.core import checks
from django.core.mail import get_connection
from django.db.models import Max
from django.utils import timezone

from education.audit.models import AuditLogEntry
from education.operations.backup.backup_folder import list_backups
from education.operations.backup.databases import sqlite_file
from education.operations.backup.drill import last_drill
from education.operations.health.findings import Finding, green, red, yellow
from education.publishing.models import Publication
from education.references.models import CheckedLink

FONT_PACKAGES = (
    "typst",
    "fontpkg-atkinson-hyperlegible",
    "fontpkg-noto-sans",
    "fontpkg-noto-sans-arabic",
    "fontpkg-noto-sans-devanagari",
)
_LOW_DISK_BYTES = 500_000_000
_BACKUP_AGE = timedelta(hours=26)
_DRILL_AGE = timedelta(days=9)
_LINKS_AGE = timedelta(days=9)
_CLOCK_MARGIN = timedelta(minutes=5)


def examine_settings() -> Iterator[Finding]:
    """What Django finds wrong with the settings."""
    found = checks.run_checks(include_deployment_checks=settings.SITE_IS_HTTPS)
    for check in found:
        if check.level >= checks.WARNING and not check.is_silenced():
            yield red("settings", str(check.msg), str(check.hint or ""))
    if settings.DEBUG:
        yield red("settings", "DEBUG is on: readers could see the code.", "Take DEBUG away.")
    elif not settings.SITE_IS_HTTPS:
        yield yellow(
            "settings",
            f"SITE_URL is {settings.SITE_URL}: readers elsewhere cannot reach it.",
            "Set SITE_URL to the public address with https://, also for this command.",
        )
    else:
        yield green("settings", f"They are in order, for {settings.SITE_URL}.")


def examine_files() -> Iterator[Finding]:
    """Owners and modes of what must not be read by others."""
    folder, bad = settings.DATA_DIR, []
    private = [folder, folder / "secret_key", settings.BACKUP_IDENTITY_FILE, sqlite_file()]
    private += [backup.path for backup in list_backups(settings.BACKUP_DIR)]
    for path in (path for path in private if path and path.exists()):
        found = path.stat()
        if found.st_mode & (stat.S_IRWXG | stat.S_IRWXO) and not _is_hidden(path):
            bad.append(red("files", f"Others may read {path}.", f"chmod go= {path}"))
        if found.st_uid != folder.stat().st_uid:
            owner = folder.owner()
            bad.append(red("files", f"{path} does not belong to {owner}.", f"chown {owner} {path}"))
    yield from bad or [green("files", f"Only their owner may read the files in {folder}.")]


def _is_hidden(path: Path) -> bool:
    """Whether the folder of a file keeps others out."""
    return not path.is_dir() and not path.parent.stat().st_mode & (stat.S_IXGRP | stat.S_IXOTH)


def examine_disk() -> Iterator[Finding]:
    free = shutil.disk_usage(settings.DATA_DIR).free
    message = f"{free / 1e9:.1f} GB are free for {settings.DATA_DIR}."
    if free < _LOW_DISK_BYTES:
        yield red("disk", message, "Free some space, or take a larger disk.")
    else:
        yield green("disk", message)


def examine_clock() -> Iterator[Finding]:
    """A clock behind what was recorded already hides pages."""
    recorded = Publication.objects.aggregate(last=Max("recorded_at"))["last"]
    audited = AuditLogEntry.objects.aggregate(last=Max("created_at"))["last"]
    last = max(filter(None, (recorded, audited)), default=None)
    now = timezone.now()
    if last and last > now + _CLOCK_MARGIN:
        yield red(
            "clock",
            f"It is {now:%Y-%m-%d %H:%M} UTC here, and something was recorded at {last:%Y-%m-%d %H:%M}.",
            "Set the clock: timedatectl set-ntp true",
        )
    else:
        yield green("clock", f"It is {now:%Y-%m-%d %H:%M} UTC.")


def examine_mail() -> Iterator[Finding]:
    if not settings.EMAIL_HOST:
        yield yellow(
            "mail", "No mail server is set: nobody is reminded of reviews.", "Set EMAIL_HOST."
        )
        return
    try:
        with get_connection():
            pass
    except OSError as error:
        yield red("mail", f"{settings.EMAIL_HOST} does not take mail ({error}).", "Check EMAIL_…")
    else:
        yield green("mail", f"{settings.EMAIL_HOST} takes mail.")


def examine_backups() -> Iterator[Finding]:
    """The age of the newest backup and of the last drill."""
    backups = list_backups(settings.BACKUP_DIR)
    if not backups:
        yield red("backup", f"There is none in {settings.BACKUP_DIR}.", "manage.py backup")
    else:
        made_at = backups[-1].made_at
        yield _by_age("backup", "The newest is", made_at, _BACKUP_AGE, "manage.py backup")
    drill = last_drill()
    if drill is None:
        yield red("drill", "No backup was ever restored on trial.", "manage.py restore_drill")
    elif not drill.is_good:
        yield red(
            "drill",
            f"{drill.backup} could not be restored: {drill.problems[0]}",
            "manage.py backup, then manage.py restore_drill",
        )
    else:
        yield _by_age(
            "drill", "The last good one was", drill.at, _DRILL_AGE, "manage.py restore_drill"
        )


def examine_timers() -> Iterator[Finding]:
    """Timers are known by what they leave: here the check of the links."""
    last = CheckedLink.objects.aggregate(last=Max("checked_at"))["last"]
    if last is None:
        yield yellow("timers", "The links were never checked.", "manage.py check_links")
    else:
        yield _by_age("timers", "The links were checked", last, _LINKS_AGE, "manage.py check_links")


def examine_fonts() -> Iterator[Finding]:
    """The typesetter and the fonts that its templates name; it sets nothing."""
    missing = []
    for package in FONT_PACKAGES:
        try:
            version(package)
        except PackageNotFoundError:
            missing.append(package)
    if missing:
        yield red("fonts", f"Missing for handouts: {', '.join(missing)}.", "Run bin/venv again.")
    else:
        yield green("fonts", "Those of the handouts are installed.")


def _by_age(name: str, words: str, at: datetime, limit: timedelta, action: str) -> Finding:
    age = datetime.now(UTC) - at
    hours = int(age.total_seconds() // 3600)
    message = f"{words} of {at:%Y-%m-%d %H:%M} UTC, {hours} hours ago."
    if age < -_CLOCK_MARGIN:
        return red(
            name, f"{words} of {at:%Y-%m-%d %H:%M} UTC, which is in the future.", "Set the clock."
        )
    return (
        green(name, message) if age <= limit else red(name, message, f"{action}; is its timer on?")
    )
