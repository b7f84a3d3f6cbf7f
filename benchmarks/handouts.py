"""What a handout costs as a PDF, in processor time: this build and, if BEFORE names the checkout of
an older one with its own .venv, that build on the same content, one after the other in one run.

Run it on a quiet machine: BEFORE=/path/to/older/checkout .venv/bin/python benchmarks/handouts.py
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from io import StringIO
from pathlib import Path
from typing import Any

from goals import Goal, say

ROOT = Path(__file__).resolve().parents[1]
SLUG = "white-discharge-from-back-spots"
TIMES = 4


def main() -> int:
    """Measure, print, and judge by the goals; 1 when one is missed."""
    after = _measured(ROOT)
    _show("this build", after)
    goals = [Goal("memory of the typesetter", after["memory"], "<=", 200, "MB")]
    if before_root := os.environ.get("BEFORE"):
        before = _measured(Path(before_root))
        _show("the build before", before)
        whole = before["everything"]
        goals += [
            Goal("the same text, times faster", whole / after["everything"], ">=", 20),
            Goal("one sheet, share of the same text before", after["sheet"] / whole, "<=", 0.1),
            Goal("pack of ten, times faster", before["pack"] / after["pack"], ">=", 25),
            Goal(
                "first PDF, share of the one before", after["first"] / before["first"], "<=", 0.25
            ),
        ]
    return say(goals)


def _show(name: str, found: dict[str, float]) -> None:
    for what, value in found.items():
        unit = "MB" if what == "memory" else "ms of processor time"
        print(f"{name}, {what}: {value:.0f} {unit}")


def _measured(root: Path) -> dict[str, float]:
    """The figures of the build in `root`, from a process of its own with a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **{k: v for k, v in os.environ.items() if k != "DATABASE_URL"},
            "EDUCATION_DATA_DIR": folder,
            "DJANGO_SETTINGS_MODULE": "education.settings",
            "PYTHONPATH": f"{root}:{Path(__file__).parent}",
        }
        (Path(folder) / "static").mkdir()
        answer = subprocess.run(  # noqa: S603  whoever runs this names the checkout
            [str(root / ".venv/bin/python"), __file__, "--this-build"],
            env=environment,
            cwd=root,
            check=True,
            capture_output=True,
            text=True,
        )
    return dict(json.loads(answer.stdout.splitlines()[-1]))


def measure_this_build() -> dict[str, float]:
    """Milliseconds of processor time for one print of each kind, the setting process included."""
    import django  # noqa: PLC0415

    django.setup()
    from django.conf import settings  # noqa: PLC0415
    from django.core.cache import caches  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    from education.handouts.throttling import print_counters  # noqa: PLC0415

    settings.HANDOUT_TRIAL_RENDER = False
    call_command("migrate", verbosity=0)
    call_command("load_content", verbosity=0, stdout=StringIO())
    typesetter, everything = _typesetter()
    client, address = Client(headers={"host": "127.0.0.1"}), f"/handouts/{SLUG}.pdf"
    pack = {"document": _ten_articles(), "print-now": "1", "note": "Come back on Monday."}

    def anew(ask: Callable[[], Any]) -> None:
        # Each kind has a process of its own (see `cost`): what it has set may help the next print.
        caches["handouts"].clear()
        print_counters.clear()
        answer = ask()
        if answer.status_code != 200 or not answer.content.startswith(b"%PDF"):
            raise SystemExit(f"There was no PDF: {answer.status_code}")

    def cost(ask: Callable[[], Any], times: int) -> float:
        typesetter.end()
        begin = _processor_time()
        for _ in range(times):
            anew(ask)
        typesetter.end()
        return 1000 * (_processor_time() - begin) / times

    found = {
        "first": cost(lambda: client.get(address), 1),
        "sheet": cost(lambda: client.get(address), TIMES),
        "everything": cost(lambda: client.get(address + everything), TIMES),
        "large": cost(lambda: client.get(address + "?print=large"), TIMES),
        "pack": cost(lambda: client.post("/handouts/", pack), 1),
    }
    memory = 0.0
    for query in ("", "?print=large", everything, "?print=clear", "?paper=letter") * 4:
        anew(partial(client.get, address + query))
        memory = max(memory, _memory(typesetter))
    return {**found, "memory": memory}


def _typesetter() -> tuple[Any, str]:
    """What makes PDFs, and the query for everything; an older build has other names for both."""
    try:
        from education.handouts.paper.typesetting import TYPESETTER  # noqa: PLC0415
    except ImportError:
        from education.handouts.rendering import RENDERER  # noqa: PLC0415

        return RENDERER, ""
    return TYPESETTER, "?extent=everything&print=normal"


def _ten_articles() -> list[str]:
    """The shipped articles and copies of them, live: ten documents of a pack."""
    from education.articles.models import Article  # noqa: PLC0415
    from education.publishing import actions  # noqa: PLC0415

    pages = list(Article.objects.order_by("slug"))
    keys = [f"article/{page.slug}" for page in pages]
    for number in range(10 - len(pages)):
        shipped = pages[number % len(pages)]
        copy = Article(slug=f"copy-{number}")
        copy.load_content(Article.CONTENT.validate_values(copy.slug, shipped.to_values()))
        actions.publish([copy], note="A copy.")
        keys.append(f"article/{copy.slug}")
    return keys


def _processor_time() -> float:
    """Seconds of this process and of those that ended."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def _memory(typesetter: Any) -> float:
    """The resident megabytes of the process that sets, or 0 if it has just ended."""
    if typesetter._process is None:
        return 0
    status = Path(f"/proc/{typesetter._process.pid}/status").read_text(encoding="utf-8")
    (line,) = [line for line in status.splitlines() if line.startswith("VmRSS:")]
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    if "--this-build" in sys.argv:
        print(json.dumps(measure_this_build()))
    else:
        sys.exit(main())
