"""The addresses in the texts of a content and in its list of sources."""

from __future__ import annotations

from collections.abc import Iterator

from education.publishing.checks.internal_links import extract_links
from education.publishing.content import Content
from education.references.content import SourceListContent


def external_urls(content: Content) -> Iterator[str]:
    """Yield every address in `content`, of any kind, without its fragment."""
    for _path, target in extract_links(content):
        yield strip_fragment(target)
    if isinstance(content, SourceListContent):
        yield from (strip_fragment(source.url) for source in content.sources if source.url)


def strip_fragment(url: str) -> str:
    return url.partition("#")[0]
