"""The command lines of the programs that answer requests."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def production(host: str, port: int, base: Path) -> list[str]:
    """Granian, which takes this process over."""
    return [
        *(sys.executable, "-m", "granian", "--factory", "education.operations.worker:application"),
        *("--interface", "wsgi", "--http", "1", "--no-ws"),
        *("--host", host, "--port", str(port), "--working-dir", str(base)),
        *("--workers", str(min(2, os.cpu_count() or 1))),
        # Each thread keeps a database connection open, so they are few.
        *("--blocking-threads", "8", "--blocking-threads-idle-timeout", "600", "--backpressure", "256"),
        *("--http1-header-read-timeout", "10000"),
        *("--respawn-failed-workers", "--workers-kill-timeout", "3"),
        # What readers look for is nobody's business, the log's included.
        *("--log-level", "error", "--no-access-log"),
    ]


def autoreloading(host: str, port: int, base: Path) -> list[str]:
    """Django's own server, for maintainers."""
    place = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    return [sys.executable, str(base / "manage.py"), "runserver", place]
