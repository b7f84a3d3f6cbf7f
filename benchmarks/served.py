"""A site with the shipped content, served from a temporary folder as `make run` serves it."""

from __future__ import annotations

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
START_SECONDS = 120
PAGES = {
    "home": "/",
    "condition": "/conditions/white-discharge-from-back-spots/",
    "cause": "/causes/keratin-build-up/",
    "checklist": "/when-to-see-a-doctor/back-skin/",
    "search": "/search/?q=itch",
}
CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def chromium() -> str | None:
    """The browser of the machine."""
    return shutil.which("chromium")


@contextmanager
def site(host: str = "") -> Iterator[str]:
    """The address of a site that answers every page of PAGES, each kept as readers get it.

    `host`: that of a public site, which is asked as its proxy asks it.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    with tempfile.TemporaryDirectory() as folder:
        env = {**os.environ, "EDUCATION_DATA_DIR": folder, "HOST": "127.0.0.1", "PORT": str(port)}
        for name in ("DATABASE_URL", "SITE_URL", "DEBUG"):
            env.pop(name, None)
        if host:
            env["SITE_URL"] = f"https://{host}"
        log = Path(folder) / "served.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "manage.py", "serve"],
                cwd=ROOT,
                env=env,
                start_new_session=True,
                stdout=output,
                stderr=output,
            )
        try:
            _wait(process, port, log, proxied(host))
            # Several workers keep pages, each its own.
            for _time in range(6):
                for path in PAGES.values():
                    status = get(port, path, headers=proxied(host))[0]
                    if status != 200:
                        raise SystemExit(f"{path} answered {status}")
            yield f"http://127.0.0.1:{port}"
        finally:
            _end(process)


def proxied(host: str) -> dict[str, str]:
    """The headers that the proxy of a public site adds."""
    return {"Host": host, "X-Forwarded-Proto": "https"} if host else {}


def get(
    port: int, path: str, encoding: str = "br", headers: Mapping[str, str] | None = None
) -> tuple[int, bytes]:
    """The status and the bytes of an answer as they are sent."""
    asked = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        asked.request("GET", path, headers={"Accept-Encoding": encoding, **(headers or {})})
        answer = asked.getresponse()
        return answer.status, answer.read()
    finally:
        asked.close()


def _wait(
    process: subprocess.Popen[bytes], port: int, log: Path, headers: Mapping[str, str]
) -> None:
    began = time.monotonic()
    while True:
        with suppress(OSError, http.client.HTTPException):
            get(port, "/", headers=headers)
            return
        if process.poll() is not None or time.monotonic() - began > START_SECONDS:
            raise SystemExit(f"The site does not start:\n{log.read_text()[-2000:]}")
        time.sleep(0.1)


def _end(process: subprocess.Popen[bytes]) -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        if process.poll() is None:
            os.killpg(process.pid, number)
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=10)
