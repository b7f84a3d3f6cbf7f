"""`bin/install-chromium` installs a browser only where it may, and says no otherwise."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.operations.server_process import ROOT

pytestmark = pytest.mark.long


class Machine:
    """A machine that has nothing but what a test puts there."""

    def __init__(self, place: Path):
        self.place = place
        found = shutil.which("env")
        assert found
        (place / "env").symlink_to(found)

    def has(self, name: str, script: str) -> None:
        program = self.place / name
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)

    def run(self) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(ROOT / "bin" / "install-chromium")],
            env={"PATH": str(self.place)},
            capture_output=True,
            text=True,
            check=False,
        )

    def asked(self) -> str:
        file = self.place / "asked"
        return file.read_text() if file.exists() else ""


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A Debian without Chromium, whose apt-get brings it."""
    made = Machine(tmp_path)
    chromium = tmp_path / "chromium"
    made.has(
        "apt-get",
        f'echo "$*" >>"{tmp_path}/asked"\n'
        f'case "$*" in *install*) echo "#!/bin/sh" >"{chromium}"; /bin/chmod +x "{chromium}" ;; esac',
    )
    return made


def test_installed_browser_is_enough(machine: Machine) -> None:
    machine.has("chromium", "exit 0")
    assert machine.run().returncode == 0
    assert machine.asked() == ""


def test_browser_is_installed_for_root(machine: Machine) -> None:
    machine.has("id", "echo 0")
    ended = machine.run()
    assert ended.returncode == 0, ended.stderr
    assert "--no-install-recommends chromium fonts-dejavu-core" in machine.asked()


def test_browser_is_installed_with_sudo(machine: Machine) -> None:
    machine.has("id", "echo 1000")
    machine.has("sudo", 'shift\nexec "$@"')
    machine.has("true", "exit 0")
    assert machine.run().returncode == 0
    assert "chromium" in machine.asked()


def test_browser_is_not_installed_without_sudo_and_no_prompt(machine: Machine) -> None:
    machine.has("id", "echo 1000")
    machine.has("sudo", "exit 1")
    assert machine.run().returncode == 1
    assert machine.asked() == ""
