"""Lists of articles with their summaries, divided into pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self

from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.fields.json import KT
from django.http import Http404

from education.publishing.edition_names import sort_key
from education.publishing.models import Edition, EditionFacet, EditionQuerySet

CARD_PAGE_SIZE = 20


def for_cards(editions: EditionQuerySet) -> EditionQuerySet:
    """Articles for a list of cards, each with `picture_name`, the name of its drawing."""
    return editions.for_listing().annotate(picture_name=KT("data__picture"))


def newest_of_facet(facet: str, language: str) -> QuerySet[EditionFacet, Any]:
    """The ids of the live articles of a facet, the newest first, found by an index."""
    live = Edition.objects.live().of_kind("article", language).filter(pk=OuterRef("edition"))
    found = EditionFacet.objects.filter(Exists(live), facet=facet).order_by("-edition")
    return found.values("edition")


@dataclass(frozen=True)
class CardPage:
    """One page of the list; the URL of the page before or after it is empty if there is none."""

    editions: tuple[Edition, ...]
    number: int
    previous_url: str
    next_url: str

    @classmethod
    def for_facet(
        cls, facet: str, language: str, number: int, url_for_page: Callable[[int], str]
    ) -> Self:
        """The live articles of a facet; raises Http404 for a page after the last.

        Pages have the newest articles first, which the database finds by an index however many
        there are. Within a page the articles are sorted by name.
        """
        start = (number - 1) * CARD_PAGE_SIZE
        # One more than the page shows tells whether there is a next page.
        keys = newest_of_facet(facet, language)[start : start + CARD_PAGE_SIZE + 1]
        editions = list(for_cards(Edition.objects.filter(pk__in=keys)).order_by("-pk"))
        if number > 1 and not editions:
            raise Http404(f"{facet} {number}")
        shown = sorted(editions[:CARD_PAGE_SIZE], key=lambda edition: sort_key(edition.heading))
        return cls(
            editions=tuple(shown),
            number=number,
            previous_url=url_for_page(number - 1) if number > 1 else "",
            next_url=url_for_page(number + 1) if len(editions) > CARD_PAGE_SIZE else "",
        )
