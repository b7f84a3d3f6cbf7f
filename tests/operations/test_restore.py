"""A backup goes back whole, into either database, or nothing is changed."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pyrage
import pytest

from education.operations.backup import encryption
from tests.operations import backup_site
from tests.operations.backup_site import Site
from tests.operations.server_process import ROOT, running_site

pytestmark = pytest.mark.long

RELEASE = ROOT / "tests" / "upgrade" / "0.1.0.sql"


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A site with one backup."""
    folder = tmp_path_factory.mktemp("original") / "data"
    backup_site.fill(folder)
    site = Site(folder)
    site.backup("--with-secret-key")
    return site


@pytest.fixture
def site(original: Site, tmp_path: Path) -> Site:
    return backup_site.copy(original, tmp_path / "data")


@pytest.fixture
def empty(tmp_path: Path) -> Site:
    return Site(tmp_path / "empty")


@pytest.fixture
def postgres(tmp_path: Path) -> Iterator[Site]:
    url = backup_site.find_postgres()
    if url is None:
        pytest.skip("no PostgreSQL runs here")
    with backup_site.postgres_database(url, "education_restore_test") as database:
        yield Site(tmp_path / "postgres", database)


def opened_with(site: Site) -> tuple[str, str]:
    return "--identity", str(site.identity)


def assert_history_is_kept(site: Site) -> None:
    """The database refuses to change an edition, and numbers go on after those that were used."""
    site.python(
        "from django.db import IntegrityError, connection, transaction\n"
        "from django.contrib.auth.models import User\n"
        "from education.publishing.models import Edition\n"
        "from education.search import indexing\n"
        "try:\n"
        "    with transaction.atomic(): Edition.objects.update(note='Other')\n"
        "    raise SystemExit('changed')\n"
        "except IntegrityError: pass\n"
        "assert indexing.is_up_to_date()\n"
        "assert User.objects.create_user('new').pk == 3, User.objects.values_list('pk', 'username')\n"
    )


def test_restored_site_is_the_same_and_leaves_no_journal(original: Site, empty: Site) -> None:
    ended = empty.restore(original.backups[0], *opened_with(original))
    assert ended.returncode == 0, ended.stderr
    assert empty.rows() == original.rows()
    files = empty.files()
    assert {name for name in files if name.startswith("site.sqlite3")} == {"site.sqlite3"}
    for name, data in original.files().items():
        if name.startswith("uploads/"):
            assert files[name] == data
    assert_history_is_kept(empty)
    (key,) = [data for name, data in original.files().items() if name == "secret_key"]
    assert files["secret_key"] != key
    ended = empty.restore(
        original.backups[0], *opened_with(original), "--replace", "--with-secret-key"
    )
    assert ended.returncode == 0 and empty.files()["secret_key"] == key


def test_backup_goes_to_postgresql_and_back(original: Site, postgres: Site, empty: Site) -> None:
    ended = postgres.restore(original.backups[0], *opened_with(original))
    assert ended.returncode == 0, ended.stderr
    assert postgres.rows() == original.rows()
    refused = postgres.restore(original.backups[0], *opened_with(original))
    assert refused.returncode == 1 and "--replace" in refused.stderr
    made = postgres.backup()
    assert postgres.manage("restore_drill").returncode == 0
    ended = empty.restore(made, *opened_with(postgres))
    assert ended.returncode == 0, ended.stderr
    assert empty.rows() == original.rows()
    assert_history_is_kept(empty)
    assert_history_is_kept(postgres)
    ended = postgres.restore(original.backups[0], *opened_with(original), "--replace")
    assert ended.returncode == 0 and postgres.rows() == original.rows()


def test_site_is_only_replaced_when_asked(site: Site) -> None:
    before = site.files()
    refused = site.restore(site.backups[0])
    assert refused.returncode == 1 and "--replace" in refused.stderr
    assert site.files() == before
    site.python("from education.clinic.models import Clinic\nClinic(name='Later').save()")
    rows = site.rows()
    stray = site.folder / "uploads" / ("e" * 32 + ".webp")
    stray.write_bytes(b"later")
    ended = site.restore(site.backups[0], "--replace")
    assert ended.returncode == 0, ended.stderr
    assert "Later" not in site.rows() and not stray.exists()
    (kept,) = site.folder.glob("site.sqlite3.before-restore-*")
    assert str(kept) in ended.stdout
    old = Site(site.folder.parent / "old", f"sqlite:///{kept}")
    assert old.rows() == rows


def test_damaged_database_is_replaced_without_its_journal(site: Site) -> None:
    rows = site.rows()
    (site.folder / "site.sqlite3").write_bytes(b"This is a letter. " * 1000)
    for journal in ("-wal", "-shm"):
        (site.folder / f"site.sqlite3{journal}").write_bytes(b"stale" * 1000)
    ended = site.restore(site.backups[0], "--replace")
    assert ended.returncode == 0, ended.stderr
    assert not [path.name for path in site.folder.glob("site.sqlite3-*")]
    assert site.rows() == rows


def test_running_site_is_not_replaced(site: Site, tmp_path: Path) -> None:
    with running_site(site.folder, tmp_path / "log"):
        rows = site.rows()
        refused = site.restore(site.backups[0], "--replace")
        assert refused.returncode == 1 and "The site is running" in refused.stderr
        assert site.rows() == rows


def altered(file: Path, change: str, target: Path) -> Path:
    data = bytearray(file.read_bytes())
    match change:
        case "cut":
            del data[-1:]
        case "cut in half":
            del data[len(data) // 2 :]
        case "one bit":
            data[len(data) // 2] ^= 1
        case "its head":
            data[30] ^= 1
        case "longer":
            data += b"x"
        case "empty":
            data.clear()
        case "a letter":
            data[:] = b"Dear clinic, " * 100
    target.write_bytes(data)
    return target


@pytest.mark.parametrize(
    "change", ["cut", "cut in half", "one bit", "its head", "longer", "empty", "a letter"]
)
def test_damaged_backup_changes_nothing(change: str, site: Site, tmp_path: Path) -> None:
    file = altered(site.backups[0], change, tmp_path / "file.age")
    before = site.files()
    refused = site.restore(file, "--replace")
    assert refused.returncode == 1, change
    assert refused.stderr.startswith("CommandError: Not restored. file.age ")
    assert refused.stderr.count("\n") == 1 and "Nothing was changed" in refused.stderr
    assert site.files() == before


def test_wrong_key_changes_nothing(site: Site, tmp_path: Path) -> None:
    before = site.files()
    other = tmp_path / "other"
    other.write_text(str(pyrage.x25519.Identity.generate()))
    refused = site.restore(site.backups[0], "--replace", "--identity", str(other))
    assert refused.returncode == 1 and "another key" in refused.stderr
    for content in ("no key", "AGE-SECRET-KEY-1BROKEN"):
        other.write_text(content)
        refused = site.restore(site.backups[0], "--replace", "--identity", str(other))
        assert refused.returncode == 1 and str(other) in refused.stderr
    assert site.files() == before


def resealed(site: Site, target: Path, change: dict[str, bytes | None]) -> Path:
    """The site's backup with other files in it, locked again: what a forger could make."""
    plain, forged = target.with_suffix(".zip"), target.with_suffix(".forged")
    identity = encryption.load_identity(site.identity)
    encryption.decrypt(site.backups[0], plain, identity)
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(forged, "w") as new:
        for name in old.namelist():
            data = change.get(name, old.read(name))
            if data is not None:
                new.writestr(name, data)
        for name in change.keys() - old.namelist():
            new.writestr(name, change[name] or b"")
    encryption.encrypt(forged, target, identity.to_public())
    plain.unlink()
    forged.unlink()
    return target


@pytest.mark.parametrize(
    "change",
    [
        {"tables/auth_user.jsonl": b"[1]\n"},
        {"tables/auth_user.jsonl": None},
        {"uploads/../../escaped": b"x"},
        {"manifest.json": b"{}"},
        {"manifest.json": None},
    ],
    ids=lambda change: " ".join(change),
)
def test_forged_backup_changes_nothing(
    change: dict[str, bytes | None], site: Site, tmp_path: Path
) -> None:
    file = resealed(site, tmp_path / "forged.age", change)
    before = site.files()
    refused = site.restore(file, "--replace")
    assert refused.returncode == 1 and "The backup is damaged" in refused.stderr
    assert site.files() == before
    assert not (tmp_path / "escaped").exists()


def test_backup_of_a_later_version_changes_nothing(site: Site, tmp_path: Path) -> None:
    plain = tmp_path / "plain.zip"
    encryption.decrypt(site.backups[0], plain, encryption.load_identity(site.identity))
    manifest = zipfile.ZipFile(plain).read("manifest.json")
    later = manifest.replace(b'"0001_initial"', b'"9999_later"', 1)
    assert later != manifest
    file = resealed(site, tmp_path / "later.age", {"manifest.json": later})
    before = site.files()
    refused = site.restore(file, "--replace")
    assert refused.returncode == 1 and "newer than this program" in refused.stderr
    assert site.files() == before


def test_backup_of_an_older_version_is_migrated(tmp_path: Path, postgres: Site) -> None:
    old = Site(tmp_path / "old")
    old.folder.mkdir()
    database = sqlite3.connect(old.folder / "site.sqlite3")
    database.executescript(RELEASE.read_text())
    database.close()
    made = old.backup()
    for restored in (Site(tmp_path / "new"), postgres):
        ended = restored.restore(made, *opened_with(old))
        assert ended.returncode == 0, ended.stderr
        assert restored.manage("migrate", "--check").returncode == 0
        count = "from education.publishing.models import *\nprint(Edition.objects.count(), Review.objects.count())"
        editions, reviews = map(int, restored.python(count).split())
        assert editions > 5 and reviews > 5


def test_killed_restore_leaves_the_old_site_or_the_new(site: Site) -> None:
    new = site.rows()
    site.python("from education.clinic.models import Clinic\nClinic(name='Later').save()")
    old = site.rows()
    for seconds in (1.0, 2.0, 3.0):
        with suppress(subprocess.TimeoutExpired):
            subprocess.run(
                [sys.executable, "manage.py", "restore", str(site.backups[0]), "--replace"],
                cwd=ROOT,
                env=backup_site.environment(EDUCATION_DATA_DIR=str(site.folder)),
                capture_output=True,
                timeout=seconds,
                check=False,
            )
        assert site.rows() in (old, new)
    assert site.restore(site.backups[0], "--replace").returncode == 0
    assert site.rows() == new


def test_drill_finds_an_edition_or_upload_that_changed(site: Site) -> None:
    good = site.manage("restore_drill")
    assert good.returncode == 0 and "3 uploads are as they are in the site" in good.stdout
    upload = next((site.folder / "uploads").iterdir())
    upload.write_bytes(b"other")
    database = sqlite3.connect(site.folder / "site.sqlite3")
    database.execute("DROP TRIGGER publishing_edition_no_update")
    database.execute("UPDATE publishing_edition SET note = 'Other' WHERE id = 2")
    database.commit()
    database.close()
    bad = site.manage("restore_drill")
    assert bad.returncode == 1
    assert "Edition 2 is not as it is in the site." in bad.stderr
    assert f"The upload {upload.name} is not as it is in the site." in bad.stderr


def test_drill_of_a_damaged_backup_fails(site: Site) -> None:
    altered(site.backups[0], "one bit", site.backups[0])
    bad = site.manage("restore_drill")
    assert bad.returncode == 1 and "damaged" in bad.stderr
    site.backups[0].unlink()
    none = site.manage("restore_drill")
    assert none.returncode == 1 and "There is no backup" in none.stderr
