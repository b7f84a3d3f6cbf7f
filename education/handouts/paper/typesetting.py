"""Data become a PDF in a process of its own, which is ended when it takes too long or too much
memory.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import subprocess
import threading
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from education.web import child_process
from education.web.atomic_write import atomic_write

TEMPLATES = settings.BASE_DIR / "templates" / "paper"
SECONDS = 15
SECONDS_TO_WAIT = 20
PAGES = 300


class CannotPrint(Exception):
    """There is no PDF; `str(error)` is one plain sentence that says why."""

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""


class Busy(CannotPrint):
    """Others print; it may work in some `seconds`."""

    def __init__(self, message: str | Promise, seconds: int = 5):
        self.seconds = seconds
        super().__init__(message)


class Unprintable(CannotPrint):
    """This text cannot be laid out within the limits."""


class MissingLetter(Unprintable):
    """No font has the letter `letter`."""

    def __init__(self, letter: str):
        self.letter = letter
        super().__init__(
            _("No font here has the letter “{letter}”. Write it in another way.").format(
                letter=letter[:20]
            )
        )


WHY: dict[str, str | Promise] = {
    "time": _("It takes too long to lay out on paper. Make its tables smaller, or shorten it."),
    "pages": _("It has too many pages. Print less at once."),
    "memory": _(
        "It takes too much memory to lay out on paper. Make its tables smaller, or shorten it."
    ),
    "broken": _("It cannot be laid out on paper."),
}


@dataclass(frozen=True)
class Pdf:
    """A PDF and how many pages it has.

    `is_over`: whether a sheet in it needs more than its two pages.
    """

    data: bytes
    pages: int
    is_over: bool = False


@cache
def templates_hash() -> str:
    """A part of every PDF's cache key: the templates, fonts and compiler that set it."""
    digest = sha256()
    for file in sorted(TEMPLATES.glob("*.typ")):
        digest.update(file.read_bytes())
    for package in ("typst", "fontpkg-atkinson-hyperlegible", "fontpkg-noto-sans"):
        digest.update(version(package).encode())
    return digest.hexdigest()


class Typesetter:
    """The process that sets type, started when first needed. One print at a time; others wait a
    while.
    """

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0
        self._root = Path()

    def make_pdf(
        self,
        data: str,
        *,
        timestamp: int = 0,
        seconds: float = SECONDS,
        pages: int = PAGES,
    ) -> Pdf:
        """The PDF of the data of a handout (JSON); raises Busy or Unprintable.

        `timestamp`: when it says it was made, in seconds since 1970.
        """
        if not self._turn.acquire(timeout=SECONDS_TO_WAIT):
            raise Busy(_("Others are printing just now. Wait a minute, then try again."))
        try:
            return self._asked(data.encode(), timestamp, seconds, pages)
        finally:
            self._turn.release()

    def end(self) -> None:
        """End the process, if it is ours: after a fork it is somebody else's."""
        process, self._process = self._process, None
        if process and self._owner == os.getpid():
            process.kill()
            process.communicate()

    def _asked(self, data: bytes, timestamp: int, seconds: float, pages: int) -> Pdf:
        process = self._ready()
        order = {"length": len(data), "timestamp": timestamp, "pages": pages}
        with child_process.ended_after(process, seconds) as late:
            with contextlib.suppress(OSError):
                _written(process, json.dumps(order).encode() + b"\n" + data)
            reply, pdf = _read(process)
        if not reply or reply["last"]:
            # It met its limits, or has grown: the next order gets a fresh one.
            self.end()
        if "pages" in reply:
            return Pdf(pdf, reply["pages"], reply["is_over"])
        why = reply.get("why") or ("time" if late.is_set() else "broken")
        if why == "letter":
            raise MissingLetter(reply["letters"][0])
        raise Unprintable(WHY[why])

    def _ready(self) -> subprocess.Popen[bytes]:
        """The process, which waits for an order."""
        process = self._process
        root = _paper_root()
        if process and (
            self._owner != os.getpid() or process.poll() is not None or root != self._root
        ):
            self.end()
            process = None
        return process or self._started(root)

    def _started(self, root: Path) -> subprocess.Popen[bytes]:
        process = child_process.start(
            "education.handouts.paper.typesetter", str(root), folder=settings.BASE_DIR
        )
        self._process, self._owner, self._root = process, os.getpid(), root
        with child_process.ended_after(process, SECONDS):
            reply, _data = _read(process)
        if reply.get("ready"):
            return process
        self.end()
        raise Unprintable(WHY["broken"])


def _paper_root() -> Path:
    """The folder outside of which nothing is read: copies of the templates, and the uploads.

    Its name is that of both, because two releases may share the data folder.
    """
    name = sha256(f"{templates_hash()} {settings.MEDIA_ROOT}".encode()).hexdigest()[:16]
    root: Path = settings.DATA_DIR / "paper" / name
    (root / "templates").mkdir(parents=True, exist_ok=True)
    for file in TEMPLATES.glob("*.typ"):
        if not (copy := root / "templates" / file.name).exists():
            atomic_write(copy, file.read_bytes())
    with contextlib.suppress(FileExistsError):
        (root / "media").symlink_to(settings.MEDIA_ROOT)
    return root


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


TYPESETTER = Typesetter()
atexit.register(TYPESETTER.end)
