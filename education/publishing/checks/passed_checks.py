"""Which checks an edition has passed, so that those of an unchanged page never run again.

An edition never changes, so what a check finds in it depends on the program, and on what it asks
about other documents. Both are stored with the edition. A check runs again when one of its
questions has another answer, and all do after an update of the program. See decision 43.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cache

from django.conf import settings
from django.utils import timezone

from education.publishing.checks.publication_checks import Check, registered_checks, run_check
from education.publishing.checks.site_snapshot import Reading, SiteSnapshot
from education.publishing.content import Problem
from education.publishing.models import Edition, PassedChecks

# Editions in memory at one time, and rows written at one time.
BATCH_SIZE = 50
# What the checks are made of, besides the libraries that the lock file names.
_SOURCES = {".py", ".toml", ".txt"}
# Stands for whatever a check reads without asking: it is no question, so the check always runs.
_READ_FREELY = ("", "", "", "")


@cache
def checks_version() -> str:
    """Another value for every program, as any line of it may decide what a check finds."""
    digest = hashlib.sha256((settings.BASE_DIR / "requirements.lock").read_bytes())
    for file in sorted((settings.BASE_DIR / "education").rglob("*")):
        if file.suffix in _SOURCES:
            digest.update(f"{file.relative_to(settings.BASE_DIR)}\0".encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()


def find_problems(site: SiteSnapshot, editions: Sequence[int]) -> list[Problem]:
    """The problems of live or pending `editions` (ids) on `site`; runs no check that must pass.

    As if `run_checks` were run on each of them.
    """
    passed = _read_passed(editions)
    outdated = _outdated_lines(site, set().union(*passed.values()))
    standing = [check for check in registered_checks() if not check.only_going_live]
    to_run: dict[int, set[str]] = {}
    for pk in editions:
        lines = passed.get(pk)
        if lines is None:
            to_run[pk] = {check.name for check in standing}
        elif failed := lines & outdated:
            to_run[pk] = {_check_name(line) for line in failed}
        elif site.is_id_going_live(pk):
            to_run[pk] = set()
    found: dict[int, list[Problem]] = {}
    # In one order, so that two processes that store rows do not wait for each other.
    pks = sorted(to_run)
    for start in range(0, len(pks), BATCH_SIZE):
        batch = pks[start : start + BATCH_SIZE]
        loaded = Edition.objects.select_related("document").in_bulk(batch)
        rows = []
        for pk in batch:
            found[pk], lines = _run(loaded[pk], site, to_run[pk])
            if lines is not None:
                kept = passed.get(pk, set())
                lines |= {line for line in kept if _check_name(line) not in to_run[pk]}
                rows.append(_to_row(pk, lines))
        PassedChecks.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["edition"],
            update_fields=["version", "lines"],
        )
    return [problem for pk in editions for problem in found.get(pk, ())]


def run_ahead(documents: Iterable[int]) -> None:
    """Run what publishing `documents` (ids) would have to run of pages that stay as they are.

    Before the transaction in which they go live, so that nobody waits for it: after an update of
    the program, it may be much.
    """
    site = SiteSnapshot(timezone.now(), going_live=())
    find_problems(site, site.affected_by(set(documents)))


def _run(
    edition: Edition, site: SiteSnapshot, names: Collection[str]
) -> tuple[list[Problem], set[str] | None]:
    """The problems of the checks with these names and of those of what goes live.

    And the lines of the former to store, if they found nothing.
    """
    found: list[Problem] = []
    lines: set[str] = set()
    has_passed = bool(names)
    for check in registered_checks():
        if check.only_going_live:
            if check.applies_to(edition, site):
                found += run_check(check, edition, site)
        elif check.name in names:
            with site.record_reading() as reading:
                problems = list(run_check(check, edition, site))
            found += problems
            has_passed = has_passed and not problems
            lines.update(_lines(check, reading))
    return found, lines if has_passed else None


def _lines(check: Check, reading: Reading) -> Iterator[str]:
    """What a check has read, each answer as a line of JSON."""
    for asked, answer in reading.answers.items():
        yield json.dumps([check.name, answer, *asked])
    if reading.is_free:
        yield json.dumps([check.name, None, *_READ_FREELY])


def _check_name(line: str) -> str:
    return str(json.loads(line)[0])


def _outdated_lines(site: SiteSnapshot, lines: Iterable[str]) -> set[str]:
    """Those of `lines` of which the answer is another one now."""
    read = {line: json.loads(line) for line in lines}
    answers = site.answer_again({tuple(asked) for _name, _answer, *asked in read.values()})
    return {
        line
        for line, (_name, answer, *asked) in read.items()
        if tuple(asked) not in answers or answers[tuple(asked)] != answer
    }


def _read_passed(editions: Collection[int]) -> dict[int, set[str]]:
    """The lines of those of `editions` that passed with this program."""
    rows = PassedChecks.objects.filter(edition__in=editions, version=checks_version())
    return {pk: set(lines.splitlines()) for pk, lines in rows.values_list("edition", "lines")}


def _to_row(pk: int, lines: Iterable[str]) -> PassedChecks:
    return PassedChecks(edition_id=pk, version=checks_version(), lines="\n".join(sorted(lines)))
