"""Composes a page from the live editions of its parts at the moment it is read."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any, TypeVar, cast

from django.http import Http404
from django.utils import timezone

from education.publishing import document_types
from education.publishing.composition_queries import (
    LIVE_BY_KEY,
    documents_of_kinds,
    shown_with_query,
)
from education.publishing.content import Content, DocumentKey
from education.publishing.kept_editions import LISTED, WHOLE
from education.publishing.models import (
    Document,
    Edition,
    EditionIdentity,
    Publication,
)
from education.publishing.review_inheritance import get_review_dates
from education.web.kept_results import key_of

C = TypeVar("C", bound=Content)


class PageWithdrawn(Exception):
    """Raised for a withdrawn page, with the log entry, its name and the page to read instead."""

    def __init__(self, publication: Publication, heading: str, redirect_to: Edition | None):
        super().__init__(str(publication.document))
        self.publication = publication
        self.heading = heading
        self.redirect_to = redirect_to


@dataclass(frozen=True)
class ReviewStatus:
    """The review of a whole page: the earliest dates of its parts.

    `being_checked`: the wording of a part changed after its review, and no clinician has compared
    it yet; the page then counts as not reviewed.
    """

    shown_as: tuple[str, ...]
    on: date
    next_due: date
    overdue: bool
    being_checked: bool = False


@dataclass(frozen=True)
class Composition:
    """An edition with the live editions of what it uses, and the review of the whole."""

    edition: Edition
    parts: dict[DocumentKey, Edition]
    review_status: ReviewStatus | None
    at: datetime
    last_modified: datetime | None
    offered: tuple[Edition, ...] = ()
    site_wide: tuple[Edition, ...] = ()
    related: tuple[Edition, ...] = ()
    # Of a page that is not live: the parts shown in a version that is not live either.
    unpublished_parts: tuple[Edition, ...] = ()

    def part(self, kind: str, slug: str, content_type: type[C]) -> C:
        """The content of a part; raises KeyError if the page does not use it."""
        return cast(C, self.parts[DocumentKey(kind, slug)].content)

    def content_as(self, content_type: type[C]) -> C:
        """The content of the edition; raises TypeError when it is of another type."""
        if not isinstance(self.edition.content, content_type):
            raise TypeError(f"{self.edition.key} is no {content_type.KIND}")
        return self.edition.content

    @cached_property
    def kept_key(self) -> Hashable:
        """All of its editions, in their order, and the review; raises NotKept for a preview."""
        groups = (self.parts.values(), self.offered, self.site_wide, self.related)
        return (
            self.edition.kept_key,
            tuple([tuple([one.kept_key for one in group]) for group in groups]),
            tuple([one.kept_key for one in self.unpublished_parts]),
            key_of(self.review_status),
        )

    @property
    def language(self) -> str:
        return self.edition.document.language


def get_live_edition_or_404(key: DocumentKey, language: str, at: datetime | None = None) -> Edition:
    """The live edition; raises Http404 for an unknown slug, PageWithdrawn for a withdrawn page."""
    moment = at or timezone.now()
    live = LIVE_BY_KEY.rows(at=moment, kind=key.kind, language=language, slug=key.slug)
    if not live:
        latest = Publication.objects.latest_for(key, language, moment)
        if latest is None:
            raise Http404(str(key))
        redirect_to = (
            Edition.objects.live(moment)
            .for_listing()
            .filter(document=latest.redirect_to_id)
            .first()
        )
        earlier = (
            Edition.objects.ever_live(moment).filter(document=latest.document_id).order_by("number")
        )
        raise PageWithdrawn(
            latest, earlier.values_list("heading", flat=True).last() or "", redirect_to
        )
    return WHOLE.get(map(EditionIdentity._make, live))[0]


def compose_live(key: DocumentKey, language: str, **more: Any) -> Composition:
    """The page of a live document now, in one moment; `more` as for `compose`.

    Raises Http404 and PageWithdrawn as `get_live_edition_or_404` does.
    """
    now = timezone.now()
    return compose(get_live_edition_or_404(key, language, now), now, **more)


def compose(
    edition: Edition,
    at: datetime | None = None,
    *,
    included: Sequence[Edition] = (),
    site_wide: bool = False,
    max_related: int = 0,
) -> Composition:
    """The page of `edition` with its live parts at the moment `at`, in two queries, and one more
    for editions that are not kept.

    `included`: other live editions of which the page shows something; with what they use they are
    parts of it. `site_wide`: include the documents that every page may show. `max_related`: the
    number of pages of the same kind with the most facets in common to include, best first.
    """
    moment = at or timezone.now()
    facets = edition.content.facets() if max_related else ()
    values = {"facets": facets, "kind": edition.document.kind} if facets else {}
    rows = shown_with_query(site_wide, max_related if facets else 0).rows(
        at=moment,
        pages=tuple(page.pk for page in (edition, *included)),
        edition=edition.pk,
        document=edition.document_id,
        language=edition.document.language,
        **values,
    )
    offered_kinds = {kind for kind, _shared in document_types.offered_types()}
    site_wide_kinds = document_types.site_wide_types()
    no_parts = {*offered_kinds, *site_wide_kinds}
    own = edition.document.kind
    # Of pages of the same kind only the names are shown.
    live = WHOLE.get(
        EditionIdentity(*row) for *row, kind, _shared in rows if kind != own or kind in no_parts
    )
    shared = {EditionIdentity(*row): number for *row, kind, number in rows if kind == own}
    parts = [part for part in live if part.document.kind not in no_parts] + list(included)
    composed = [edition, *parts]
    return Composition(
        edition=edition,
        parts={part.key: part for part in parts},
        review_status=review_status(composed, moment),
        at=moment,
        last_modified=max((part.frozen_at for part in composed), default=None),
        offered=tuple(other for other in live if other.document.kind in offered_kinds),
        site_wide=tuple(other for other in live if other.document.kind in site_wide_kinds),
        related=tuple(
            sorted(LISTED.get(shared), key=lambda other: (-shared[other.kept_key], other.heading))
        ),
    )


def compose_draft(document: Document) -> Composition:
    """The page of the working copy of `document` and of its parts, valid or not.

    A part that does not exist is shown as if it were empty.
    """
    edition = Edition.unsaved(document, document.working_copy().draft_content())
    return _compose_unpublished(edition, _changed_drafts)


def compose_pending(edition: Edition) -> Composition:
    """The page of `edition`, were it published now with everything pending or scheduled.

    A live edition is shown with its live parts.
    """
    is_live = edition.pk is not None and Edition.objects.live().filter(pk=edition.pk).exists()
    return _compose_unpublished(edition, _never_live_editions if is_live else _pending_editions)


def _changed_drafts(
    parts: Iterable[Document], live: Mapping[DocumentKey, Edition]
) -> dict[DocumentKey, Edition]:
    """The working copies of these documents that differ from their live editions."""
    found = {}
    for part in parts:
        live_edition = live.get(part.key)
        if live_edition is None or (
            live_edition.lock_version != part.lock_version
            and live_edition.sha256 != part.working_copy().content_hash()
        ):
            found[part.key] = Edition.unsaved(part, part.working_copy().draft_content())
    return found


def _pending_editions(
    parts: Iterable[Document], live: Mapping[DocumentKey, Edition]
) -> dict[DocumentKey, Edition]:
    """The newest editions of these documents, where they are not the live ones."""
    editions = (
        Edition.objects.not_recalled()
        .filter(document__in=list(parts))
        .select_related("document")
        .order_by("number")
    )
    newest = {edition.key: edition for edition in editions.defer("data", "search_text")}
    pending = {key: edition for key, edition in newest.items() if live.get(key) != edition}
    return {
        key: Edition.objects.select_related("document").get(pk=one.pk)
        for key, one in pending.items()
    }


def _never_live_editions(
    parts: Iterable[Document], live: Mapping[DocumentKey, Edition]
) -> dict[DocumentKey, Edition]:
    """Like `_pending_editions`, for documents without a live edition only."""
    return _pending_editions([part for part in parts if part.key not in live], live)


UnpublishedFinder = Callable[
    [Iterable[Document], Mapping[DocumentKey, Edition]], dict[DocumentKey, Edition]
]


def _compose_unpublished(edition: Edition, find_unpublished: UnpublishedFinder) -> Composition:
    language, now = edition.document.language, timezone.now()
    used = {
        part.key: part
        for part in Document.objects.by_keys(set(edition.content.dependencies()), language)
    }
    shared = documents_of_kinds(document_types.site_wide_types(), language).exclude(
        pk=edition.document_id
    )
    documents = used | {part.key: part for part in shared}
    editions = (
        Edition.objects.live(now).filter(document__in=documents.values()).select_related("document")
    )
    shown = {part.key: part for part in editions}
    unpublished_parts = find_unpublished(documents.values(), shown)
    shown |= unpublished_parts
    parts = {
        key: shown.get(key)
        or _placeholder_edition(
            used.get(key) or Document(kind=key.kind, slug=key.slug, language=language)
        )
        for key in edition.content.dependencies()
    }
    composed = [edition, *parts.values()]
    is_frozen = all(part.pk for part in composed)
    return Composition(
        edition=edition,
        parts=parts,
        review_status=review_status(composed, now) if is_frozen else None,
        at=now,
        last_modified=max(part.frozen_at for part in composed) if edition.pk else None,
        site_wide=tuple(
            part for key, part in shown.items() if key.kind in document_types.site_wide_types()
        ),
        unpublished_parts=tuple(unpublished_parts.values()),
    )


def _placeholder_edition(part: Document) -> Edition:
    """A part without an edition, made of its working copy if there is one."""
    content = (
        part.working_copy().draft_content()
        if part.pk
        else document_types.get(part.kind).content.lenient({})
    )
    return Edition.unsaved(part, content)


def review_status(editions: Iterable[Edition], at: datetime) -> ReviewStatus | None:
    """The review of a page composed of `editions`; None if one of them was never reviewed.

    The page is being checked while the review of one of them depends on a check of its wording.
    """
    editions = list(editions)
    if not editions:
        return None
    found, unchecked = get_review_dates(editions)
    reviews = [*found.values(), *unchecked.values()]
    if len(reviews) < len(editions):
        return None
    due = min(review.next_due for review in reviews)
    return ReviewStatus(
        shown_as=tuple(sorted({review.shown_as for review in reviews})),
        on=min(review.on for review in reviews),
        next_due=due,
        overdue=timezone.localdate(at) > due,
        being_checked=bool(unchecked),
    )
