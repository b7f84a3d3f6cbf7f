"""The program that makes PDFs, apart from the site: it reads HTML on its input and writes PDFs on
its output.

It knows neither Django nor the database, opens no connection, and reads no file but uploaded
pictures and our drawings. The site can end it at any moment. Run it as `python -m
education.handouts.renderer`.
"""

from __future__ import annotations

import json
import logging
import os
import re
import resource
import sys
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import urlsplit

try:
    import weasyprint
    from weasyprint.urls import URLFetcher, URLFetcherResponse
except OSError:
    # The package is here and the system's Pango library, which it loads, is not.
    print(json.dumps({"ready": False}), flush=True)
    sys.exit(0)

MEMORY = 1536 * 1024 * 1024
PICTURE = re.compile(r"[0-9a-f]{32}\.webp")
# The server may have put a hash into the name.
DRAWING = re.compile(r"([a-z-]{1,60})(?:\.[0-9a-f]{12})?\.svg")
MAX_PICTURE = 16 * 1024 * 1024


class OurPicturesOnly(URLFetcher):  # type: ignore[misc]
    """Answers for uploaded pictures and drawings of this site, and for no other address."""

    def __init__(self, site: str, uploads: str, drawings: str):
        super().__init__(allowed_protocols=(), allow_redirects=False)
        self._uploads_at, self._uploads = f"{site}/media/", Path(uploads)
        self._drawings_at, self._drawings = f"{site}/static/pictures/", Path(drawings)

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        """The picture at `url`; raises ValueError for any other address, which the page then goes
        without.
        """
        path, kind = self._found(url)
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(descriptor, "rb") as file:
            return URLFetcherResponse(url, file.read(MAX_PICTURE), {"Content-Type": kind})

    def _found(self, url: str) -> tuple[Path, str]:
        name = url.removeprefix(self._uploads_at)
        if name != url and PICTURE.fullmatch(name):
            return self._uploads / name, "image/webp"
        drawing = DRAWING.fullmatch(url.removeprefix(self._drawings_at))
        if url.startswith(self._drawings_at) and drawing:
            return self._drawings / f"{drawing[1]}.svg", "image/svg+xml"
        raise ValueError("not a picture of this site")


def main() -> None:
    """Serve one order after another until the input ends."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    # What is printed may be about one person: no file is written, not even when this program breaks
    # down.
    for limit in (resource.RLIMIT_CORE, resource.RLIMIT_FSIZE):
        resource.setrlimit(limit, (0, 0))
    logging.disable(logging.CRITICAL)
    orders, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    # Nothing that a library may print gets between the answers.
    os.dup2(2, 1)
    _answer(answers, {"ready": True})
    while line := orders.readline():
        order = json.loads(line)
        _answer(answers, *_served(order, orders.read(order["length"]).decode()))


def _served(order: dict[str, Any], html: str) -> tuple[dict[str, Any], bytes]:
    """What to say about an order, and the PDF."""
    # A base that is no address of the site would make links lead astray.
    site = urlsplit(order["base"])
    fetcher = OurPicturesOnly(
        f"{site.scheme}://{site.netloc}", order["pictures"], order["drawings"]
    )
    try:
        document = weasyprint.HTML(string=html, base_url=order["base"], url_fetcher=fetcher).render(
            pdf_variant="pdf/ua-1"
        )
        pages = len(document.pages)
        if pages > order["pages"]:
            return {"why": "pages"}, b""
        return {"pages": pages}, document.write_pdf(pdf_variant="pdf/ua-1")
    except MemoryError:
        return {"why": "memory"}, b""
    except RecursionError:
        return {"why": "depth"}, b""
    except Exception:
        return {"why": "broken"}, b""


def _answer(answers: BinaryIO, reply: dict[str, Any], pdf: bytes = b"") -> None:
    answers.write(json.dumps({**reply, "length": len(pdf)}).encode() + b"\n" + pdf)
    answers.flush()


if __name__ == "__main__":
    main()
