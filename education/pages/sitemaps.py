"""The sitemap for search engines: every live page, with the time of its last change."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.urls import reverse
from django.utils import translation

from education.articles.facet_counts import facet_groups
from education.clinic.models import Clinic
from education.publishing.history import last_modified_times
from education.publishing.models import Edition

_INDEX_URL_NAMES = {
    "article": "conditions",
    "cause": "causes",
    "checklist": "checklists",
    "self-check": "self-checks",
}


class SitemapEntry(NamedTuple):
    """The path of a page, and when it last changed, if that is known."""

    path: str
    lastmod: datetime | None = None


class PageSitemap(Sitemap):  # type: ignore[type-arg]  # takes no type argument when the program runs
    """Every page of every language. The number of queries does not grow with the site."""

    limit = 50_000

    def items(self) -> list[SitemapEntry]:
        found: list[SitemapEntry] = []
        clinic = Clinic.load()
        for language, _name in settings.LANGUAGES:
            with translation.override(language):
                found.extend(_entries(language, public_kinds(clinic)))
        return found

    def location(self, item: SitemapEntry) -> str:
        return item.path

    def lastmod(self, item: SitemapEntry) -> datetime | None:
        """When the page, or a part of it, last changed."""
        return item.lastmod

    def get_protocol(self, protocol: str | None = None) -> str:
        """The protocol of the public address, whatever the request used."""
        return urlsplit(settings.SITE_URL).scheme

    def get_domain(self, site: Any = None) -> str:
        """The host of the public address, whatever the request used."""
        return urlsplit(settings.SITE_URL).netloc


def public_kinds(clinic: Clinic) -> tuple[str, ...]:
    """The kinds of document that have a page of their own for readers."""
    kinds = ("article", "cause", "checklist", "glossary")
    return (*kinds, "self-check") if clinic.self_checks_enabled else kinds


def _entries(language: str, kinds: tuple[str, ...]) -> Iterator[SitemapEntry]:
    live = Edition.objects.live().filter(document__kind__in=kinds, document__language=language)
    changed = last_modified_times(live)
    newest: dict[str, datetime] = {}
    pages = []
    for edition in (
        live.select_related("document")
        .only("document")
        .order_by("document__kind", "document__slug")
    ):
        # A page that went live between the two queries is in the next sitemap.
        if moment := changed.get(edition.pk):
            kind = edition.document.kind
            newest[kind] = max(moment, newest.get(kind, moment))
            pages.append(SitemapEntry(edition.get_absolute_url(), moment))
    yield SitemapEntry(reverse("home"), max(newest.values(), default=None))
    # A page without a date prevents a 304 response, which would be wrong after a withdrawal.
    yield SitemapEntry(reverse("about"))
    yield SitemapEntry(reverse("privacy"))
    yield SitemapEntry(reverse("accessibility"))
    yield from (
        SitemapEntry(reverse(_INDEX_URL_NAMES[kind]), moment)
        for kind, moment in newest.items()
        if kind in _INDEX_URL_NAMES
    )
    yield from pages
    found = facet_groups(language)
    if found:
        yield SitemapEntry(reverse("browse"))
    for group in found:
        yield from (
            SitemapEntry(reverse("browse-facet", args=[facet])) for facet, _number in group.entries
        )
