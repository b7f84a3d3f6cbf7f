"""What a handout costs as a PDF, in processor time: this build and, if BEFORE names a checkout of
the last one with WeasyPrint (d81c24d) with its own .venv, that build on the same text, in one run.

Both load the texts of BEFORE; the sheet is also measured with the texts of this build.
Run it on a quiet machine: BEFORE=/path/to/older/checkout .venv/bin/python benchmarks/handouts.py
"""

from __future__ import annotations

import json
import os
import resource
import shutil
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
COPIES = 10
# Of each print the least of so many: what else the machine does only adds.
TIMES = 3
EMERGENCY_NUMBER = "your local emergency number"


def main() -> int:
    """Measure, print, and judge by the goals; 1 when one is missed."""
    before_root = os.environ.get("BEFORE")
    own = _measured(ROOT, ROOT / "content")
    _show("this build, its own texts", own)
    goals = [Goal("memory of the typesetter", own["memory"], "<=", 200, "MB")]
    if before_root:
        content = Path(before_root) / "content"
        before = _measured(Path(before_root), content)
        _show("the build before", before)
        after = _measured(ROOT, content)
        _show("this build, the same texts", after)
        whole = before["everything"]
        goals += [
            Goal("the same text, times faster", whole / after["everything"], ">=", 20),
            Goal("one sheet, share of the same text before", after["sheet"] / whole, "<=", 0.1),
            Goal("one sheet as shipped, share of that before", own["sheet"] / whole, "<=", 0.1),
            Goal("pack of ten, times faster", before["pack"] / after["pack"], ">=", 25),
            Goal("first PDF, share of that before", after["first"] / before["first"], "<=", 0.25),
            Goal("export, times faster", before["export"] / after["export"], ">=", 20),
        ]
    return say(goals)


def _show(name: str, found: dict[str, float]) -> None:
    for what, value in found.items():
        unit = "MB" if what == "memory" else "ms of processor time"
        print(f"{name}, {what}: {value:.0f} {unit}")


def _measured(root: Path, content: Path) -> dict[str, float]:
    """The figures of the build in `root`, from a process of its own with a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        _copy_content(content, Path(folder) / "content", root)
        environment = {
            **{k: v for k, v in os.environ.items() if k != "DATABASE_URL"},
            "EDUCATION_DATA_DIR": folder,
            "DJANGO_SETTINGS_MODULE": "education.settings",
            "PYTHONPATH": f"{root}:{Path(__file__).parent}",
        }
        (Path(folder) / "static").mkdir()
        answer = subprocess.run(  # noqa: S603  whoever runs this names the checkout
            [str(root / ".venv/bin/python"), __file__, folder],
            env=environment,
            cwd=root,
            check=False,
            capture_output=True,
            text=True,
        )
    if answer.returncode:
        raise SystemExit(f"{root} could not be measured:\n{answer.stdout}\n{answer.stderr}")
    return dict(json.loads(answer.stdout.splitlines()[-1]))


def _copy_content(source: Path, place: Path, root: Path) -> None:
    """The texts, with copies of articles up to COPIES, as the build in `root` can load them."""
    shutil.copytree(source, place)
    articles = sorted((place / "en" / "articles").glob("*.md"))
    for number in range(COPIES - len(articles)):
        copied = articles[number % len(articles)]
        shutil.copy(copied, copied.with_name(f"copy-{number}.md"))
    if root == ROOT:
        for file in [*place.rglob("*.md"), *place.rglob("*.yaml")]:
            text = file.read_text(encoding="utf-8")
            file.write_text(text.replace(EMERGENCY_NUMBER, "{emergency number}"), encoding="utf-8")


def measure_this_build(folder: Path) -> dict[str, float]:
    """Milliseconds of processor time for one print of each kind, the setting process included."""
    import django  # noqa: PLC0415

    django.setup()
    from django.core.cache import caches  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    typesetter, begin_setting, forget_prints, everything = _parts_of_this_build()
    call_command("migrate", verbosity=0)
    call_command("load_content", folder / "content", verbosity=0, stdout=StringIO())
    client, address = Client(headers={"host": "127.0.0.1"}), f"/handouts/{SLUG}.pdf"
    slugs = sorted(file.stem for file in (folder / "content/en/articles").glob("*.md"))[:COPIES]
    documents = [f"article/{slug}" for slug in slugs]
    pack = {"document": documents, "print-now": "1", "note": "Come back on Monday."}

    def anew(ask: Callable[[], Any]) -> None:
        caches["handouts"].clear()
        forget_prints()
        answer = ask()
        if answer.status_code != 200 or not answer.content.startswith(b"%PDF"):
            raise SystemExit(f"There was no PDF: {answer.status_code}")

    def cost(do: Callable[[], Any]) -> float:
        """Of one time, in a new process that sets: what it has set may help the next print."""
        typesetter.end()
        begin = _processor_time()
        do()
        typesetter.end()
        return 1000 * (_processor_time() - begin)

    def print_cost(ask: Callable[[], Any], times: int = TIMES) -> float:
        """The least cost of a print, without the start of the process that sets."""
        one = min(cost(lambda: anew(ask)) for _ in range(times))
        return one - start

    start = 0.0
    first = cost(lambda: anew(lambda: client.get(address)))
    start = min(cost(begin_setting) for _ in range(TIMES))
    out = folder / "out"
    found = {
        "first": first,
        "sheet": print_cost(lambda: client.get(address)),
        "everything": print_cost(lambda: client.get(address + everything)),
        "large": print_cost(lambda: client.get(address + "?print=large")),
        "pack": print_cost(lambda: client.post("/handouts/", pack), 2),
        "export": cost(lambda: call_command("export_handouts", out, stdout=StringIO())) - start,
    }
    memory = 0.0
    for query in ("", "?print=large", everything, "?paper=letter") * 4:
        anew(partial(client.get, address + query))
        memory = max(memory, _memory(typesetter))
    return {**found, "memory": memory}


def _parts_of_this_build() -> tuple[Any, Callable[[], object], Callable[[], object], str]:
    """What sets PDFs, how it is started, what forgets how many were printed, and the query for
    everything; the build before has other names for them.
    """
    try:
        from education.handouts.paper.document import letters_data  # noqa: PLC0415
        from education.handouts.paper.typesetting import TYPESETTER  # noqa: PLC0415
        from education.handouts.throttling import print_counters  # noqa: PLC0415
    except ImportError:
        from education.handouts.limiting import LIMIT  # noqa: PLC0415
        from education.handouts.rendering import RENDERER  # noqa: PLC0415

        RENDERER.pdf_of = _with_time(RENDERER.pdf_of)
        return RENDERER, partial(RENDERER.pdf_of, "<p>a</p>"), LIMIT._seen.clear, ""
    TYPESETTER.make_pdf = _with_time(TYPESETTER.make_pdf)  # type: ignore[method-assign]
    start = partial(TYPESETTER.make_pdf, json.dumps(letters_data("a")))
    return TYPESETTER, start, print_counters.clear, "?extent=everything&print=normal"


def _with_time(make: Callable[..., Any]) -> Callable[..., Any]:
    """Without the limit that ends a print on a busy machine."""
    return lambda data, **how: make(data, **{**how, "seconds": 600})


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
    if sys.argv[1:]:
        print(json.dumps(measure_this_build(Path(sys.argv[1]))))
    else:
        sys.exit(main())
