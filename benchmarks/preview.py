"""How long the live preview takes for the text of a long article, with its advice and without.

Run it on a quiet machine: .venv/bin/python benchmarks/preview.py
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from io import StringIO
from pathlib import Path

from goals import Goal, say

ROOT = Path(__file__).resolve().parents[1]
ADDRESS = "/admin/markdownx/markdownify/"
WORDS = 1_500
REQUESTS = 100
LIMIT_MS = 150


def main() -> int:
    """Measure and print; 1 when the slow requests are over the limit."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"EDUCATION_DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "education.settings"}
        os.environ.pop("DATABASE_URL", None)
        (Path(folder) / "static").mkdir()
        sys.path.insert(0, str(ROOT))
        return _measured()


def _measured() -> int:
    # Django can be imported only when the folder of this run is known.
    import django  # noqa: PLC0415

    django.setup()
    from django.contrib.auth.models import User  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    from education import markdown  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    call_command("load_content", verbosity=0, stdout=StringIO())
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(User.objects.create_superuser("bench"))
    texts = _texts()

    def ask(text: str) -> None:
        answer = client.post(ADDRESS, {"content": text}, headers={"host": "127.0.0.1"})
        if answer.status_code != 200 or b'class="writing-help"' not in answer.content:
            raise SystemExit(f"The preview answered {answer.status_code} without advice.")

    def render(text: str) -> None:
        markdown.render(text, id_prefix="preview-")

    ask("Take 500 mg.")
    asked, rendered = _taken(ask, texts), _taken(render, texts)
    print(f"{REQUESTS} requests, each with a text of {WORDS} words that differs from all before")
    for name, clock in (("by the clock", 0), ("processor", 1)):
        request, alone = ([each[clock] for each in times] for times in (asked, rendered))
        median, slow = statistics.median(request), _slow(request)
        ratio = median / statistics.median(alone)
        print(
            f"{name}: median {median:.0f} ms, 95th percentile {slow:.0f} ms, {ratio:.1f} x rendering alone"
        )
    slow = _slow([each[0] for each in asked])
    return say([Goal("preview of a long article, 95th percentile", slow, "<=", LIMIT_MS, "ms")])


def _slow(milliseconds: list[float]) -> float:
    return statistics.quantiles(milliseconds, n=20)[-1]


def _texts() -> list[str]:
    """Texts of so many words from a shipped article; no two the same, for what is rendered once is
    kept.
    """
    article = (ROOT / "content/en/articles/white-discharge-from-back-spots.md").read_text(
        encoding="utf-8"
    )
    body = article.split("---\n", 2)[2]
    lines = body.splitlines()
    while len(" ".join(lines).split()) > WORDS:
        lines.pop()
    return ["\n".join([*lines, "", f"Call {number}."]) for number in range(2 * REQUESTS)]


def _taken(work: Callable[[str], None], texts: list[str]) -> list[tuple[float, float]]:
    """The milliseconds that each of some texts took, by the clock and of the processor.

    Every call takes texts that nobody has seen. Other programs slow the first figure and not the
    second.
    """
    found = []
    for _request in range(REQUESTS):
        text = texts.pop()
        begin, busy = time.perf_counter(), time.process_time()
        work(text)
        found.append(((time.perf_counter() - begin) * 1000, (time.process_time() - busy) * 1000))
    return found


if __name__ == "__main__":
    sys.exit(main())
