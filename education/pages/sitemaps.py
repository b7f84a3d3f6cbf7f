"""The sitemap for search engines: every live page, with the time of its last change.

An index lists parts of at most `PART_SIZE` addresses, so that no part grows with the site: one for
the pages that list others, and one for every few hundred documents, by their ids.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import cache
from typing import NamedTuple
from xml.sax.saxutils import escape

from django.conf import settings
from django.db.models import Max
from django.urls import reverse
from django.utils import translation

from education.articles.facet_counts import facet_groups
from education.articles.schema_org import absolute_url
from education.clinic.models import Clinic
from education.publishing import document_types
from education.publishing.history import last_modified_times
from education.publishing.models import Edition, EditionQuerySet, Publication

PART_SIZE = 500
_INDEX_URL_NAMES = {
    "article": "conditions",
    "cause": "causes",
    "checklist": "checklists",
    "self-check": "self-checks",
}


class SitemapEntry(NamedTuple):
    """The path of a page or of a part, and when it last changed, if that is known."""

    path: str
    lastmod: datetime | None = None


def public_kinds(clinic: Clinic) -> tuple[str, ...]:
    """The kinds of document that have a page of their own for readers."""
    kinds = ("article", "cause", "checklist", "glossary")
    return (*kinds, "self-check") if clinic.self_checks_enabled else kinds


def sitemap_index(clinic: Clinic) -> str:
    """The parts that have pages, as XML."""
    documents = _live_pages(clinic).order_by().values_list("document", flat=True)
    numbers = sorted({(document - 1) // PART_SIZE + 1 for document in documents})
    pages = (SitemapEntry(reverse("sitemap-pages", args=[number])) for number in numbers)
    return _to_xml("sitemapindex", "sitemap", [SitemapEntry(reverse("sitemap-lists")), *pages])


def list_sitemap(clinic: Clinic) -> str:
    """The pages that are not those of documents, in every language, as XML."""
    found: list[SitemapEntry] = []
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found.extend(_list_entries(language, public_kinds(clinic)))
    return _to_xml("urlset", "url", found)


def page_sitemap(clinic: Clinic, number: int) -> str:
    """The pages of a part of the documents, counted from 1, as XML; empty if there are none."""
    last = number * PART_SIZE
    live = _live_pages(clinic).filter(document__gt=last - PART_SIZE, document__lte=last)
    changed = last_modified_times(live)
    rows = live.order_by("document__language", "document__kind", "document__slug").values_list(
        "pk", "document__language", "document__kind", "document__slug"
    )
    # A page that went live between the queries is in the next sitemap.
    entries = [
        SitemapEntry(_url_template(language, kind)(slug), changed[edition])
        for edition, language, kind, slug in rows
        if edition in changed
    ]
    return _to_xml("urlset", "url", entries) if entries else ""


def _live_pages(clinic: Clinic) -> EditionQuerySet:
    return Edition.objects.live().filter(document__kind__in=public_kinds(clinic))


@cache
def _url_template(language: str, kind: str) -> Callable[[str], str]:
    with translation.override(language):
        return document_types.get(kind).url_template()


def _list_entries(language: str, kinds: tuple[str, ...]) -> Iterator[SitemapEntry]:
    log = Publication.objects.started().filter(
        document__language=language, document__kind__in=kinds
    )
    newest = dict(log.values_list("document__kind").annotate(Max("at")).order_by())
    yield SitemapEntry(reverse("home"), max(newest.values(), default=None))
    yield from (SitemapEntry(reverse(name)) for name in ("about", "privacy", "accessibility"))
    for kind, moment in newest.items():
        name = _INDEX_URL_NAMES.get(kind)
        if name and Edition.objects.live().of_kind(kind, language).exists():
            yield SitemapEntry(reverse(name), moment)
    found = facet_groups(language)
    if found:
        yield SitemapEntry(reverse("browse"))
    for group in found:
        yield from (SitemapEntry(entry.url) for entry in group.entries)


def _to_xml(root: str, name: str, entries: Iterable[SitemapEntry]) -> str:
    lines = (
        f"<{name}><loc>{escape(absolute_url(path))}</loc>"
        + (f"<lastmod>{moment.isoformat(timespec='seconds')}</lastmod>" if moment else "")
        + f"</{name}>\n"
        for path, moment in entries
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<{root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{"".join(lines)}</{root}>\n'
    )
