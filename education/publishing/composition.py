"""A page, put together from the live editions of its parts at the moment it is read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar, cast

from django.http import Http404
from django.utils import timezone

from education.publishing.content import Content, DocumentKey
from education.publishing.models import Change, Edition, Publication, Review

C = TypeVar("C", bound=Content)


class Withdrawn(Exception):
    """Readers asked for a page that was taken away; it says why and perhaps where to go instead."""

    def __init__(self, publication: Publication, send_to: Edition | None):
        super().__init__(str(publication.document))
        self.publication = publication
        self.send_to = send_to


@dataclass(frozen=True)
class Standing:
    """How far a page can be relied on: the review of its weakest part, or none."""

    shown_as: tuple[str, ...]
    on: date
    next_due: date
    overdue: bool


@dataclass(frozen=True)
class Composition:
    """An edition with the live editions of what it uses, and the review of the whole."""

    edition: Edition
    parts: dict[DocumentKey, Edition]
    standing: Standing | None
    at: datetime
    latest: datetime | None

    def part(self, kind: str, slug: str, content: type[C]) -> C:
        """What a part says; raises KeyError for one that is not part of this page."""
        return cast(C, self.parts[DocumentKey(kind, slug)].said)

    def said(self, content: type[C]) -> C:
        """What the edition itself says; raises TypeError when it is of another kind."""
        if not isinstance(self.edition.said, content):
            raise TypeError(f"{self.edition.key} is no {content.KIND}")
        return self.edition.said

    @property
    def language(self) -> str:
        """The language of the page."""
        return self.edition.document.language


def live_edition(key: DocumentKey, language: str, at: datetime | None = None) -> Edition:
    """The edition that readers see; raises Http404 for an unknown address, Withdrawn for one taken away."""
    edition = (
        Edition.objects.live(at)
        .of_kind(key.kind, language)
        .filter(document__slug=key.slug)
        .select_related("document")
        .defer("search_text")
        .first()
    )
    if edition is None:
        latest = Publication.objects.latest_of(key, language, at)
        if latest is None:
            raise Http404(str(key))
        send_to = Edition.objects.live(at).for_lists().filter(document=latest.send_to_id).first()
        raise Withdrawn(latest, send_to)
    return edition


def compose(edition: Edition, at: datetime | None = None) -> Composition:
    """The page of `edition`, with its parts as they are live at the moment `at`.

    Two queries: one for the parts, one for the reviews of the whole.
    """
    moment = at or timezone.now()
    parts = list(
        Edition.objects.live(moment).used_by(edition).select_related("document").defer("search_text")
    )
    whole = [edition, *parts]
    return Composition(
        edition=edition,
        parts={part.key: part for part in parts},
        standing=standing(whole, moment),
        at=moment,
        latest=max((part.frozen_at for part in whole), default=None),
    )


def standing(editions: Iterable[Edition], at: datetime) -> Standing | None:
    """The review of a whole made of `editions`: None as soon as one of them has not been reviewed."""
    editions = list(editions)
    found = effective_reviews(editions)
    if not editions or len(found) < len(editions):
        return None
    due = min(review.next_due for review in found.values())
    return Standing(
        shown_as=tuple(sorted({review.shown_as for review in found.values()})),
        on=min(review.on for review in found.values()),
        next_due=due,
        overdue=timezone.localdate(at) > due,
    )


def effective_reviews(editions: Iterable[Edition]) -> dict[int, Review]:
    """The review that holds for each edition, by id; one query while nothing was reviewed, else two.

    A change of wording leaves the review of the edition before it standing, with its date. A change of
    advice needs a review of its own.
    """
    editions = list(editions)
    documents = {edition.document_id for edition in editions}
    reviews = list(
        Review.objects.filter(edition__document__in=documents)
        .select_related("edition")
        .only("shown_as", "on", "next_due", "edition__document", "edition__number")
        .order_by("on", "pk")
    )
    if not reviews:
        return {}
    advice = set(
        Edition.objects.filter(document__in=documents, change=Change.ADVICE).values_list(
            "document_id", "number"
        )
    )
    held = {}
    for edition in editions:
        numbers = [
            n for document_id, n in advice if document_id == edition.document_id and n <= edition.number
        ]
        since = max(numbers, default=1)
        for review in reviews:
            if (
                review.edition.document_id == edition.document_id
                and since <= review.edition.number <= edition.number
            ):
                held[edition.pk] = review
    return held
