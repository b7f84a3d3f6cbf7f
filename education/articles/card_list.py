"""Lists of articles with their summaries, divided into pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Self

from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.fields.json import KT
from django.http import Http404
from django.utils import timezone

from education.publishing.kept_editions import KeptEditions
from education.publishing.models import Edition, EditionFacet, EditionIdentity, EditionQuerySet
from education.publishing.models.edition_names import sort_key
from education.web.prepared_query import PreparedQuery

CARD_PAGE_SIZE = 20


def for_cards(editions: EditionQuerySet) -> EditionQuerySet:
    """Articles for a list of cards, each with `picture_name`, the name of its drawing."""
    return editions.for_listing().annotate(picture_name=KT("data__picture"))


CARDS = KeptEditions(for_cards, most=2048)


def newest_of_facet(
    facet: str, language: str, at: datetime, start: int, stop: int
) -> list[EditionIdentity]:
    """The live articles of a facet from place `start` to before `stop`, the newest first, found by
    an index.
    """
    rows = _newest_of_facet(start, stop).rows(facet=facet, language=language, at=at)
    return [EditionIdentity(*row) for row in rows]


@lru_cache(maxsize=32)
def _newest_of_facet(start: int, stop: int) -> PreparedQuery:
    columns = [f"edition__{name}" for name in EditionIdentity._fields]
    return PreparedQuery(lambda **values: live_of_facet(**values).values_list(*columns)[start:stop])


def live_of_facet(facet: Any, language: Any, at: Any) -> QuerySet[EditionFacet]:
    """The rows of a facet of the articles that are live at `at`, the newest first."""
    live = Edition.objects.live(at).of_kind("article", language).filter(pk=OuterRef("edition"))
    return EditionFacet.objects.filter(Exists(live), facet=facet).order_by("-edition")


@dataclass(frozen=True)
class CardPage:
    """One page of the list; the URL of the page before or after it is empty if there is none."""

    editions: tuple[Edition, ...]
    number: int
    previous_url: str
    next_url: str

    @classmethod
    def for_facet(
        cls,
        facet: str,
        language: str,
        number: int,
        url_for_page: Callable[[int], str],
        at: datetime | None = None,
    ) -> Self:
        """The articles of a facet that are live at `at`, or now; Http404 after the last page.

        Pages have the newest articles first, which the database finds by an index however many
        there are. Within a page the articles are sorted by name.
        """
        start = (number - 1) * CARD_PAGE_SIZE
        # One more than the page shows tells whether there is a next page.
        stop = start + CARD_PAGE_SIZE + 1
        editions = CARDS.get(newest_of_facet(facet, language, at or timezone.now(), start, stop))
        if number > 1 and not editions:
            raise Http404(f"{facet} {number}")
        shown = sorted(editions[:CARD_PAGE_SIZE], key=lambda edition: sort_key(edition.heading))
        return cls(
            editions=tuple(shown),
            number=number,
            previous_url=url_for_page(number - 1) if number > 1 else "",
            next_url=url_for_page(number + 1) if len(editions) > CARD_PAGE_SIZE else "",
        )
