"""Links from texts to pages of this site, and which of them lead nowhere.

A path of the site is looked up in its own addresses, so that this knows no page by name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.urls import Resolver404, ResolverMatch, resolve, reverse
from django.utils import translation
from django.utils.translation import gettext as _

from education import markdown
from education.publishing import kinds
from education.publishing.content import Content, DocumentKey, Path, markdown_texts
from education.publishing.models import Document, Edition, Publication
from education.publishing.site import SiteAt

_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Destination:
    """A page of this site for readers, and the documents of which one at least must be live for it."""

    documents: tuple[DocumentKey, ...]
    language: str


@dataclass(frozen=True)
class LostLink:
    """A link to this site that leads readers nowhere: where it stands, where it points, what to do."""

    path: Path
    target: str
    sentence: str


def links_in(content: Content) -> Iterator[tuple[Path, str]]:
    """Every link in the Markdown texts of `said`, with where it stands; none of a text beyond the limits."""
    for text in markdown_texts(content):
        with suppress(markdown.MarkdownLimitError):
            yield from ((text.path, target) for target in markdown.links(text.text))


def path_on_site(target: str) -> str | None:
    """The path on this site that a link points at, be it written with the site's own host; else None."""
    try:
        parts = urlsplit(target)
        on_site = not parts.scheme and not parts.netloc and parts.path.startswith("/")
        if on_site or _origin(parts) == _origin(urlsplit(settings.SITE_URL)):
            return unquote(parts.path) or "/"
    except ValueError:
        pass
    return None


def destination(path: str) -> Destination | None:
    """Where a path of this site leads readers; None when there is no page for them, whatever is live."""
    language = translation.get_language_from_path(path) or settings.LANGUAGE_CODE
    with translation.override(language):
        # Without its last slash an address is found as well: the site sends readers on.
        for whole in (path, f"{path}/"):
            match = _match(whole)
            if match:
                readable = not _is_for_staff(whole) and _can_be_read(match.func)
                return Destination(tuple(_documents_at(whole, match)), language) if readable else None
    return None


def documents_linked(content: Content) -> Iterator[tuple[Path, DocumentKey, str]]:
    """The documents whose pages `said` links to: where each link stands, the document, its language."""
    for path, target in links_in(content):
        there = path_on_site(target)
        found = destination(there) if there is not None else None
        if found:
            yield from ((path, key, found.language) for key in found.documents)


def nowhere(edition: Edition, site: SiteAt) -> Iterator[LostLink]:
    """The links of `edition` that lead nowhere on `site`. A page always finds itself."""
    own = edition.key, edition.document.language
    for path, target in links_in(edition.content):
        there = path_on_site(target)
        if there is None:
            continue
        found = destination(there)
        if found is None or not _is_there(found, own, site):
            yield LostLink(path, target, _sentence(target, there))


def found_now(targets: Iterable[str]) -> set[str]:
    """Those of `targets`, links to this site, that lead somewhere by now. One query for each language."""
    places = {target: destination(path_on_site(target) or "") for target in targets}
    there = {target: place for target, place in places.items() if place}
    live: set[tuple[DocumentKey, str]] = set()
    for language in {place.language for place in there.values()}:
        keys = {key for place in there.values() for key in place.documents}
        editions = Edition.objects.live().filter(document__in=Document.objects.keyed(keys, language))
        found = editions.values_list("document__kind", "document__slug")
        live |= {(DocumentKey(*key), language) for key in found}
    return {
        target
        for target, place in there.items()
        if not place.documents or any((key, place.language) in live for key in place.documents)
    }


def lost_in(text: str) -> list[str]:
    """What is wrong with each link of one Markdown text that leads nowhere now. Raises MarkdownLimitError."""
    on_site = {
        target: there for target in markdown.links(text) if (there := path_on_site(target)) is not None
    }
    found = found_now(on_site)
    return [_sentence(target, there) for target, there in on_site.items() if target not in found]


def drafts_linked(document: Document) -> set[DocumentKey]:
    """What was not published yet and must go live with `document`, because links lead there.

    At any depth, and with what those drafts need: drafts that link to each other go live together or never.
    """
    published = Publication.objects.begun().values("document")
    seen = {document.key}
    waiting = [document]
    while waiting:
        near = waiting.pop()
        content = near.working_copy().draft()
        needed = content.uses() if near is not document else ()
        linked = {key for _path, key, language in documents_linked(content) if language == near.language}
        for other in Document.objects.keyed({*linked, *needed} - seen, near.language).exclude(
            pk__in=published
        ):
            seen.add(other.key)
            waiting.append(other)
    return seen - {document.key}


def _is_there(found: Destination, own: tuple[DocumentKey, str], site: SiteAt) -> bool:
    pages = [(key, found.language) for key in found.documents]
    return not pages or own in pages or any(site.live(*page) for page in pages)


def _sentence(target: str, there: str) -> str:
    if _is_for_staff(there):
        sentence = _(
            "The link to “{target}” leads to a page for staff. Link to a page that readers can open."
        )
    else:
        sentence = _("The link to “{target}” leads nowhere. Correct the address, or publish that page first.")
    return sentence.format(target=target)


def _origin(parts: SplitResult) -> tuple[str | None, int | None]:
    """Host and port; a link with plain http to a site that has https is sent on to it."""
    port = parts.port
    return parts.hostname, None if port in (None, _PORTS.get(parts.scheme)) else port


def _is_for_staff(path: str) -> bool:
    return path.startswith(reverse("admin:index"))


def _match(path: str) -> ResolverMatch | None:
    try:
        return resolve(path)
    except Resolver404:
        return None


@lru_cache(maxsize=256)
def _can_be_read(view: Any) -> bool:
    """Whether a view answers GET: asked with a method that none takes, each says what it does take."""
    request = HttpRequest()
    request.method = "TRACE"
    answer = view(request)
    return "GET" in answer.headers.get("Allow", "").split(", ")


def _documents_at(path: str, match: ResolverMatch) -> Iterator[DocumentKey]:
    """The document whose page stands at `path` or above it.

    A page about a document that stands elsewhere is known by the slug alone, whatever the kind.
    """
    with_pages = [kinds.get(name) for name in kinds.names() if kinds.get(name).show]
    slug: str = match.kwargs.get("slug", "")
    # What there is only one of has an address without a slug.
    keys = {DocumentKey(kind.name, slug or getattr(kind.layout, "slug", "")): kind for kind in with_pages}
    at_home = [key for key, kind in keys.items() if key.slug and path.startswith(kind.address(key.slug))]
    if at_home or not slug:
        yield from at_home
    else:
        yield from keys
