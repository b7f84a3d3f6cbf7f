"""Which entry of the log a print goes back to."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from education.handouts.latest_publication import latest_publication_id
from education.publishing.models import Publication
from tests import builders

pytestmark = pytest.mark.django_db


def entry_of(slug: str) -> int:
    return Publication.objects.filter(document__slug=slug).latest("pk").pk


def test_a_change_of_any_part_counts_and_of_anything_else_does_not():
    page = builders.small_site()
    now = timezone.now
    assert latest_publication_id([page.pk], now()) in set(Publication.objects.values_list("pk", flat=True))
    for part in (builders.cause(text="More oil."), builders.checklist(title="When to go")):
        builders.published(part)
        assert latest_publication_id([page.pk], now()) == entry_of(part.slug)
    latest = latest_publication_id([page.pk], now())
    builders.published(builders.cause("other"))
    assert latest_publication_id([page.pk], now()) == latest


def test_the_entry_that_began_last_counts_though_it_was_written_before():
    page = builders.small_site()
    soon = timezone.now() + timedelta(hours=1)
    builders.published(builders.cause(text="Later oil."), at=soon)
    scheduled = entry_of("oil")
    builders.published(builders.checklist(title="When to go"))
    at_once = entry_of("skin")
    assert latest_publication_id([page.pk], timezone.now()) == at_once > scheduled
    assert latest_publication_id([page.pk], soon + timedelta(minutes=1)) == scheduled


def test_nothing_published_is_zero():
    assert latest_publication_id([builders.cause().pk], timezone.now()) == 0
