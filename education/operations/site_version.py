"""What a page depends on besides its path, in one value: another value means that pages are made anew."""

from __future__ import annotations

from collections.abc import Hashable

from django.db.models import Subquery
from django.utils import timezone

from education.clinic.models import Clinic
from education.publishing.models import Publication, Review


def site_version() -> Hashable:
    """The state of all that readers see, now; two queries.

    The newest entry of the log changes with every publication and withdrawal. A scheduled entry begins later,
    and moves the latest moment that has begun. Reviews are only ever added. The clinic is one row. The day
    decides what is overdue. Editions never change, so nothing else is shown.
    """
    now = timezone.now()
    newest = Publication.objects.order_by("-pk").values("pk")[:1]
    reviewed = Review.objects.order_by("-pk").values("pk")[:1]
    log = (
        Publication.objects.begun(now)
        .order_by("-at")
        .annotate(newest=Subquery(newest), reviewed=Subquery(reviewed))
        .values_list("at", "newest", "reviewed")
        .first()
    )
    return log, Clinic.objects.filter(pk=1).values_list().first(), timezone.localdate(now)
