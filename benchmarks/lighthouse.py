"""What Lighthouse says of the pages, as on a middling telephone.

Needs Chromium, Node (npx) and, the first time, the network; says what is missing.

Run it on a quiet machine: .venv/bin/python benchmarks/lighthouse.py
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from goals import Goal, say
from served import CHROMIUM_FLAGS, PAGES, chromium, site

PACKAGE = "lighthouse@12.8.2"
# Now and then its browser gives it no trace, and it asks to be run again.
TRIES = 3
TIMES = 3
RUN_SECONDS = 120
WANTED = {"performance": 99, "accessibility": 100, "best-practices": 100, "seo": 100}
# Kept from run to run, so that it is downloaded once.
KEPT = Path(tempfile.gettempdir()) / f"education-{PACKAGE.replace('@', '-')}-{os.getuid()}"


def main() -> int:
    """Measure and print; 1 when a goal is missed, 2 when nothing could be measured."""
    for name, program in (("Chromium", chromium()), ("Node (npx)", shutil.which("npx"))):
        if program is None:
            print(f"left out: {name} is not installed")
            return 2
    if not _is_there():
        print(f"left out: {PACKAGE} could not be installed")
        return 2
    goals = []
    with site() as address:
        # Search engines are asked not to list the answers of a search: that is no fault of theirs.
        for name, path in (PAGES | {"search": "/search/"}).items():
            goals += _page(name, address + path)
    return say(goals)


def _is_there() -> bool:
    KEPT.mkdir(mode=0o700, exist_ok=True)
    asked = subprocess.run(_npx("--version"), cwd=KEPT, capture_output=True, check=False)  # noqa: S603
    return asked.returncode == 0


def _npx(*arguments: str) -> list[str]:
    return ["npx", "--yes", "--cache", str(KEPT), PACKAGE, *arguments]


def _page(name: str, address: str) -> list[Goal]:
    """The medians of a page, and which audits it failed."""
    scores: dict[str, list[float]] = {category: [] for category in WANTED}
    failed: dict[str, str] = {}
    for time in range(TIMES):
        # Only the performance differs from one time to the next.
        asked = list(WANTED) if time == 0 else ["performance"]
        report = _report(address, asked)
        for category in asked:
            found = report["categories"][category]
            scores[category].append(found["score"] * 100)
            for audit in found["auditRefs"]:
                told = report["audits"][audit["id"]]
                if category != "performance" and audit["weight"] and told["score"] not in (None, 1):
                    failed[audit["id"]] = told["title"]
        audits = report["audits"]
        print(
            f"{name}: largest contentful paint {audits['largest-contentful-paint']['displayValue']}, "
            f"blocked {audits['total-blocking-time']['displayValue']}, "
            f"first bytes after {audits['server-response-time']['numericValue']:.0f} ms"
        )
    for audit, title in failed.items():
        print(f"{name}: {audit}: {title}")
    return [
        Goal(f"{name}: {category}", statistics.median(scores[category]), ">=", limit)
        for category, limit in WANTED.items()
    ]


def _report(address: str, categories: list[str]) -> dict[str, Any]:
    command = _npx(
        address,
        "--quiet",
        "--output=json",
        "--form-factor=mobile",
        f"--only-categories={','.join(categories)}",
        f"--chrome-flags=--headless=new {' '.join(CHROMIUM_FLAGS)}",
    )
    env = {**os.environ, "CHROME_PATH": str(chromium())}
    for _try in range(TRIES):
        done = subprocess.run(  # noqa: S603
            command,
            cwd=KEPT,
            env=env,
            capture_output=True,
            text=True,
            check=False,
            timeout=RUN_SECONDS,
        )
        if not done.returncode:
            report: dict[str, Any] = json.loads(done.stdout)
            return report
    raise SystemExit(f"Lighthouse failed on {address}:\n{done.stderr[-2000:]}")


if __name__ == "__main__":
    sys.exit(main())
