"""`bin/venv` with a Python that only pretends: what it installs, when, and what it says when it
cannot.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.operations.server_process import ROOT, environment

pytestmark = pytest.mark.long

# Stands in for Python, and for the one in the environment it makes; writes down what pip is asked
# for.
PRETEND = f"""#!/bin/sh
here=$(cd "$(dirname "$0")" && pwd)
case "$*" in
    *version_info*) [ ! -e "$PRETEND/too-old" ] ;;
    *ensurepip*) [ ! -e "$PRETEND/no-venv" ] ;;
    "-m venv "*) mkdir -p "$3/bin" && cp "$0" "$3/bin/python" ;;
    "-m pip "*)
        [ ! -e "$PRETEND/no-network" ] || {{ echo "no network" >&2; exit 1; }}
        sleep 0.2
        echo "$*" >>"$PRETEND/asked" ;;
    *hashlib*) exec "{sys.executable}" "$@" ;;
    *django*) [ ! -e "$PRETEND/broken" ] ;;
    *) exit 9 ;;
esac
"""


class Checkout:
    """A copy of what `bin/venv` reads, in a path with a space."""

    def __init__(self, place: Path):
        self.folder = place / "my site"
        self.pretend = place / "pretend"
        self.pretend.mkdir()
        (self.folder / "bin").mkdir(parents=True)
        shutil.copy(ROOT / "bin" / "venv", self.folder / "bin" / "venv")
        for name in ("requirements.lock", "requirements-dev.lock"):
            (self.folder / name).write_text("a==1\n")
        python = self.pretend / "python3"
        python.write_text(PRETEND)
        python.chmod(0o755)

    def begin(self, *arguments: str) -> subprocess.Popen[str]:
        chosen = environment(PRETEND=str(self.pretend), PATH=f"{self.pretend}:/usr/bin:/bin")
        chosen.pop("PYTHON", None)
        return subprocess.Popen(
            [str(self.folder / "bin" / "venv"), *arguments],
            env=chosen,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def make(self, *arguments: str) -> tuple[int, str, str]:
        """Exit code, output and errors of `bin/venv`."""
        started = self.begin(*arguments)
        output, errors = started.communicate(timeout=60)
        return started.returncode, output, errors

    def asked(self) -> list[str]:
        """The lock files that were installed."""
        file = self.pretend / "asked"
        return [line.split()[-1] for line in file.read_text().splitlines()] if file.exists() else []

    def pretends(self, what: str, *, yes: bool = True) -> None:
        (self.pretend / what).touch() if yes else (self.pretend / what).unlink()


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path)


def assert_refused(ended: tuple[int, str, str], *words: str) -> None:
    code, _, errors = ended
    assert code == 1
    assert len(errors.strip().splitlines()) == 1, errors
    for word in words:
        assert word in errors


def test_too_old_python_is_one_sentence(checkout: Checkout) -> None:
    checkout.pretends("too-old")
    assert_refused(checkout.make(), "Python 3.11 or newer is needed", "PYTHON=")
    assert not (checkout.folder / ".venv").exists()


def test_missing_python_is_one_sentence(
    checkout: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = environment(PYTHON="no-such-python")
    ended = subprocess.run(
        [str(checkout.folder / "bin" / "venv")],
        env=chosen,
        capture_output=True,
        text=True,
        check=False,
    )
    assert_refused(
        (ended.returncode, ended.stdout, ended.stderr), "'no-such-python'", "apt install"
    )


def test_missing_venv_module_is_one_sentence(checkout: Checkout) -> None:
    checkout.pretends("no-venv")
    assert_refused(checkout.make(), "sudo apt install python3-venv")


def test_libraries_are_installed_once_with_their_hashes(checkout: Checkout) -> None:
    code, output, errors = checkout.make()
    assert (code, errors) == (0, "")
    assert output == "Installing the libraries (first start only) …\n"
    assert "--require-hashes" in (checkout.pretend / "asked").read_text()
    assert checkout.make() == (0, "", "")
    assert checkout.asked() == ["requirements.lock"]


def test_test_libraries_are_added(checkout: Checkout) -> None:
    checkout.make()
    checkout.make("dev")
    checkout.make("dev")
    assert checkout.asked() == ["requirements.lock", "requirements-dev.lock"]


def test_changed_lock_file_is_installed_into_the_same_venv(checkout: Checkout) -> None:
    checkout.make()
    (checkout.folder / ".venv" / "kept").touch()
    (checkout.folder / "requirements.lock").write_text("a==2\n")
    checkout.make()
    assert checkout.asked() == ["requirements.lock"] * 2
    assert (checkout.folder / ".venv" / "kept").exists()


def test_interrupted_install_is_repeated_from_nothing(checkout: Checkout) -> None:
    checkout.pretends("no-network")
    code, _, errors = checkout.make()
    assert code == 1
    assert "Check the internet connection" in errors
    (checkout.folder / ".venv" / "half").touch()
    checkout.pretends("no-network", yes=False)
    assert checkout.make()[0] == 0
    assert not (checkout.folder / ".venv" / "half").exists()


def test_broken_environment_is_rebuilt(checkout: Checkout) -> None:
    checkout.make()
    (checkout.folder / ".venv" / "old").touch()
    checkout.pretends("broken")
    checkout.make()
    assert not (checkout.folder / ".venv" / "old").exists()


@pytest.mark.skipif(not shutil.which("flock"), reason="this system has no flock")
def test_two_simultaneous_runs_install_once(checkout: Checkout) -> None:
    for started in [checkout.begin(), checkout.begin()]:
        _, errors = started.communicate(timeout=60)
        assert (started.returncode, errors) == (0, "")
    assert checkout.asked() == ["requirements.lock"]


@pytest.mark.skipif(not shutil.which("make"), reason="this system has no make")
def test_make_without_target_lists_the_commands() -> None:
    output = subprocess.run(
        ["make", "--no-print-directory"],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for name in ("run", "dev", "test", "check", "prove", "lock", "format"):
        assert f"make {name} " in output


def test_lock_files_name_no_url() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text()
        assert "://" not in text
        assert "file:" not in text
        assert "\n--" not in text
