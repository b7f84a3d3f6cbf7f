"""A line that stalls once: a page comes up to a byte, and the rest a moment later."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import BrowserContext

SECONDS = 0.35
SIDE_BY_SIDE = 8
PASSED_ON = ("Content-Type", "Content-Security-Policy", "Cache-Control")


class Stalls(BaseHTTPRequestHandler):
    """Passes pages on. The question `?stall=n` has the answer stop for a moment after its first n
    bytes.
    """

    port = 0

    def do_GET(self) -> None:
        """Ask the site, and pass on what it answers."""
        parts = urlsplit(self.path)
        asked = HTTPConnection("127.0.0.1", self.port, timeout=30)
        asked.request("GET", parts.path)
        answer = asked.getresponse()
        body = answer.read()
        asked.close()
        self.send_response(answer.status)
        for name in PASSED_ON:
            if output := answer.getheader(name):
                self.send_header(name, output)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        stall = int(parse_qs(parts.query).get("stall", ["0"])[0])
        with suppress(OSError):
            self.wfile.write(body[:stall])
            time.sleep(SECONDS if stall else 0)
            self.wfile.write(body[stall:])

    def log_message(self, *_said: object) -> None:
        """Say nothing."""


@contextmanager
def stalling(address: str) -> Iterator[str]:
    """The address of the line to the site at `address`."""
    handler = type("Line", (Stalls,), {"port": urlsplit(address).port})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def shifts(context: BrowserContext, address: str, places: range) -> dict[int, float]:
    """How much moves when a page stalls at each of these bytes: its pages add it up in
    `window.shift`.
    """
    found = {}
    with stalling(address) as line:
        tabs = [context.new_page() for _tab in range(SIDE_BY_SIDE)]
        for first in range(0, len(places), SIDE_BY_SIDE):
            several = list(zip(places[first : first + SIDE_BY_SIDE], tabs, strict=False))
            for place, tab in several:
                tab.goto(f"{line}{urlsplit(address).path}?stall={place}", wait_until="commit")
            for place, tab in several:
                tab.wait_for_load_state("load")
                tab.wait_for_timeout(50)
                found[place] = float(tab.evaluate("window.shift"))
    return found
