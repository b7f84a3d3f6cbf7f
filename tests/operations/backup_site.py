"""A small site in a data folder of its own, and the commands that back it up and restore it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from tests.operations.server_process import ROOT, environment, manage, run

_FILL = """
import os, sys
sys.path.insert(0, os.getcwd())
import django
django.setup()
from django.core.management import call_command
from django.test import override_settings
call_command("migrate", verbosity=0)
from django.contrib.auth.models import User
from education.feedback.models import FeedbackAnswer
from education.publishing.models import Edition
from education.publishing.workflow.reviews import record_review
from tests import factories
with override_settings(HANDOUT_TRIAL_RENDER=False):
    factories.make_small_site()
someone = User.objects.create_user("reviewer", password=None, is_staff=True)
User.objects.create_user("gone").delete()
edition = Edition.objects.order_by("pk").last()
record_review([edition], by=someone, shown_as="A Réviewer 👩‍⚕️", confirms=edition)
FeedbackAnswer.objects.create(edition=edition, useful=True, comment="“Clear”", day="2026-11-29")
"""


@dataclass(frozen=True)
class Site:
    """A data folder, and the address of a database besides SQLite."""

    folder: Path
    database: str = ""

    @property
    def backups(self) -> list[Path]:
        return sorted((self.folder / "backups").glob("education-*.age"))

    @property
    def identity(self) -> Path:
        return self.folder / "backup_identity"

    def manage(self, *arguments: str, **chosen: str) -> subprocess.CompletedProcess[str]:
        chosen = {"DATABASE_URL": self.database, **chosen}
        return manage(*arguments, EDUCATION_DATA_DIR=str(self.folder), **chosen)

    def backup(self, *arguments: str) -> Path:
        """A new backup."""
        before = set(self.backups)
        ended = self.manage("backup", *arguments)
        assert ended.returncode == 0, ended.stderr
        (made,) = set(self.backups) - before
        return made

    def restore(self, file: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self.manage("restore", str(file), *arguments)

    def python(self, code: str) -> str:
        """What a piece of code prints, run in this site."""
        ended = run(
            sys.executable,
            "-c",
            "import django; django.setup()\n" + code,
            EDUCATION_DATA_DIR=str(self.folder),
            DATABASE_URL=self.database,
            DJANGO_SETTINGS_MODULE="education.settings",
        )
        assert ended.returncode == 0, ended.stderr
        return ended.stdout

    def rows(self) -> str:
        """Every row that a backup holds, and the next number of each table."""
        return self.python(
            "import json\n"
            "from education.operations.backup import tables\n"
            "for table in tables.tables_after(tables.applied_migrations()):\n"
            "    print(table.name, table.last_number())\n"
            "    for line in table.read_lines(): print(json.dumps(json.loads(line), sort_keys=True))\n"
        )

    def files(self) -> dict[str, bytes]:
        """Every file of the data folder but locks."""
        return {
            str(path.relative_to(self.folder)): path.read_bytes()
            for path in sorted(self.folder.rglob("*"))
            if path.is_file() and not path.name.endswith((".lock", ".serving"))
        }


def fill(folder: Path) -> None:
    """Make a small site on SQLite in a folder."""
    subprocess.run(
        [sys.executable, "-c", _FILL],
        cwd=ROOT,
        env=environment(
            EDUCATION_DATA_DIR=str(folder), DJANGO_SETTINGS_MODULE="education.settings"
        ),
        check=True,
        timeout=120,
    )
    uploads = folder / "uploads"
    uploads.mkdir()
    for number in range(3):
        (uploads / f"{number:032x}.webp").write_bytes(os.urandom(5000))


def copy(site: Site, folder: Path) -> Site:
    """The same site in another folder."""
    shutil.copytree(site.folder, folder)
    return Site(folder)


def find_postgres() -> str | None:
    """The address of a server where a database can be made; None where none runs."""
    ended = run(sys.executable, "bin/find_postgres.py")
    return ended.stdout.strip() or None


@contextmanager
def postgres_database(url: str, name: str) -> Iterator[str]:
    """An empty database of this name."""
    server = url.rpartition("/")[0].replace("postgres://", "postgresql://")
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}"')
        try:
            yield f"{url.rpartition('/')[0]}/{name}"
        finally:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
