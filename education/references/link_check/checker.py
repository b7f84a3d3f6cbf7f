"""The check of all links that readers can follow, with stored results."""

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
from education.references.link_check.external_urls import external_urls, strip_fragment
from education.references.link_check.http_probe import (
    AddressPolicy,
    ProbeOutcome,
    ProbeResult,
    is_public_address,
    probe,
)
from education.references.models import CheckedLink

Progress = Callable[[str, int, int], None]
LinkStatus = CheckedLink.Status

# The limits of one run; the rest comes first in the next one.
MAX_PROBES = 1_000
MAX_PER_HOST = 60
CONCURRENCY = 8
MAX_URL_LENGTH = 1_000


@dataclass
class CollectedLinks:
    """The links of all live editions, with the ids of these editions.

    `messages` say why an internal link is broken. `too_long` counts external links that cannot be
    stored.
    """

    external: dict[str, set[int]] = field(default_factory=dict)
    broken_internal: dict[str, set[int]] = field(default_factory=dict)
    messages: dict[str, str] = field(default_factory=dict)
    too_long: int = 0


@dataclass(frozen=True)
class CheckReport:
    """What a run did: the external links it visited and those it left for the next run."""

    probed: int
    remaining: int
    too_long: int


def check_links(
    *,
    timeout: float = 10,
    pause: float = 1,
    only_failed: bool = False,
    address_policy: AddressPolicy = is_public_address,
    progress: Progress,
) -> CheckReport:
    """Check all links of live editions: internal ones by lookup, external ones by a visit.

    `timeout` and `pause` (between two visits to one host) are in seconds. `only_failed` visits only
    what did not work at the last check.
    """
    collected = collect_links(progress)
    _save_internal(collected)
    CheckedLink.objects.filter(on_site=False).exclude(url__in=collected.external).delete()
    pending = _prioritize(collected, only_failed)
    chosen = _limit_per_host(pending)
    results: dict[str, ProbeResult] = {}
    count = sum(len(urls) for urls in chosen.values())
    with ThreadPoolExecutor(CONCURRENCY) as pool:
        hosts = [
            pool.submit(_probe_host, urls, timeout, pause, address_policy)
            for urls in chosen.values()
        ]
        for host in as_completed(hosts):
            results |= host.result()
            progress(_("Asking other sites"), len(results), count)
    if len(chosen) > 1 and not any(seen.status for seen in results.values()):
        # All links failing at once means that this machine has no connection.
        results = {
            url: ProbeResult(ProbeOutcome.UNSURE, _("No other site could be reached."))
            for url in results
        }
    for url, seen in results.items():
        _save_result(url, seen, collected.external[url], timezone.now())
    return CheckReport(probed=count, remaining=len(pending) - count, too_long=collected.too_long)


def _probe_host(
    urls: list[str], timeout: float, pause: float, address_policy: AddressPolicy
) -> dict[str, ProbeResult]:
    """Visit the addresses of one host, one after the other."""
    results: dict[str, ProbeResult] = {}
    for url in urls:
        time.sleep(pause if results else 0)
        results[url] = probe(url, timeout=timeout, address_policy=address_policy)
    return results


def collect_links(progress: Progress) -> CollectedLinks:
    """Collect every link of the live editions, and every address in the lists of sources."""
    editions = list(
        Edition.objects.live().select_related("document").defer("search_text").order_by("pk")
    )
    site = SiteSnapshot(timezone.now())
    site.prefill(editions)
    collected = CollectedLinks()
    for done, edition in enumerate(editions, start=1):
        for broken in internal_links.find_broken_links(edition, site):
            target = strip_fragment(broken.target)[:MAX_URL_LENGTH]
            collected.broken_internal.setdefault(target, set()).add(edition.pk)
            collected.messages[target] = broken.message
        for url in set(external_urls(edition.content)):
            if internal_links.internal_path(url) is not None or not url.lower().startswith(
                ("http://", "https://")
            ):
                continue
            if len(url) <= MAX_URL_LENGTH:
                collected.external.setdefault(url, set()).add(edition.pk)
            else:
                collected.too_long += 1
        progress(_("Reading"), done, len(editions))
    return collected


def _prioritize(collected: CollectedLinks, only_failed: bool) -> list[str]:
    """Return the addresses to visit: those never visited, then by the oldest visit."""
    known = dict(CheckedLink.objects.filter(on_site=False).values_list("url", "checked_at"))
    if only_failed:
        failed = CheckedLink.objects.filter(on_site=False).exclude(status=LinkStatus.GOOD)
        known = dict(failed.values_list("url", "checked_at"))
        return sorted(known, key=lambda url: known[url])
    return sorted(
        collected.external, key=lambda url: (url in known, known.get(url, timezone.now()), url)
    )


def _limit_per_host(pending: list[str]) -> dict[str, list[str]]:
    """Group the addresses of this run by host, within its limits."""
    by_host: dict[str, list[str]] = {}
    count = 0
    for url in pending:
        at_host = by_host.setdefault(_host(url), [])
        if count < MAX_PROBES and len(at_host) < MAX_PER_HOST:
            at_host.append(url)
            count += 1
    return {host: urls for host, urls in by_host.items() if urls}


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


@transaction.atomic
def _save_internal(collected: CollectedLinks) -> None:
    """Store the broken links to this site; delete those that work."""
    CheckedLink.objects.filter(on_site=True).exclude(url__in=collected.broken_internal).delete()
    since = dict(CheckedLink.objects.filter(on_site=True).values_list("url", "failing_since"))
    now = timezone.now()
    for url, editions in collected.broken_internal.items():
        link, _created = CheckedLink.objects.update_or_create(
            url=url,
            defaults={
                "on_site": True,
                "status": LinkStatus.BROKEN,
                "problem": collected.messages[url][:300],
                "checked_at": now,
                "failing_since": since.get(url) or now,
            },
        )
        link.editions.set(editions)


@transaction.atomic
def _save_result(url: str, result: ProbeResult, editions: set[int], now: datetime) -> None:
    """Store a result. Broken: gone, or failed on two days with no success between."""
    link = CheckedLink.objects.filter(url=url).first() or CheckedLink(url=url)
    was_broken = link.status == LinkStatus.BROKEN
    today = timezone.localdate(now)
    failed_before = link.failed_on is not None and link.failed_on < today
    link.checked_at = now
    if result.outcome is ProbeOutcome.GOOD:
        link.status, link.failing_since, link.failed_on = LinkStatus.GOOD, None, None
    else:
        link.failing_since = link.failing_since or now
        if result.outcome is not ProbeOutcome.UNSURE:
            link.failed_on = link.failed_on or today
        gone = result.outcome is ProbeOutcome.GONE or (
            result.outcome is ProbeOutcome.FAILED and failed_before
        )
        link.status = LinkStatus.BROKEN if gone or was_broken else LinkStatus.UNSURE
    if result.outcome is not ProbeOutcome.UNSURE or not was_broken:
        # A known broken link keeps its problem until a check is conclusive.
        link.problem, link.http_status = result.problem[:300], result.status
    link.save()
    link.editions.set(editions)
