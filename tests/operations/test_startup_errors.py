"""What stops a start is said in one plain sentence, and the exit code says it too."""

from __future__ import annotations

import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from education.operations.startup.bind_address import display_url, resolve_free_address
from education.operations.startup.errors import StartupError
from tests.operations.server_process import ROOT, environment, free_port, manage

pytestmark = pytest.mark.long


def assert_one_sentence(ended: subprocess.CompletedProcess[str], *words: str) -> None:
    output = ended.stderr.strip()
    assert ended.returncode == 1, output
    assert "\n" not in output, output
    assert output.startswith("Cannot start: "), output
    assert "Traceback" not in ended.stdout + ended.stderr
    for word in words:
        assert word in output, output


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "eight thousand"),
        ("PORT", "0"),
        ("PORT", "70000"),
        ("DEBUG", "perhaps"),
        ("SITE_URL", "clinic.example"),
        ("SITE_URL", "http://clinic.example"),
        ("SITE_URL", "https://clinic.example/education"),
        ("SITE_URL", "https://clinic.example:port"),
        ("DATABASE_URL", "mysql://user@host/name"),
        ("DATABASE_URL", "a database"),
        ("TIME_ZONE", "Mars/Olympus"),
    ],
)
def test_bad_setting_is_named(name: str, value: str, tmp_path: Path) -> None:
    ended = manage("serve", **{"EDUCATION_DATA_DIR": str(tmp_path / "data"), name: value})
    assert_one_sentence(ended, name)
    assert len(ended.stderr) < 300


def test_all_bad_settings_are_named_at_once(tmp_path: Path) -> None:
    ended = manage("serve", EDUCATION_DATA_DIR=str(tmp_path), PORT="x", TIME_ZONE="x")
    assert_one_sentence(ended, "PORT", "TIME_ZONE")


def test_port_in_use_is_named_with_another_to_try(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        ended = manage("serve", EDUCATION_DATA_DIR=str(tmp_path), PORT=str(port))
    assert_one_sentence(ended, f"Port {port} is in use", "make run")


def test_host_of_another_machine_is_named(tmp_path: Path) -> None:
    # An address kept for documentation: no machine has it.
    ended = manage(
        "serve", EDUCATION_DATA_DIR=str(tmp_path), HOST="192.0.2.1", PORT=str(free_port())
    )
    assert_one_sentence(ended, "HOST is '192.0.2.1'")


def test_unwritable_data_folder_is_named(tmp_path: Path) -> None:
    file = tmp_path / "a file"
    file.touch()
    ended = manage("serve", EDUCATION_DATA_DIR=str(file / "data"))
    assert_one_sentence(ended, "a file/data", "EDUCATION_DATA_DIR=")


def test_unwritable_data_folder_with_a_key_elsewhere_is_named(
    tmp_path: Path,
) -> None:
    file = tmp_path / "a file"
    file.touch()
    ended = manage(
        "serve", EDUCATION_DATA_DIR=str(file / "data"), SECRET_KEY="k" * 60, PORT=str(free_port())
    )
    assert_one_sentence(ended, "a file/data", "EDUCATION_DATA_DIR=")


def test_unreachable_database_is_named(tmp_path: Path) -> None:
    ended = manage(
        "serve",
        EDUCATION_DATA_DIR=str(tmp_path),
        PORT=str(free_port()),
        DATABASE_WAIT_SECONDS="0",
        DATABASE_URL=f"postgres://clinic:a-password@127.0.0.1:{free_port()}/site",
    )
    assert_one_sentence(ended, "DATABASE_URL")
    assert "a-password" not in ended.stderr


def test_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "site.sqlite3").write_text("This is a letter, not a database. " * 100)
    ended = manage("serve", EDUCATION_DATA_DIR=str(tmp_path), PORT=str(free_port()))
    assert_one_sentence(ended, "site.sqlite3")


def test_privileged_port_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(socket.socket, "bind", refuse)
    with pytest.raises(StartupError, match=r"Port 80 .* PORT=8000 make run"):
        resolve_free_address("127.0.0.1", 80)


@pytest.mark.parametrize("host", ["", " ", "no such host", "a" * 70 + ".example", "300.0.0.1"])
def test_invalid_host_name_is_explained(host: str) -> None:
    with pytest.raises(StartupError, match="HOST is"):
        resolve_free_address(host, free_port())


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000/"),
        ("0.0.0.0", "http://127.0.0.1:8000/"),
        ("::", "http://[::1]:8000/"),
        ("192.168.0.7", "http://192.168.0.7:8000/"),
    ],
)
def test_printed_address_can_be_opened(host: str, expected: str) -> None:
    assert display_url(host, 8000) == expected


def test_simultaneous_starts_share_one_private_key(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    starts = [
        subprocess.Popen(
            [sys.executable, "-c", "from education import settings; print(settings.SECRET_KEY)"],
            cwd=ROOT,
            env=environment(EDUCATION_DATA_DIR=str(folder)),
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    keys = {start.communicate(timeout=60)[0].strip() for start in starts}
    assert keys == {(folder / "secret_key").read_text()}
    assert len(keys.pop()) >= 50
    assert stat.S_IMODE((folder / "secret_key").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert [path.name for path in folder.iterdir()] == ["secret_key"]
