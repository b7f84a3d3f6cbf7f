"""A program of ours that runs apart from the site: without its secrets, within limits, ended in
time.

Its own module imports this, too, for `limit_resources`, so nothing here may need the site.
"""

from __future__ import annotations

import contextlib
import os
import resource
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

# Of what the site knows, the other gets nothing more: no key, no database, no password.
_PASSED_ON = ("PATH", "LANG", "LC_ALL", "HOME")


def start(module: str, *arguments: str, folder: Path) -> subprocess.Popen[bytes]:
    """Start `python -m module`, which reads its orders and writes its answers through pipes."""
    return subprocess.Popen(  # noqa: S603  nothing of it comes from a request
        [sys.executable, "-m", module, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        env={name: os.environ[name] for name in _PASSED_ON if name in os.environ},
        start_new_session=True,
    )


@contextlib.contextmanager
def ended_after(process: subprocess.Popen[bytes], seconds: float) -> Iterator[threading.Event]:
    """End `process` when the time is up, and say that it was."""
    late = threading.Event()

    def end() -> None:
        late.set()
        process.kill()

    clock = threading.Timer(seconds, end)
    clock.daemon = True
    clock.start()
    try:
        yield late
    finally:
        clock.cancel()


def limit_resources(memory: int) -> None:
    """Called in the program itself: `memory` bytes at most, behind all who serve readers, and no
    file is ever written.

    What it works on may be about one person: nothing is left even when it breaks down.
    """
    os.nice(10)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    for limit in (resource.RLIMIT_CORE, resource.RLIMIT_FSIZE):
        resource.setrlimit(limit, (0, 0))
