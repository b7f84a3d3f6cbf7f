"""The number of live articles of each body area and look, for the page that lists them."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from education.articles.facets import LABELS, Facet
from education.publishing.models import Edition

_HEADINGS = {"area": _("By place on the body"), "look": _("By how it looks or feels")}


@dataclass(frozen=True)
class FacetGroup:
    """One list: its heading, and the facets that have live articles, with their number."""

    heading: str | Promise
    entries: tuple[tuple[Facet, int], ...]


def facet_groups(language: str) -> list[FacetGroup]:
    """The lists of a language, without facets and lists that have no article; one query."""
    counts = _counts(language)
    groups = []
    for group, heading in _HEADINGS.items():
        facets = (Facet(group, value) for value in LABELS[group])
        entries = tuple((facet, counts[str(facet)]) for facet in facets if str(facet) in counts)
        if entries:
            groups.append(FacetGroup(heading, entries))
    return groups


def _counts(language: str) -> dict[str, int]:
    live = Edition.objects.live().of_kind("article", language).order_by()
    return dict(live.values_list("facets__facet").annotate(number=Count("pk")))
