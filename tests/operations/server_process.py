"""The program itself, started as a clinic starts it: in a process, with a data folder
of its own.
"""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_OURS = (
    "EDUCATION_DATA_DIR",
    "SITE_URL",
    "DATABASE_URL",
    "SECRET_KEY",
    "HOST",
    "PORT",
    "DEBUG",
    "TIME_ZONE",
    "BACKUP_DIR",
    "BACKUP_IDENTITY",
    "BACKUP_RECIPIENT",
    "DATABASE_WAIT_SECONDS",
    "STALE_PAGES_MINUTES",
)


def environment(**chosen: str) -> dict[str, str]:
    """The environment of this test run, with `chosen` as the only settings of the site."""
    kept = {name: value for name, value in os.environ.items() if name not in _OURS}
    # A warning of a library is no output of ours.
    kept.pop("PYTHONWARNINGS", None)
    return {**kept, **chosen}


def run(*command: str, cwd: Path = ROOT, **chosen: str) -> subprocess.CompletedProcess[str]:
    """`command`, run to its end."""
    return subprocess.run(
        command,
        cwd=cwd,
        env=environment(**chosen),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        stdin=subprocess.DEVNULL,
    )


def manage(*arguments: str, **chosen: str) -> subprocess.CompletedProcess[str]:
    """`manage.py`, run to its end."""
    return run(sys.executable, "manage.py", *arguments, **chosen)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class RunningSite:
    """A started site."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path
    seconds: float = 0.0

    def get(self, path: str) -> tuple[int, str]:
        """Status and body of one page."""
        asked = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            asked.request("GET", path)
            answer = asked.getresponse()
            return answer.status, answer.read().decode()
        finally:
            asked.close()

    def output(self) -> str:
        """Everything it printed so far."""
        return self.log.read_text()

    def workers(self) -> set[int]:
        """The ids of the processes that answer."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return {int(number) for number in children.read_text().split()}

    def stop(self, number: signal.Signals, *, whole_group: bool = False) -> float:
        """Send a signal, and wait for the end; the seconds it took."""
        began = time.monotonic()
        if whole_group:
            os.killpg(self.process.pid, number)
        else:
            self.process.send_signal(number)
        self.process.wait(timeout=30)
        return time.monotonic() - began


def start(folder: Path, log: Path) -> RunningSite:
    """Start the site on `folder`, and do not wait for it."""
    port = free_port()
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "serve"],
            cwd=ROOT,
            env=environment(EDUCATION_DATA_DIR=str(folder), PORT=str(port)),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    return RunningSite(process, port, log)


def wait_until_ready(site: RunningSite, limit: float = 120) -> None:
    """Ask the home page until it answers; raises AssertionError with what the site said."""
    began = time.monotonic()
    while time.monotonic() - began < limit:
        assert site.process.poll() is None, f"the site ended by itself:\n{site.output()}"
        try:
            site.get("/")
        except OSError:
            time.sleep(0.05)
        else:
            site.seconds = time.monotonic() - began
            return
    raise AssertionError(f"no answer within {limit} seconds:\n{site.output()}")


def kill(site: RunningSite) -> None:
    """Leave no process behind, whatever happened."""
    if site.process.poll() is None:
        os.killpg(site.process.pid, signal.SIGKILL)
        site.process.wait(timeout=30)


@contextmanager
def running_site(folder: Path, log: Path) -> Iterator[RunningSite]:
    """A site that answers, ended afterwards."""
    site = start(folder, log)
    try:
        wait_until_ready(site)
        yield site
    finally:
        kill(site)
