"""How long a handout takes as a PDF: warm, cached, ten in a pack; beside plain WeasyPrint on the
same HTML.

Run it on a quiet machine: .venv/bin/python benchmarks/handouts.py
"""

from __future__ import annotations

import logging
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

from goals import Goal, say

ROOT = Path(__file__).resolve().parents[1]
TIMES = 15
SLUG = "white-discharge-from-back-spots"
SHORT = f"/handouts/{SLUG}.pdf?causes=none&sections=some&section=about"
LIMIT_MS = 1_000


def main() -> int:
    """Measure and print; 1 when a warm two-page PDF is over the limit."""
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
    from django.core.cache import caches  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    from education.handouts.rendering import RENDERER  # noqa: PLC0415
    from education.handouts.throttling import print_limiter  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("load_content", verbosity=0, stdout=StringIO())
    copies = _ten_articles()
    client = Client(SERVER_NAME="127.0.0.1")
    RENDERER.end()

    def get(address: str) -> bytes:
        return _pdf(client.get(address, headers={"host": "127.0.0.1"}))

    def anew(address: str) -> Callable[[], bytes]:
        def ask() -> bytes:
            caches["handouts"].clear()
            print_limiter.clear()
            return get(address)

        return ask

    def pack() -> bytes:
        print_limiter.clear()
        form = {"document": copies, "print-now": "1", "note": "Come back on Monday."}
        return _pdf(client.post("/handouts/", form, headers={"host": "127.0.0.1"}))

    (first,) = _taken(anew(SHORT), 1)
    warm, whole = _taken(anew(SHORT), TIMES), _taken(anew(f"/handouts/{SLUG}.pdf"), TIMES)
    get(SHORT)
    cached, ten = _taken(lambda: get(SHORT), TIMES), _taken(pack, 5)
    memory = _memory(RENDERER)
    plain_html, plain = _plain()
    print(f"first PDF, with the start of the process: {first:.0f} ms")
    for name, times in (
        ("two pages, warm", warm),
        ("four pages, warm", whole),
        ("two pages, cached", cached),
        ("ten articles in a pack", ten),
        (f"plain WeasyPrint, warm, on the same HTML of two pages ({plain_html} bytes)", plain),
    ):
        print(f"{name}: median {statistics.median(times):.0f} ms, fastest {min(times):.0f} ms")
    print(f"memory of the process that lays out, after the packs: {memory:.0f} MB")
    median = statistics.median(warm)
    print(
        f"two pages, warm, take {median / statistics.median(plain):.2f} times as long as plain WeasyPrint"
    )
    return say([Goal("handout of two pages, warm", median, "<=", LIMIT_MS, "ms")])


def _pdf(answer: Any) -> bytes:
    if answer.status_code != 200 or not answer.content.startswith(b"%PDF"):
        raise SystemExit(
            f"There was no PDF: {answer.status_code}\n{answer.content.decode()[-700:]}"
        )
    return bytes(answer.content)


def _ten_articles() -> list[str]:
    """The two shipped articles and copies of them, live: ten documents of a pack."""
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


def _plain() -> tuple[int, list[float]]:
    """The library alone in this process, on the HTML that the site lays out."""
    import weasyprint  # noqa: PLC0415

    # It warns of every rule for screens.
    logging.getLogger("weasyprint").setLevel(logging.ERROR)

    from education.clinic.models import Clinic  # noqa: PLC0415
    from education.handouts.handout import Handout  # noqa: PLC0415
    from education.handouts.pdf import render_html  # noqa: PLC0415
    from education.handouts.print_options import PrintOptions  # noqa: PLC0415
    from education.publishing.composition import get_live_edition_or_404  # noqa: PLC0415
    from education.publishing.content import DocumentKey  # noqa: PLC0415

    clinic = Clinic.load()
    short = PrintOptions(omitted_sections=frozenset({"medicines", "sources", "notes"}), causes=())
    handout = Handout.from_editions(
        [get_live_edition_or_404(DocumentKey("article", SLUG), "en")], short, clinic
    )
    html = render_html(handout, clinic)

    def work() -> bytes:
        return bytes(weasyprint.HTML(string=html).write_pdf(pdf_variant="pdf/ua-1"))

    work()
    return len(html), _taken(work, TIMES)


def _memory(renderer: Any) -> float:
    """The resident megabytes of the process that lays out."""
    status = Path(f"/proc/{renderer._process.pid}/status").read_text(encoding="utf-8")
    (line,) = [line for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(line.split()[1]) / 1024


def _taken(work: Callable[[], bytes], times: int) -> list[float]:
    found = []
    for _ in range(times):
        begin = time.perf_counter()
        work()
        found.append((time.perf_counter() - begin) * 1000)
    return found


if __name__ == "__main__":
    sys.exit(main())
