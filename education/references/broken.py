"""The links that readers cannot follow, as the last check found them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, QuerySet

from education.publishing.checks.internal_links import resolvable_links
from education.publishing.models import Document, Edition
from education.references.addresses import addresses_in
from education.references.models import CheckedLink


@dataclass(frozen=True)
class Mention:
    """A document whose live edition has the link, under the name that readers know it by."""

    document: Document
    heading: str

    def __str__(self) -> str:
        return f"{self.document.document_type.label} “{self.heading}”"


@dataclass(frozen=True)
class BrokenLink:
    """A link, what is wrong with it, since when that is known, and where it stands."""

    url: str
    on_site: bool
    problem: str
    since: datetime
    documents: tuple[Mention, ...]


def broken_links() -> list[BrokenLink]:
    """The broken links of what is live now, to this site and to others, the oldest first.

    Read from what the last check remembered: six queries at most, whatever the number of documents. What
    was mended since is left out; what broke since is not known yet.
    """
    return _with_mentions(CheckedLink.objects.filter(verdict=CheckedLink.Status.BROKEN))


def unsure_links() -> list[BrokenLink]:
    """The links to other sites of which the last check could not say whether they work, the oldest first."""
    return _with_mentions(CheckedLink.objects.filter(verdict=CheckedLink.Status.UNSURE))


def _with_mentions(found: QuerySet[CheckedLink]) -> list[BrokenLink]:
    names = Prefetch("editions", Edition.objects.only("document"))
    links = list(found.order_by("failing_since", "url").prefetch_related(names))
    mended = resolvable_links(link.url for link in links if link.on_site)
    read = {edition.pk: edition.document_id for link in links for edition in link.editions.all()}
    live = (
        Edition.objects.live().for_listing().filter(document__in=set(read.values())).order_by("heading", "pk")
    )
    editions = {edition.document_id: edition for edition in live}
    changed = Edition.objects.filter(pk__in={edition.pk for edition in live} - set(read))
    now_said = {
        edition.document_id: set(addresses_in(edition.content))
        for edition in changed.select_related("document").defer("search_text")
    }
    listed = []
    for link in links:
        documents = {edition.document_id for edition in link.editions.all()}
        mentions = tuple(
            Mention(edition.document, edition.heading)
            for document, edition in editions.items()
            if document in documents and link.url in now_said.get(document, {link.url})
        )
        if mentions and link.url not in mended:
            since = link.failing_since or link.checked_at
            listed.append(BrokenLink(link.url, link.on_site, link.problem, since, mentions))
    return listed
