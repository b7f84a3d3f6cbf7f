"""Which editions a page is composed of: its own, and those that are shown with it."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce

from education.publishing import document_types
from education.publishing.models import (
    Document,
    Edition,
    EditionDependency,
    EditionFacet,
    EditionQuerySet,
)
from education.web.prepared_query import PreparedQuery

LIVE_BY_KEY = PreparedQuery(
    lambda at, kind, language, slug: (
        Edition.objects.live(at).of_kind(kind, language).filter(document__slug=slug).identities()
    )
)


@cache
def shown_with_query(site_wide: bool, max_related: int) -> PreparedQuery:
    """The live editions of the parts of a page and of what is offered on it."""

    def build(
        at: Any,
        pages: tuple[Any, ...],
        edition: Any,
        document: Any,
        language: Any,
        kind: Any = None,
        facets: tuple[Any, ...] = (),
    ) -> QuerySet[Any, Any]:
        candidates = _editions_shown_with(pages, document, language, site_wide)
        if kind is not None:
            of_kind = documents_of_kinds((kind,), language)
            related = _most_related(document, of_kind, facets, at)[:max_related]
            candidates.append(Edition.objects.order_by().filter(pk__in=related))
        # A union, so that each part uses its own index: with OR a database reads every edition.
        first, *others = (part.values("pk") for part in candidates)
        found = Edition.objects.live(at).filter(pk__in=first.union(*others, all=True))
        return (
            found.exclude(pk=edition)
            .annotate(shared=_shared(facets) if facets else Value(0))
            .identities("document__kind", "shared")
        )

    return PreparedQuery(build)


def _editions_shown_with(
    pages: tuple[Any, ...], document: Any, language: Any, site_wide: bool
) -> list[EditionQuerySet]:
    """The editions, live or not, of the parts of a page and of what is offered on it."""
    used = EditionDependency.objects.filter(edition__pk__in=pages).values_list("document")
    editions = Edition.objects.order_by()
    querysets = [editions.filter(document__in=used)]
    for kind, shared in document_types.offered_types():
        common = EditionDependency.objects.filter(
            Q(document__in=used) | Q(document=document),
            edition=OuterRef("pk"),
            document__kind=shared,
        )
        querysets.append(
            editions.filter(Exists(common), document__in=documents_of_kinds((kind,), language))
        )
    if site_wide:
        documents = documents_of_kinds(document_types.site_wide_types(), language)
        querysets.append(editions.filter(document__in=documents))
    return querysets


def documents_of_kinds(of_kinds: tuple[Any, ...], language: Any) -> QuerySet[Document]:
    return Document.objects.filter(kind__in=of_kinds, language=language)


# The newest editions of one facet, live or not; the limit keeps it fast on a large site. In SQL,
# because Django has no limits within the parts of a union on SQLite.
_NEWEST_OF_FACET = (
    "SELECT edition_id FROM (SELECT edition_id FROM publishing_editionfacet WHERE facet = %s "
    "ORDER BY edition_id DESC LIMIT 50) newest"
)
# The limit makes the query planner start from these few rows.
_NEWEST = "SELECT edition_id FROM ({}) newest GROUP BY edition_id ORDER BY COUNT(*) DESC, edition_id DESC LIMIT 200"


def _most_related(
    document: Any, of_kind: QuerySet[Document], facets: tuple[Any, ...], at: Any
) -> QuerySet[Any, Any]:
    """The live editions of a kind and language that share most of `facets`, best first."""
    newest = _NEWEST.format(" UNION ALL ".join([_NEWEST_OF_FACET] * len(facets)))
    return (
        Edition.objects.live(at)
        .filter(
            Exists(of_kind.filter(pk=OuterRef("document"))),
            pk__in=RawSQL(newest, facets),  # noqa: S611  facets are parameters
        )
        .exclude(document=document)
        .annotate(shared=_shared(facets))
        .order_by("-shared", "-pk")
        .values("pk")
    )


def _shared(facets: tuple[Any, ...]) -> Coalesce:
    """How many of `facets` an edition has."""
    own = EditionFacet.objects.filter(edition=OuterRef("pk"), facet__in=facets).order_by()
    counted = own.values("edition").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, IntegerField()), 0)
