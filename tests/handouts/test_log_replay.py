"""The entry of the publication log that a code names."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from education.handouts.latest_publication import latest_publication_id
from education.publishing.models import Publication
from tests import factories

pytestmark = pytest.mark.django_db


def entry_of(slug: str) -> int:
    return Publication.objects.filter(document__slug=slug).latest("pk").pk


def test_latest_publication_counts_parts_and_nothing_else():
    page = factories.make_small_site()
    now = timezone.now
    assert latest_publication_id([page.pk], now()) in set(
        Publication.objects.values_list("pk", flat=True)
    )
    for part in (factories.cause(text="More oil."), factories.checklist(title="When to go")):
        factories.publish_documents(part)
        assert latest_publication_id([page.pk], now()) == entry_of(part.slug)
    latest = latest_publication_id([page.pk], now())
    factories.publish_documents(factories.cause("other"))
    assert latest_publication_id([page.pk], now()) == latest


def test_latest_publication_is_the_one_that_began_last():
    page = factories.make_small_site()
    soon = timezone.now() + timedelta(hours=1)
    factories.publish_documents(factories.cause(text="Later oil."), at=soon)
    scheduled = entry_of("oil")
    factories.publish_documents(factories.checklist(title="When to go"))
    at_once = entry_of("skin")
    assert latest_publication_id([page.pk], timezone.now()) == at_once > scheduled
    assert latest_publication_id([page.pk], soon + timedelta(minutes=1)) == scheduled


def test_latest_publication_is_zero_if_nothing_is_published():
    assert latest_publication_id([factories.cause().pk], timezone.now()) == 0
