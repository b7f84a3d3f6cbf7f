"""The addresses that a content sends readers to, in its texts and in its list of sources."""

from __future__ import annotations

from collections.abc import Iterator

from education.publishing.checks.internal_links import extract_links
from education.publishing.content import Content
from education.references.content import SourceListContent


def external_urls(content: Content) -> Iterator[str]:
    """Every address that `content` has, whatever its kind; without the part of the page that is
    meant.
    """
    for _path, target in extract_links(content):
        yield strip_fragment(target)
    if isinstance(content, SourceListContent):
        yield from (strip_fragment(source.url) for source in content.sources if source.url)


def strip_fragment(url: str) -> str:
    """The address of the whole page."""
    return url.partition("#")[0]
