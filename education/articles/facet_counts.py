"""How many live pages each body area and each look has, for the page that offers them."""

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
    """One list: its heading, and each entry that has a page, with how many."""

    heading: str | Promise
    entries: tuple[tuple[Facet, int], ...]


def facet_groups(language: str) -> list[FacetGroup]:
    """The lists of a language, in their own order, without what nothing is under; one query."""
    counts = _counts(language)
    found = []
    for group, heading in _HEADINGS.items():
        facets = (Facet(group, value) for value in LABELS[group])
        entries = tuple((facet, counts[str(facet)]) for facet in facets if str(facet) in counts)
        found.append(FacetGroup(heading, entries))
    return [group for group in found if group.entries]


def _counts(language: str) -> dict[str, int]:
    live = Edition.objects.live().of_kind("article", language).order_by()
    return dict(live.values_list("facets__facet").annotate(number=Count("pk")))
