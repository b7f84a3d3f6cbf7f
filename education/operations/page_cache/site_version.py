"""What every page depends on besides its path, as one value."""

from __future__ import annotations

from collections.abc import Hashable

from django.db.models import Count, Model, Subquery, Value
from django.utils import timezone

from education.clinic.models import Clinic
from education.publishing.models import Publication, Review, WithheldName, WordingCheck


def site_version() -> Hashable:
    """The state of everything that readers see now; pages are rebuilt when it changes. Two queries.

    The newest entry of the log changes with every publication and withdrawal. A scheduled entry
    begins later, and moves the latest moment that has begun. The clinic is one row. The day decides
    which reviews are overdue. Editions never change. Reviews and checks of wording are only ever
    added; they are counted, not compared by key, because of two that are recorded at once, the
    lower key can become visible last. Names of people who left may be withheld, and shown again.
    """
    now = timezone.now()
    newest = Publication.objects.order_by("-pk").values("pk")[:1]
    log = (
        Publication.objects.started(now)
        .order_by("-at")
        .annotate(
            newest=Subquery(newest),
            reviewed=_count(Review),
            checked=_count(WordingCheck),
            withheld=_count(WithheldName),
        )
        .values_list("at", "newest", "reviewed", "checked", "withheld")
        .first()
    )
    return log, Clinic.objects.filter(pk=1).values_list().first(), timezone.localdate(now)


def _count(model: type[Model]) -> Subquery:
    rows = model._default_manager.order_by().annotate(all=Value(1)).values("all")
    return Subquery(rows.annotate(number=Count("pk")).values("number"))
