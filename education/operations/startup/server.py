"""The programs that answer requests."""

from __future__ import annotations

import multiprocessing
import os
import sys
from pathlib import Path

from django.db import connections
from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.errors import FatalError
from granian.http import HTTP1Settings
from granian.log import LogLevels

from education.operations.health import database_file
from education.operations.startup import worker


def serve(host: str, port: int, base: Path) -> None:
    """Serve with Granian until stopped; raises SystemExit when it cannot start.

    Its workers are forks of this process, in which the site is loaded by then: they start at once,
    and share most of their memory.
    """
    multiprocessing.set_start_method("fork", force=True)
    worker.load_application()
    # Forked processes must not share a connection.
    connections.close_all()
    database_file.watch()
    server = Granian(
        f"{worker.__name__}:{worker.create_application.__name__}",
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        websockets=False,
        working_dir=base,
        workers=min(2, os.cpu_count() or 1),
        # Few, because each thread keeps a database connection open.
        blocking_threads=8,
        blocking_threads_idle_timeout=600,
        backpressure=256,
        http1_settings=HTTP1Settings(header_read_timeout=10_000),
        respawn_failed_workers=True,
        workers_kill_timeout=3,
        # What readers look for is private, and must not be logged.
        log_level=LogLevels.error,
        log_access=False,
    )
    try:
        server.serve()
    except FatalError as error:
        raise SystemExit(1) from error


def runserver_command(host: str, port: int, base: Path) -> list[str]:
    """The command line of Django's development server."""
    bind_address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    return [sys.executable, str(base / "manage.py"), "runserver", bind_address]
