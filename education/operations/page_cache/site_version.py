"""What a page depends on besides its path, in one value: another value means that pages are made
anew.
"""

from __future__ import annotations

from collections.abc import Hashable

from django.db.models import Count, Model, Subquery, Value
from django.utils import timezone

from education.clinic.models import Clinic
from education.publishing.models import Publication, Review, WordingCheck


def site_version() -> Hashable:
    """The state of all that readers see, now; two queries.

    The newest entry of the log changes with every publication and withdrawal. A scheduled entry
    begins later, and moves the latest moment that has begun. Reviews and checks of wording are only
    ever added. The clinic is one row. The day decides what is overdue. Editions never change, so
    nothing else is shown. Reviews and checks of wording are counted, not compared by key: of two
    that are recorded at once, the lower key can be seen last.
    """
    now = timezone.now()
    newest = Publication.objects.order_by("-pk").values("pk")[:1]
    log = (
        Publication.objects.started(now)
        .order_by("-at")
        .annotate(newest=Subquery(newest), reviewed=_count(Review), checked=_count(WordingCheck))
        .values_list("at", "newest", "reviewed", "checked")
        .first()
    )
    return log, Clinic.objects.filter(pk=1).values_list().first(), timezone.localdate(now)


def _count(model: type[Model]) -> Subquery:
    rows = model._default_manager.order_by().annotate(all=Value(1)).values("all")
    return Subquery(rows.annotate(number=Count("pk")).values("number"))
