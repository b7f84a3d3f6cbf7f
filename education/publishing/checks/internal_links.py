"""Links from texts to pages of this site, and which of them are broken.

A path is resolved with the URL configuration, so that no page is named here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import SplitResult, unquote, urlsplit

from django.conf import settings
from django.urls import Resolver404, ResolverMatch, resolve, reverse
from django.utils import translation
from django.utils.translation import gettext as _

from education import markdown
from education.publishing import document_types
from education.publishing.checks.site_snapshot import SiteSnapshot
from education.publishing.content import Content, DocumentKey, Path, markdown_texts
from education.publishing.models import Document, Edition, Publication
from education.web.origin_check import is_post_only

_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class LinkTarget:
    """A public page of this site; at least one of `documents`, if any, must be live for it."""

    documents: tuple[DocumentKey, ...]
    language: str


@dataclass(frozen=True)
class BrokenInternalLink:
    """A link to this site without a page: the field, the target and what to do."""

    path: Path
    target: str
    message: str


def extract_links(content: Content) -> Iterator[tuple[Path, str]]:
    """The links in the Markdown texts of `content`, with paths; skips texts beyond the limits."""
    for text in markdown_texts(content):
        with suppress(markdown.MarkdownLimitError):
            yield from ((text.path, target) for target in markdown.links(text.text))


def internal_path(target: str) -> str | None:
    """The path that a link to this site points at, with or without its host; else None."""
    try:
        parts = urlsplit(target)
        on_site = not parts.scheme and not parts.netloc and parts.path.startswith("/")
        if on_site or _origin(parts) == _origin(urlsplit(settings.SITE_URL)):
            return unquote(parts.path) or "/"
    except ValueError:
        pass
    return None


def resolve_target(path: str) -> LinkTarget | None:
    """The public page at a path of this site, or None; does not check what is live."""
    language = translation.get_language_from_path(path) or settings.LANGUAGE_CODE
    with translation.override(language):
        # A path without its last slash is redirected to the page.
        for candidate in (path, f"{path}/"):
            match = _resolve_or_none(candidate)
            if match:
                readable = not _is_staff_path(candidate) and not is_post_only(match.func)
                return (
                    LinkTarget(tuple(_get_documents(candidate, match)), language)
                    if readable
                    else None
                )
    return None


def linked_documents(content: Content) -> Iterator[tuple[Path, DocumentKey, str]]:
    """The documents whose pages `content` links to: path of the link, document, language."""
    for path, target in extract_links(content):
        target_path = internal_path(target)
        found = resolve_target(target_path) if target_path is not None else None
        if found:
            yield from ((path, key, found.language) for key in found.documents)


def find_broken_links(edition: Edition, site: SiteSnapshot) -> Iterator[BrokenInternalLink]:
    """The links of `edition` without a page on `site`; a link to its own page is never broken."""
    own = edition.key, edition.document.language
    for path, target in extract_links(edition.content):
        target_path = internal_path(target)
        if target_path is None:
            continue
        found = resolve_target(target_path)
        if found is None or not _is_target_live(found, own, site):
            yield BrokenInternalLink(path, target, _broken_link_message(target, target_path))


def resolvable_links(targets: Iterable[str]) -> set[str]:
    """Those of `targets`, links to this site, that have a live page; one query per language."""
    link_targets = {target: resolve_target(internal_path(target) or "") for target in targets}
    resolved = {target: link_target for target, link_target in link_targets.items() if link_target}
    live: set[tuple[DocumentKey, str]] = set()
    for language in {link_target.language for link_target in resolved.values()}:
        keys = {key for link_target in resolved.values() for key in link_target.documents}
        editions = Edition.objects.live().filter(
            document__in=Document.objects.by_keys(keys, language)
        )
        found = editions.values_list("document__kind", "document__slug")
        live |= {(DocumentKey(*key), language) for key in found}
    return {
        target
        for target, link_target in resolved.items()
        if not link_target.documents
        or any((key, link_target.language) in live for key in link_target.documents)
    }


def broken_link_messages(text: str) -> list[str]:
    """A message for each broken link of one Markdown text; raises MarkdownLimitError."""
    on_site = {
        target: target_path
        for target in markdown.links(text)
        if (target_path := internal_path(target)) is not None
    }
    found = resolvable_links(on_site)
    return [
        _broken_link_message(target, target_path)
        for target, target_path in on_site.items()
        if target not in found
    ]


def linked_drafts(document: Document) -> set[DocumentKey]:
    """The unpublished documents that must go live with `document` because it links to them.

    Follows links and dependencies at any depth: drafts that link to each other can only go live
    together.
    """
    published = Publication.objects.started().values("document")
    seen = {document.key}
    queue = [document]
    while queue:
        current = queue.pop()
        content = current.working_copy().draft_content()
        needed = content.dependencies() if current is not document else ()
        linked = {
            key
            for _path, key, language in linked_documents(content)
            if language == current.language
        }
        for other in Document.objects.by_keys({*linked, *needed} - seen, current.language).exclude(
            pk__in=published
        ):
            seen.add(other.key)
            queue.append(other)
    return seen - {document.key}


def _is_target_live(found: LinkTarget, own: tuple[DocumentKey, str], site: SiteSnapshot) -> bool:
    pages = [(key, found.language) for key in found.documents]
    return not pages or own in pages or any(site.live_edition(*page) for page in pages)


def _broken_link_message(target: str, target_path: str) -> str:
    if _is_staff_path(target_path):
        message = _(
            "The link to “{target}” leads to a page for staff. Link to a page that readers can open."
        )
    else:
        message = _(
            "The link to “{target}” leads nowhere. Correct the address, or publish that page first."
        )
    return message.format(target=target)


def _origin(parts: SplitResult) -> tuple[str | None, int | None]:
    """Host and port; the port is None for the defaults, so that http and https are the same."""
    port = parts.port
    return parts.hostname, None if port in (None, _PORTS.get(parts.scheme)) else port


def _is_staff_path(path: str) -> bool:
    return path.startswith(reverse("admin:index"))


def _resolve_or_none(path: str) -> ResolverMatch | None:
    try:
        return resolve(path)
    except Resolver404:
        return None


def _get_documents(path: str, match: ResolverMatch) -> Iterator[DocumentKey]:
    """The documents whose page is at `path` or above it.

    For a page about a document at another address only the slug is known: then every kind is
    possible.
    """
    with_pages = [
        document_types.get(name)
        for name in document_types.names()
        if document_types.get(name).render_page
    ]
    slug: str = match.kwargs.get("slug", "")
    # The address of a singleton has no slug.
    keys = {
        DocumentKey(kind.name, slug or getattr(kind.file_layout, "slug", "")): kind
        for kind in with_pages
    }
    at_home = [
        key for key, kind in keys.items() if key.slug and path.startswith(kind.get_url(key.slug))
    ]
    if at_home or not slug:
        yield from at_home
    else:
        yield from keys
