"""The number of live articles of each body area and look, for the page that lists them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from django.db import connection
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from education.articles import card_list
from education.articles.facets import LABELS, Facet
from education.web.url_template import url_template

_HEADINGS = {"area": _("By place on the body"), "look": _("By how it looks or feels")}


class FacetCount(NamedTuple):
    """A facet with live articles, its list, and their number; `has_more`: or more than that."""

    facet: Facet
    url: str
    number: int
    has_more: bool


@dataclass(frozen=True)
class FacetGroup:
    """One list: its heading, and the facets that have live articles."""

    heading: str | Promise
    entries: tuple[FacetCount, ...]


def facet_groups(language: str) -> list[FacetGroup]:
    """The lists of a language, without facets and lists that have no article; one query.

    Articles are counted up to a page of cards, so that the work does not grow with the site.
    """
    numbers = _counts(language)
    any_facet = Facet("area", "back")
    # Reversing every URL would take as long as the counting.
    url_for = url_template(reverse("browse-facet", args=[any_facet]), str(any_facet))
    groups = []
    for group, heading in _HEADINGS.items():
        facets = (Facet(group, value) for value in LABELS[group])
        entries = tuple(
            FacetCount(
                facet,
                url_for(str(facet)),
                min(number, card_list.CARD_PAGE_SIZE),
                has_more=number > card_list.CARD_PAGE_SIZE,
            )
            for facet in facets
            if (number := numbers[str(facet)])
        )
        if entries:
            groups.append(FacetGroup(heading, entries))
    return groups


def _counts(language: str) -> dict[str, int]:
    """The live articles of each facet, at most one more than a page of cards."""
    names = [f"{group}/{value}" for group, labels in LABELS.items() for value in labels]
    placeholder = "any-facet"
    rows = card_list.live_of_facet(placeholder, language, timezone.now())
    found = rows.values("edition")[: card_list.CARD_PAGE_SIZE + 1]
    # Composed once for all facets, and in SQL, because Django has no limits within the parts of a
    # union on SQLite.
    counted, params = found.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            " UNION ALL ".join(
                [f"SELECT %s, COUNT(*) FROM ({counted}) counted"] * len(names)  # noqa: S608
            ),
            [
                value
                for name in names
                for value in (name, *(name if one == placeholder else one for one in params))
            ],
        )
        return dict(cursor.fetchall())
