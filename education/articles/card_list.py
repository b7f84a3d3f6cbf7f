"""Lists of articles with summaries, one page at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

from django.db.models import Exists, OuterRef
from django.http import Http404

from education.publishing.edition_names import sort_key
from education.publishing.models import Edition, EditionFacet

CARD_PAGE_SIZE = 50


@dataclass(frozen=True)
class CardPage:
    """A part of a list of pages with summaries, and the addresses of the parts before
    and after it.
    """

    editions: tuple[Edition, ...]
    number: int
    previous_url: str
    next_url: str

    @classmethod
    def for_facet(
        cls, facet: str, language: str, number: int, url_for_page: Callable[[int], str]
    ) -> Self:
        """The live articles of a facet, the newest first; raises Http404 for a part after the last.

        `address`: the path of the part of a number. The newest first, because the database finds
        them by an index, however many there are.
        """
        live = Edition.objects.live().of_kind("article", language).filter(pk=OuterRef("edition"))
        found = EditionFacet.objects.filter(Exists(live), facet=facet).order_by("-edition")
        begin = (number - 1) * CARD_PAGE_SIZE
        wanted = found.values("edition")[begin : begin + CARD_PAGE_SIZE + 1]
        editions = list(Edition.objects.filter(pk__in=wanted).for_listing().order_by("-pk"))
        if number > 1 and not editions:
            raise Http404(f"{facet} {number}")
        return cls(
            editions=tuple(
                sorted(editions[:CARD_PAGE_SIZE], key=lambda edition: sort_key(edition.heading))
            ),
            number=number,
            previous_url=url_for_page(number - 1) if number > 1 else "",
            next_url=url_for_page(number + 1) if len(editions) > CARD_PAGE_SIZE else "",
        )
