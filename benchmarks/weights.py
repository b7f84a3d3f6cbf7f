"""What a page costs a reader: bytes on the line, and the wait on a slow telephone line with nothing
kept yet.

Needs Chromium (apt-get install chromium) for all but the bytes of the pages, and says so when it
has none.

Run it on a quiet machine: .venv/bin/python benchmarks/weights.py
"""

from __future__ import annotations

import re
import statistics
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import brotli
import stalling
from goals import Goal, say
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from served import CHROMIUM_FLAGS, PAGES, chromium, get, site

TIMES = 5
# How much of a page a small screen shows first, with room to spare, and how finely it is cut.
FIRST_BYTES, STEP = 5_000, 17
SLOW_3G = {
    "offline": False,
    "latency": 400,
    "downloadThroughput": 50_000,
    "uploadThroughput": 50_000,
}
PICTURES = re.compile(rb"<img\b[^>]*>")
TEXTS = re.compile(rb' alt="[^"]*"')
OBSERVERS = """
    window.shift = 0; window.painted = 0;
    new PerformanceObserver(list => list.getEntries().forEach(entry => { window.painted = entry.startTime; }))
        .observe({type: "largest-contentful-paint", buffered: true});
    new PerformanceObserver(list => list.getEntries().forEach(entry => { window.shift += entry.value; }))
        .observe({type: "layout-shift", buffered: true});
"""


def main() -> int:
    """Measure and print; 1 when a goal is missed."""
    with site() as address:
        goals = _bytes(address)
        program = chromium()
        if program is None:
            print(
                "Chromium is not installed: scripts, cookies, requests, paint and shift are left out"
            )
            return say(goals)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=program, args=list(CHROMIUM_FLAGS))
            goals += (
                _private(browser, address) + _slow(browser, address) + _stalled(browser, address)
            )
            browser.close()
    return say(goals)


def _bytes(address: str) -> list[Goal]:
    """The pages as they are, their style inside them, compressed as much as Brotli can."""
    port = urlsplit(address).port or 80
    goals = []
    for name, path in PAGES.items():
        page = get(port, path, "identity")[1]
        sent = len(get(port, path)[1])
        bare, textless = _compressed(PICTURES.sub(b"", page)), _compressed(TEXTS.sub(b"", page))
        print(
            f"{name}: {_compressed(page)} bytes of HTML and CSS (Brotli 11), {textless} without the "
            f"texts of its pictures, {bare} without their tags too; the server sends {sent}"
        )
        if name == "condition":
            goals.append(
                Goal(
                    "condition page, HTML and CSS without its pictures", bare / 1024, "<=", 10, "KB"
                )
            )
    return goals


def _compressed(page: bytes) -> int:
    return len(brotli.compress(page, quality=11))


def _private(browser: Browser, address: str) -> list[Goal]:
    """Scripts, cookies and requests to others, over all pages."""
    found = {"scripts that run": 0, "cookies": 0, "requests to third parties": 0}
    for path in PAGES.values():
        with _phone(browser) as (context, page):
            asked: list[str] = []
            scripts: list[str] = []
            page.on("request", lambda request, asked=asked: asked.append(request.url))
            tools = context.new_cdp_session(page)
            tools.on(
                "Debugger.scriptParsed",
                lambda script, scripts=scripts: scripts.append(script["url"]),
            )
            tools.send("Debugger.enable")
            page.goto(address + path, wait_until="networkidle")
            _to_the_end(page)
            # Scripts that this program runs in the page have no address.
            found["scripts that run"] += sum(url.startswith("http") for url in scripts)
            found["scripts that run"] += sum(url.split("?")[0].endswith(".js") for url in asked)
            found["cookies"] += len(context.cookies())
            found["requests to third parties"] += sum(
                not url.startswith((f"{address}/", "data:")) for url in asked
            )
    return [Goal(f"{name}, on {len(PAGES)} pages", count, "<=", 0) for name, count in found.items()]


def _slow(browser: Browser, address: str) -> list[Goal]:
    """The condition page on a slow line: what comes, when the largest part is seen, what moves."""
    paints, shifts, weights = [], [], []
    for _time in range(TIMES):
        with _phone(browser) as (context, page):
            page.add_init_script(OBSERVERS)
            sizes: dict[str, float] = {}
            tools = context.new_cdp_session(page)
            tools.on(
                "Network.loadingFinished",
                lambda done, sizes=sizes: sizes.update(
                    {done["requestId"]: done["encodedDataLength"]}
                ),
            )
            tools.send("Network.enable")
            tools.send("Network.setCacheDisabled", {"cacheDisabled": False})
            tools.send("Network.emulateNetworkConditions", SLOW_3G)
            page.goto(address + PAGES["condition"], wait_until="networkidle")
            paints.append(float(page.evaluate("window.painted")) / 1000)
            _to_the_end(page)
            shifts.append(float(page.evaluate("window.shift")))
            weights.append(sum(sizes.values()) / 1024)
    print(
        f"condition page, slow 3G, {TIMES} times: largest contentful paint "
        f"{min(paints):.2f} to {max(paints):.2f} s"
    )
    return [
        Goal(
            "condition page with all that it asks for, headers too",
            statistics.median(weights),
            "<=",
            24,
            "KB",
        ),
        Goal(
            "condition page, slow 3G, largest contentful paint",
            statistics.median(paints),
            "<=",
            1.05,
            "s",
        ),
        Goal("condition page, slow 3G, layout shift", statistics.median(shifts), "<=", 0),
    ]


def _stalled(browser: Browser, address: str) -> list[Goal]:
    """Whether something moves when the line stalls, wherever it does so in what a screen shows
    first.
    """
    path = PAGES["condition"]
    begin = get(urlsplit(address).port or 80, path, "identity")[1].index(b"<body")
    with _phone(browser) as (context, _page):
        context.add_init_script(OBSERVERS)
        found = stalling.shifts(context, address + path, range(begin, begin + FIRST_BYTES, STEP))
    print(
        f"condition page, stalled at {len(found)} places: {sum(map(bool, found.values()))} with a shift"
    )
    return [
        Goal(
            "condition page, most that moves, wherever the line stalls",
            max(found.values()),
            "<=",
            0,
        )
    ]


@contextmanager
def _phone(browser: Browser) -> Iterator[tuple[BrowserContext, Page]]:
    """A page of a small telephone, where nothing is kept yet."""
    context = browser.new_context(
        viewport={"width": 360, "height": 740},
        device_scale_factor=2,
        is_mobile=True,
        has_touch=True,
    )
    yield context, context.new_page()
    context.close()


def _to_the_end(page: Page) -> None:
    """Go through the page, so that pictures which wait for that are asked for."""
    page.evaluate(
        """async () => { for (let y = 0; y < document.body.scrollHeight; y += 400) {
            window.scrollTo(0, y); await new Promise(done => setTimeout(done, 60)); } }"""
    )
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(1500)


if __name__ == "__main__":
    sys.exit(main())
