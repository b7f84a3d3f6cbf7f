"""What the number of articles costs: the work at 10, 1,000 and 10,000 articles as long as the
shipped one.

Pages are made by Django each time, without what the page cache keeps. Median processor time; for
publishing an article, time by the clock, without the trial print, which handouts.py measures. The
goals of the sitemap and of the ways to find a page were set where a served hello-world takes 80 µs:
their figures are scaled by a hello-world of the same run. A changed checklist is published with
what the publication of its pages has stored, and compared with checking every page anew. Fails when
a goal is missed.

Run it on a quiet machine: .venv/bin/python benchmarks/scale.py [articles ...]
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import goals

ROOT = Path(__file__).resolve().parents[1]
SIZES = (10, 1_000, 10_000)
TIMES = 15
# Of pages for which a tenth of the time is much.
MANY_TIMES = 60
SLOWEST = 10
# Milliseconds of a hello-world without a server, where it takes 80 µs with one.
HELLO = 0.046
HELLOS = 2_000
# Of the pages that would be checked anew.
CHECKED_ANEW = 20


class Figures(NamedTuple):
    """What was measured at one size."""

    articles: int
    condition: float
    cause: float
    letters: float
    letters_bytes: int
    search: float
    home: float
    browse: float
    facet: float
    sitemap: float
    publish: float
    checklist: float
    anew: float
    hello: float

    def scaled(self, milliseconds: float) -> float:
        """As where the goals were set."""
        return milliseconds * HELLO / self.hello


def main() -> int:
    """Measure and print; 1 when a goal is missed."""
    sizes = tuple(map(int, sys.argv[1:])) or SIZES
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"EDUCATION_DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "education.settings"}
        (Path(folder) / "static").mkdir()
        sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]
        return _print(
            [_measured(size, before) for before, size in zip((0, *sizes), sizes, strict=False)]
        )


def _measured(size: int, before: int) -> Figures:
    # Django can be imported only when the folder of this run is known.
    import filling  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import transaction  # noqa: PLC0415

    if not before:
        call_command("migrate", verbosity=0)
        call_command("collectstatic", verbosity=0, interactive=False)
        call_command("load_content", verbosity=0)
    with transaction.atomic():
        filling.fill(size, before)
    from education.search import indexing  # noqa: PLC0415

    indexing.rebuild()
    _store_passed_checks()
    letters = {address: _page(address, TIMES) for address in _a_to_z()}
    # The highest of hundreds of medians is often one that was disturbed: those in question are
    # asked again.
    slowest = sorted(letters, key=letters.__getitem__)[-SLOWEST:]
    return Figures(
        articles=size,
        condition=_page(f"/conditions/{filling.FIRST}/", MANY_TIMES)[0],
        cause=_page("/causes/acne/", MANY_TIMES)[0],
        letters=max(_page(address, MANY_TIMES)[0] for address in slowest),
        letters_bytes=max(size for _taken, size in letters.values()),
        search=_page("/search/?q=white+discharge", TIMES)[0],
        home=_page("/", TIMES)[0],
        browse=_page("/browse/", TIMES)[0],
        facet=_page("/browse/area/back/", TIMES)[0],
        sitemap=max(_page(address, TIMES)[0] for address in _sitemaps()),
        publish=statistics.median(_publish(filling.FIRST) for _time in range(5)),
        checklist=statistics.median(_publish_checklist() for _time in range(5)),
        anew=_check_anew() * size,
        hello=_hello(),
    )


def _page(address: str, times: int) -> tuple[float, int]:
    """The milliseconds of a page, and its bytes when compressed as the door does it."""
    import brotli  # noqa: PLC0415
    from django.conf import settings  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    client = Client(headers={"host": settings.ALLOWED_HOSTS[0]})
    answer: Any = client.get(address)
    if answer.status_code != 200:
        raise SystemExit(f"{address}: {answer.status_code}")
    return _milliseconds(lambda: client.get(address), times), len(brotli.compress(answer.content))


def _milliseconds(
    work: Callable[[], object], times: int, clock: Callable[[], float] = time.process_time
) -> float:
    taken = []
    for _time in range(times):
        begin = clock()
        work()
        taken.append((clock() - begin) * 1000)
    return statistics.median(taken)


def _a_to_z() -> list[str]:
    """Every page of the A to Z of conditions and of causes."""
    from django.urls import reverse  # noqa: PLC0415

    from education.articles.a_to_z import AZIndex  # noqa: PLC0415

    found = []
    for kind, name in (("article", "conditions"), ("cause", "causes")):
        listing = AZIndex(kind, "en")
        found.append(reverse(name))
        for letter in (one.letter for one in listing.letters()):
            parts = len(listing.page(letter, 1).part_urls) or 1
            found.append(reverse(f"{name}-letter", args=[letter]))
            found += [
                reverse(f"{name}-letter", args=[letter, part]) for part in range(2, parts + 1)
            ]
    return found


def _publish(slug: str) -> float:
    """Publish the shipped article with one more sentence."""
    from education.articles.models import Article  # noqa: PLC0415
    from education.publishing import actions  # noqa: PLC0415

    article = Article.objects.get(slug=slug)
    content = article.content()
    more = f"{content.model_dump()['introduction']} Wash your back gently."
    article.load_content(content.model_copy(update={"introduction": more}))
    with _no_trial_print():
        return _milliseconds(
            lambda: actions.publish([article], note="One more sentence."),
            1,
            time.perf_counter,
        )


def _sitemaps() -> list[str]:
    """The index of the sitemap and its parts."""
    import re  # noqa: PLC0415

    from django.conf import settings  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    client = Client(headers={"host": settings.ALLOWED_HOSTS[0]})
    index = client.get("/sitemap.xml").content.decode()
    return ["/sitemap.xml", *re.findall(r"<loc>[^<]*(/sitemap[^<]+)</loc>", index)]


def _store_passed_checks() -> None:
    """What publishing would have stored of each article: all have the text of the first."""
    from django.utils import timezone  # noqa: PLC0415

    from education.publishing.checks.passed_checks import find_problems  # noqa: PLC0415
    from education.publishing.checks.site_snapshot import SiteSnapshot  # noqa: PLC0415
    from education.publishing.models import Edition, PassedChecks  # noqa: PLC0415

    first, *others = (
        Edition.objects.filter(document__slug__startswith="bench-")
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    if find_problems(SiteSnapshot(timezone.now(), ()), [first]):
        raise SystemExit("the articles of the benchmark could not be published")
    row = PassedChecks.objects.get(pk=first)
    PassedChecks.objects.bulk_create(
        (PassedChecks(edition_id=pk, version=row.version, lines=row.lines) for pk in others),
        batch_size=200,
        ignore_conflicts=True,
    )


def _publish_checklist() -> float:
    """Publish the shipped checklist, which every article uses, with one more sentence."""
    from education.checklists.models import Checklist  # noqa: PLC0415
    from education.publishing import actions  # noqa: PLC0415

    checklist = Checklist.objects.get(slug="back-skin")
    content = checklist.content()
    more = f"{content.model_dump()['introduction']} Wash your back."
    checklist.load_content(content.model_copy(update={"introduction": more}))
    with _no_trial_print():
        return _milliseconds(lambda: actions.publish([checklist], note="One more sentence."), 1)


def _check_anew() -> float:
    """Milliseconds of processor time of checking one page that uses the checklist."""
    from django.utils import timezone  # noqa: PLC0415

    from education.publishing.checks.publication_checks import run_checks  # noqa: PLC0415
    from education.publishing.checks.site_snapshot import SiteSnapshot  # noqa: PLC0415
    from education.publishing.models import Edition  # noqa: PLC0415

    site = SiteSnapshot(timezone.now(), ())
    pages = Edition.objects.filter(document__slug__startswith="bench-").order_by("pk")
    pages = pages.select_related("document")[:CHECKED_ANEW]
    return _milliseconds(lambda: [run_checks(page, site) for page in pages], 1) / CHECKED_ANEW


def _no_trial_print() -> Any:
    from django.test import override_settings  # noqa: PLC0415

    return override_settings(HANDOUT_TRIAL_RENDER=False)


def _hello() -> float:
    """Milliseconds of processor time of a Django hello-world, without a server."""
    code = (
        "import time, hello; from django.test import RequestFactory\n"
        "environ = RequestFactory().get('/', headers={'host': '127.0.0.1'}).environ\n"
        "def many(number):\n"
        "    begin = time.process_time()\n"
        "    for _time in range(number):\n"
        "        hello.application(dict(environ), lambda *answer: None).close()\n"
        "    return (time.process_time() - begin) * 1000 / number\n"
        f"many({HELLOS}); print(sorted(many({HELLOS}) for _time in range(7))[3])"
    )
    folder = ROOT / "benchmarks" / "peers" / "hello"
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=True
    )
    return float(done.stdout)


def _print(found: list[Figures]) -> int:
    shown = (
        ("a condition page", "condition"),
        ("the page of a cause", "cause"),
        ("the slowest page of the A to Z", "letters"),
        ("a search", "search"),
        ("the first page", "home"),
        ("the ways to find a page", "browse"),
        ("the pages of one part of the body", "facet"),
        ("the slowest part of the sitemap", "sitemap"),
        ("publishing one changed article", "publish"),
        ("publishing the changed checklist of all", "checklist"),
        ("checking all of them anew for that", "anew"),
        ("a hello-world of Django", "hello"),
    )
    print("| Milliseconds | " + " | ".join(f"{one.articles:,} articles" for one in found) + " |")
    print("| --- |" + " --- |" * len(found))
    for what, name in shown:
        print(
            f"| {what} | "
            + " | ".join(f"{goals.figure(getattr(one, name))}" for one in found)
            + " |"
        )
    print()
    first, most = found[0], found[-1]
    return goals.say(
        (
            goals.Goal(
                f"condition page with {most.articles:,} articles, against {first.articles}",
                most.condition / first.condition,
                "<=",
                1.1,
                "times",
            ),
            goals.Goal(
                "slowest page of the A to Z", max(one.letters for one in found), "<=", 10, "ms"
            ),
            goals.Goal(
                "largest page of the A to Z, Brotli",
                max(one.letters_bytes for one in found) / 1024,
                "<=",
                14,
                "KB",
            ),
            goals.Goal(
                "slowest part of the sitemap, scaled", most.scaled(most.sitemap), "<=", 30, "ms"
            ),
            goals.Goal("the ways to find a page, scaled", most.scaled(most.browse), "<=", 10, "ms"),
            *(
                goals.Goal(
                    f"publishing the checklist of {one.articles:,}, against checking all anew",
                    one.checklist / one.anew,
                    "<=",
                    0.05,
                    "times",
                )
                for one in found[1:]
            ),
            goals.Goal(
                "publishing one changed article", max(one.publish for one in found), "<=", 300, "ms"
            ),
        )
    )


if __name__ == "__main__":
    sys.exit(main())
