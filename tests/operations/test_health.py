"""The health checks tell the truth, also when the database goes away."""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections import namedtuple
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client

from education.operations.health import probes
from education.operations.startup import bootstrap
from tests.operations.server_process import RunningSite, free_port, manage, running_site


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_is_ok_when_all_is_well(client: Client, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert answer["Content-Type"] == "text/plain"
    assert "no-store" in answer["Cache-Control"]
    assert not answer.cookies
    assert not answer.templates
    assert client.post(path).status_code == 405


def refuse(*verbs: str) -> Any:
    """Has the database refuse statements that begin with these."""

    def wrapper(execute: Any, sql: str, *rest: Any) -> Any:
        if sql.startswith(verbs):
            raise OperationalError("disk I/O error")
        return execute(sql, *rest)

    return connection.execute_wrapper(wrapper)


@pytest.mark.django_db
def test_database_that_does_not_answer_is_unhealthy(client: Client) -> None:
    with refuse("SELECT"):
        for path in ("/healthz", "/readyz"):
            answer = client.get(path)
            assert (answer.status_code, answer.content.decode()) == (
                503,
                f"{probes.NO_DATABASE}\n",
            )
            assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
def test_database_that_takes_no_writes_is_unhealthy_but_ready(client: Client) -> None:
    with refuse("INSERT", "UPDATE", "SAVEPOINT"):
        answer = client.get("/healthz")
        assert (answer.status_code, answer.content.decode()) == (503, f"{probes.NOT_WRITABLE}\n")
        assert client.get("/readyz").status_code == 200


@pytest.mark.django_db
def test_full_disk_is_unhealthy(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(10**9, 10**9, 10**7))
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content.decode()) == (503, f"{probes.DISK_FULL}\n")
    assert client.get("/readyz").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_database_without_tables_is_not_ready(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE publishing_document RENAME TO elsewhere")
    try:
        answer = client.get("/readyz")
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE elsewhere RENAME TO publishing_document")
    assert (answer.status_code, answer.content.decode()) == (503, f"{probes.NO_TABLES}\n")


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/search/?q=lump", "/self-check/"])
def test_page_without_the_database_is_503_and_one_line(
    path: str, capfd: pytest.CaptureFixture[str]
) -> None:
    client = Client(raise_request_exception=False)
    with refuse("SELECT"):
        answer = client.get(path)
    assert answer.status_code == 503 and answer["Retry-After"] == "60"
    assert "out of order" in answer.content.decode()
    assert "Traceback" not in capfd.readouterr().err


@pytest.mark.django_db
def test_start_waits_for_a_database_that_is_starting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tries: list[int] = []

    def starting() -> None:
        tries.append(1)
        if len(tries) < 3:
            raise OperationalError("FATAL: the database system is starting up\nmore")

    monkeypatch.setattr(connection, "ensure_connection", starting)
    monkeypatch.setattr(connection, "vendor", "postgresql")
    monkeypatch.setattr(time, "sleep", lambda seconds: None)
    lines: list[str] = []
    bootstrap._connect_when_ready(lines.append)
    assert len(tries) == 3 and len(lines) == 1
    assert "Waiting for the database" in lines[0] and "starting up" in lines[0]


@pytest.mark.django_db
def test_start_does_not_wait_with_a_wrong_password(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused() -> None:
        raise OperationalError('password authentication failed for user "clinic"')

    monkeypatch.setattr(connection, "ensure_connection", refused)
    monkeypatch.setattr(connection, "vendor", "postgresql")
    with pytest.raises(OperationalError):
        bootstrap._connect_when_ready(pytest.fail)


@pytest.mark.long
def test_start_that_waits_in_vain_says_both(tmp_path: Path) -> None:
    ended = manage(
        "serve",
        EDUCATION_DATA_DIR=str(tmp_path),
        PORT=str(free_port()),
        DATABASE_WAIT_SECONDS="1",
        DATABASE_URL=f"postgres://clinic@127.0.0.1:{free_port()}/site",
    )
    assert ended.returncode == 1
    assert "Waiting for the database, 1 seconds at most" in ended.stdout
    assert "DATABASE_URL" in ended.stderr and "Traceback" not in ended.stderr


def wait_for_new_worker(site: RunningSite, killed: int) -> None:
    end = time.monotonic() + 30
    while killed in site.workers() or len(site.workers()) < 1:
        assert time.monotonic() < end
        time.sleep(0.1)
    time.sleep(1)


def status_of(site: RunningSite, path: str) -> tuple[int, str]:
    """Asks again while a worker is being replaced."""
    for _ in range(50):
        try:
            return site.get(path)
        except OSError:
            time.sleep(0.1)
    raise AssertionError("no answer")


@pytest.mark.long
@pytest.mark.server_process
def test_deleted_database_is_noticed_and_never_made_anew(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with running_site(folder, tmp_path / "log") as site:
        for _ in range(8):
            assert site.get("/")[0] == 200
        assert site.get("/healthz") == (200, "ok\n")
        for name in ("site.sqlite3", "site.sqlite3-wal", "site.sqlite3-shm"):
            (folder / name).unlink(missing_ok=True)
        time.sleep(1)
        assert status_of(site, "/healthz") == (503, f"{probes.FILE_GONE}\n")
        assert status_of(site, "/readyz")[0] == 503
        status, page = status_of(site, "/")
        assert (status, "we cannot check" in page) == (200, True) or status == 503
        (killed, *_) = site.workers()
        os.kill(killed, signal.SIGKILL)
        wait_for_new_worker(site, killed)
        for _ in range(8):
            assert status_of(site, "/healthz")[0] == 503
            status, page = status_of(site, "/search/?q=lump")
            assert status == 503 and "out of order" in page
        assert not (folder / "site.sqlite3").exists()
        assert "Traceback" not in site.output()
    ended = manage("serve", EDUCATION_DATA_DIR=str(folder), PORT=str(free_port()))
    assert ended.returncode == 1 and "manage.py restore FILE" in ended.stderr
    assert not (folder / "site.sqlite3").exists()
