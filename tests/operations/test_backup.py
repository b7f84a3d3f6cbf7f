"""Backups: what is in one, who can open it, and which are kept."""

from __future__ import annotations

import os
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from education.operations.backup.backup_folder import BackupFile, Retention
from tests.operations import backup_site
from tests.operations.backup_site import Site
from tests.operations.server_process import ROOT, environment

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Site:
    folder = tmp_path_factory.mktemp("original") / "data"
    backup_site.fill(folder)
    return Site(folder)


@pytest.fixture
def site(original: Site, tmp_path: Path) -> Site:
    return backup_site.copy(original, tmp_path / "data")


def test_backup_is_private_and_says_where_its_keys_are(site: Site) -> None:
    ended = site.manage("backup")
    assert ended.returncode == 0, ended.stderr
    (made,) = site.backups
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    assert stat.S_IMODE(made.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(site.identity.stat().st_mode) == 0o600
    for words in (str(made), "3 uploads", str(site.identity), str(site.folder / "secret_key")):
        assert words in ended.stdout
    assert b"secret_key" not in made.read_bytes()
    assert [path.name for path in made.parent.iterdir()] == [made.name]


def test_backup_for_a_recipient_makes_no_key_here(site: Site, tmp_path: Path) -> None:
    other = backup_site.copy(site, tmp_path / "other")
    other.backup()
    recipient = other.identity.read_text().split("public key: ")[1].split()[0]
    ended = site.manage("backup", BACKUP_RECIPIENT=recipient)
    assert ended.returncode == 0 and "BACKUP_RECIPIENT" in ended.stdout
    assert not site.identity.exists()
    (made,) = site.backups
    empty = Site(tmp_path / "empty")
    assert empty.restore(made, "--identity", str(other.identity)).returncode == 0
    assert empty.rows() == site.rows()


def test_backup_for_a_bad_recipient_is_refused(site: Site) -> None:
    ended = site.manage("backup", BACKUP_RECIPIENT="age1nobody")
    assert (ended.returncode, site.backups) == (1, [])
    assert "BACKUP_RECIPIENT" in ended.stderr and "Traceback" not in ended.stderr


def test_backup_of_no_database_makes_none(tmp_path: Path) -> None:
    empty = Site(tmp_path / "data")
    ended = empty.manage("backup")
    assert ended.returncode == 1
    assert "There is no database to back up" in ended.stderr
    assert empty.backups == [] and not (empty.folder / "site.sqlite3").exists()


def test_missing_upload_is_named(site: Site) -> None:
    name = "f" * 32 + ".webp"
    site.python(
        "from education.media.models import Image\n"
        f"Image.objects.create(name={name!r}, width=1, height=1, bytes=1)"
    )
    ended = site.manage("backup")
    assert ended.returncode == 0 and f"{name} is missing" in ended.stderr


def write_pairs(file: Path, stop: threading.Event) -> int:
    """Write two rows in each transaction; the number of transactions."""
    database = sqlite3.connect(file, timeout=30, isolation_level=None)
    number = 0
    while not stop.is_set():
        number += 1
        database.execute("BEGIN IMMEDIATE")
        for window in (number, 1_000_000 + number):
            database.execute(
                "INSERT INTO web_throttlecounter (scope, window, bucket, count) VALUES ('load', ?, 0, 0)",
                [window],
            )
        database.execute("COMMIT")
    database.close()
    return number


SAMPLES = 200 if "PROVE_EXAMPLES" in os.environ else 2


@pytest.mark.prove
def test_backups_under_load_are_whole(site: Site, tmp_path: Path) -> None:
    stop, numbers = threading.Event(), []
    writer = threading.Thread(
        target=lambda: numbers.append(write_pairs(site.folder / "site.sqlite3", stop))
    )
    writer.start()
    try:
        for sample in range(SAMPLES):
            made = site.backup("--keep-days", "1", "--keep-weeks", "1", "--keep-months", "1")
            restored = Site(tmp_path / f"restored-{sample}")
            ended = restored.restore(made, "--identity", str(site.identity))
            assert ended.returncode == 0, ended.stderr
            database = sqlite3.connect(restored.folder / "site.sqlite3")
            query = "SELECT count(*) FROM web_throttlecounter WHERE window {} 1000000"
            first, second = (database.execute(query.format(o)).fetchone()[0] for o in "<>")
            assert first == second > 0
            assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            database.close()
            made.unlink()
    finally:
        stop.set()
        writer.join()
    assert numbers[0] > 0


@pytest.mark.prove
def test_killed_backup_never_counts_as_one(site: Site) -> None:
    for sample in range(1000 if "PROVE_EXAMPLES" in os.environ else 3):
        process = subprocess.Popen(
            [sys.executable, "manage.py", "backup"],
            cwd=ROOT,
            env=environment(EDUCATION_DATA_DIR=str(site.folder)),
            stdout=subprocess.DEVNULL,
        )
        time.sleep(0.5 + sample % 100 / 80)
        process.send_signal(signal.SIGKILL)
        process.wait()
    for made in site.backups:
        made.unlink()
    site.backup()
    assert site.manage("restore_drill").returncode == 0
    left = {path.name for path in site.folder.iterdir() if path.name.startswith(".backup-")}
    assert not left and len(list((site.folder / "backups").iterdir())) == 1


@pytest.mark.prove
def test_full_disk_makes_no_backup(site: Site) -> None:
    """The size of a file that may be written is limited: the system refuses as on a full disk."""
    samples = 100 if "PROVE_EXAMPLES" in os.environ else 2
    for sample in range(samples):
        ended = subprocess.run(
            [
                sys.executable,
                "-c",
                (
                    "import resource, runpy, signal, sys\n"
                    "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
                    "limit = int(sys.argv.pop(1))\n"
                    "resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))\n"
                    "sys.argv = ['manage.py', 'backup']\n"
                    "runpy.run_path('manage.py', run_name='__main__')\n"
                ),
                str(200 + sample * 25_000 // samples),
            ],
            cwd=ROOT,
            env=environment(EDUCATION_DATA_DIR=str(site.folder)),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert ended.returncode == 1
        assert ended.stderr.startswith("CommandError: No backup was made."), ended.stderr
        assert list((site.folder / "backups").iterdir()) == []


def test_second_backup_at_the_same_time_is_refused(site: Site) -> None:
    code = (
        "from education.operations.backup.backup_folder import work_folder\n"
        "import subprocess, sys\n"
        "with work_folder():\n"
        "    ended = subprocess.run([sys.executable, 'manage.py', 'backup'], capture_output=True, text=True)\n"
        "print(ended.returncode, ended.stderr)"
    )
    assert site.python(code).startswith("1 CommandError: No backup was made. Another backup")


def backups(*days: float) -> list[BackupFile]:
    newest = datetime(2026, 11, 30, 12, tzinfo=UTC)
    made = (newest - timedelta(days=day) for day in days)
    return [BackupFile(at, Path(f"{at:%Y%m%d}")) for at in made]


def test_newest_of_each_day_week_and_month_is_kept() -> None:
    daily = backups(*(number / 2 for number in range(800)))
    expired = Retention(days=7, weeks=5, months=12).expired(daily)
    kept = [backup for backup in daily if backup not in expired]
    assert daily[0] in kept
    assert 17 <= len(kept) <= 24
    assert len({backup.made_at.date() for backup in kept}) == len(kept)
    assert kept[-1].made_at < datetime(2026, 1, 1, tzinfo=UTC)


def test_clock_that_jumps_makes_no_backup_old() -> None:
    found = [*backups(0, 1, 2), *backups(-400)]
    assert Retention(days=7, weeks=5, months=12).expired(found) == []
    assert found[3] not in Retention(days=1, weeks=0, months=0).expired(found)


def test_keeping_nothing_still_keeps_the_newest() -> None:
    found = backups(0, 1)
    assert Retention(days=0, weeks=0, months=0).expired(found) == [found[1]]


def test_unfinished_and_other_files_are_no_backups(tmp_path: Path) -> None:
    for name in (".partial.zip.age", "education-x.zip.age", "notes.txt"):
        (tmp_path / name).touch()
        assert BackupFile.from_path(tmp_path / name) is None
