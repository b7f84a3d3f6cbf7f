"""The broken and unverified links as the last check found them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, QuerySet

from education.publishing.checks.internal_links import resolvable_links
from education.publishing.models import Document, Edition
from education.references.link_check.external_urls import external_urls
from education.references.models import CheckedLink


@dataclass(frozen=True)
class LinkLocation:
    """A document whose live edition has the link, with the heading that readers know."""

    document: Document
    heading: str

    def __str__(self) -> str:
        return f"{self.document.document_type.label} “{self.heading}”"


@dataclass(frozen=True)
class BrokenLink:
    """A link, its problem, since when it is known, and the documents that have it."""

    url: str
    on_site: bool
    problem: str
    since: datetime
    locations: tuple[LinkLocation, ...]


def broken_links() -> list[BrokenLink]:
    """Return the broken links of live editions, internal and external, the oldest first.

    Read from the last check in at most six queries. Links repaired since are left out; links broken
    since are not known yet.
    """
    return _with_locations(CheckedLink.objects.filter(status=CheckedLink.Status.BROKEN))


def unverified_links() -> list[BrokenLink]:
    """Return the external links that the last check could not verify, the oldest first."""
    return _with_locations(CheckedLink.objects.filter(status=CheckedLink.Status.UNSURE))


def _with_locations(found: QuerySet[CheckedLink]) -> list[BrokenLink]:
    names = Prefetch("editions", Edition.objects.only("document"))
    links = list(found.order_by("failing_since", "url").prefetch_related(names))
    fixed = resolvable_links(link.url for link in links if link.on_site)
    read = {edition.pk: edition.document_id for link in links for edition in link.editions.all()}
    live = (
        Edition.objects.live()
        .for_listing()
        .filter(document__in=set(read.values()))
        .order_by("heading", "pk")
    )
    editions = {edition.document_id: edition for edition in live}
    changed = Edition.objects.filter(pk__in={edition.pk for edition in live} - set(read))
    current_urls = {
        edition.document_id: set(external_urls(edition.content))
        for edition in changed.select_related("document").defer("search_text")
    }
    broken = []
    for link in links:
        documents = {edition.document_id for edition in link.editions.all()}
        locations = tuple(
            LinkLocation(edition.document, edition.heading)
            for document, edition in editions.items()
            if document in documents and link.url in current_urls.get(document, {link.url})
        )
        if locations and link.url not in fixed:
            since = link.failing_since or link.checked_at
            broken.append(BrokenLink(link.url, link.on_site, link.problem, since, locations))
    return broken
