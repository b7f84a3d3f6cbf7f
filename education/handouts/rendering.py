"""HTML becomes a PDF in a process of its own, which is ended when it takes too long or too much
memory.
"""

from __future__ import annotations

import atexit
import contextlib
import ctypes
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

VERSION = 1
"""Part of every PDF's cache key: raise it whenever the same HTML gives another PDF."""

TO_INSTALL = "sudo apt install libpango-1.0-0 libpangoft2-1.0-0 fonts-dejavu-core fonts-liberation"
SECONDS = 30
SECONDS_TO_WAIT = 20
PAGES = 200
# The libraries keep what they once laid out; a fresh process now and then gives it back.
ORDERS = 200


class CannotPrint(Exception):
    """There is no PDF; `str(error)` is one plain sentence that says why."""

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""


class NotInstalled(CannotPrint):
    """The machine lacks the libraries that lay out PDFs."""


class Busy(CannotPrint):
    """Others print, and waiting took too long."""


class Unprintable(CannotPrint):
    """This text cannot be laid out within the limits."""


WHY: dict[str, str | Promise] = {
    "time": _("It takes too long to lay out on paper. Make its tables smaller, or shorten it."),
    "pages": _("It has too many pages. Print less at once."),
    "memory": _(
        "It takes too much memory to lay out on paper. Make its tables smaller, or shorten it."
    ),
    "depth": _("Its parts lie too deep inside each other to be laid out on paper."),
    "broken": _("It cannot be laid out on paper."),
}


@dataclass(frozen=True)
class Pdf:
    """A PDF and how many pages it has."""

    data: bytes
    pages: int


@cache
def is_possible() -> bool:
    """Whether this machine has the system libraries that a PDF needs."""
    try:
        ctypes.CDLL("libpangoft2-1.0.so.0")
    except OSError:
        return False
    return True


class Renderer:
    """The process that lays out, started when first needed. One print at a time; others wait a
    while.
    """

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0
        self._served = 0

    def pdf_of(self, html: str, *, seconds: float = SECONDS, pages: int = PAGES) -> Pdf:
        """The PDF of a page of this site; raises NotInstalled, Busy or Unprintable."""
        if not self._turn.acquire(timeout=SECONDS_TO_WAIT):
            raise Busy(_("Others are printing just now. Wait a minute, then try again."))
        try:
            return self._asked(html.encode(), seconds, pages)
        finally:
            self._turn.release()

    def end(self) -> None:
        """End the process, if it is ours: after a fork it is somebody else's."""
        process, self._process = self._process, None
        if process and self._owner == os.getpid():
            process.kill()
            process.communicate()

    def _asked(self, html: bytes, seconds: float, pages: int) -> Pdf:
        process = self._ready()
        order = {
            "length": len(html),
            "base": f"{settings.SITE_URL}/",
            "pictures": str(settings.MEDIA_ROOT),
            "drawings": str(settings.BASE_DIR / "static" / "pictures"),
            "pages": pages,
        }
        with _ended_after(process, seconds) as late:
            with contextlib.suppress(OSError):
                _written(process, json.dumps(order).encode() + b"\n" + html)
            reply, data = _read(process)
        if "pages" in reply:
            self._served += 1
            return Pdf(data, reply["pages"])
        why = reply.get("why") or ("time" if late.is_set() else "broken")
        if why != "pages":
            # A process that met its limits is not asked again.
            self.end()
        raise Unprintable(WHY[why])

    def _ready(self) -> subprocess.Popen[bytes]:
        """The process, which waits for an order."""
        process = self._process
        if process and (
            self._owner != os.getpid() or process.poll() is not None or self._served >= ORDERS
        ):
            self.end()
            process = None
        return process or self._started()

    def _started(self) -> subprocess.Popen[bytes]:
        # Of what this program knows, the other gets nothing: no key, no database, no password.
        environment = {
            name: os.environ[name]
            for name in ("PATH", "LANG", "LC_ALL", "HOME")
            if name in os.environ
        }
        process = subprocess.Popen(
            [sys.executable, "-m", "education.handouts.renderer"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=settings.BASE_DIR,
            env=environment,
            start_new_session=True,
        )
        self._process, self._owner, self._served = process, os.getpid(), 0
        with _ended_after(process, SECONDS):
            reply, _data = _read(process)
        if reply.get("ready"):
            return process
        self.end()
        raise NotInstalled(
            _("For a PDF, this server needs the Pango library. Whoever runs it installs it with:")
            + f" {TO_INSTALL}"
        )


@contextlib.contextmanager
def _ended_after(process: subprocess.Popen[bytes], seconds: float) -> Iterator[threading.Event]:
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


def _written(process: subprocess.Popen[bytes], data: bytes) -> None:
    assert process.stdin  # noqa: S101  it was started with one
    process.stdin.write(data)
    process.stdin.flush()


def _read(process: subprocess.Popen[bytes]) -> tuple[dict[str, Any], bytes]:
    """What the process says, and the PDF after it; nothing from one that ended."""
    assert process.stdout  # noqa: S101  it was started with one
    try:
        reply = json.loads(process.stdout.readline() or b"{}")
    except ValueError:
        return {}, b""
    data = process.stdout.read(reply.get("length", 0))
    return (reply, data) if len(data) == reply.get("length", 0) else ({}, b"")


RENDERER = Renderer()
atexit.register(RENDERER.end)
