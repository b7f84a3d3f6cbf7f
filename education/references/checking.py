"""Checks every link that readers can follow, and remembers what became of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from education.publishing.checks import internal_links
from education.publishing.checks.site_snapshot import SiteSnapshot
from education.publishing.models import Edition
from education.references.addresses import addresses_in, without_part
from education.references.models import CheckedLink
from education.references.visiting import MayContact, Outcome, Visit, is_public, visit

Progress = Callable[[str, int, int], None]
Verdict = CheckedLink.Status

# A run stays polite and ends. What is left over comes first in the next one.
MOST_VISITS = 1_000
MOST_TO_ONE_HOST = 60
AT_ONCE = 8
LONGEST = 1_000


@dataclass
class Found:
    """The links of all live editions: the editions (by id) that have each, and why one leads nowhere."""

    elsewhere: dict[str, set[int]] = field(default_factory=dict)
    lost: dict[str, set[int]] = field(default_factory=dict)
    sentences: dict[str, str] = field(default_factory=dict)
    too_long: int = 0


@dataclass(frozen=True)
class Report:
    """What a run did: links to other sites that were asked for, and those left for the next run."""

    asked: int
    left: int
    too_long: int


def check_links(
    *,
    timeout: float = 10,
    pause: float = 1,
    only_failed: bool = False,
    may_contact: MayContact = is_public,
    progress: Progress,
) -> Report:
    """Check all links of what is live now: those to this site at once, the others by a visit to each.

    `timeout` and `pause` (between two visits to one host) are in seconds. `only_failed` visits only what
    did not work at the last check.
    """
    found = find(progress)
    _remember_lost(found)
    CheckedLink.objects.filter(on_site=False).exclude(url__in=found.elsewhere).delete()
    waiting = _by_turn(found, only_failed)
    chosen = _chosen(waiting)
    visits: dict[str, Visit] = {}
    count = sum(len(urls) for urls in chosen.values())
    with ThreadPoolExecutor(AT_ONCE) as pool:
        hosts = [pool.submit(_visits, urls, timeout, pause, may_contact) for urls in chosen.values()]
        for host in as_completed(hosts):
            visits |= host.result()
            progress(_("Asking other sites"), len(visits), count)
    if len(chosen) > 1 and not any(seen.status for seen in visits.values()):
        # The links cannot all have died at once: it is this machine that reaches nobody.
        visits = {url: Visit(Outcome.UNSURE, _("No other site could be reached.")) for url in visits}
    for url, seen in visits.items():
        _remember(url, seen, found.elsewhere[url], timezone.now())
    return Report(asked=count, left=len(waiting) - count, too_long=found.too_long)


def _visits(urls: list[str], timeout: float, pause: float, may_contact: MayContact) -> dict[str, Visit]:
    """Visits to the addresses of one host, one after the other."""
    seen: dict[str, Visit] = {}
    for url in urls:
        time.sleep(pause if seen else 0)
        seen[url] = visit(url, timeout=timeout, may_contact=may_contact)
    return seen


def find(progress: Progress) -> Found:
    """Every link of the live editions, and every address in the lists of sources."""
    editions = list(Edition.objects.live().select_related("document").defer("search_text").order_by("pk"))
    site = SiteSnapshot(timezone.now())
    site.prefill(editions)
    found = Found()
    for done, edition in enumerate(editions, start=1):
        for lost in internal_links.find_broken_links(edition, site):
            target = without_part(lost.target)[:LONGEST]
            found.lost.setdefault(target, set()).add(edition.pk)
            found.sentences[target] = lost.message
        for url in set(addresses_in(edition.content)):
            if internal_links.internal_path(url) is not None or not url.lower().startswith(
                ("http://", "https://")
            ):
                continue
            if len(url) <= LONGEST:
                found.elsewhere.setdefault(url, set()).add(edition.pk)
            else:
                found.too_long += 1
        progress(_("Reading"), done, len(editions))
    return found


def _by_turn(found: Found, only_failed: bool) -> list[str]:
    """The addresses to visit: those never visited, then those whose visit was longest ago."""
    known = dict(CheckedLink.objects.filter(on_site=False).values_list("url", "checked_at"))
    if only_failed:
        failed = CheckedLink.objects.filter(on_site=False).exclude(verdict=Verdict.GOOD)
        known = dict(failed.values_list("url", "checked_at"))
        return sorted(known, key=lambda url: known[url])
    return sorted(found.elsewhere, key=lambda url: (url in known, known.get(url, timezone.now()), url))


def _chosen(waiting: list[str]) -> dict[str, list[str]]:
    """The addresses of this run by host, within the limits of one."""
    by_host: dict[str, list[str]] = {}
    count = 0
    for url in waiting:
        at_host = by_host.setdefault(_host(url), [])
        if count < MOST_VISITS and len(at_host) < MOST_TO_ONE_HOST:
            at_host.append(url)
            count += 1
    return {host: urls for host, urls in by_host.items() if urls}


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


@transaction.atomic
def _remember_lost(found: Found) -> None:
    """Links to this site are looked up, so that they are known at once."""
    CheckedLink.objects.filter(on_site=True).exclude(url__in=found.lost).delete()
    since = dict(CheckedLink.objects.filter(on_site=True).values_list("url", "failing_since"))
    now = timezone.now()
    for url, editions in found.lost.items():
        link, _created = CheckedLink.objects.update_or_create(
            url=url,
            defaults={
                "on_site": True,
                "verdict": Verdict.BROKEN,
                "problem": found.sentences[url][:300],
                "checked_at": now,
                "failing_since": since.get(url) or now,
            },
        )
        link.editions.set(editions)


@transaction.atomic
def _remember(url: str, seen: Visit, editions: set[int], now: datetime) -> None:
    """What a visit showed. Broken is what is gone, and what failed on two days with no success between."""
    link = CheckedLink.objects.filter(url=url).first() or CheckedLink(url=url)
    was_broken = link.verdict == Verdict.BROKEN
    today = timezone.localdate(now)
    failed_before = link.failed_on is not None and link.failed_on < today
    link.checked_at = now
    if seen.outcome is Outcome.GOOD:
        link.verdict, link.failing_since, link.failed_on = Verdict.GOOD, None, None
    else:
        link.failing_since = link.failing_since or now
        if seen.outcome is not Outcome.UNSURE:
            link.failed_on = link.failed_on or today
        gone = seen.outcome is Outcome.GONE or (seen.outcome is Outcome.FAILED and failed_before)
        link.verdict = Verdict.BROKEN if gone or was_broken else Verdict.UNSURE
    if seen.outcome is not Outcome.UNSURE or not was_broken:
        # What is known to be broken stays so, with its reason, while nobody can say otherwise.
        link.problem, link.status = seen.problem[:300], seen.status
    link.save()
    link.editions.set(editions)
