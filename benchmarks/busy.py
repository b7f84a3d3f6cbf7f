"""What readers notice when others print and sign in: their waiting, beside that on a quiet site.

Each second 60 people at once want a PDF that nobody had before, and 20 sign in, each from an
address of their own, while four readers turn pages.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from itertools import combinations, count, product
from urllib.parse import urlencode

import served
from goals import Goal, say

HOST = "busy.example"
SECONDS = 10
READERS, PRINTS, SIGN_INS = 4, 60, 20
SECTIONS = ("about", "medicines", "sources", "notes", "pictures")
SLUGS = ("white-discharge-from-back-spots", "fatty-bumps-on-the-back")

Answer = tuple[int, dict[str, str], bytes]


def main() -> int:
    """Measure, print, and judge by the goals; 1 when one is missed."""
    with served.site(HOST) as address:
        port = address.rpartition(":")[2]
        _run("readers", port)
        quiet = _run("readers", port)
        with ThreadPoolExecutor() as pool:
            others = pool.submit(_run, "others", port)
            busy = _run("readers", port)
        what = others.result()
    for name, found in (("quiet", quiet), ("busy", busy)):
        print(
            f"{name}: p50 {found['p50']:.1f} ms, p95 {found['p95']:.1f} ms, "
            f"{found['number']} pages, longest {found['longest']:.0f} ms"
        )
    print(f"the others: {what}")
    if not any(name.startswith("PDF 200") for name in what):
        raise SystemExit("Nobody got a PDF")
    return say(
        [
            Goal("readers' p95 with 60 prints and 20 sign-ins at once, times that without",
                 busy["p95"] / quiet["p95"], "<=", 3),
            Goal("readers who got no page", busy["failed"], "<=", 0),
        ]
    )  # fmt: skip


def _run(part: str, port: str) -> dict[str, float]:
    """What a process of its own found: the readers and the others do not wait for each other."""
    command = [sys.executable, __file__, part, port]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603
    return dict(json.loads(output))


def readers(port: int) -> dict[str, float]:
    """Readers that turn pages, one after the other with a short look at each."""
    end = time.monotonic() + SECONDS

    def read(_reader: int) -> Iterator[tuple[float, int]]:
        for path in _turned(served.PAGES.values()):
            if time.monotonic() > end:
                return
            began = time.perf_counter()
            status = _ask(port, "GET", path)[0]
            yield 1000 * (time.perf_counter() - began), status
            time.sleep(0.02)

    with ThreadPoolExecutor(READERS) as pool:
        waited = [
            one for found in pool.map(lambda n: list(read(n)), range(READERS)) for one in found
        ]
    times = [milliseconds for milliseconds, _status in waited]
    return {
        "p50": statistics.median(times),
        "p95": statistics.quantiles(times, n=20)[-1],
        "longest": max(times),
        "number": len(times),
        "failed": sum(status != 200 for _milliseconds, status in waited),
    }


def others(port: int) -> dict[str, int]:
    """Waves of prints and sign-ins, and how often there was which answer."""
    queries, form = _queries(), _sign_in_form(port)
    found: Counter[str] = Counter()
    began = time.monotonic()

    def ask(who: int) -> str:
        address = {"X-Real-IP": f"10.{who >> 16 & 255}.{who >> 8 & 255}.{who & 255}"}
        if who % (PRINTS + SIGN_INS) < PRINTS:
            return f"PDF {_said(_ask(port, 'GET', next(queries), address))}"
        return f"sign-in {_said(_sign_in(port, address, form, f'nurse-{who}'))}"

    with ThreadPoolExecutor(PRINTS + SIGN_INS) as pool:
        for wave in range(SECONDS):
            time.sleep(max(0.0, began + wave - time.monotonic()))
            begin = wave * (PRINTS + SIGN_INS)
            found.update(pool.map(ask, range(begin, begin + PRINTS + SIGN_INS)))
    return found


def _queries() -> Iterator[str]:
    """Addresses of PDFs, none twice."""
    omitted = [names for number in range(6) for names in combinations(SECTIONS, number)]
    for slug, paper, size, extent, sections in product(
        SLUGS, ("a4", "letter"), ("normal", "clear", "large"), ("sheet", "everything"), omitted
    ):
        pairs = [("paper", paper), ("print", size), ("extent", extent), ("sections", "some")]
        yield f"/handouts/{slug}.pdf?" + urlencode(pairs + [("section", name) for name in sections])


def _sign_in_form(port: int) -> tuple[str, str]:
    """The token and the cookie of a sign-in page."""
    _status, headers, body = _ask(port, "GET", "/admin/login/")
    token = body.decode().split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    return token, headers["Set-Cookie"].split(";")[0]


def _sign_in(port: int, address: dict[str, str], form: tuple[str, str], name: str) -> Answer:
    token, cookie = form
    typed = {"csrfmiddlewaretoken": token, "username": name, "password": "a wrong pass phrase"}
    more = {
        **address,
        "Cookie": cookie,
        "Origin": f"https://{HOST}",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    return _ask(port, "POST", "/admin/login/", more, urlencode(typed))


def _said(answer: Answer) -> str:
    status, headers, _body = answer
    return f"{status}, Retry-After" if "Retry-After" in headers else str(status)


def _ask(
    port: int, method: str, path: str, headers: dict[str, str] | None = None, body: str = ""
) -> Answer:
    asked = HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        given = {**served.proxied(HOST), **(headers or {})}
        asked.request(method, path, body=body or None, headers=given)
        answer = asked.getresponse()
        names = {name.title(): value for name, value in answer.getheaders()}
        return answer.status, names, answer.read()
    finally:
        asked.close()


def _turned(paths: Iterable[str]) -> Iterator[str]:
    listed = list(paths)
    for turn in count():
        yield listed[turn % len(listed)]


PARTS: dict[str, Callable[[int], dict[str, float] | dict[str, int]]] = {
    "readers": readers,
    "others": others,
}

if __name__ == "__main__":
    if sys.argv[1:]:
        print(json.dumps(PARTS[sys.argv[1]](int(sys.argv[2]))))
    else:
        sys.exit(main())
