"""A start on an empty folder serves the site without asking anything."""

from __future__ import annotations

import os
import signal
import socket
import stat
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.operations.server_process import kill, manage, running_site, start, wait_until_ready

pytestmark = pytest.mark.server_process


@dataclass
class FirstStart:
    folder: Path
    output: str
    home: tuple[int, str]
    condition: tuple[int, str]
    health: tuple[int, str]
    key: str
    seconds_to_stop: float
    exit_code: int | None


@pytest.fixture(scope="module")
def first_start(tmp_path_factory: pytest.TempPathFactory) -> FirstStart:
    """A site that was started on an empty folder, asked for some pages, and stopped."""
    place = tmp_path_factory.mktemp("first")
    folder = place / "not there yet" / "data"
    with running_site(folder, place / "log") as site:
        home, health = site.get("/"), site.get("/healthz")
        condition = site.get("/conditions/fatty-bumps-on-the-back/")
        site.get("/search/?q=a-private-worry")
        key = (folder / "secret_key").read_text()
        seconds = site.stop(signal.SIGTERM)
        return FirstStart(
            folder, site.output(), home, condition, health, key, seconds, site.process.returncode
        )


def test_first_start_serves_the_site_with_its_content(first_start: FirstStart) -> None:
    assert first_start.home[0] == 200, first_start.output
    assert first_start.condition[0] == 200, first_start.output
    assert "/handouts/fatty-bumps-on-the-back/" in first_start.condition[1]


def test_health_is_a_line_of_text(first_start: FirstStart) -> None:
    assert first_start.health == (200, "ok\n")


def test_first_start_prints_address_and_account_command(
    first_start: FirstStart,
) -> None:
    assert "The site is at http://127.0.0.1:" in first_start.output
    assert f"EDUCATION_DATA_DIR='{first_start.folder}'" in first_start.output
    assert "manage.py createsuperuser" in first_start.output
    assert "Traceback" not in first_start.output


def test_reader_requests_are_never_logged(first_start: FirstStart) -> None:
    assert "a-private-worry" not in first_start.output
    assert "/conditions/" not in first_start.output


def test_files_of_the_first_start_are_readable_by_owner_only(first_start: FirstStart) -> None:
    def mode(path: Path) -> int:
        return stat.S_IMODE(path.stat().st_mode)

    assert mode(first_start.folder) == 0o700
    assert mode(first_start.folder / "secret_key") == 0o600
    assert mode(first_start.folder / "site.sqlite3") == 0o600


def test_sigterm_ends_the_site_at_once(first_start: FirstStart) -> None:
    assert first_start.exit_code == 0
    assert first_start.seconds_to_stop < 4


def test_second_start_is_ready_in_five_seconds_with_the_same_key(
    first_start: FirstStart, tmp_path: Path
) -> None:
    with running_site(first_start.folder, tmp_path / "log") as site:
        assert site.get("/conditions/fatty-bumps-on-the-back/")[0] == 200
        assert "Loading" not in site.output()
        assert "Collected" not in site.output()
    assert site.seconds < 5
    assert (first_start.folder / "secret_key").read_text() == first_start.key


def test_account_command_is_not_printed_with_an_account(
    first_start: FirstStart, tmp_path: Path
) -> None:
    made = manage(
        "createsuperuser",
        "--no-input",
        "--username=anna",
        "--email=anna@clinic.example",
        EDUCATION_DATA_DIR=str(first_start.folder),
        DJANGO_SUPERUSER_PASSWORD="a long pass phrase",
    )
    assert made.returncode == 0, made.stderr
    with running_site(first_start.folder, tmp_path / "log") as site:
        assert "createsuperuser" not in site.output()


def test_ctrl_c_ends_the_site_at_once(first_start: FirstStart, tmp_path: Path) -> None:
    with running_site(first_start.folder, tmp_path / "log") as site:
        # The terminal tells every process of the site. A worker still starting is given three
        # seconds.
        assert site.stop(signal.SIGINT, whole_group=True) < 4
        assert site.process.returncode == 0
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", site.port)) != 0


def test_two_simultaneous_first_starts_both_serve(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    sites = [start(folder, tmp_path / name) for name in ("one", "two")]
    try:
        for site in sites:
            wait_until_ready(site)
            assert site.get("/conditions/fatty-bumps-on-the-back/")[0] == 200
        assert sum("Loading the content" in site.output() for site in sites) == 1
    finally:
        for site in sites:
            kill(site)


def test_change_is_shown_by_every_process_a_second_later(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with running_site(folder, tmp_path / "log") as site:
        before = [site.get("/") for _ in range(20)]
        assert all("Hill Street Clinic" not in page for _status, page in before)
        rename = "from education.clinic.models import Clinic; Clinic(pk=1, name='Hill Street Clinic').save()"
        assert manage("shell", "-c", rename, EDUCATION_DATA_DIR=str(folder)).returncode == 0
        time.sleep(1)
        after = [site.get("/") for _ in range(20)]
        assert all(status == 200 and "Hill Street Clinic" in page for status, page in after)


def test_dead_processes_are_replaced(first_start: FirstStart, tmp_path: Path) -> None:
    with running_site(first_start.folder, tmp_path / "log") as site:
        workers = site.workers()
        assert workers
        for worker in workers:
            os.kill(worker, signal.SIGKILL)
        until = time.monotonic() + 20
        while site.workers() & workers or len(site.workers()) < len(workers):
            assert time.monotonic() < until, site.output()
            time.sleep(0.1)
        wait_until_ready(site, 20)
        assert site.get("/conditions/fatty-bumps-on-the-back/")[0] == 200
