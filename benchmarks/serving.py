"""What a page costs to serve: this site, the build before it, a Django hello-world, Wagtail, and
nginx, side by side in one run.

Each server gets its turn in every round, so that what else the machine does falls on all of them
alike. The processor time of a server's own processes is the steadier figure; requests per second
are what wrk counts. Of this site: kept in memory; made again because something was published
elsewhere; and made by Django each time, without the cache in front of it. `BEFORE` names the
checkout of an older build with a .venv of its own. Needs wrk; nginx and a package index for the
comparisons with nginx and Wagtail, and says what was left out.

Run it on a quiet machine: BEFORE=/path/to/older/checkout .venv/bin/python benchmarks/serving.py
[--json file] [--quick]
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from goals import Goal, say

ROOT = Path(__file__).resolve().parents[1]
PEERS = ROOT / "benchmarks" / "peers"
PAGES = 1_000
# Of a clinic's site; Django makes each of them again and again.
MADE_PAGES = 150
CAUSE, LETTER, SEARCH = "/causes/acne/", "/conditions/a-z/d/", "/search/?q=white+discharge"
PACKAGES = ("wagtail", "wagtail-cache", "granian")
BROTLI = {"Accept-Encoding": "br"}
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Server:
    """A started server: its first process, where it listens, how it was started, what it took in
    memory.
    """

    process: subprocess.Popen[bytes]
    port: int
    command: list[str]
    cwd: Path
    env: dict[str, str]
    path: str
    megabytes: float = 0.0

    def tree(self) -> list[int]:
        """The ids of its processes."""
        parents: dict[int, list[int]] = {}
        for path in Path("/proc").glob("[0-9]*/stat"):
            try:
                rest = path.read_text().rpartition(")")[2].split()
            except OSError:
                continue
            parents.setdefault(int(rest[1]), []).append(int(path.parent.name))
        found = [self.process.pid]
        for pid in found:
            found.extend(parents.get(pid, ()))
        return found

    def processor(self) -> float:
        """Seconds of processor time that its processes have used."""
        total = 0
        for pid in self.tree():
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            total += int(fields[11]) + int(fields[12])
        return total / TICKS

    def memory(self) -> float:
        """Megabytes of memory, what is shared counted once."""
        kilobytes = 0
        for pid in self.tree():
            found = re.search(
                r"^Pss:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE
            )
            kilobytes += int(found[1]) if found else 0
        return kilobytes / 1024


@dataclass
class Case:
    """One thing measured: a server, the paths asked for, and the headers."""

    name: str
    server: Server
    paths: Sequence[str]
    headers: dict[str, str] = field(default_factory=dict)
    status: int = 200
    connections: int = 16
    rates: list[float] = field(default_factory=list)
    costs: list[float] = field(default_factory=list)
    p50: list[float] = field(default_factory=list)
    p99: list[float] = field(default_factory=list)

    def figures(self) -> dict[str, float]:
        """The medians over all rounds: requests/s, microseconds of processor, milliseconds."""
        return {
            "requests/s": statistics.median(self.rates),
            "processor µs": statistics.median(self.costs),
            "p50 ms": statistics.median(self.p50),
            "p99 ms": statistics.median(self.p99),
        }


def main() -> int:
    """Measure, print, and write the figures as JSON where wanted; 1 when a limit is passed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--json", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=4, help="of each turn")
    parser.add_argument("--pages", type=int, default=PAGES)
    parser.add_argument("--quick", action="store_true", help="one short round, of few pages")
    parser.add_argument(
        "--wagtail", type=Path, help="a Python that has Wagtail, instead of a new one"
    )
    chosen = parser.parse_args()
    if shutil.which("wrk") is None:
        print("wrk is not installed: nothing can be measured (apt-get install wrk)")
        return 2
    rounds, seconds, pages = (
        (1, 2, 30) if chosen.quick else (chosen.rounds, chosen.seconds, chosen.pages)
    )
    print(f"{rounds} rounds of {seconds} s, {pages} different pages")
    with tempfile.TemporaryDirectory() as folder, ExitStack() as started:
        found = _measured(Path(folder), started, rounds, seconds, pages, chosen.wagtail)
    if chosen.json:
        chosen.json.write_text(json.dumps(found, indent=1))
    _print(found)
    return say(
        Goal(str(row["what"]), float(str(row["ratio"])), str(row["sign"]), float(str(row["goal"])))
        for row in found["ratios"]
    )


def _measured(
    folder: Path, started: ExitStack, rounds: int, seconds: int, pages: int, wagtail: Path | None
) -> dict[str, list[dict[str, object]]]:
    """All figures, and what they come to."""
    build = Build("this site", ROOT, folder / "data", pages)
    site = started.enter_context(build.serve())
    paths = [f"/conditions/bench-{count}/" for count in range(pages)]
    made_paths = paths[:MADE_PAGES]
    _warm(site, paths)
    tag = _get(site, paths[0], BROTLI)[1]["ETag"]
    changing = started.enter_context(build.changing())
    _warm(changing, made_paths)
    cases = [
        Case("this site, kept", site, paths, BROTLI),
        Case(
            "this site, not changed (304)", site, paths[:1], {**BROTLI, "If-None-Match": tag}, 304
        ),
        Case("this site, after a change elsewhere", changing, made_paths, BROTLI),
        *_made(build, started, made_paths),
    ]
    if before_root := os.environ.get("BEFORE"):
        older = Build("the build before", Path(before_root), folder / "before", pages)
        kept = started.enter_context(older.serve())
        _warm(kept, paths)
        cases.append(Case("the build before, kept", kept, paths, BROTLI))
        cases += _made(older, started, made_paths)
    hello_port = _free_port()
    hello = started.enter_context(
        _server(
            _granian("hello:application", hello_port), hello_port, PEERS / "hello", dict(os.environ)
        )
    )
    cases.append(Case("Django hello-world", hello, ["/"]))
    cases += _nginx(folder, started, site, paths)
    wagtails = _wagtail(folder, started, site, paths[0], pages, wagtail)
    cases += wagtails
    for _round in range(rounds):
        for case in cases:
            _sample(case, folder, seconds)
    memory: list[dict[str, object]] = [
        {"what": case.name, "memory MB": case.server.megabytes}
        for case in (cases[0], *wagtails[:1])
    ]
    rows: list[dict[str, object]] = [{"what": case.name, **case.figures()} for case in cases]
    return {"serving": rows, "memory": memory, "ratios": _ratios(cases)}


@dataclass
class Build:
    """A checkout of this program with a site of its own."""

    name: str
    root: Path
    data: Path
    pages: int

    def __post_init__(self) -> None:
        self.python = str(self.root / ".venv" / "bin" / "python")
        self.env = {
            **os.environ,
            "EDUCATION_DATA_DIR": str(self.data),
            "DJANGO_SETTINGS_MODULE": "education.settings",
        }
        for name in ("DATABASE_URL", "SITE_URL", "DEBUG"):
            self.env.pop(name, None)
        subprocess.run(  # noqa: S603
            [self.python, "benchmarks/filling.py", str(self.pages)],
            cwd=self.root,
            env=self.env,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        # The first start on a folder prepares it.
        with self.serve():
            pass

    def serve(self) -> AbstractContextManager[Server]:
        """As it is served to readers."""
        return self._started([self.python, "manage.py", "serve"])

    def changing(self) -> AbstractContextManager[Server]:
        return self._started([self.python, str(PEERS / "changing.py"), str(self.root)])

    def django(self) -> AbstractContextManager[Server]:
        """Without the cache in front of Django."""
        port = _free_port()
        command = _granian("education.wsgi:application", port, python=self.python)
        return _server(command, port, self.root, {**self.env, "PORT": str(port)})

    def _started(self, command: list[str]) -> AbstractContextManager[Server]:
        port = _free_port()
        return _server(command, port, self.root, {**self.env, "PORT": str(port)})


def _made(build: Build, started: ExitStack, paths: Sequence[str]) -> list[Case]:
    """Pages that Django makes for each request."""
    server = started.enter_context(build.django())
    _warm(server, [*paths, CAUSE, LETTER, SEARCH])
    return [
        Case(f"{build.name}, made", server, paths),
        Case(f"{build.name}, a cause, made", server, [CAUSE]),
        Case(f"{build.name}, a letter of the A to Z, made", server, [LETTER]),
        Case(f"{build.name}, a search, made", server, [SEARCH]),
    ]


def _ratios(cases: list[Case]) -> list[dict[str, object]]:
    """What the goals are about: of `one` to `other`, where both were measured."""
    cost = {case.name: statistics.median(case.costs) for case in cases}
    rate = {case.name: statistics.median(case.rates) for case in cases}
    memory = {case.name: case.server.megabytes for case in cases}
    ours, older, wagtail = "this site", "the build before", "Wagtail, not kept"
    hello, nginx, kept_wagtail = (
        "Django hello-world",
        "nginx, the same bytes",
        "Wagtail with wagtail-cache",
    )
    time, requests = "processor time", "requests/s"
    wanted = (
        (rate, requests, f"{ours}, kept", hello, ">=", 2.5),
        (cost, time, f"{ours}, not changed (304)", hello, "<=", 1),
        (rate, requests, f"{ours}, kept", nginx, ">=", 0.3),
        (rate, requests, f"{ours}, kept", kept_wagtail, ">=", 5),
        (rate, requests, f"{ours}, kept", f"{older}, kept", ">=", 0.95),
        (cost, time, f"{ours}, made", wagtail, "<=", 1.2),
        (cost, time, f"{ours}, after a change elsewhere", f"{older}, made", "<=", 0.25),
        (cost, time, f"{ours}, a cause, made", f"{older}, a cause, made", "<=", 0.4),
        (
            cost,
            time,
            f"{ours}, a letter of the A to Z, made",
            f"{older}, a letter of the A to Z, made",
            "<=",
            0.4,
        ),
        (cost, time, f"{ours}, a search, made", f"{older}, a search, made", "<=", 0.4),
        (memory, "memory", f"{ours}, kept", kept_wagtail, "<=", 0.6),
    )
    return [
        {
            "what": f"{one} to {other}, {unit}",
            "ratio": figures[one] / figures[other],
            "sign": sign,
            "goal": goal,
        }
        for figures, unit, one, other, sign, goal in wanted
        if one in figures and other in figures
    ]


def _nginx(folder: Path, started: ExitStack, site: Server, paths: Sequence[str]) -> list[Case]:
    """nginx with the very bytes and headers that this site sends."""
    if shutil.which("nginx") is None:
        print("nginx is not installed: the comparison with it is left out")
        return []
    place = folder / "nginx"
    headers: dict[str, str] = {}
    for path in paths:
        status, headers, body = _get(site, path, BROTLI)
        if status != 200:
            raise SystemExit(f"{path} answered {status}")
        file = place / path.strip("/") / "index.html"
        file.parent.mkdir(parents=True)
        file.write_bytes(body)
    # The temporary folder is its owner's alone, and the workers of nginx may be others.
    for parent in (folder, place, place / "conditions"):
        parent.chmod(0o755)
    own = {
        "content-type",
        "content-length",
        "etag",
        "server",
        "date",
        "connection",
        "transfer-encoding",
    }
    added = "\n".join(
        f"add_header {name} {json.dumps(value)};"
        for name, value in headers.items()
        if name.lower() not in own
    )
    port = _free_port()
    (folder / "nginx.conf").write_text(
        f"""worker_processes 2; daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx.log;
        events {{ worker_connections 512; }}
        http {{ access_log off; default_type text/html; sendfile on; keepalive_requests 1000000;
        open_file_cache max=2000; client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2;
        fastcgi_temp_path {folder}/t3; uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
        server {{ listen 127.0.0.1:{port}; root {place}; {added} }} }}"""
    )
    server = started.enter_context(
        _server(
            ["nginx", "-c", str(folder / "nginx.conf")], port, folder, dict(os.environ), paths[0]
        )
    )
    return [Case("nginx, the same bytes", server, paths, BROTLI)]


def _wagtail(
    folder: Path, started: ExitStack, site: Server, path: str, pages: int, python: Path | None
) -> list[Case]:
    """Wagtail with the same article, kept by wagtail-cache and not."""
    place = folder / "wagtail"
    shutil.copytree(PEERS / "wagtail_site", place / "wagtail_site")
    if python is None:
        python = place / "venv" / "bin" / "python"
        subprocess.run([sys.executable, "-m", "venv", place / "venv"], check=True)  # noqa: S603
        install = [python, "-m", "pip", "install", "-q", "--disable-pip-version-check", *PACKAGES]
        if subprocess.run(install, capture_output=True, check=False).returncode:  # noqa: S603
            print("Wagtail could not be installed: the comparison with it is left out")
            return []
    body = re.search(r"<article.*</article>", _get(site, path, {})[2].decode(), re.DOTALL)
    (place / "article.html").write_text(body[0] if body else "")
    port, bare = _free_port(), _free_port()
    subprocess.run(  # noqa: S603
        [python, "wagtail_site/fill.py", place / "article.html", str(pages), str(port)],
        cwd=place,
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    paths = [f"/article-{count}/" for count in range(pages)]
    env = {**os.environ}
    cached = started.enter_context(
        _server(
            _granian("wagtail_site.wsgi:application", port, python=str(python)),
            port,
            place,
            {**env, "WAGTAIL_CACHE": "1"},
            paths[0],
        )
    )
    plain = started.enter_context(
        _server(
            _granian("wagtail_site.wsgi:application", bare, python=str(python)),
            bare,
            place,
            env,
            paths[0],
        )
    )
    _warm(cached, paths)
    return [
        Case("Wagtail with wagtail-cache", cached, paths),
        Case("Wagtail, not kept", plain, paths),
    ]


def _granian(target: str, port: int, python: str = sys.executable) -> list[str]:
    """The command of a server, with the options that the site itself has."""
    return [
        *(python, "-m", "granian", target, "--interface", "wsgi", "--http", "1", "--no-ws"),
        *("--host", "127.0.0.1", "--port", str(port), "--workers", "2", "--blocking-threads", "8"),
        *("--blocking-threads-idle-timeout", "600", "--backpressure", "256"),
        *("--log-level", "error", "--no-access-log"),
    ]


@contextmanager
def _server(
    command: list[str], port: int, cwd: Path, env: dict[str, str], path: str = "/"
) -> Iterator[Server]:
    """A server that answers `path` with a page, ended afterwards."""
    # Compiled once, as on a clinic's machine; what was installed for Wagtail is compiled in any
    # case.
    env = {name: value for name, value in env.items() if name != "PYTHONDONTWRITEBYTECODE"}
    began = time.monotonic()
    process = subprocess.Popen(  # noqa: S603
        command, cwd=cwd, env=env, stdout=subprocess.DEVNULL, start_new_session=True
    )
    server = Server(process, port, command, cwd, env, path)
    try:
        while True:
            with suppress(OSError):
                if _get(server, path, {})[0] == 200:
                    break
            if process.poll() is not None or time.monotonic() - began > 120:
                raise SystemExit(f"{command} does not answer")
            time.sleep(0.01)
        yield server
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        if process.poll() is None:
            os.killpg(process.pid, number)
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=10)


def _get(server: Server, path: str, headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
    asked = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    try:
        asked.request("GET", path, headers={"Accept-Encoding": "identity", **headers})
        answer = asked.getresponse()
        # As servers write them, whatever the case of their letters.
        names = {"etag": "ETag"}
        found = {names.get(name.lower(), name): value for name, value in answer.getheaders()}
        return answer.status, found, answer.read()
    finally:
        asked.close()


def _warm(server: Server, paths: Sequence[str]) -> None:
    """Ask often enough, on connections of their own, that every worker has every page as it will
    be.
    """
    for _time in range(6):
        for path in paths:
            _get(server, path, BROTLI)
    used = -1.0
    while server.processor() - used > 0.05:
        used = server.processor()
        time.sleep(1)
    server.megabytes = server.memory()


def _sample(case: Case, folder: Path, seconds: int) -> None:
    script = folder / "wrk.lua"
    listed = ", ".join(json.dumps(path) for path in case.paths)
    headers = "".join(
        f"wrk.headers[{json.dumps(name)}] = {json.dumps(value)}\n"
        for name, value in case.headers.items()
    )
    script.write_text(
        f"""{headers}local paths = {{ {listed} }}
        local n = 0
        function request() n = n % #paths + 1; return wrk.format("GET", paths[n]) end
        function done(s, latency, requests)
            io.write(string.format("JSON %d %d %d %d %d\\n", s.requests, s.duration,
                latency:percentile(50), latency:percentile(99),
                s.errors.status + s.errors.connect + s.errors.timeout))
        end"""
    )
    status = _get(case.server, case.paths[0], case.headers)[0]
    if status != case.status:
        raise SystemExit(f"{case.name}: {status} instead of {case.status}")
    before = case.server.processor()
    command = [
        "wrk",
        "-t1",
        f"-c{case.connections}",
        f"-d{seconds}s",
        "-s",
        str(script),
        f"http://127.0.0.1:{case.server.port}",
    ]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603
    used = case.server.processor() - before
    found = re.search(r"JSON (\d+) (\d+) (\d+) (\d+) (\d+)", output)
    if found is None:
        raise SystemExit(output)
    requests, micro, p50, p99, errors = map(int, found.groups())
    if errors:
        raise SystemExit(f"{case.name}: {errors} requests failed")
    case.rates.append(requests / micro * 1e6)
    case.costs.append(used / requests * 1e6)
    case.p50.append(p50 / 1000)
    case.p99.append(p99 / 1000)


def _print(found: dict[str, list[dict[str, object]]]) -> None:
    for rows in (found["serving"], found["memory"]):
        for row in rows:
            print(
                "  ".join(
                    f"{key} {value:.2f}" if isinstance(value, float) else f"{value}:"
                    for key, value in row.items()
                )
            )
        print()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main())
