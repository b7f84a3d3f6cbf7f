"""The doctor says what is well, what is not, and what to do."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from education.operations.health.findings import Finding, Level, examine
from tests.operations import backup_site
from tests.operations.backup_site import Site
from tests.operations.server_process import RunningSite, running_site

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, RunningSite]]:
    """A served site that was backed up."""
    folder = tmp_path_factory.mktemp("doctor") / "data"
    backup_site.fill(folder)
    site = Site(folder)
    with running_site(folder, folder.parent / "log") as served:
        yield site, served


@pytest.fixture
def site(running: tuple[Site, RunningSite]) -> Site:
    return running[0]


@pytest.fixture
def url(running: tuple[Site, RunningSite]) -> str:
    return f"http://127.0.0.1:{running[1].port}"


def levels(site: Site, url: str) -> dict[str, set[str]]:
    """The levels of each name, as a program reads them."""
    ended = site.manage("doctor", "--json", "--url", url)
    report = json.loads(ended.stdout)
    assert ended.returncode == ["green", "yellow", "red"].index(report["level"]), ended.stderr
    found: dict[str, set[str]] = {}
    for finding in report["findings"]:
        found.setdefault(finding["name"], set()).add(finding["level"])
        assert finding["level"] == "green" or finding["action"], finding
    return found


def test_doctor_is_red_until_a_backup_was_restored(site: Site, url: str) -> None:
    before = levels(site, url)
    assert (before["backup"], before["drill"]) == ({"red"}, {"red"})
    site.backup()
    assert site.manage("restore_drill").returncode == 0
    after = levels(site, url)
    for name in ("backup", "drill", "database", "migrations", "content", "files", "disk", "clock"):
        assert after[name] == {"green"}, name
    assert after["from outside"] == {"green"} and after["fonts"] == {"green"}
    assert after["settings"] == after["mail"] == after["timers"] == {"yellow"}


def test_doctor_for_people_says_what_to_do(site: Site, url: str) -> None:
    ended = site.manage("doctor", "--url", "http://127.0.0.1:9")
    assert ended.returncode == 2
    assert "red     from outside" in ended.stdout and "To do: " in ended.stdout
    assert site.manage("doctor", "--url", "clinic").returncode == 2


def test_doctor_sees_a_file_that_others_may_read(site: Site, url: str) -> None:
    key = site.folder / "secret_key"
    site.folder.chmod(0o755)
    key.chmod(0o644)
    try:
        assert "red" in levels(site, url)["files"]
    finally:
        key.chmod(0o600)
        site.folder.chmod(0o700)


def test_doctor_sees_old_backups_and_a_bad_drill(site: Site, url: str) -> None:
    made = site.backup()
    for file in site.backups:
        if file != made:
            file.unlink()
    old = made.rename(made.with_name("education-20200101T000000Z.zip.age"))
    old.write_bytes(old.read_bytes()[:-1])
    assert site.manage("restore_drill").returncode == 1
    found = levels(site, url)
    assert (found["backup"], found["drill"]) == ({"red"}, {"red"})


def test_doctor_sees_a_changed_edition_and_a_lost_trigger(
    site: Site, url: str, tmp_path: Path
) -> None:
    other = backup_site.copy(site, tmp_path / "data")
    database = sqlite3.connect(other.folder / "site.sqlite3")
    database.execute("DROP TRIGGER publishing_edition_no_update")
    database.execute("UPDATE publishing_edition SET data = '{}' WHERE id = 2")
    database.commit()
    database.close()
    found = levels(other, url)
    assert found["content"] == {"red"} and found["database"] == {"red"}


def test_doctor_sees_a_clock_that_went_back(site: Site, url: str, tmp_path: Path) -> None:
    other = backup_site.copy(site, tmp_path / "data")
    other.python(
        "from datetime import timedelta\n"
        "from django.utils import timezone\n"
        "from education.audit.models import AuditLogEntry\n"
        f"AuditLogEntry.objects.create(created_at=timezone.now() + timedelta(days={timedelta(days=2).days}))"
    )
    assert levels(other, url)["clock"] == {"red"}


def test_examination_that_fails_does_not_stop_the_others() -> None:
    def broken() -> Iterator[Finding]:
        raise RuntimeError("it broke\nin two lines")

    found = examine([("first", broken), ("second", lambda: [Finding("b", Level.GREEN, "ok")])])
    assert [finding.level for finding in found] == [Level.RED, Level.GREEN]
    assert "it broke" in found[0].message and "two" not in found[0].message
