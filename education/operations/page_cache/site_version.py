"""What a page depends on besides its path, in one value: another value means that pages are made anew."""

from __future__ import annotations

from collections.abc import Hashable

from django.db.models import Count, Subquery, Value
from django.utils import timezone

from education.clinic.models import Clinic
from education.publishing.models import Publication, Review


def site_version() -> Hashable:
    """The state of all that readers see, now; two queries.

    The newest entry of the log changes with every publication and withdrawal. A scheduled entry begins later,
    and moves the latest moment that has begun. Reviews are only ever added. The clinic is one row. The day
    decides what is overdue. Editions never change, so nothing else is shown.
    Reviews are counted: nothing keeps two reviewers from each other, so a lower key can be seen last.
    """
    now = timezone.now()
    newest = Publication.objects.order_by("-pk").values("pk")[:1]
    reviewed = (
        Review.objects.order_by().annotate(of_all=Value(1)).values("of_all").annotate(number=Count("pk"))
    )
    log = (
        Publication.objects.started(now)
        .order_by("-at")
        .annotate(newest=Subquery(newest), reviewed=Subquery(reviewed.values("number")))
        .values_list("at", "newest", "reviewed")
        .first()
    )
    return log, Clinic.objects.filter(pk=1).values_list().first(), timezone.localdate(now)
